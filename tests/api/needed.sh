#!/bin/sh
# The library loads GMime, GLib and libc, and nothing else by itself; programs are not even linked with GMime, and say in a note
# that they load it: needed.sh LIBRARY PROGRAM...
set -u
status=0
complain() {
	echo "${file##*/} $1" >&2
	status=1
}
own='libgmime-3.0.so.0 libgobject-2.0.so.0 libgio-2.0.so.0'
for file; do
	needed=$(readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
	[ -n "$needed" ] || complain 'has no dynamic section that could be read'
	for library in $needed; do
		case " $own libglib-2.0.so.0 " in *" $library "*) continue ;; esac
		case $library in
		libc.so.* | libm.so.* | ld-linux*.so.*) ;;
		*) complain "loads $library" ;;
		esac
	done
	if [ -n "$own" ]; then
		own=
		continue
	fi
	readelf -p .note.dlopen "$file" | grep -q '"soname":\["libgmime-3.0.so.0"\]' || complain 'does not say that it loads GMime'
	readelf -sW "$file" | grep -q ' UND g_mime_' && complain 'is linked with GMime'
done
exit $status
