#!/bin/sh
# No chain of a list manager, Retour and Dovecot's vacation answers itself: what one of them sends, no other one answers.
. "${0%/*}/lib.sh"

unpack_dovecot
mkdir "$work/answers" && chmod 777 "$work/answers"
write_dovecot_conf vacation.sieve <<CONF
sendmail_path = $work/programs/sendmail
CONF
prepare_home() {
	echo 'require ["vacation"]; vacation :days 1 :addresses ["user@example.org"] "I am away.";' >"$work/home/vacation.sieve"
}
install_program real
printf '#!/bin/sh\nprintf "%%s\\n" "$*" >"%s/answers/arguments"\nexec cat >"%s/answers/mail"\n' "$work" "$work" >"$work/programs/sendmail"
chmod 755 "$work/programs/sendmail"

# answers WHAT SENDER yes|no: is the mail on standard input, which comes from that envelope sender, answered?
answers() {
	reset_home
	rm -f "$work/answers"/*
	deliver_with_dovecot "$2" >"$work/log" 2>&1 || { echo "$1: the agent failed" >&2; failed=1; }
	[ -s "$work/answers/mail" ] && answered=yes || answered=no
	[ "$answered" = "$3" ] || { echo "$1: answered: $answered" >&2; sed 's/^/    /' "$work/log" >&2; failed=1; }
}
never_reply() { "$retour" is never-reply <"$2" || { echo "$1 may be answered, says retour" >&2; failed=1; }; }
letter() { printf 'From: %s\nTo: user@example.org\nSubject: Hello\nMessage-ID: <%s>\n%s\nHello.\n' "$1" "$(date +%s%N)@example.com" "${2:-}"; }

# A person is answered, so that it is seen when nobody else is. The answer is of a machine, from nobody.
letter ada@example.com | answers 'a letter' ada@example.com yes
cp "$work/answers/mail" "$work/vacation.eml"
never_reply 'the answer of a vacation' "$work/vacation.eml"
grep -q -- '-f <>' "$work/answers/arguments" || { echo "vacation answers as $(cat "$work/answers/arguments")" >&2; failed=1; }
answers "another vacation's answer" '' no <"$work/vacation.eml"
answers "and if its sender was not null" away@example.com no <"$work/vacation.eml"

# What a list manager sends.
letter news@lists.example 'List-Id: <news.lists.example>
Precedence: list
' | answers 'mail of a list' news-bounces@lists.example no

# The list's address may be anywhere in the chain: what Retour passes on or writes keeps that nobody answers it.
for name in postfix/y-local-user-unknown.eml qmail/y-local-no-mailbox.eml gmail/y-address-not-found.eml; do
	to() { sed '1,/^$/s/^To: .*/To: user@example.org/'; }
	to <"$source/fixtures/$name" >"$work/bounce.eml"
	never_reply "$name" "$work/bounce.eml"
	"$retour" filter <"$work/bounce.eml" >"$work/filtered.eml"
	answers "$name, filtered" '' no <"$work/filtered.eml"
	never_reply "$name, filtered" "$work/filtered.eml"
	"$retour" read --format dsn "$work/bounce.eml" | to >"$work/written.eml"
	[ -s "$work/written.eml" ] || continue
	never_reply "$name, written anew" "$work/written.eml"
	# Whoever sends it on and forgets the null sender.
	answers "$name, written anew" '' no <"$work/written.eml"
	answers "$name, written anew and sent by somebody" owner@lists.example no <"$work/written.eml"
	grep -qi '^Auto-Submitted: auto-replied' "$work/written.eml" && grep -q '^Return-Path: <>' "$work/written.eml" ||
		{ echo "$name: written anew it does not say that a machine did" >&2; failed=1; }
done
"$retour" filter <"$work/vacation.eml" | answers "a vacation's answer, filtered" '' no
exit $failed
