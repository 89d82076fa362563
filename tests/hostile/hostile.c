/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Hostile mail against the command and the library.
 *
 *   hostile read RETOUR     at full size: one record, in bounded memory, that names what was cut
 *   hostile count READER    up to two megabytes: instructions, which valgrind counts in READER
 *
 * Prints a line for each mail; exits with 1 if one is over a bound, with 77 if there is no
 * valgrind.
 */

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

#define MB (1024ul * 1024)
/* What a worker may take beyond the mail. */
#define MEMORY (64 * MB)
/* Processor time of the command, for sanity: a mail that costs more has an error of its own kind.
 */
#define SECONDS 20.0
/* Under a sanitizer no mail is larger. */
#define SANITIZED_SIZE (4 * MB)

#define COUNTED_SIZE (2 * MB)
#define INSTRUCTIONS_BASE 50000000u
#define INSTRUCTIONS_PER_BYTE 20u

typedef struct {
	double seconds;
	gsize memory; /* of the command or its worker, whichever took more */
	gboolean good;
} Usage;

/* Runs retour over @mail, its output in @out. */
static Usage
run(const char *retour, const char *mail, const char *out)
{
	struct rusage used = { 0 };
	int status = 0;
	/* What this process holds when it forks is counted as the child's. */
	malloc_trim(0);
	pid_t child = fork();
	if (child == 0) {
		if (freopen(out, "w", stdout))
			execl(retour, retour, "read", "--jobs=1", "--message", "--format=json",
			      mail, (char *)NULL);
		_exit(127);
	}
	gboolean ended = child > 0 && wait4(child, &status, 0, &used) == child;
	return (Usage){
		.seconds = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
		.memory = (gsize)used.ru_maxrss * 1024,
		.good = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0,
	};
}

static gboolean
names(JsonArray *limits, const char *name)
{
	for (guint i = 0; limits && i < json_array_get_length(limits); i++)
		if (strcmp(json_array_get_string_element(limits, i), name) == 0)
			return TRUE;
	return FALSE;
}

/* What is wrong with the output, NULL for nothing. */
static char *
judge_output(const HostileCase *row, const char *out, gsize size)
{
	g_autofree char *text = NULL;
	gsize length = 0;
	if (!g_file_get_contents(out, &text, &length, NULL))
		return g_strdup("no output");
	const char *end = memchr(text, '\n', length);
	if (!end || end + 1 != text + length)
		return g_strdup("not one record");
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autoptr(GError) error = NULL;
	if (!g_utf8_validate(text, (gssize)length, NULL) ||
	    !json_parser_load_from_data(parser, text, (gssize)length, &error))
		return g_strdup_printf("no JSON: %s", error ? error->message : "not UTF-8");
	JsonObject *record = json_node_get_object(json_parser_get_root(parser));
	const char *kind = json_object_get_string_member(record, "kind");
	const char *trouble = json_object_get_string_member_with_default(record, "error", "");
	if (strcmp(kind, "unreadable") == 0 && strcmp(trouble, "the input is empty") != 0 &&
	    strcmp(trouble, "neither headers nor text") != 0)
		return g_strdup_printf("unreadable: %s", trouble);
	JsonArray *limits = json_object_has_member(record, "limits")
	                            ? json_object_get_array_member(record, "limits")
	                            : NULL;
	g_auto(GStrv) wanted = g_strsplit(row->limits ? row->limits : "", " ", -1);
	for (guint i = 0; wanted[i] && *wanted[i]; i++)
		if (!names(limits, wanted[i]) && (!SANITIZED || size > SANITIZED_SIZE))
			return g_strdup_printf("%s is not named", wanted[i]);
	return NULL;
}

static gboolean
read_case(const HostileCase *row, const char *retour, const char *folder)
{
	g_autofree char *path = g_build_filename(folder, row->name, NULL);
	g_autofree char *out = g_build_filename(folder, "out", NULL);
	gsize size;
	{
		g_autoptr(GString) mail =
		        hostile_build(row, SANITIZED ? SANITIZED_SIZE : G_MAXSIZE);
		size = mail->len;
		if (!g_file_set_contents(path, mail->str, (gssize)size, NULL))
			return FALSE;
	}
	Usage usage = run(retour, path, out);
	g_autofree char *fault = judge_output(row, out, size);
	gsize beyond = usage.memory - MIN(usage.memory, size);
	gboolean good =
	        usage.good && !fault && usage.seconds <= SECONDS && (SANITIZED || beyond <= MEMORY);
	printf("%s %s: %.1f MB, %.2f s, %.1f MB beyond it%s%s\n", good ? "ok" : "not ok", row->name,
	       (double)size / MB, usage.seconds, (double)beyond / MB, fault ? ": " : "",
	       fault ? fault : "");
	g_unlink(path);
	g_unlink(out);
	return good;
}

/* Instructions that valgrind counts in the function "measured" of @reader over @path; 0 in trouble.
 */
static guint64
count(const char *reader, const char *path)
{
	g_autofree char *words = NULL;
	const char *command[] = { "valgrind",
		                  "--tool=callgrind",
		                  "--callgrind-out-file=/dev/null",
		                  "--toggle-collect=measured",
		                  reader,
		                  path,
		                  NULL };
	int status = 0;
	if (!g_spawn_sync(NULL, (char **)command, NULL,
	                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
	                  &words, &status, NULL) ||
	    status != 0)
		return 0;
	const char *total = strstr(words, "Collected : ");
	return total ? g_ascii_strtoull(total + strlen("Collected : "), NULL, 10) : 0;
}

static gboolean
count_case(const HostileCase *row, const char *reader, const char *folder)
{
	g_autofree char *path = g_build_filename(folder, row->name, NULL);
	g_autoptr(GString) mail = hostile_build(row, COUNTED_SIZE);
	if (!g_file_set_contents(path, mail->str, (gssize)mail->len, NULL))
		return FALSE;
	guint64 instructions = count(reader, path);
	guint64 most = INSTRUCTIONS_BASE + INSTRUCTIONS_PER_BYTE * mail->len;
	gboolean good = instructions > 0 && instructions <= most;
	printf("%s %s: %.1f MB, %.1f million instructions of %.1f\n", good ? "ok" : "not ok",
	       row->name, (double)mail->len / MB, (double)instructions / 1e6, (double)most / 1e6);
	g_unlink(path);
	return good;
}

int
main(int argc, char **argv)
{
	gboolean counts = argc == 3 && strcmp(argv[1], "count") == 0;
	if (argc != 3 || (!counts && strcmp(argv[1], "read") != 0))
		return 64;
	g_autofree char *valgrind = g_find_program_in_path("valgrind");
	if (counts && !valgrind) {
		printf("no valgrind\n");
		return 77;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	g_autofree char *folder = g_dir_make_tmp("hostile-XXXXXX", NULL);
	if (!folder)
		return 1;
	guint bad = 0;
	for (guint i = 0; i < n_hostile_cases; i++)
		bad += !(counts ? count_case : read_case)(&hostile_cases[i], argv[2], folder);
	g_rmdir(folder);
	return bad > 0 ? 1 : 0;
}
