#!/bin/sh
# Runs docs/recipes/bounce.sieve under Dovecot's delivery agent: where does each mail land?
. "${0%/*}/lib.sh"

agent dovecot-lda >/dev/null
agent doveconf >/dev/null
# The unpacked agents look for nothing outside their folder.
if [ -x "$tools/usr/lib/dovecot/dovecot-lda" ]; then
	cp -R "$tools" "$work/agent"
	root=$work/agent
	LD_LIBRARY_PATH=$root/usr/lib/dovecot:$(find "$root/usr/lib" "$root/lib" -name 'lib*.so.*' 2>/dev/null |
		sed 's|/[^/]*$||' | sort -u | tr '\n' ':')
	export LD_LIBRARY_PATH
else
	root=
	mkdir "$work/agent"
fi
[ -e "$root/usr/lib/dovecot/modules/sieve/lib90_sieve_extprograms_plugin.so" ] || skip 'dovecot-sieve is not there'

cp "$source/docs/recipes/dovecot-extprograms.conf" "$source/docs/recipes/bounce.sieve" "$work/agent"
cat >"$work/agent/dovecot.conf" <<CONF
base_dir = $work/home/run
log_path = /dev/stderr
mail_location = maildir:~/Maildir
protocols =
ssl = no
hostname = mx.example.org
postmaster_address = postmaster@example.org
mail_plugin_dir = $root/usr/lib/dovecot/modules
userdb {
  driver = passwd
}
protocol lda {
  mail_plugins = sieve
}
!include $work/agent/dovecot-extprograms.conf
plugin {
  sieve = file:~/sieve;active=~/bounce.sieve
  sieve_plugin_dir = $root/usr/lib/dovecot/modules/sieve
  sieve_execute_bin_dir = $work/programs
}
CONF

prepare_home() {
	cp "$work/agent/bounce.sieve" "$work/home"
}

# A bounce has the null sender.
deliver() {
	as_user "$root/usr/bin/doveconf" -c "$work/agent/dovecot.conf" -f service=lda -m lda \
		-e "$root/usr/lib/dovecot/dovecot-lda" -f '' -a user@example.org <"$1"
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
