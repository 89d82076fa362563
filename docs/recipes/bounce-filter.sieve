# Marks every mail with X-Retour-* headers and sorts returned mail by them, under Dovecot's Pigeonhole (see sieve.md).
#
# No mail is lost: where retour fails, is missing or is too late, the mail stays as it came and goes to the inbox.
require ["vnd.dovecot.filter", "fileinto", "mailbox"];

# What a stranger has put there is gone once the filter has run, and not looked at where it has not.
if filter "retour" ["filter"] {
	if allof (header :is "X-Retour-Kind" "bounce", header :is "X-Retour-Class" "hard") {
		fileinto :create "bounces-hard";
	} elsif header :is "X-Retour-Kind" "bounce" {
		fileinto :create "bounces-soft";
	} elsif header :is "X-Retour-Kind" "delay" {
		fileinto :create "delays";
	} elsif header :is "X-Retour-Kind" "complaint" {
		fileinto :create "complaints";
	}
}
