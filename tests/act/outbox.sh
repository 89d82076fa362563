#!/bin/sh
# From a bounce to a list manager, which is any program here: outbox.sh PROGRAMS HELPERS
. "${0%/*}/../automation/lib.sh"
act() { "$programs/retour-act" "$@"; }

# A list manager: its members are files, its calls are written down. It says what $tmp/mood tells it.
cat >"$tmp/manager" <<'MANAGER'
#!/bin/sh
printf '%s %s %s\n' "$1" "$2" "$3" >>"${0%/*}/calls"
mood=$(cat "${0%/*}/mood" 2>/dev/null || echo fine)
case $mood in
fine) ;;
down) exit 75 ;;
hang) exec sleep 60 ;;
*) echo "no: $mood"; exit 1 ;;
esac
case $1 in
members) ls "${0%/*}/members" ;;
remove) rm -f "${0%/*}/members/$2" ;;
restore) touch "${0%/*}/members/$2" ;;
esac
MANAGER
chmod +x "$tmp/manager"
mkdir "$tmp/members"
maildir "$tmp/mail"
cat >"$tmp/retour.conf" <<CONF
Ledger: $tmp/l.db
Policy: now

Source: $tmp/mail

Policy: now
Suppress: 1 hard
Probation: 1 soft
Probation lasts: 7 days

Manager: ours
Members: run $tmp/manager members
Remove: run $tmp/manager remove {address} {key}
Restore: run $tmp/manager restore {address} {key}
Timeout: 1
Removals per run: 3
Removals per day: 5

List: news
List-Id: news.list.example
Manager: ours
CONF
conf="--config $tmp/retour.conf"
n=0
# fails ADDRESS [STATUS TEXT]: it bounces
fails() {
	n=$((n + 1))
	bounce "$tmp/mail/new/$n" "$1" $n 'Tue, 10 Nov 2026 10:00:00 +0000' "${2:-5.1.1}" "${3:-550 5.1.1 User unknown}"
}
# at TIME: a whole run
at() {
	process $conf --now "$1" >/dev/null || fail "process at $1"
	act $conf --now "$1" >"$tmp/out" 2>"$tmp/errors"
}
is_member() { [ -e "$tmp/members/$1" ]; }
state() { ledger actions $conf --all --address "$1" --format json | sed 's/.*"action":"\([a-z]*\)".*"state":"\([a-z-]*\)".*/\1 \2/' | tr '\n' ';'; }
expect() { [ "$(state "$1")" = "$2" ] || fail "$3: $1 is $(state "$1"), not $2; $(cat "$tmp/errors")"; }
calls() { grep -c "^$1 $2 " "$tmp/calls"; }

touch "$tmp/members/a@one.example" "$tmp/members/b@one.example"
fails a@one.example
fails stranger@one.example
process $conf --now 2026-11-11 >/dev/null || fail process
act $conf --now 2026-11-11 --dry-run >"$tmp/dry" || fail 'the dry run'
[ "$(grep -c '"action":"remove"' "$tmp/dry")" -eq 2 ] && is_member a@one.example && [ ! -e "$tmp/calls" ] || fail "the dry run: $(cat "$tmp/dry")"
at 2026-11-11 || fail "the first run: $(cat "$tmp/errors")"
expect a@one.example 'remove done;' 'a member who bounced'
expect stranger@one.example 'remove moot;' 'who was no member'
is_member a@one.example && fail 'a member who bounced is there'
is_member b@one.example || fail 'another is gone'
[ "$(calls remove stranger@one.example)" -eq 0 ] || fail 'a stranger is removed'
at 2026-11-11 && [ ! -s "$tmp/out" ] || fail "done twice: $(cat "$tmp/out")"

# Taken back: members alone.
ledger undo $conf --from 2026-11-01 --now 2026-11-12 >/dev/null 2>"$tmp/errors" || fail 'undo'
grep -q '1 more for .retour act. to do' "$tmp/errors" || fail "undo does not tell: $(cat "$tmp/errors")"
at 2026-11-12 || fail 'after undo'
is_member a@one.example || fail 'undo brings nobody back'
is_member stranger@one.example && fail 'undo subscribes a stranger'
expect a@one.example 'remove done;restore done;' 'undo'

# What a list manager that is down costs: one call in each run, later and later; then all is done once.
touch "$tmp/members/c@one.example" "$tmp/members/d@one.example"
fails c@one.example; fails d@one.example
echo down >"$tmp/mood"; : >"$tmp/calls"
at 2026-11-13T00:00:00Z && fail 'a list manager that is down is no trouble'
[ "$(wc -l <"$tmp/calls")" -eq 1 ] || fail "a list manager that is down was called again: $(cat "$tmp/calls")"
at 2026-11-13T00:00:30Z
[ "$(wc -l <"$tmp/calls")" -eq 2 ] || fail "the other one is not tried: $(cat "$tmp/calls")"
at 2026-11-13T00:00:40Z || fail 'what is not yet due is no trouble'
[ "$(wc -l <"$tmp/calls")" -eq 2 ] || fail 'it was not waited'
at 2026-11-13T00:02:00Z; at 2026-11-13T00:02:01Z
ledger actions $conf --address c@one.example --format json | grep -q '"due":"2026-11-13T00:04:00Z","attempts":2' || fail "the second wait: $(ledger actions $conf --format json)"
echo hang >"$tmp/mood"
at 2026-11-14T00:00:00Z
grep -q 'did not end within 1 second' "$tmp/out" || fail "a program that hangs: $(cat "$tmp/out")"
echo fine >"$tmp/mood"; : >"$tmp/calls"
at 2026-11-15 || fail "up again: $(cat "$tmp/errors")"
expect c@one.example 'remove done;' 'after an outage'
expect d@one.example 'remove done;' 'after an outage'
[ "$(calls remove c@one.example)" -eq 1 ] && [ "$(calls remove d@one.example)" -eq 1 ] || fail 'done twice after an outage'

