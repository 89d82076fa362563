/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Every bounce, delay and delivery under a folder, written as a clean report and read again: the
 * same recipients, class and reason, and no status that was not there. "golden-round-trip FOLDER"
 */

#include <retour/retour.h>
#include <stdio.h>
#include <string.h>

typedef struct {
	guint mails, recipients, wrong;
} Count;

static gboolean
is_delivery(RetourKind kind)
{
	return kind == RETOUR_KIND_BOUNCE || kind == RETOUR_KIND_DELAY ||
	       kind == RETOUR_KIND_DELIVERED;
}

static gboolean
is_same(const RetourRecord *first, const RetourRecord *second, guint i)
{
	const RetourVerdict *a = &first->verdicts[i], *b = &second->verdicts[i];
	return a->kind == b->kind && a->klass == b->klass && a->reason == b->reason &&
	       (retour_status_is_set(a->status) || !retour_status_is_set(b->status)) &&
	       (a->reply || !b->reply) &&
	       g_strcmp0(first->report->recipients[i].address,
	                 second->report->recipients[i].address) == 0;
}

static void
try_mail(const char *path, const char *bytes, gsize length, Count *count)
{
	g_autoptr(RetourRecord) first = retour_record_read(bytes, length, NULL);
	if (!first->report || !is_delivery(first->kind))
		return;
	g_autoptr(GString) report = g_string_new(NULL);
	retour_format_append(RETOUR_FORMAT_DSN, &(RetourSource){ .name = path }, first, FALSE,
	                     report);
	g_autoptr(RetourRecord) second = retour_record_read(report->str, report->len, NULL);
	count->mails++;
	guint n = second->report ? second->report->n_recipients : 0;
	if (n != first->report->n_recipients) {
		printf("%s: %u recipients became %u\n", path, first->report->n_recipients, n);
		count->wrong++;
		return;
	}
	for (guint i = 0; i < n; i++, count->recipients++) {
		if (is_same(first, second, i))
			continue;
		const RetourVerdict *a = &first->verdicts[i], *b = &second->verdicts[i];
		printf("%s: %s %s/%s became %s %s/%s\n", path, first->report->recipients[i].address,
		       retour_class_to_string(a->klass), retour_reason_get_name(a->reason),
		       second->report->recipients[i].address, retour_class_to_string(b->klass),
		       retour_reason_get_name(b->reason));
		count->wrong++;
	}
}

static void
walk(const char *folder, Count *count)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *bytes = NULL;
		gsize length;
		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			walk(path, count);
		else if (!g_str_has_suffix(name, ".json") &&
		         g_file_get_contents(path, &bytes, &length, NULL))
			try_mail(path, bytes, length, count);
	}
}

int
main(int argc, char **argv)
{
	Count count = { 0 };
	if (argc != 2) {
		fprintf(stderr, "usage: golden-round-trip FOLDER\n");
		return 64;
	}
	walk(argv[1], &count);
	printf("%u mails, %u recipients, %u wrong\n", count.mails, count.recipients, count.wrong);
	return count.wrong > 0 || count.mails == 0;
}
