/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Every fixtures/FAMILY/NAME.eml against FAMILY/NAME.json, and every record against
 * fixtures/labels.tsv, which people wrote before the program read the mail.
 *
 *   golden check FIXTURES          compare; exit 1 if one differs
 *   golden labels FIXTURES         compare what was read with the labels
 *   golden record FIXTURES         write the .json files anew (look at the difference before it is
 * committed)
 */

#include <retour/retour.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
path_of(const char *fixtures, const char *file)
{
	return g_build_filename(fixtures, file, NULL);
}

static gint
compare_strings(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "FAMILY/NAME.eml" of every fixture, in byte order. */
static GPtrArray *
list_fixtures(const char *fixtures)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) top = g_dir_open(fixtures, 0, NULL);
	for (const char *family; top && (family = g_dir_read_name(top));) {
		g_autofree char *folder = path_of(fixtures, family);
		g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
		for (const char *name; dir && (name = g_dir_read_name(dir));)
			if (g_str_has_suffix(name, ".eml"))
				g_ptr_array_add(files, g_build_filename(family, name, NULL));
	}
	g_ptr_array_sort(files, compare_strings);
	return files;
}

static RetourRecord *
read_fixture(const char *fixtures, const char *file, gsize *size)
{
	g_autofree char *path = path_of(fixtures, file);
	g_autofree char *bytes = NULL;
	if (!g_file_get_contents(path, &bytes, size, NULL)) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	return retour_record_read(bytes, *size, NULL);
}

static char *
make_json(const char *fixtures, const char *file)
{
	gsize size;
	g_autoptr(RetourRecord) record = read_fixture(fixtures, file, &size);
	RetourSource source = { .name = file, .size = size };
	GString *out = g_string_new(NULL);
	retour_format_append(RETOUR_FORMAT_JSON, &source, record, TRUE, out);
	return g_string_free(out, FALSE);
}

static char *
json_path(const char *fixtures, const char *file)
{
	g_autofree char *stem = g_strndup(file, strlen(file) - strlen(".eml"));
	g_autofree char *json = g_strconcat(stem, ".json", NULL);
	return path_of(fixtures, json);
}

static guint
check_fixture(const char *fixtures, const char *file)
{
	g_autofree char *path = json_path(fixtures, file);
	g_autofree char *wanted = NULL;
	g_autofree char *got = make_json(fixtures, file);
	if (!g_file_get_contents(path, &wanted, NULL, NULL)) {
		printf("%s: no golden record %s\n", file, path);
		return 1;
	}
	if (strcmp(wanted, got) == 0)
		return 0;
	printf("%s:\n  wanted %s  got    %s", file, wanted, got);
	return 1;
}

static guint
record_fixture(const char *fixtures, const char *file)
{
	g_autofree char *path = json_path(fixtures, file);
	g_autofree char *got = make_json(fixtures, file);
	return g_file_set_contents(path, got, -1, NULL) ? 0 : 1;
}

/* The columns of labels.tsv. */
enum { FILE_NAME, KIND, ADDRESS, ACTION, STATUS, REPLY, CLASS, REASON, N_COMPARED };
static const char *const columns[] = { "file",   "kind",  "address", "action",
	                               "status", "reply", "class",   "reason" };

static gboolean
is_recipient(const RetourRecord *record, guint i, const char *address)
{
	const char *known = record->report->recipients[i].address;
	return g_ascii_strcasecmp(known ? known : "", address) == 0;
}

static void
describe(const RetourRecord *record, gint i, char **cells)
{
	cells[KIND] = g_strdup(retour_kind_to_string(record->kind));
	for (guint k = ADDRESS; k < N_COMPARED; k++)
		cells[k] = g_strdup("");
	if (i < 0)
		return;
	const RetourRecipient *recipient = &record->report->recipients[i];
	const RetourVerdict *verdict = &record->verdicts[i];
	char status[RETOUR_STATUS_STRING_SIZE];
	const char *values[N_COMPARED] = {
		[ADDRESS] = recipient->address,
		[ACTION] = retour_action_to_string(recipient->action),
		[STATUS] = retour_status_is_set(verdict->status)
		                   ? retour_status_format(verdict->status, status)
		                   : "",
		[CLASS] = retour_class_to_string(verdict->klass),
		[REASON] = verdict->reason ? retour_reason_get_name(verdict->reason) : "",
	};
	for (guint k = ADDRESS; k < N_COMPARED; k++)
		if (values[k]) {
			g_free(cells[k]);
			cells[k] = g_strdup(values[k]);
		}
	if (verdict->reply) {
		g_free(cells[REPLY]);
		cells[REPLY] = g_strdup_printf("%u", verdict->reply);
	}
}

/* One label row against the record: what differs is told, and how many cells did. */
static guint
check_label(const RetourRecord *record, char **label)
{
	gint found = -1;
	for (guint i = 0; record->report && i < record->report->n_recipients && found < 0; i++)
		if (is_recipient(record, i, label[ADDRESS]))
			found = (gint)i;
	char *cells[N_COMPARED] = { NULL };
	describe(record, found, cells);
	guint wrong = 0;
	for (guint k = KIND; k < N_COMPARED; k++) {
		/* An empty action of a text-only notice: "failed" may be derived. */
		gboolean derived = k == ACTION && !*label[ACTION];
		if (!derived && strcmp(cells[k], label[k]) != 0) {
			printf("%s: %s is \"%s\", the label says \"%s\"\n", label[FILE_NAME],
			       columns[k], cells[k], label[k]);
			wrong++;
		}
		g_free(cells[k]);
	}
	return wrong;
}

static guint
check_labels(const char *fixtures)
{
	g_autofree char *path = path_of(fixtures, "labels.tsv");
	g_autofree char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, NULL)) {
		fprintf(stderr, "%s: cannot be read\n", path);
		return 1;
	}
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint wrong = 0, rows = 0;
	for (guint i = 1; lines[i]; i++) {
		g_auto(GStrv) label = g_strsplit(lines[i], "\t", -1);
		if (g_strv_length(label) < N_COMPARED)
			continue;
		gsize size;
		g_autoptr(RetourRecord) record = read_fixture(fixtures, label[FILE_NAME], &size);
		wrong += check_label(record, label);
		rows++;
	}
	printf("%u labels, %u cells differ\n", rows, wrong);
	return rows == 0 ? 1 : wrong;
}

int
main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: golden check|labels|record FIXTURES\n");
		return 64;
	}
	if (strcmp(argv[1], "labels") == 0)
		return check_labels(argv[2]) > 0;
	g_autoptr(GPtrArray) files = list_fixtures(argv[2]);
	guint wrong = 0;
	for (guint i = 0; i < files->len; i++)
		wrong += strcmp(argv[1], "record") == 0 ? record_fixture(argv[2], files->pdata[i])
		                                        : check_fixture(argv[2], files->pdata[i]);
	printf("%u fixtures, %u differ\n", files->len, wrong);
	return wrong > 0 || files->len == 0;
}
