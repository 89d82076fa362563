#!/bin/sh
# The help is whole: every command, every option, every field and word, and nothing that does not work.
. "${0%/*}/lib.sh"

exits 'retour --help' 0 "$retour" --help
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' out)
is 'the commands' "$(echo $commands)" 'read is print filter explain codes rules verp'
"$retour" --version | grep -q '^retour [0-9]*\.[0-9]*\.[0-9]*$'
report 'retour --version'

while read -r command options; do
	exits "retour $command --help" 0 "$retour" "$command" --help
	is "options of $command" "$(echo $(sed -n 's/^  \(-h, \)\{0,1\}--\([a-z-]*\).*/\2/p' out))" "$options"
	LC_ALL=C exits "retour $command --help in another charset" 0 env LC_ALL=C "$retour" "$command" --help
	is 'has no question mark for an ellipsis' "$(grep -c '\[OPTION?\]' out)" 0
	grep -q '^Exit status: 0' out
	report "$command tells its exit status"
	is "lines of $command --help fit a terminal" "$(awk 'length > 110' out)" ''
done <<'TABLE'
read format jobs profile explain sender recipient verp keys message-id sent own-host authserv-id now rules redact redact-key mbox message files-from only summary help
is sender recipient verp keys message-id sent own-host authserv-id now rules help
print sender recipient verp keys message-id sent own-host authserv-id now rules redact redact-key help
filter sender recipient profile verp keys message-id sent own-host authserv-id now rules help
explain rules redact redact-key help
codes format reason class subject command provider replies enhanced rules sheet help
rules rules help
verp keys verp days now help
TABLE

for command in $commands; do
	exits "$command: wrong usage names the help" "$(case $command in explain | codes | rules | verp) echo 64 ;; filter) echo 0 ;; *) echo 75 ;; esac)" \
		"$retour" "$command" --bogus </dev/null
	is "$command: it does" "$(tail -n 1 err)" "Try 'retour $command --help'."
done

# Each field that the help of print names is one, and each that there is has a name there.
fields=$("$retour" print --help | sed -n '/Fields:/,/^$/p' | grep '^  ')
for field in $fields; do
	"$retour" print "$field" <"$bounce" >/dev/null 2>&1 || echo "$field"
done >bad
is 'the fields in the help of print' "$(cat bad)" ''
"$retour" read --format tsv "$bounce" | head -n 1 | tr '\t' '\n' | tr _ - | grep -v -e '^source$' -e '^index$' |
	while read -r field; do
		case " $(echo $fields) " in *" $field "*) ;; *) echo "$field" ;; esac
	done >bad
is 'no column is missing there' "$(cat bad)" ''

# Each word that the help of "is" names is one.
words=$("$retour" is --help | sed -n '/^Words:/,/reasons/p' | tr '\n' ' ' | grep -o '([a-z -]*)' | tr -d '()')
is 'the help of is has words' "$(echo $words | wc -w | tr -d ' ')" 17
for word in $words never-reply; do
	"$retour" is "$word" <"$bounce" 2>/dev/null
	[ $? -lt 2 ] || echo "$word"
done >bad
is 'the words in the help of is' "$(cat bad)" ''
finish
