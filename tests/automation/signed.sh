#!/bin/sh
# Attacks on the history of a living member, where return paths are signed: signed.sh PROGRAMS HELPERS
. "${0%/*}/lib.sh"
form='news-bounces+{token}-{local}={domain}@list.example'
other='chat-bounces+{token}-{local}={domain}@list.example'
victim=victim@one.example eve=eve@evil.example
verp() {
	action=$1
	shift
	"$programs/retour" verp "$action" --now 2026-11-10 "$@"
}
"$programs/retour" verp rotate --keys "$tmp/keys"
"$programs/retour" verp rotate --keys "$tmp/theirs"
path=$(verp encode --keys "$tmp/keys" --verp "$form" $victim)
token=${path#*+}
token=${token%%-*}

# attack NAME TO NUMBER: a bounce about the victim to that address, which must count for nobody under a policy that suppresses at
# the first hard bounce.
cat >"$tmp/conf" <<CONF
Ledger: $tmp/l.db
Policy: mailchimp

Source: $tmp/mail
Return path: $form
Keys: $tmp/keys
CONF
run() {
	process --config "$tmp/conf" --now "$1" --verbose >"$tmp/out" 2>"$tmp/errors" || fail "$2: $(cat "$tmp/errors")"
	cat "$tmp/out" "$tmp/errors" >>"$tmp/all"
}
to() { sed -i "s/^To: .*/To: $2/" "$1"; }
day=10
attack() {
	maildir "$tmp/mail"
	bounce "$tmp/mail/new/a" "${4:-$victim}" "attack-$3" "$day Nov 2026 10:00:00 +0000" 5.1.1 '550 5.1.1 User unknown'
	to "$tmp/mail/new/a" "$2"
	run "2026-11-${day}T12:00:00Z" "$1"
	grep -q '"events":0' "$tmp/out" && ! grep -q '"decision"' "$tmp/out" || fail "$1: $(cat "$tmp/out")"
	[ -f "$tmp/mail/new/a" ] || fail "$1: its mail was taken away"
	rm -rf "$tmp/mail"
}

# Ten forged notices from many hosts, over weeks.
for day in 10 11 12 14 16 18 20 22 25 28; do
	attack 'forged notice' news-bounces@list.example "forged-$day"
done
day=10
attack 'truncated signature' "news-bounces+${token%?}-victim=one.example@list.example" truncated
attack 'made up signature' 'news-bounces+1uklaaaaaaaa-victim=one.example@list.example' made-up
attack 'plain VERP' 'news-bounces+victim=one.example@list.example' plain
attack "another list's token" "$(verp encode --keys "$tmp/keys" --verp "$other" $victim | sed s/chat/news/)" other-list
attack 'signature of another site' "$(verp encode --keys "$tmp/theirs" --verp "$form" $victim)" other-site
attack 'BATV of another site' "$(verp encode --keys "$tmp/theirs" $victim)" batv
day=28
attack 'stolen old signature' "$(verp encode --keys "$tmp/keys" --days 7 --verp "$form" $victim)" stolen
day=10

# Eve's own signature is good for Eve alone, whoever the notice names.
own=$(verp encode --keys "$tmp/keys" --verp "$form" $eve)
maildir "$tmp/mail"
bounce "$tmp/mail/new/a" $victim eve '10 Nov 2026 10:00:00 +0000' 5.1.1 '550 5.1.1 User unknown'
to "$tmp/mail/new/a" "$own"
run 2026-11-10T12:00:00Z "somebody else's signature"
grep -q $victim "$tmp/out" && fail "a co-recipient: $(cat "$tmp/out")"
rm -rf "$tmp/mail"
ledger show --ledger "$tmp/l.db" $victim >/dev/null 2>&1 && fail 'the victim has a history'

# The returned message is the attacker's: a signature of his own in it changes nothing.
maildir "$tmp/mail"
bounce "$tmp/mail/new/a" $victim inner '10 Nov 2026 10:00:00 +0000' 5.1.1 '550 5.1.1 User unknown'
sed -i "s/^List-Id: .*/&\\nReturn-Path: <$own>/; s/^From: news@.*/From: $own/" "$tmp/mail/new/a"
run 2026-11-10T12:00:00Z 'a returned message made by the attacker'
grep -q $victim "$tmp/out" && fail "a returned message made by the attacker: $(cat "$tmp/out")"
rm -rf "$tmp/mail"

# A genuine one counts at once, in any case of letters, and once however often it is replayed or its group doubled.
maildir "$tmp/mail"
bounce "$tmp/mail/new/a" $victim genuine '10 Nov 2026 10:00:00 +0000' 5.1.1 '550 5.1.1 User unknown'
to "$tmp/mail/new/a" "$(echo "$path" | tr a-z A-Z)"
awk '/^Final-Recipient/ { group = 1 } group && /^--b/ { printf "%s\n", text; group = 0 } group { text = text $0 "\n" } { print }' \
	"$tmp/mail/new/a" >"$tmp/doubled"
[ "$(grep -c ^Final-Recipient "$tmp/doubled")" -eq 2 ] || fail 'the group was not doubled'
cp "$tmp/doubled" "$tmp/mail/new/b"
run 2026-11-10T12:00:00Z 'genuine'
grep -qi "\"address\":\"$victim\",\"decision\":\"suppress\"" "$tmp/out" || fail "genuine: $(cat "$tmp/out")"
[ "$(ledger show --ledger "$tmp/l.db" $victim | grep -c '5\.1\.1')" -eq 1 ] ||
	fail "replayed and doubled: $(ledger show --ledger "$tmp/l.db" $victim)"

# Without the keys nothing is counted, and a form that cannot be signed is a mistake.
sed "s,^Keys: .*,Keys: $tmp/missing," "$tmp/conf" >"$tmp/wrong"
process --config "$tmp/wrong" >"$tmp/out" 2>"$tmp/errors"
[ $? -eq 75 ] && grep -q "$tmp/missing" "$tmp/errors" || fail "missing keys: $(cat "$tmp/errors")"
sed 's/{token}-//' "$tmp/conf" >"$tmp/wrong"
process --config "$tmp/wrong" --check >"$tmp/out" 2>"$tmp/errors"
[ $? -eq 75 ] && grep -q "wrong:[0-9]*: .*needs {token}" "$tmp/errors" || fail "no token: $(cat "$tmp/errors")"
process --config "$tmp/conf" --check | grep -q "signed by the keys of $tmp/keys" || fail 'it is not explained'

# The keys stand nowhere but in their files.
process --config "$tmp/conf" --check >>"$tmp/all" 2>&1
sed 's/^Key: 1/Key: 11/' "$tmp/keys" >"$tmp/broken" && chmod 600 "$tmp/broken"
process --keys "$tmp/broken" --verp "$form" "$tmp/mail" >>"$tmp/all" 2>&1
sed -n 's/^Secret: //p' "$tmp/keys" "$tmp/theirs" >"$tmp/secrets"
[ -s "$tmp/secrets" ] && [ -s "$tmp/all" ] || fail 'there is nothing to look through'
grep -qFf "$tmp/secrets" "$tmp/all" "$tmp"/l.db* && fail 'a key was printed or kept'
exit $status
