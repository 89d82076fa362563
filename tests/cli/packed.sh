#!/bin/sh
# Packed mail and archives: the same messages as unpacked, and what is damaged is told, never a stop.
. "${0%/*}/lib.sh"
command -v tar >/dev/null || skip 'no tar'

# What was read without where it stood.
records() {
	"$retour" read --format json --jobs 2 "$@" 2>err | sed 's/"source":{[^}]*},//'
}

mkdir plain
for i in 1 2 3 4 5; do
	cp "$bounce" "plain/$i.eml"
done
cp "$ordinary" plain/6.eml
awk '{ if (FNR == 1) { if (NR > 1) print ""; print "From MAILER-DAEMON Sat Jan 13 01:05:34 2026" } print }' plain/*.eml >box
records plain >want-plain
records box >want-box
is 'six mails either way' "$(cat want-plain want-box | wc -l | tr -d ' ')" 12
tar cf mail.tar plain
tar cf long.tar --transform "s,plain,$(printf '%0150d' 0)/$(printf '%0120d' 0)," plain
tar cf pax.tar --format pax --transform "s,plain,$(printf '%0150d' 0)/$(printf '%0120d' 0)," plain
tar cf v7.tar --format v7 plain
tar cf box.tar box
for archive in mail long pax v7 box; do
	want=want-plain
	[ $archive = box ] && want=want-box
	records $archive.tar | sort | cmp -s - $want || records $archive.tar | sort >sorted
	sort $want >wanted
	records $archive.tar | sort | cmp -s - wanted
	report "$archive.tar"
done
is 'a file of an archive has a name' "$("$retour" read --format tsv mail.tar | cut -f 1 | grep -c '^mail.tar/plain/[1-6].eml$')" 6

for program in gzip zstd xz bzip2; do
	command -v $program >/dev/null || continue
	$program -c <box >box.$program
	$program -c <mail.tar >tar.$program
	$program -c <"$bounce" >mail.$program
	records box.$program | cmp -s - want-box
	report "$program: an mbox"
	records --mbox - <box.$program | cmp -s - want-box
	report "$program: an mbox on standard input"
	records tar.$program | sort | cmp -s - wanted-plain 2>/dev/null || sort want-plain >wanted-plain
	records tar.$program | sort | cmp -s - wanted-plain
	report "$program: a tar archive"
	is "$program: one mail" "$("$retour" read --format tsv mail.$program | cut -f 3,20 | tail -n 1)" \
		"$("$retour" read --format tsv "$bounce" | cut -f 3,20 | tail -n 1)"
	rm -rf maildir members
	mkdir -p maildir/new maildir/cur maildir/tmp members
	$program -c <"$bounce" >maildir/new/1.packed
	cp "$bounce" maildir/new/2.plain
	"$retour" read --format json maildir | sed 's/^{"schema":[^}]*},//' | uniq -c | tr -s ' ' >got
	"$retour" read --format json "$bounce" | sed 's/^{"schema":[^}]*},/ 2 /' | cmp -s - got
	report "$program: a mail of a Maildir is read as the same one plain"
	cp mail.$program box.$program members
	tar cf members.tar members
	is "$program: packed files in an archive" "$(records members.tar | wc -l | tr -d ' ')" 7
	head -c "$(($(wc -c <tar.$program) * 2 / 3))" tar.$program >short
	exits "$program: cut short: the rest is read" 0 "$retour" read --format json short plain
	is "$program: and it is told" "$(tail -n 7 out | grep -c '"kind":"unreadable"') $(grep -c 'short: unreadable: ' err)" '1 1'
	is "$program: what stands behind it is read" "$(tail -n 6 out | grep -vc unreadable)" 6
done

head -c 4000 mail.tar >short.tar
records short.tar >out
is 'a tar archive that is cut short' "$(tail -n 1 out | grep -c 'the tar archive is damaged or cut short')" 1
head -c 40000 /dev/zero | gzip -c >nothing.gz
is 'zeros are one message' "$(records nothing.gz | wc -l | tr -d ' ')" 1
: >empty
gzip -c <empty >empty.gz
is 'a packed nothing is one message' "$(records empty.gz | wc -l | tr -d ' ')" 1
if command -v bzip2 >/dev/null; then
	head -c 200000000 /dev/zero | tr '\0' '\n' | { printf 'From a@b.example Sat Jan  3 01:05:34 1996\n\nx\n'; cat; } | bzip2 -c >bomb
	records bomb >out
	is 'a bomb is given up' "$(grep -c 'more than 2000 times its size' err)" 1
fi
printf '\037\213\010hello' >junk.gz
exits 'junk' 0 "$retour" read --format json junk.gz
is 'is unreadable' "$(grep -c '"kind":"unreadable"' out)" 1
mkdir bin
ln -s "$(command -v sh)" bin/sh
PATH=$work/bin "$retour" read box.gzip >out 2>err
is 'no program to unpack it' "$(cat err)" 'retour: box.gzip: unreadable: it is packed by gzip, which is not installed here'

find plain -name '*.eml' | sort >names
is 'names of a list' "$(records --files-from names | cmp - want-plain && echo same)" same
is 'on standard input' "$(records --files-from - <names | cmp - want-plain && echo same)" same
find plain -name '*.eml' -print0 | sort -z >names0
is 'ended by NUL' "$(records -0 --files-from names0 | cmp - want-plain && echo same)" same
is 'behind paths' "$(records box --files-from names | wc -l | tr -d ' ')" 12
printf 'gone\n\nplain/1.eml' >names
exits 'one that is missing' 66 "$retour" read --files-from names
is 'is told, the others are read' "$(cat err) $(wc -l <out | tr -d ' ')" 'retour: gone: No such file or directory 1'
exits 'a list that is missing' 66 "$retour" read --files-from nowhere
exits 'no list' 64 "$retour" read -0 box
exits 'standard input twice' 64 "$retour" read --files-from - -
: >names
exits 'an empty list' 0 "$retour" read --files-from names
is 'gives nothing' "$(cat out err)" ''
finish
