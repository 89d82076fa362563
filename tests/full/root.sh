#!/bin/sh
# Makes the roots in which the delivery agents and list managers of tests/full run, from the packages of this machine's
# distribution, one for those that live together: root.sh FOLDER. As root; each root is complete or it is not there.
set -eu
folder=$1

# What retour needs, what the tests need, and the programs that live together. Of mail servers a root holds one.
common='libglib2.0-0 libgmime-3.0-0 libcurl4 libsqlite3-0 python3-minimal libpython3-stdlib iproute2'
agents='procmail maildrop dovecot-core dovecot-sieve exim4-daemon-light'
postfix='postfix'
opensmtpd='opensmtpd'
lists='mlmmj mailman3 openssl'

# From where apt has its packages here: the first one of a distribution's own sources.
mirror() {
	apt-get indextargets --format '$(SITE)' "Created-By: Packages" "Codename: $1" | head -n 1
}

# A package's script that starts a service is told not to.
forbid_services() {
	printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
	chmod 755 "$1/usr/sbin/policy-rc.d"
}

install_in() {
	root=$1
	shift
	chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -qq -y --no-install-recommends \
		-o DPkg::Options::=--force-unsafe-io install "$@" >>"$log" 2>&1
	chroot "$root" apt-get clean
}

# What all of them begin with; kept, so that a root that is added later costs its own packages alone.
make_base() {
	[ ! -d "$folder/base" ] || return 0
	release=$(. /etc/os-release && echo "$VERSION_CODENAME")
	rm -rf "$folder/base.new"
	# shellcheck disable=SC2046
	debootstrap --variant=minbase "$release" "$folder/base.new" $(mirror "$release") >>"$log" 2>&1
	cp /etc/resolv.conf "$folder/base.new/etc/resolv.conf"
	forbid_services "$folder/base.new"
	# shellcheck disable=SC2086
	install_in "$folder/base.new" $common
	mv "$folder/base.new" "$folder/base"
}

# make_root NAME PACKAGE...
make_root() {
	name=$1
	shift
	[ ! -d "$folder/$name" ] || return 0
	make_base
	rm -rf "$folder/$name.new"
	cp -a "$folder/base" "$folder/$name.new"
	install_in "$folder/$name.new" "$@"
	mv "$folder/$name.new" "$folder/$name"
}

mkdir -p "$folder"
log=$folder/log
trap 'status=$?; [ $status -eq 0 ] || { tail -n 30 "$log"; echo "the roots of tests/full could not be made"; } >&2' EXIT
# shellcheck disable=SC2086
make_root agents $agents
# shellcheck disable=SC2086
make_root postfix $postfix
# shellcheck disable=SC2086
make_root opensmtpd $opensmtpd
# shellcheck disable=SC2086
make_root lists $lists
