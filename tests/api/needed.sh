#!/bin/sh
# The library and the command load GMime, GLib and libc, and nothing else by themselves: needed.sh FILE...
set -u
status=0
for file; do
	needed=$(readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
	[ -n "$needed" ] || { echo "$file: no dynamic section was read" >&2; status=1; }
	for library in $needed; do
		case $library in
		libretour.so.* | libgmime-3.0.so.* | libglib-2.0.so.* | libgobject-2.0.so.* | libgio-2.0.so.*) ;;
		libc.so.* | libm.so.* | ld-linux*.so.*) ;;
		*) echo "${file##*/} loads $library" >&2; status=1 ;;
		esac
	done
done
exit $status
