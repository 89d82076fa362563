#!/bin/sh
# retour sample: what it takes, says and ends with.
. "${0%/*}/../cli/lib.sh"

exits 'a bounce' 0 "$retour" sample --anonymize "$bounce"
mv out one
is 'its verdict stays' "$("$retour" print kind,class,reason <one)" "$("$retour" print kind,class,reason <"$bounce")"
exits 'from standard input' 0 "$retour" sample --anonymize - <"$bounce"
cmp -s out one
report 'gives the same bytes'
exits 'without an argument' 0 "$retour" sample --anonymize <"$bounce"
is 'as many lines' "$(wc -l <one)" "$(wc -l <"$bounce")"
for mail in damaged/y-crlf damaged/y-cr-only damaged/y-mixed-line-ends; do
	"$retour" sample --anonymize "$fixtures/$mail.eml" >out
	is "line ends of $mail" "$(tr -dc '\r\n' <out | od -c | cksum)" "$(tr -dc '\r\n' <"$fixtures/$mail.eml" | od -c | cksum)"
done

"$retour" verp rotate --keys keys
"$retour" verp rotate --keys others
for key in keys others; do
	exits "with $key" 0 "$retour" sample --anonymize --key $key "$bounce"
	mv out with-$key
done
cmp -s with-keys with-others
[ $? -eq 1 ]
report 'the secret makes the placeholders'
sed 's/^Subject: .*/Subject: Returned mail: see transcript for details/; s/^Date: /X-&/' "$bounce" >again
"$retour" sample --anonymize --key keys again >out
recipient() { sed -n 's/^Final-Recipient: *//p' "$1"; }
is 'the same person has the same one in another mail' "$(recipient out)" "$(recipient with-keys)"

# Names beyond addresses, in all ways in which a mail writes them.
cat >names <<'MAIL'
From: =?utf-8?Q?J=C3=BCrgen_Kr=C3=BCger?= <juergen.krueger@orchard.example>
To: bounces+ada=mill.example@list.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <krueger-1@mx.orchard.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="mx.orchard.example/1"

--mx.orchard.example/1
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<ada@mill.example>: 550 5.1.1 User unknown. Ask J=FCrgen Kr=FCger
https://list.example/?u=3Dada%40mill.example SRS0=3Dab=3Dcd=3Dmill.example=
=3Dada@list.example [198.51.100.77] 2001:db8:77::1

--mx.orchard.example/1
Content-Type: text/html; charset=us-ascii
Content-Transfer-Encoding: base64

PHA+SiZ1dW1sO3JnZW4gS3ImIzI1MjtnZXI6IGFkYSYjNjQ7bWlsbC5leGFtcGxlPC9wPgo=

--mx.orchard.example/1
Content-Type: message/rfc822
Content-Transfer-Encoding: base64

RnJvbTogQWRhIE1pbGxlciA8YWRhQG1pbGwuZXhhbXBsZT4KU3ViamVjdDogU2VjcmV0IHBsYW5z
CgpNZWV0IG1lIGF0IG5vb24sIEFkYQo=
--mx.orchard.example/1--
MAIL
exits 'names' 0 "$retour" sample --anonymize names
cat >look.py <<'PYTHON'
import email, html, sys
raw = open("out", "rb").read()
text = [raw.decode()]
def walk(message):
    for part in message.walk():
        text.extend(str(email.header.make_header(email.header.decode_header(v))) for v in part.values())
        if not part.is_multipart():
            content = part.get_payload(decode=True).decode(part.get_content_charset() or "latin-1", "replace")
            text.append(html.unescape(content))
        if part.get_content_type() == "message/rfc822":
            walk(email.message_from_bytes(part.get_payload()[0].get_payload(decode=True)))
walk(email.message_from_bytes(raw))
whole = "\n".join(text).lower()
print(" ".join(w for w in ("jürgen", "krüger", "krueger", "orchard", "mill.example", "ada@", "=ada", "ada%40", "miller", "secret", "noon",
                           "198.51.100.77", "2001:db8:77", "list.example") if w in whole))
assert "user unknown" in whole and "xxxx xx" in whole and len(email.message_from_bytes(raw).get_payload()) == 3
PYTHON
if command -v python3 >/dev/null; then
	is 'nobody is left' "$(python3 look.py)" ''
fi
head -c 100000 /dev/urandom >noise
for mail in "$fixtures/damaged/h-deep-multipart.eml" "$fixtures/damaged/h-nested-address-groups.eml" noise; do
	"$retour" sample --anonymize --force "$mail" >out 2>err
	[ $? -le 1 ]
	report "hostile: ${mail##*/}"
done

exits 'nothing is asked for' 64 "$retour" sample "$bounce"
is 'with the remedy' "$(grep -c -e --anonymize err)" 1
exits 'two messages' 64 "$retour" sample --anonymize "$bounce" "$bounce"
exits 'no such file' 66 "$retour" sample --anonymize ./nowhere
exits 'no such key' 64 "$retour" sample --anonymize --key ./nowhere "$bounce"
exits 'an empty mail' 66 "$retour" sample --anonymize /dev/null
exits 'a full disk' 74 sh -c "'$retour' sample --anonymize '$bounce' >/dev/full"
is 'no message of no verdict' "$(grep -c 'nothing is written' err)" 0
finish