# What it refuses is left to a person after five times, and can be tried again.
touch "$tmp/members/e@one.example"
fails e@one.example
echo never >"$tmp/mood"
for day in 20 21 22 23 24; do at 2026-11-$day; done
expect e@one.example 'remove refused;' 'refused'
grep -q 'ended with 1: no: never' "$tmp/out" || fail "what it says is not told: $(cat "$tmp/out")"
at 2026-11-25 || fail 'what is refused is tried for ever'
echo fine >"$tmp/mood"
ledger actions $conf --retry --state refused --now 2026-11-25 2>"$tmp/errors" || fail '--retry'
grep -q '1 action is due now' "$tmp/errors" || fail "--retry: $(cat "$tmp/errors")"
at 2026-11-25 || fail "retry: $(cat "$tmp/errors")"
expect e@one.example 'remove done;' 'tried again'

# Nobody is removed before somebody has looked, where so many are to be: three in a run, five in a day.
for m in f g h i; do touch "$tmp/members/$m@one.example"; fails $m@one.example; done
: >"$tmp/calls"
at 2026-12-01 && fail 'four removals do not stop'
grep -q 'list news: 4 members wait.*--max-removals 4' "$tmp/errors" || fail "the ceiling: $(cat "$tmp/errors")"
[ ! -s "$tmp/calls" ] || fail "beyond the ceiling: $(cat "$tmp/calls")"
at 2026-12-01T00:05:00Z && fail 'the ceiling gives in'
act $conf --now 2026-12-01T00:10:00Z --max-removals 4 >/dev/null || fail '--max-removals'
expect i@one.example 'remove done;' '--max-removals'
for m in j k; do touch "$tmp/members/$m@one.example"; fails $m@one.example; done
at 2026-12-01T12:00:00Z && fail 'six removals in a day do not stop'
is_member j@one.example && is_member k@one.example || fail 'beyond the ceiling of a day'
at 2026-12-03 || fail "the next day: $(cat "$tmp/errors")"
is_member k@one.example && fail 'the next day'

# What was decided otherwise before it was done is not done.
touch "$tmp/members/l@one.example"
fails l@one.example
echo down >"$tmp/mood"
at 2026-12-10
ledger undo $conf --address l@one.example --now 2026-12-10 >/dev/null 2>&1
echo fine >"$tmp/mood"; : >"$tmp/calls"
at 2026-12-11 || fail 'dropped'
expect l@one.example 'remove dropped;' 'dropped'
[ ! -s "$tmp/calls" ] && is_member l@one.example || fail "dropped and done: $(cat "$tmp/calls")"

# Lists that had no manager catch up, when told to.
ledger import $conf --now 2026-12-11 >/dev/null 2>&1 <<'LIST' || fail 'import'
m@one.example
LIST
expect m@one.example 'remove waiting;' 'import'
sed '/^List: news/,$ { /^Manager:/d }' "$tmp/retour.conf" >"$tmp/none.conf"
echo o@one.example | ledger import --config "$tmp/none.conf" --ledger "$tmp/l.db" --now 2026-12-11 2>/dev/null
touch "$tmp/members/o@one.example"
act --config "$tmp/none.conf" 2>"$tmp/errors" && fail 'no list has a manager'
grep -q 'no list of the settings has a Manager' "$tmp/errors" || fail "no list has a manager: $(cat "$tmp/errors")"
act $conf --now 2026-12-11 --list nws 2>"$tmp/errors" && fail 'a list that is not there'
act $conf --now 2026-12-12 --catch-up >"$tmp/out" || fail "catch up: $(cat "$tmp/out")"
is_member o@one.example && fail 'an older decision is forgotten'
act $conf --now 2026-12-12 --catch-up >"$tmp/out" && [ ! -s "$tmp/out" ] || fail "caught up twice: $(cat "$tmp/out")"

# An address that is forgotten leaves nothing to do; the ledger is sound.
fails p@one.example
process $conf --now 2026-12-13 >/dev/null
ledger forget $conf p@one.example || fail 'forget'
act $conf --now 2026-12-13 >"$tmp/out" && [ ! -s "$tmp/out" ] || fail "forgotten: $(cat "$tmp/out")"
ledger check $conf || fail 'the ledger is not sound'

# Two at once: one works, the other leaves it to that.
touch "$tmp/members/q@one.example"
fails q@one.example
process $conf --now 2026-12-14 >/dev/null
echo hang >"$tmp/mood"; : >"$tmp/calls"
"$programs/retour-act" $conf --now 2026-12-14 >/dev/null & first=$!
for i in 1 2 3 4 5 6 7 8 9; do [ -s "$tmp/calls" ] && break; sleep 0.1; done
act $conf --now 2026-12-14 >"$tmp/out" 2>"$tmp/errors" || fail 'the second of two'
grep -q 'another .retour act. is at work' "$tmp/errors" && [ ! -s "$tmp/out" ] || fail 'two at once'
# Killed while it calls: what it was doing is done by the next, and once.
kill -9 $first; wait $first 2>/dev/null
echo fine >"$tmp/mood"; : >"$tmp/calls"
at 2026-12-14 || fail 'after a kill'
expect q@one.example 'remove done;' 'after a kill'
[ "$(calls remove q@one.example)" -eq 1 ] || fail 'done twice after a kill'
exit $status
