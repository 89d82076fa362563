# Sorts returned mail with Retour, under Dovecot's Pigeonhole (see sieve.md).
#
# No mail is lost: where retour fails, the test is false and the mail is kept; where it is missing, Pigeonhole stops the
# script and keeps the mail.
require ["vnd.dovecot.execute", "variables", "fileinto", "mailbox"];

# Kind and class of the mail, as one line: "bounce hard", "auto-reply", "other".
if not execute :pipe :output "verdict" "retour" ["print", "kind,class"] {
	keep;
	stop;
}

if string :matches "${verdict}" "bounce hard*" {
	fileinto :create "bounces-hard";
} elsif string :matches "${verdict}" "bounce *" {
	fileinto :create "bounces-soft";
} elsif string :matches "${verdict}" "delay*" {
	fileinto :create "delays";
} elsif string :matches "${verdict}" "complaint*" {
	fileinto :create "complaints";
}
