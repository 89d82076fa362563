/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * What a worker gives up before it reads a byte of mail: whoever takes it over by a hostile mail
 * can compute and answer, and little else. It gains no privileges by exec; a filter of system calls
 * (seccomp(2)) leaves it no network, no other process and no file to write; Landlock (landlock(7))
 * says the same of the files once more, and where it has no mail to open, it reads none but the
 * system's libraries, among which are the charset converters of iconv(3) and GMime, and the list of
 * them.
 */
typedef enum {
	RETOUR_SANDBOX_SECCOMP = 1 << 0,
	RETOUR_SANDBOX_LANDLOCK = 1 << 1,
} RetourSandbox;

/* What the kernel offers here; what is lacking is left out by retour_sandbox_enter(). */
RetourSandbox retour_sandbox_probe(void);

/* For good, in this process. @opens_mail: it opens mail by path. What is forbidden fails with EPERM
 * or EACCES. */
void retour_sandbox_enter(gboolean opens_mail);
