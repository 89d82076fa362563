# What the tests of the recipes share. Called as: test SOURCE-FOLDER RETOUR TOOLS-FOLDER
set -eu
source=$1 retour=$2 tools=$3

skip() {
	printf 'not run: %s\n' "$1" >&2
	exit 77
}

# A delivery agent unpacked by ./bootstrap, or the machine's own.
agent() {
	for path in "$tools/usr/bin/$1" "$tools/usr/lib/dovecot/$1" "/usr/bin/$1" "/usr/lib/dovecot/$1"; do
		[ ! -x "$path" ] || { printf '%s\n' "$path"; return; }
	done
	skip "$1 is not there; ./bootstrap test fetches it"
}

# Whatever the user's umask, another user must be able to look in.
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/home" "$work/programs"

# Agents refuse to deliver for root: the work is then done for nobody, who sees only what is copied.
as_user() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid nobody --regid nogroup --clear-groups env HOME="$work/home" USER=nobody LOGNAME=nobody "$@"
	else
		env HOME="$work/home" "$@"
	fi
}

# Puts the command, or one that misbehaves, where the agents look.
install_program() {
	rm -rf "$work/programs"
	mkdir "$work/programs"
	case $1 in
	real) cp "$retour" "$work/programs" ;;
	missing) ;;
	*) printf '#!/bin/sh\n%s\n' "$1" >"$work/programs/retour" && chmod 755 "$work/programs/retour" ;;
	esac
}

# A fresh home for one delivery.
reset_home() {
	rm -rf "$work/home"
	mkdir "$work/home"
	prepare_home
	[ "$(id -u)" -ne 0 ] || chown -R nobody "$work/home"
}

# The folder in which the one mail lies: "inbox", a name, or "nowhere". Sets landed.
find_mail() {
	landed=$(find "$work/home/Maildir" -path '*/new/*' -type f 2>/dev/null |
		sed -e 's|.*/Maildir/new/.*|inbox|' -e 's|.*/Maildir/\.*\(.*\)/new/.*|\1|' | tr '\n' ' ')
	landed=${landed% }
	[ -n "$landed" ] || landed=nowhere
}

failed=0
# $1 what is tried, $2 mail (of the fixtures, or a path), $3 the folder expected
expect() {
	reset_home
	case $2 in /*) mail=$2 ;; *) mail=$source/fixtures/$2 ;; esac
	deliver "$mail" >"$work/log" 2>&1 || { echo "$1: $2: the agent failed with $?" >&2; failed=1; }
	find_mail
	if [ "$landed" != "$3" ]; then
		echo "$1: $2 lies in $landed, not in $3" >&2
		sed 's/^/    /' "$work/log" >&2
		failed=1
	fi
}

# Every case with the real program; then programs that fail in all ways, which must not cost a mail.
expect_all() {
	install_program real
	while IFS='	' read -r name folder; do
		case $name in '' | '#'*) continue ;; esac
		expect 'retour' "$name" "$folder"
	done <"$source/tests/integration/cases.tsv"

	# Larger than any pipe: who does not read to the end breaks the agent's writing.
	{ cat "$source/fixtures/postfix/y-local-user-unknown.eml"; yes 'a line behind the last boundary' | head -n 300000; } \
		>"$work/large.eml"
	expect 'a large mail' "$work/large.eml" bounces-hard

	for program in missing 'cat >/dev/null; exit 75' 'exit 1' 'kill -KILL $$' \
		'case $* in "is bounce delay complaint") exit 0 ;; esac; exit 75' \
		'cat >/dev/null; echo "bounce hard"; exit 75'; do
		install_program "$program"
		expect "$program" postfix/y-local-user-unknown.eml "$(folder_after_failure "$program")"
	done
}

# `retour is` as a condition of the agent's own: ask_hard puts such a rule in the recipe's place.
expect_question() {
	install_program real
	ask_hard
	expect 'retour is' postfix/y-local-user-unknown.eml asked
	expect 'retour is' negatives/n-ordinary-mail.eml inbox
	install_program 'cat >/dev/null; exit 75'
	expect 'retour is, in trouble' postfix/y-local-user-unknown.eml inbox
}

# ---- Dovecot's delivery agent ----

# Sets root, "" where it is the machine's own.
unpack_dovecot() {
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
}

# $1 is the active script, of the user's home; what is special comes from standard input.
write_dovecot_conf() {
	cat >"$work/agent/special.conf"
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
plugin {
  sieve = file:~/sieve;active=~/$1
  sieve_plugin_dir = $root/usr/lib/dovecot/modules/sieve
}
!include_try $work/agent/special.conf
CONF
}

# The mail on standard input, from the envelope sender $1.
deliver_with_dovecot() {
	as_user "$root/usr/bin/doveconf" -c "$work/agent/dovecot.conf" -f service=lda -m lda \
		-e "$root/usr/lib/dovecot/dovecot-lda" -f "$1" -a user@example.org
}
