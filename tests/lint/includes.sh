#!/bin/sh
# Rooms name each other's headers by room, and GMime stays in its own.
. "${0%/*}/lib.sh"

c_files | xargs grep -n '#[[:space:]]*include[[:space:]]*["<]\.' /dev/null |
	refuse 'An include is written "room/file.h" or <retour/file.h>, never relative.'
c_files | grep -v -e '^src/mime/' -e '^src/late/' -e '^tests/unit/mime/' -e '^tests/bench/floor.c' | xargs grep -n 'include.*gmime/' /dev/null |
	refuse 'Only src/mime knows GMime, what loads it, and what is measured against it.'
