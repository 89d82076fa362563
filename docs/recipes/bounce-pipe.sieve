# Gives a copy of every mail to a program of the administrator's, here one that records it, under Dovecot's Pigeonhole (see
# sieve.md). The mail itself is kept whatever becomes of that: ":copy" sees to it.
require ["vnd.dovecot.pipe", "copy"];

pipe :copy :try "retour-record";
keep;
