#!/bin/sh
# A worker that is stopped or killed from outside: the mail is deferred within the deadline, nothing else suffers.
. "${0%/*}/lib.sh"
[ -r /proc/self/task/self/children ] || [ -r /proc/$$/task/$$/children ] || skip 'the kernel does not tell children'

# start ARGUMENT...: retour with a pipe as standard input that is still open; sets pid and worker
start() {
	rm -f pipe
	mkfifo pipe
	"$retour" "$@" <pipe >out 2>err &
	pid=$!
	exec 9>pipe
	tries=0 worker=
	while [ -z "$worker" ] && [ $tries -lt 100 ]; do
		sleep 0.05
		worker=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
		tries=$((tries + 1))
	done
	worker=${worker% }
}

start print kind
kill -KILL "$worker"
cat "$bounce" >&9
exec 9>&-
wait "$pid"
is 'a killed worker is replaced' "$? $(cat out)" '0 bounce'

start print kind,class
kill -STOP "$worker"
cat "$bounce" >&9
exec 9>&-
begun=$(date +%s)
wait "$pid"
is 'a worker that hangs: the mail is deferred' "$? $(cat out)" '75 '
[ $(($(date +%s) - begun)) -lt 10 ]
report 'before Sieve gives up'

start read
kill -STOP "$worker"
cat "$bounce" >&9
exec 9>&-
wait "$pid"
is 'read: the mail is deferred' $? 75
is 'and the record says why' "$(grep -o '"kind":.*' out)" '"kind":"unreadable","error":"passed the deadline of 8 s"}'

start read --mbox
kill -KILL "$pid"
wait "$pid" 2>/dev/null
exec 9>&-
sleep 0.2
case $(sed 's/.*) //' "/proc/$worker/stat" 2>/dev/null) in '' | Z*) true ;; *) false ;; esac
report 'no worker outlives the command'
finish
