#!/bin/sh
# Each public header compiles alone, as strict C99 and as C++: headers.sh INCLUDE-FOLDER GENERATED-FOLDER CC CXX
set -u
flags="-I$1 -I$2 $(pkg-config --cflags gobject-2.0 | sed 's/-I/-isystem /g')"
status=0

# $1 compiler, $2 language, $3 standard
compile() {
	for path in "$include"/retour/*.h "$generated"/retour/*.h; do
		# shellcheck disable=SC2086
		printf '#include <retour/%s>\ntypedef int retour_used;\n' "${path##*/}" |
			"$1" -x "$2" "-std=$3" -pedantic -Wall -Wextra -Werror -fsyntax-only $flags - || {
			echo "${path##*/} does not compile alone as $3" >&2
			status=1
		}
	done
}

include=$1 generated=$2
compile "$3" c c99
if [ -n "${4:-}" ]; then
	compile "$4" c++ c++11
else
	echo "not looked: there is no C++ compiler" >&2
fi
exit $status
