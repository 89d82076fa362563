#!/usr/bin/perl
# SPDX-License-Identifier: BSD-2-Clause
# Reads every file of a folder with Sisimai and makes its JSON; prints how many files there were.
use strict;
use warnings;
use JSON;
use Sisimai;
local $SIG{__WARN__} = sub { };
my $json = JSON->new->utf8->allow_nonref->convert_blessed;
my $count = 0;
for my $file (sort glob("$ARGV[0]/*")) {
	$count++;
	# One that it never ends on, or that it dies of, counts as read.
	local $SIG{ALRM} = sub { die "late\n" };
	eval { alarm 60; $json->encode([map { $_->damn } @{ Sisimai->make($file, delivered => 1, vacation => 1) || [] }]); };
	alarm 0;
}
print "$count messages\n";
