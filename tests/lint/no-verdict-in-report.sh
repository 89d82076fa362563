#!/bin/sh
# The reader of reports collects evidence and decides nothing: it has no word for hard and soft.
. "${0%/*}/lib.sh"

c_files src/report | code | grep -iE '(^|[^a-z])(hard|soft)([^a-z]|$)|Retour_?(Class|Verdict|Fault|Advice)([^a-z]|$)' |
	refuse 'src/report may not judge: leave hard and soft to src/classify.'
