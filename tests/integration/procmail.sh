#!/bin/sh
# Runs docs/recipes/procmail.rc under procmail: where does each mail land?
. "${0%/*}/lib.sh"

procmail=$(agent procmail)
mkdir "$work/agent"
cp "$procmail" "$source/docs/recipes/procmail.rc" "$work/agent"
cat >"$work/agent/rc" <<RC
PATH=$work/programs:/usr/bin:/bin
MAILDIR=$work/home/Maildir
DEFAULT=\$MAILDIR/
LOGFILE=$work/home/log
INCLUDERC=$work/agent/procmail.rc
RC

prepare_home() {
	mkdir "$work/home/Maildir"
}

deliver() {
	as_user "$work/agent/procmail" -m "$work/agent/rc" <"$1" || return
	cat "$work/home/log"
}

# procmail takes what a program printed, whatever its exit code was.
folder_after_failure() {
	case $1 in *'bounce hard'*) echo bounces-hard ;; *) echo inbox ;; esac
}

expect_all

install_program real
expect 'address' postfix/y-local-user-unknown.eml bounces-hard
address=$(awk -F '\t' '$1 == "postfix/y-local-user-unknown.eml" { print $3 }' "$source/fixtures/labels.tsv")
told=$(cat "$work/home/Maildir/hard-addresses" 2>/dev/null || :)
[ "$told" = "$address" ] || { echo "hard-addresses holds '$told', not '$address'" >&2; failed=1; }

ask_hard() {
	printf ':0 HB\n* ? retour is bounce suppress\nasked/\n' >"$work/agent/procmail.rc"
}
expect_question
exit $failed
