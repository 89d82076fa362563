#!/bin/sh
# Runs docs/recipes/bounce.sieve under Dovecot's delivery agent: where does each mail land?
. "${0%/*}/lib.sh"

unpack_dovecot

cp "$source/docs/recipes/dovecot-extprograms.conf" "$source/docs/recipes/bounce.sieve" "$work/agent"
write_dovecot_conf bounce.sieve <<CONF
!include $work/agent/dovecot-extprograms.conf
plugin {
  sieve_execute_bin_dir = $work/programs
}
CONF

prepare_home() {
	cp "$work/agent/bounce.sieve" "$work/home"
}

# A bounce has the null sender.
deliver() {
	deliver_with_dovecot '' <"$1"
}

folder_after_failure() {
	echo inbox
}

expect_all

# Longer than sieve_execute_exec_timeout of the configuration, 10 s.
install_program 'sleep 15; echo "bounce hard"'
expect 'a retour that hangs' postfix/y-local-user-unknown.eml inbox

ask_hard() {
	cat >"$work/agent/bounce.sieve" <<SIEVE
require ["vnd.dovecot.execute", "fileinto", "mailbox"];
if execute :pipe "retour" ["is", "bounce", "suppress"] {
	fileinto :create "asked";
}
SIEVE
}
expect_question
exit $failed
