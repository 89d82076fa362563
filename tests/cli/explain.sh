#!/bin/sh
# What things mean, for people.
. "${0%/*}/lib.sh"

# says NAME ARGUMENT PATTERN...: the answer holds each pattern
says() {
	name=$1 argument=$2
	shift 2
	"$retour" explain "$argument" >out 2>err
	for pattern; do
		grep -q -e "$pattern" out
		report "$name: $pattern"
	done
}

says 'a status code' 5.7.26 '^5\.7\.26 [A-Z]' 'class  *soft' 'reason  *auth-failure' 'fault  *sender' 'source  *RFC 7372'
says 'any class' X.1.1 '^X\.1\.1 [A-Z]' 'reason  *user-unknown'
says 'another class of it' 4.2.1 'class  *soft'
says 'a success' 2.1.5 '^2\.1\.5 [A-Z]'
is 'is no failure' "$(grep -c '^  class' out)" 0
says 'a detail nobody has registered' 5.7.999 'subject' 'reason  *policy-rejected'
says 'a reply' 550 '^550 [A-Z]' 'source  *RFC 5321'
says 'an unknown reply' 599 'first digit'
says 'words' '550 5.1.1 User unknown' 'class  *hard' 'reason  *user-unknown' 'decided by  *phrase:user-unknown/' '"User unknown"'
says 'words without a code' 'mailbox is full' 'class  *soft' 'reason  *mailbox-full'
says 'words in UTF-8' '550 пользователь не найден' '^550 пользователь не найден$' 'class'
says 'words that say nothing' 'qwertyuiop' 'class  *soft' 'reason  *undetermined' 'confidence  *low'
says 'words with line ends' "550-5.1.1 The email account
550 5.1.1 does not exist" 'reason  *user-unknown'
says 'a mail' "$bounce" 'kind  *bounce' '^nobody-here@local.list.example' 'class  *hard' 'decided by' 'in part 2, at byte'

"$retour" explain 550 5.1.1 User unknown >out
is 'words need no quotes' "$(cat out)" "$("$retour" explain '550 5.1.1 User unknown')"
cp "$bounce" 550
says 'a file called like a code is a file' 550 'kind  *bounce'
rm 550
exits 'a file that is not there' 66 "$retour" explain some/mail
exits 'likewise' 66 "$retour" explain mail.eml
printf 'Subject: \033[2Jx\n\ny\n' >controls
"$retour" explain controls >out
is 'a terminal obeys nothing of it' "$(tr -d '\n' <out | tr -d '\000-\037' | wc -c)" "$(tr -d '\n' <out | wc -c)"
is 'no line is too long' "$("$retour" explain "$fixtures" | awk 'length > 400' | wc -l | tr -d ' ')" 0

is 'every code has its page' "$("$retour" codes | sed 1d | while read -r code rest; do
	"$retour" explain "$code" | head -n 1 | grep -q "^$code " || echo "$code"
done)" ''
"$retour" codes --rules >rules
is 'rules have no codes among them' "$(sed 1d rules | grep -cv -e '^phrase:' -e '^provider:')" 0
is 'a filter filters' "$("$retour" codes --rules --reason mailbox-full | sed 1d | grep -cv -e 'soft')" 0
is 'class none' "$("$retour" codes --replies --class none | grep -c '^250 ')" 1
finish
