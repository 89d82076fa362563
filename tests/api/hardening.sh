#!/bin/sh
# What is installed is hardened: hardening.sh OPTIMISED FILE...
# OPTIMISED (yes, no): the stack protector and FORTIFY are of builds that are installed.
set -u
optimised=$1
shift
status=0
lacks() {
	echo "${file##*/} lacks $1" >&2
	status=1
}
for file; do
	readelf -h "$file" | grep -q 'Type: *DYN' || lacks 'position independence'
	readelf -lW "$file" | grep -q GNU_RELRO || lacks 'RELRO'
	readelf -lW "$file" | grep GNU_STACK | grep -q 'RW ' || lacks 'a stack that is no code'
	readelf -d "$file" | grep -q TEXTREL && lacks 'text without relocations'
	[ "$optimised" = yes ] || continue
	readelf -sW "$file" | grep -q ' UND __stack_chk_fail' || lacks 'the stack protector'
	readelf -sW "$file" | grep -q ' UND __[a-z]*_chk' || lacks 'FORTIFY'
done
exit $status
