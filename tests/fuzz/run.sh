#!/bin/sh
# Runs every fuzzer for SECONDS each, or those named, one after the other; stops at the first finding and keeps the
# input. New inputs are kept in build/fuzz/corpora, so that the next run goes on where this one ended.
#
#   tests/fuzz/run.sh SECONDS [PARSER...]
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:?usage: run.sh SECONDS [PARSER...]}
shift
here=tests/fuzz
build=build/fuzz
[ $# -gt 0 ] || set -- part-tree dsn dialect reply address return-path text rules settings table suppression mbox lmtp read

[ -f "$build/build.ninja" ] || cmake --preset fuzz
cmake --build --preset fuzz --target $(printf 'fuzz-%s ' "$@")

# Blocks of their own for what GLib would keep in slices, so that a read beyond one is seen.
export G_SLICE=always-malloc
for parser; do
	kept=$build/corpora/$parser
	mkdir -p "$kept" "$build/findings"
	seeds=$here/corpora/$parser
	longest=8192
	case $parser in
	read | part-tree)
		seeds="$seeds fixtures"
		longest=32768
		;;
	esac
	dictionary=
	[ ! -f "$here/fuzz-$parser.dict" ] || dictionary=-dict=$here/fuzz-$parser.dict
	echo "== $parser, $seconds s"
	# shellcheck disable=SC2086
	"$build/tests/fuzz/fuzz-$parser" -max_total_time="$seconds" -max_len=$longest -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$build/findings/$parser-" $dictionary "$kept" $seeds || {
		echo "a finding: its input is $build/findings/$parser-*; put it into $seeds before it is mended" >&2
		exit 1
	}
done
