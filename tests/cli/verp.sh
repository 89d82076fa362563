#!/bin/sh
# Signed return paths.
. "${0%/*}/lib.sh"
template='news-bounces+{token}-{local}={domain}@lists.example'
verp() {
	action=$1
	shift
	"$retour" verp "$action" --keys keys --now 2026-11-24 "$@"
}

exits 'a file of keys is made' 0 "$retour" verp rotate --keys keys
is 'for its owner alone' "$(ls -l keys | cut -c1-10)" '-rw-------'
is 'and nothing is printed' "$(cat out err)" ''
path=$(verp encode --verp "$template" ada@orchard.example)
case $path in news-bounces+[0-9][a-z2-7]*-ada=orchard.example@lists.example) true ;; *) false ;; esac
report "a return path is signed: $path"
is 'it is decoded' "$(verp decode --verp "$template" "$path")" ada@orchard.example
is 'it is checked' "$(verp check --verp "$template" "$path")" "$(printf 'valid\tada@orchard.example')"
exits 'another one is not valid' 1 verp check --verp "$template" "$(echo "$path" | sed s/ada/eve/)"
is 'and told to be forged' "$(cat out)" "$(printf 'forged\teve@orchard.example')"
exits 'it is not decoded' 1 verp decode --verp "$template" "$(echo "$path" | sed s/ada/eve/)"
is 'nothing is printed of it' "$(cat out)" ''
exits 'it expires' 1 "$retour" verp check --keys keys --now 2026-12-25 --verp "$template" "$path"
is 'and says so' "$(cut -f1 out)" expired
sender=$(verp encode --days 7 news@lists.example)
is 'BATV' "$(verp check "$sender")" "$(printf 'valid\tnews@lists.example')"
exits 'many addresses, one of them no address' 1 sh -c 'printf "a@b.example\nnonsense\n\nc@d.example\n" |
	"$1" verp encode --keys keys --verp "$2"' sh "$retour" "$template"
is 'the others are signed' "$(wc -l <out | tr -d ' ')" 2
grep -q '^retour: nonsense: it is no address' err
report 'that one is named'

"$retour" verp rotate --keys keys
is 'after a rotation the old signature holds' "$(verp decode --verp "$template" "$path")" ada@orchard.example
[ "$(verp encode --verp "$template" ada@orchard.example | cut -c14)" != "$(echo "$path" | cut -c14)" ]
report 'and the new key signs'

# Keys appear nowhere.
sed -n 's/^Secret: //p' keys >secrets
verp check --verp "$template" "$path" junk >all 2>&1
"$retour" verp encode --keys keys x >>all 2>&1
sed 's/^Key: 1/Key: 11/' keys >broken && chmod 600 broken
exits 'a broken file of keys' 75 "$retour" verp check --keys broken "$path"
grep -q '^retour: broken:[0-9]*: ' err
report 'file and line are named'
cat out err >>all
chmod 644 broken
exits 'keys that anybody may read' 75 "$retour" verp check --keys broken "$path"
cat out err >>all
[ -s all ] && ! grep -qFf secrets all
report 'no key is ever printed'
exits 'no file of keys' 75 "$retour" verp check --keys missing "$path"
exits 'a template without a place for the signature' 64 verp encode --verp 'b+{local}={domain}@x.example' a@b.example
exits 'no action' 64 "$retour" verp

# "retour read" knows the form too, and passes over the signature.
"$retour" read --verp "$template" "$fixtures/postfix/y-2000-plain-text.eml" >/dev/null
report 'retour read takes the template'
exits 'and refuses a wrong one' 64 "$retour" read --verp '{token}{local}={domain}@x.example' "$bounce"
finish
