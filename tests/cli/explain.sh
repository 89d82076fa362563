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

for word in 9.9.9 999.1 5.1 '' ' '; do
	"$retour" explain "$word" >out 2>err
	is "no code: '$word'" $? 64
	is "no code: '$word' tells nothing" "$(cat out)" ''
done
"$retour" explain 9.9.9 2>err
grep -q '^retour: 9.9.9: no such code: .*550.*5\.1\.1' err
report 'no code: how a code looks'

says 'a code that folk write without dots' 447 '^447 [A-Z]' 'stands for  *4.4.7' '^4\.4\.7 [A-Z]'
says 'who else says what' 5.4.1 'elsewhere .*No answer from host' 'List of Email Bounce' 'disputed  *C07' 'they say' 'against' 'here'
says 'what providers mean' 5.4.1 'providers  *provider:exchange/dbeb'
says 'what to do' 5.2.2 'what to do  *Keep the address' 'the sender  *The mailbox is full'
says 'a group' 4xx 'Transient negative' 'disputed  *C34'
says 'the same group' 4yz 'Transient negative' 'disputed  *C04'
says 'a digit' x5z 'Mail system' 'disputed  *C01'
says 'a command' rcpt '^RCPT' '251  *RFC 5321: success; RFC 821: success' '556  *error, RFC 7504'
says 'a contradiction' C08 '^C08' 'claims' 'authority' 'resolution'
says 'a reason' mailbox-full 'sisimai  *mailboxfull' 'sendgrid  *Mailbox Unavailable'
says 'the next best' '550 5.1.1 User unknown' 'decided by  *phrase:' 'runner-up  *phrase:'

# What users have complained about, with who is at fault.
while IFS='|' read -r fault class text; do
	"$retour" explain "$text" >out
	is "$text" "$(sed -n 's/^  \(class\|fault\)  *\([a-z]*\)$/\2/p' out | head -n 2 | tr '\n' ' ')" "$class $fault "
done <<'TABLE'
sender|soft|5.7.515
sender|soft|5.7.606
recipient|hard|5.1.351
infrastructure|soft|447
sender|soft|550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level
sender|soft|550 5.7.26 This mail has been blocked because the sender is unauthenticated
sender|soft|451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation
sender|soft|421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints
content|soft|554 5.7.1 [PH01] Email not accepted for policy reasons
recipient|hard|550 5.4.1 Recipient address rejected: Access denied
recipient|soft|554-5.4.7 Message expired (last transfail: 452-4.2.2 The inbox is out of storage space)
recipient|hard|554-5.4.7 Message expired (last transfail: 454 4.4.4 no MX)
recipient|hard|552 1 Requested mail action aborted, mailbox not found
recipient|hard|550 No user found
recipient|hard|550 5.4.4 Invalid domain
recipient|hard|550 5.4.6 RESOLVER.ADR.RecipNotFound; not found
content|soft|552-5.7.0 This message was blocked because its content presents a potential security issue
content|soft|550-5.7.1 Our system has detected that this message is likely unsolicited mail
recipient|hard|550 5.1.0 550-'5.1.1' The email account that you tried to reach does not exist
recipient|hard|550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)
recipient|soft|550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not authorized
recipient|soft|550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup
recipient|hard|554 delivery error: dd This mailbox is disabled (554.30)
recipient|hard|552 remote said "550 No such user" (#5.1.1)
recipient|soft|452 4.2.2 The email account that you tried to reach is out of storage space
recipient|soft|550 Destinatario desconocido o mailbox lleno
unknown|soft|550 permanent failure for one or more recipients
unknown|soft|550 [oob] unspecified
TABLE

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
