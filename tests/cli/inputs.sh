#!/bin/sh
# One message in, one record out, in the order of the input, whatever it is stored in and however many read it.
. "${0%/*}/lib.sh"

# The names and places of what was read, one a line.
places() {
	"$retour" read --format json "$@" | sed 's/.*"source":{"name":"\([^"]*\)","index":\([0-9]*\),"offset":\([0-9]*\),.*/\1 \2 \3/'
}

"$retour" read --jobs 1 "$fixtures" >one && "$retour" read --jobs 2 "$fixtures" >two && "$retour" read --jobs 7 "$fixtures" >seven
report 'the fixtures are read'
cmp -s one two && cmp -s one seven
report 'the same bytes with 1, 2 and 7 workers'
is 'a record for each file' "$(wc -l <one | tr -d ' ')" "$(find "$fixtures" -type f ! -name '.*' | wc -l | tr -d ' ')"
for format in recipients csv tsv table; do
	"$retour" read --jobs 1 --format "$format" "$fixtures" >one
	"$retour" read --jobs 2 --format "$format" "$fixtures" | cmp -s - one
	report "the same bytes as $format"
done

from='From a@b.example Sat Jan  3 01:05:34 1996'
for i in 1 2 3; do
	printf '%s\nFrom: MAILER-DAEMON@mx.example\nSubject: failure %d\n\n>From here: 550 5.1.1 <u%d@d.example> user unknown\n\n' \
		"$from" $i $i
done >box
is 'an mbox of three' "$(places box)" "box 0 0
box 1 144
box 2 288"
is 'with --message it is one' "$(places --message box)" 'box 0 0'
head -n 6 box >single
is 'one From_ line is one mail' "$(places single)" 'single 0 0'
sed 's/$/\r/' box >box.crlf
tr '\n' '\r' <box >box.cr
is 'CRLF' "$(places box.crlf | wc -l | tr -d ' ')" 3
is 'CR' "$(places box.cr | wc -l | tr -d ' ')" 3
cat box box.crlf box.cr >box.mixed
is 'mixed' "$(places box.mixed | wc -l | tr -d ' ')" 9
is 'quoted From lines are read unquoted' "$("$retour" read --explain box | grep -c '>From here')" 0

mkdir -p mail/new mail/cur mail/tmp mail/.Sent sub/b
for name in new/3.a cur/2.b:2,S cur/1.c:2, new/4.d tmp/0.e .Sent/x dovecot-uidlist; do
	printf 'Subject: %s\n\nx\n' $name >"mail/$name"
done
is 'a Maildir: new and cur by name, never tmp' "$(places mail)" 'mail/cur/1.c:2, 0 0
mail/cur/2.b:2,S 0 0
mail/new/3.a 0 0
mail/new/4.d 0 0'
cp box mail/new/5.e
is 'an entry of a Maildir is one mail' "$(places mail | tail -n 1)" 'mail/new/5.e 0 0'

cp mail/new/3.a sub/b/2
cp mail/new/3.a sub/b/10
cp mail/new/3.a sub/a
ln -s .. sub/b/up
is 'directories in byte order, no loop' "$(places sub)" 'sub/a 0 0
sub/b/10 0 0
sub/b/2 0 0'
mkfifo sub/b/fifo
is 'a FIFO in a directory is passed over' "$(places sub | wc -l | tr -d ' ')" 3
cat box >sub/b/fifo &
is 'a FIFO that is named is one mail' "$(places sub/b/fifo)" 'sub/b/fifo 0 0'
wait

if [ "$(id -u)" -ne 0 ]; then
	chmod 0 mail/new/3.a sub/b/2
	"$retour" read mail sub >out 2>err
	is 'a message that cannot be opened is unreadable' \
		"$(grep -c '"kind":"unreadable","error":"Permission denied"' out) $(cat err)" '2 retour: mail/new/3.a: unreadable: Permission denied
retour: sub/b/2: unreadable: Permission denied'
	exits 'unless it is named' 66 "$retour" read sub/b/2
	chmod 600 mail/new/3.a sub/b/2
fi


profiles=$(sed -n 's/^Profile: //p' "$fixtures/../src/codes/data/profiles.conf")
for profile in $profiles; do
	"$retour" read --profile "$profile" "$bounce" >out
	report "profile $profile"
done
is 'a profile decides over the class' "$("$retour" read --profile rfc --format tsv \
	"$fixtures/postfix/y-blocklisted.eml" | tail -n 1 | grep -c '	hard	')" 1

"$retour" read --summary mail box missing >out 2>err
is 'a summary on standard error' "$(sed -n 's/^messages *//p' err)" "$(wc -l <out | tr -d ' ')"
"$retour" read "$(printf 'no\033[2J\302\233mail')" 2>err
is 'a hostile name does not reach the terminal' "$(tr -d '[:print:]\n' <err)" ''
finish
