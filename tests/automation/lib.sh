# Sourced by the tests of the ledger: $1 is the folder of the programs, $2 that of the test's helpers.
set -u
programs=$1 helpers=$2
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
XDG_CONFIG_HOME=$tmp/config XDG_DATA_HOME=$tmp/data
export XDG_CONFIG_HOME XDG_DATA_HOME
status=0

fail() {
	echo "$*" >&2
	status=1
}

process() { "$programs/retour-process" "$@"; }
ledger() { "$programs/retour-ledger" "$@"; }

maildir() { mkdir -p "$1/new" "$1/cur" "$1/tmp"; }

# A bounce: bounce FILE ADDRESS NUMBER DAY STATUS TEXT
bounce() {
	cat >"$1" <<MAIL
Return-Path: <>
From: MAILER-DAEMON@mx.list.example
To: news-bounces@list.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-$3@mx.list.example>
Date: $4
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<$2>: $6

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.list.example

Final-Recipient: rfc822; $2
Action: failed
Status: $5
Remote-MTA: dns; mx.${2#*@}
Diagnostic-Code: smtp; $6

--b
Content-Type: text/rfc822-headers

From: news@list.example
Message-ID: <issue-$3@list.example>
List-Id: <news.list.example>

--b--
MAIL
}
