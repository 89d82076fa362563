# Sorts returned mail with Retour, under Dovecot's Pigeonhole (see sieve.md).
#
# No mail is lost: where retour fails, the test is false and the mail stays in the inbox; where it is missing or too late,
# Pigeonhole stops the script and keeps the mail. The tests take no ":output": with it, Pigeonhole 2.3.19 dies of a program
# that is too late.
require ["vnd.dovecot.execute", "fileinto", "mailbox"];

# One question is enough for ordinary mail. The words of one kind are alternatives.
if not execute :pipe "retour" ["is", "bounce", "delay", "complaint"] {
	keep;
	stop;
}

if execute :pipe "retour" ["is", "bounce", "hard"] {
	fileinto :create "bounces-hard";
} elsif execute :pipe "retour" ["is", "bounce"] {
	fileinto :create "bounces-soft";
} elsif execute :pipe "retour" ["is", "delay"] {
	fileinto :create "delays";
} elsif execute :pipe "retour" ["is", "complaint"] {
	fileinto :create "complaints";
}
