/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * retour-codes-prove FOLDER [STAMP]: asks the built tables about the example of every rule. The
 * rule itself must be the best answer; one that another hides, or that does not hold at all, is
 * told as "file:line: what is wrong: what to do". FOLDER is that of the data files, for messages;
 * STAMP is written when all is well.
 */
#include "codes/proof.h"

#include <stdio.h>
#include <stdlib.h>

static gboolean
prove(const char *folder, const RetourRule *rule)
{
	g_autofree char *wrong = retour_rule_prove(NULL, rule);
	if (!wrong)
		wrong = retour_rule_lint(NULL, rule);
	if (wrong)
		fprintf(stderr, "%s/%s:%u: %s\n", folder, retour_rule_get_file(rule),
		        retour_rule_get_line(rule), wrong);
	return !wrong;
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s FOLDER [STAMP]\n", argv[0]);
		return 64;
	}
	guint faults = 0, n = retour_rule_get_count();
	for (guint i = 0; i < n; i++)
		faults += !prove(argv[1], retour_rule_get(i));
	if (faults > 0) {
		fprintf(stderr, "%u of %u rules are not proven\n", faults, n);
		return EXIT_FAILURE;
	}
	return argc < 3 || g_file_set_contents(argv[2], "", 0, NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
}
