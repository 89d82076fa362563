#!/bin/sh
# Rules of a site: beside the built-in ones, or in their places.
. "${0%/*}/lib.sh"

unset XDG_CONFIG_HOME
HOME=$work
export HOME

# rules FILE ROW...: a file of rules; '|' parts the cells
rules() {
	file=$1
	shift
	mkdir -p "${file%/*}"
	printf '%s\n' 'id|reason|text|status|reply|host|rank|lang|source|example' "$@" | tr '|' '\t' >"$file"
}

says() {
	name=$1
	shift
	grep -q -e "$1" out err
	report "$name: $1"
}

exits 'the built-in rules win their examples' 0 "$retour" rules test
exits 'none of them is hidden' 0 "$retour" rules lint
exits 'they can be listed' 0 "$retour" rules list
builtin=$(sed 1d out | wc -l)
is 'all of them' "$(sed 1d out | grep -c ' built-in ')" "$((builtin))"

text='550 5.0.0 the cupboard is bare'
is 'words that nobody knows' "$("$retour" explain "$text" | sed -n 's/^  reason  *\([a-z-]*\):.*/\1/p')" undetermined
rules site/phrases.tsv "mailbox-full/site-1|mailbox-full|the cupboard is bare||||7|en|our own|$text"
exits 'are known with a rule of the site' 0 "$retour" explain --rules site "$text"
says 'reason' 'mailbox-full'
says 'and which' 'decided by  *phrase:mailbox-full/site-1 (means mailbox-full; our own)'
"$retour" rules list --rules site | grep -q 'phrase:mailbox-full/site-1 .* site  *site/phrases.tsv:2$'
report 'it is listed'
exits 'it wins its example' 0 "$retour" rules test --rules site

mkdir -p .config/retour
cp -r site .config/retour/rules.d
printf 'From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n<user@example.com>:\n%s\n' "$text" >mail
is 'the folder of the user is read' "$("$retour" print reason <mail)" mailbox-full
is 'by read' "$("$retour" read --format csv mail | grep -c mailbox-full)" 1
exits 'by is' 0 "$retour" is mailbox-full <mail
is 'by filter' "$("$retour" filter <mail | grep -c '^X-Retour-Reason: mailbox-full$')" 1
XDG_CONFIG_HOME=$work/none
export XDG_CONFIG_HOME
is 'XDG_CONFIG_HOME says where it is' "$("$retour" print reason <mail)" undetermined
is 'a relative one counts for nothing' "$(XDG_CONFIG_HOME=. "$retour" print reason <mail)" mailbox-full

# A rule in the place of a built-in one.
full='550 5.2.1 The email account that you tried to reach is disabled'
id=$("$retour" explain "$full" | sed -n 's/^  decided by  *provider:\([^ ]*\).*/\1/p')
words=$("$retour" codes --provider "${id%%/*}" | sed -n "s|^provider:$id  *[a-z/]*  *||p")
rules over/providers-own.tsv "$id|mailbox-full|$words||||9|en|our own|$full"
"$retour" explain --rules over "$full" >out
says 'another reason for a built-in rule' 'reason  *mailbox-full'
exits 'the built-in one is hidden, and need not be proven' 0 "$retour" rules test --rules over
is 'it stands once' "$("$retour" rules list --rules over | grep -c "^provider:$id ")" 1
rules later/providers.tsv "$id|mailbox-busy|$words||||9|en|our own|$full"
"$retour" explain --rules over --rules later "$full" >out
says 'a later folder goes before an earlier one' 'reason  *mailbox-busy'
"$retour" explain --rules later --rules over "$full" >out
says 'in the order of the options' 'reason  *mailbox-full'

# Of equal rank the site's rule counts first.
phrase=$("$retour" codes --rules --format csv | sed -n 's/^user-unknown\/\([0-9]*\),user-unknown,user unknown,.*/\1/p' | head -n 1)
rules first/a.tsv 'mailbox-busy/site|mailbox-busy|user unknown||||7|en|our own|550 User unknown'
"$retour" explain --rules first '550 User unknown' >out
says 'before a built-in one of equal rank' 'reason  *mailbox-busy'
exits 'which it then hides' 1 "$retour" rules test --rules first
says 'that is told' "phrases.tsv:[0-9]*: phrase:user-unknown/$phrase is hidden by phrase:mailbox-busy/site (first/a.tsv:2): give yours the id"
exits 'and found without an example' 1 "$retour" rules lint --rules first
says 'that is told' 'phrase:mailbox-busy/site says the same as phrase:user-unknown'

# Rules that can never win.
rules never/a.tsv 'user-unknown/site|user-unknown|user unknown in the cellar||||2|en|our own|550 User unknown in the cellar'
exits 'a rule that another one always hides' 1 "$retour" rules lint --rules never
says 'is out of reach' 'never/a.tsv:2: phrase:user-unknown/site can never win: phrase:user-unknown/'
exits 'its example is lost' 1 "$retour" rules test --rules never
says 'to another one' 'never/a.tsv:2: phrase:user-unknown/site is hidden by phrase:user-unknown/'

# Wrong rows: file, line and remedy, for each.
rules wrong/a.tsv 'user-unknown/site|user-unknwon|no soul||||7|en|our own|550 no soul' \
	'user-unknown/site-2|user-unknown|no soul||||ten|en|our own|550 no body'
exits 'wrong rows' 1 "$retour" rules test --rules wrong
says 'a reason' 'wrong/a.tsv:2: unknown reason "user-unknwon": use one of'
says 'a rank' 'wrong/a.tsv:3: "ten" is no rank: write 1 to 9'
says 'an example' 'wrong/a.tsv:3: the example does not hold the text "no soul": mend one of them'
exits 'no record is made by half the rules' 64 "$retour" read --rules wrong mail
exits 'a delivery agent keeps the mail' 75 "$retour" print --rules wrong reason <mail
exits 'likewise' 75 "$retour" is --rules wrong hard <mail
"$retour" filter --rules wrong <mail >passed 2>err
cmp -s mail passed
report 'a filter passes it'
exits 'a folder that is not there' 64 "$retour" explain --rules nowhere 550

# Dialects.
mkdir -p speech useless
cat >speech/own.conf <<'CONF'
Dialect: our-own
Source: our own
Sign: subject: Parcel came back
Recipient: Parcel for {address} came back
Statement: because {diagnostic}
Example: From: post@example.com
 Subject: Parcel came back
 .
 Parcel for user@example.com came back
 because 550 5.1.1 nobody lives there
Expect: user@example.com 5.1.1 550
CONF
printf 'From: post@example.com\nSubject: Parcel came back\n\nParcel for user@example.com came back\nbecause 550 5.1.1 nobody lives there\n' >parcel
is 'a dialect of the site reads' "$("$retour" print --rules speech read-by,status,address <parcel)" 'our-own 5.1.1 user@example.com'
exits 'it is tried' 0 "$retour" rules test --rules speech
sed 's/^Expect: .*/Expect: other@example.com/' speech/own.conf >useless/own.conf
exits 'one that expects something else' 1 "$retour" rules test --rules useless
says 'is told' 'useless/own.conf:1: dialect:our-own reads its example as'
printf 'Dialect: x\nSing: subject: y\n' >useless/own.conf
exits 'a wrong block' 1 "$retour" rules lint --rules useless
says 'is told' 'useless/own.conf:2: unknown field'

exits 'the rules of the documents do their work' 0 "$retour" rules test --rules "$fixtures/../docs/recipes/rules.d"

exits 'no such action' 64 "$retour" rules dance
exits 'no action' 64 "$retour" rules
finish
