#!/bin/sh
# What is installed can be built against, by pkg-config and by CMake, and holds no path of the build:
# install.sh SOURCE-FOLDER BUILD-FOLDER CC CMAKE GENERATOR
set -eu
source=$1 build=$2 cc=$3 cmake=$4 generator=$5
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$cmake" --install "$build" --prefix "$tmp/usr" >"$tmp/log" || { cat "$tmp/log" >&2; exit 1; }

here="(^|[^A-Za-z0-9_.}])$(printf '%s\n' "$source" | sed 's/[][*^$()+?{}|.]/\\&/g')/"
if grep -rIlE "$here" "$tmp/usr"; then
	echo 'these installed files name the build' >&2
	exit 1
fi
for file in bin/retour include/retour/retour.h include/retour/version.h share/retour/schema/record-v1.json; do
	[ -f "$tmp/usr/$file" ] || { echo "$file is not installed" >&2; exit 1; }
done
[ ! -e "$tmp/usr/include/retour/version.h.in" ] || { echo 'version.h.in is installed' >&2; exit 1; }

pc=$(find "$tmp/usr" -name retour.pc)
library=$(dirname "$(dirname "$pc")")
export PKG_CONFIG_PATH="${pc%/*}" LD_LIBRARY_PATH="$library"
here=$(dirname "$0")
# shellcheck disable=SC2046
"$cc" -o "$tmp/consumer" "$here/consumer.c" $(pkg-config --cflags --libs retour)
"$tmp/consumer"

"$cmake" -G "$generator" -S "$here/consumer" -B "$tmp/build" -DCMAKE_PREFIX_PATH="$tmp/usr" \
	-DCMAKE_C_COMPILER="$cc" >"$tmp/log" 2>&1 &&
	"$cmake" --build "$tmp/build" >>"$tmp/log" 2>&1 || { cat "$tmp/log" >&2; exit 1; }
"$tmp/build/consumer"
