#!/bin/sh
# The code database, listed and filtered. What stands in it is looked at by tests/api/codes.py.
. "${0%/*}/lib.sh"

count() {
	"$retour" codes "$@" | sed 1d | wc -l | tr -d ' '
}

is 'replies' "$(count --replies)" 88
is 'enhanced codes' "$(count --enhanced)" 81
is 'both' "$(count)" 169
is 'a class' "$("$retour" codes --class hard | sed 1d | grep -cv hard)" 0
is 'a subject' "$("$retour" codes --subject 2 | sed 1d | grep -cv '^X\.2\.')" 0
is 'a command' "$("$retour" codes --command rcpt | sed 1d | grep -cv '^RCPT ')" 0
is 'replies to a command' "$("$retour" codes --command AUTH --replies | grep -c '^235 ')" 1
is 'a provider' "$("$retour" codes --provider gmail | sed 1d | grep -cv '^provider:gmail/')" 0
is 'a reason' "$("$retour" codes --rules --reason null-mx --format csv | grep -c null-mx)" "$(count --rules --reason null-mx)"
is 'another table' "$("$retour" codes --sheet contradictions | grep -c '^C[0-9][0-9]$')" 35
is 'as CSV' "$("$retour" codes --sheet digits --format csv | head -n 1)" 'digits,title,meaning,source'
is 'two tables as CSV have an empty line between them' "$("$retour" codes --format csv | grep -c '^$')" 1
is 'as JSON, a row a line' "$("$retour" codes --replies --format json | grep -c '^{"code":"')" 88
is 'as Markdown' "$("$retour" codes --sheet pages --format markdown | grep -c '^| .* |$')" 6
is 'the phrases are not in the page' "$("$retour" codes --format markdown | grep -c '^## Phrases')" 0

exits 'no such format' 64 "$retour" codes --format xml
exits 'no such reason' 64 "$retour" codes --reason sleepy
exits 'no such class' 64 "$retour" codes --class solid
exits 'no such subject' 64 "$retour" codes --subject 9
exits 'no such command' 64 "$retour" codes --command DANCE
exits 'no such provider' 64 "$retour" codes --provider nobody
exits 'no such table' 64 "$retour" codes --sheet nothing
exits 'an argument' 64 "$retour" codes 550
finish
