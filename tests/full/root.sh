#!/bin/sh
# Makes the roots in which the delivery agents of tests/full run, one for each agent that tolerates no other, from the
# packages of this machine's distribution: root.sh FOLDER. As root; the folder is complete or it is not there.
set -eu
folder=$1
[ ! -d "$folder" ] || exit 0
new=$folder.new

# What retour needs, what the tests need, and the agents that live together. Postfix does not live with Exim.
common='libglib2.0-0 libgmime-3.0-0 python3-minimal libpython3-stdlib iproute2'
agents='procmail maildrop dovecot-core dovecot-sieve exim4-daemon-light'
postfix='postfix'

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
		-o DPkg::Options::=--force-unsafe-io install "$@" >>"$new/log" 2>&1
	chroot "$root" apt-get clean
}

release=$(. /etc/os-release && echo "$VERSION_CODENAME")
rm -rf "$new"
mkdir -p "$new"
trap 'status=$?; [ $status -eq 0 ] || { tail -n 30 "$new/log"; echo "the roots of the delivery agents could not be made"; } >&2' EXIT
# shellcheck disable=SC2046
debootstrap --variant=minbase "$release" "$new/agents" $(mirror "$release") >"$new/log" 2>&1
cp /etc/resolv.conf "$new/agents/etc/resolv.conf"
forbid_services "$new/agents"
# shellcheck disable=SC2086
install_in "$new/agents" $common
cp -a "$new/agents" "$new/postfix"
# shellcheck disable=SC2086
install_in "$new/agents" $agents
# shellcheck disable=SC2086
install_in "$new/postfix" $postfix
mv "$new" "$folder"
