#!/bin/sh
# Runs a test in a copy of a root that is gone afterwards, with a network, a host name and processes of its own:
# enter.sh ROOT SOURCE BUILD CMAKE TEST [ARGUMENT...]. As root. Retour is installed in it as a package would be.
set -eu
root=$1 source=$2 build=$3 cmake=$4 test=$5
shift 5
[ "$(id -u)" -eq 0 ] || { echo 'the root of a delivery agent wants root' >&2; exit 1; }
[ -d "$root" ] || { echo "$root is not there: ./bootstrap test --full makes it" >&2; exit 1; }
exec unshare --net --mount --pid --uts --fork --kill-child sh -eu -c '
root=$1 source=$2 build=$3 cmake=$4 test=$5
shift 5
place=$(dirname "$root")/run
mkdir -p "$place"
mount -t tmpfs -o mode=755,size=2g tmpfs "$place"
mkdir "$place/new" "$place/work" "$place/root"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$place/new,workdir=$place/work" "$place/root"
DESTDIR=$place/root "$cmake" --install "$build" --prefix /usr --component runtime >/dev/null
root=$place/root
mkdir -p "$root/source/tests" "$root/source/fixtures"
cp "$build"/tests/full/fault.so "$root/usr/lib"
mount --bind "$source/tests" "$root/source/tests"
mount --bind "$source/fixtures" "$root/source/fixtures"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom; do
	touch "$root/dev/$device"
	mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"; ln -s fd/1 "$root/dev/stdout"; ln -s fd/2 "$root/dev/stderr"
mkdir -m 1777 "$root/dev/shm"
hostname mx.sender.example
printf "127.0.0.1 localhost mx.sender.example mx\n" >"$root/etc/hosts"
echo "nameserver 127.0.0.1" >"$root/etc/resolv.conf"
echo mx.sender.example >"$root/etc/mailname"
ip link set lo up
exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 python3 "/source/tests/full/$test" "$@"
' _ "$root" "$source" "$build" "$cmake" "$test" "$@"
