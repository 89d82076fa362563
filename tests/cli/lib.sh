# What the tests of the command share. Each script is called as: test RETOUR FIXTURES, prints a line for each thing that it
# tries, as TAP has it, and ends with 1 if one of them fails.
set -u
retour=$1 fixtures=$2

skip() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 77
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

bounce=$fixtures/postfix/y-local-user-unknown.eml
ordinary=$fixtures/negatives/n-ordinary-mail.eml

count=0 failed=0

# report NAME: ok if the command before ended with 0
report() {
	status=$?
	count=$((count + 1))
	if [ "$status" -eq 0 ]; then
		printf 'ok %d - %s\n' "$count" "$1"
	else
		printf 'not ok %d - %s\n' "$count" "$1"
		failed=1
	fi
}

# is NAME GOT WANTED
is() {
	[ "$2" = "$3" ]
	report "$1"
	[ "$2" = "$3" ] || printf '# got:    %s\n# wanted: %s\n' "$2" "$3"
}

# exits NAME CODE COMMAND...: standard output and error go to the files out and err
exits() {
	name=$1 wanted=$2
	shift 2
	"$@" >out 2>err
	is "$name" "$?" "$wanted"
}

finish() {
	printf '1..%d\n' "$count"
	exit "$failed"
}

# A Maildir of $2 small bounces, half in new and half in cur.
make_maildir() {
	mkdir "$1" "$1/new" "$1/cur" "$1/tmp"
	awk -v folder="$1" -v n="$2" 'BEGIN {
		for (i = 0; i < n; i++) {
			file = sprintf("%s/%s/%010d.M1P1.host", folder, i % 2 ? "new" : "cur", 1700000000 + i)
			printf "From: MAILER-DAEMON@mx.example\nTo: bounces@list.example\nSubject: failure notice %d\n\n", i >file
			printf "<user%d@domain.example>:\n550 5.1.1 User unknown %d\n", i, i >file
			close(file)
		}
	}'
}
