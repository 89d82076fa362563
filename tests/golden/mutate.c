/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The fixtures, damaged as mail is damaged on its way: cut, bytes flipped, a block of rubbish
 * inside, lines lost, doubled and rewrapped, headers in another order or lost, line ends changed,
 * boundaries broken. Of each there is one record, and of the addresses whose bytes are still there
 * nearly all are found. "golden-mutate FIXTURES N SEED"
 */

#include <retour/retour.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Addresses that must be found, of a hundred. */
#define RECALL_MIN 96

typedef void (*Damage)(GString *mail, GRand *random);

static void
cut(GString *mail, GRand *random)
{
	g_string_truncate(mail, mail->len / 3 +
	                                (gsize)g_rand_int_range(random, 0,
	                                                        (gint)(mail->len - mail->len / 3)));
}

static void
flip(GString *mail, GRand *random)
{
	for (gint n = g_rand_int_range(random, 1, 40); n > 0; n--)
		mail->str[g_rand_int_range(random, 0, (gint)mail->len)] = (char)g_rand_int(random);
}

static void
insert_rubbish(GString *mail, GRand *random)
{
	char rubbish[400];
	gint n = g_rand_int_range(random, 1, sizeof rubbish);
	for (gint i = 0; i < n; i++)
		rubbish[i] = (char)g_rand_int(random);
	g_string_insert_len(mail, g_rand_int_range(random, 0, (gint)mail->len), rubbish, n);
}

/* Every line through @take, with a chance of @percent; what it appends takes the line's place. */
static void
each_line(GString *mail, GRand *random, gint percent,
          void (*take)(GString *out, const char *line, gsize length))
{
	g_autoptr(GString) out = g_string_sized_new(mail->len * 2);
	for (const char *at = mail->str, *end = mail->str + mail->len; at < end;) {
		const char *next = memchr(at, '\n', (gsize)(end - at));
		gsize length = next ? (gsize)(next - at) + 1 : (gsize)(end - at);
		if (g_rand_int_range(random, 0, 100) < percent)
			take(out, at, length);
		else
			g_string_append_len(out, at, (gssize)length);
		at += length;
	}
	g_string_truncate(mail, 0);
	g_string_append_len(mail, out->str, (gssize)out->len);
}

static void
drop_line(GString *out, const char *line, gsize length)
{
	(void)out;
	(void)line;
	(void)length;
}

static void
double_line(GString *out, const char *line, gsize length)
{
	g_string_append_len(out, line, (gssize)length);
	g_string_append_len(out, line, (gssize)length);
}

static void
wrap_line(GString *out, const char *line, gsize length)
{
	gsize column = 0;
	for (gsize i = 0; i < length; i++, column++) {
		gboolean wrap = line[i] == ' ' && column > 60;
		g_string_append(out, wrap ? "\n " : "");
		if (!wrap)
			g_string_append_c(out, line[i]);
		column = wrap ? 0 : column;
	}
}

static void
carriage_return(GString *out, const char *line, gsize length)
{
	g_string_append_len(out, line, (gssize)length - 1);
	g_string_append(out, "\r\n");
}

static void
break_boundary(GString *out, const char *line, gsize length)
{
	static const char *const broken[] = { "-", "---", " --" };
	if (length > 2 && line[0] == '-' && line[1] == '-') {
		g_string_append(out, broken[length % G_N_ELEMENTS(broken)]);
		line += 2;
		length -= 2;
	}
	g_string_append_len(out, line, (gssize)length);
}

static void
drop_lines(GString *mail, GRand *random)
{
	each_line(mail, random, 6, drop_line);
}

static void
double_lines(GString *mail, GRand *random)
{
	each_line(mail, random, 6, double_line);
}

static void
wrap_lines(GString *mail, GRand *random)
{
	each_line(mail, random, 100, wrap_line);
}

static void
mix_line_ends(GString *mail, GRand *random)
{
	each_line(mail, random, g_rand_int_range(random, 0, 2) ? 100 : 50, carriage_return);
}

static void
only_carriage_returns(GString *mail, GRand *random)
{
	(void)random;
	for (char *at = mail->str;
	     (at = memchr(at, '\n', (gsize)(mail->str + mail->len - at))) != NULL;)
		*at = '\r';
}

static void
break_boundaries(GString *mail, GRand *random)
{
	each_line(mail, random, 70, break_boundary);
}

static void
lose_header(GString *mail, GRand *random)
{
	const char *body = strstr(mail->str, "\n\n");
	gsize head = body ? (gsize)(body - mail->str) : mail->len;
	gsize from = (gsize)g_rand_int_range(random, 0, (gint)MAX(head, 1));
	const char *line = head > 0 ? memchr(mail->str + from, '\n', head - from) : NULL;
	const char *end = line ? strchr(line + 1, '\n') : NULL;
	if (end && (gsize)(end - mail->str) < head)
		g_string_erase(mail, line - mail->str, end - line);
}

static const Damage damages[] = {
	cut,        flip,          insert_rubbish,        drop_lines,       double_lines,
	wrap_lines, mix_line_ends, only_carriage_returns, break_boundaries, lose_header,
};

/* Whether the bytes of @address are still there, folding and soft line ends aside. */
static gboolean
is_still_there(const GString *mail, const char *address)
{
	g_autoptr(GString) flat = g_string_sized_new(mail->len);
	for (gsize i = 0; i < mail->len; i++) {
		char c = mail->str[i];
		gboolean soft = c == '=' && i + 1 < mail->len &&
		                (mail->str[i + 1] == '\n' || mail->str[i + 1] == '\r');
		if (!soft && c != '\n' && c != '\r' && c != '\0')
			g_string_append_c(flat, g_ascii_tolower(c));
	}
	g_autofree char *lower = g_ascii_strdown(address, -1);
	return strstr(flat->str, lower) != NULL;
}

static gboolean
is_found(const RetourRecord *record, const char *address)
{
	for (guint i = 0; record->report && i < record->report->n_recipients; i++) {
		const RetourRecipient *recipient = &record->report->recipients[i];
		if (recipient->address && g_ascii_strcasecmp(recipient->address, address) == 0)
			return TRUE;
		for (guint k = 0; k < recipient->n_candidates; k++)
			if (g_ascii_strcasecmp(recipient->candidates[k].address, address) == 0)
				return TRUE;
	}
	return FALSE;
}

/* Whether @bytes hold @address and no longer one around it. */
static gboolean
is_written(const char *bytes, gsize length, const char *address)
{
	gsize size = strlen(address);
	const char *end = bytes + length;
	for (const char *at = bytes; (at = memmem(at, (gsize)(end - at), address, size)); at++) {
		gboolean starts = at == bytes || strchr(" <:;(\"'", at[-1]) || at[-1] == '\n';
		gboolean ends = at + size == end || strchr(" >:;,)\"'\r\n", at[size]);
		if (starts && ends)
			return TRUE;
	}
	return FALSE;
}

/* Damage must not make a bystander look dead: an address that the whole mail holds, and that its
 * record does not name. (One that the damage itself made up is nobody.) */
static guint
count_new_hard(GString *mail, const RetourRecord *whole, const RetourRecord *damaged,
               const char *file)
{
	guint n = 0;
	for (guint i = 0; damaged->report && i < damaged->report->n_recipients; i++) {
		const char *address = damaged->report->recipients[i].address;
		if (damaged->verdicts[i].klass != RETOUR_CLASS_HARD || !address ||
		    is_found(whole, address) || !is_written(mail->str, mail->len, address))
			continue;
		printf("%s: %s is hard only in the damaged mail\n", file, address);
		n++;
	}
	return n;
}

typedef struct {
	char *file, *address;
} Label;

/* The bounces of labels.tsv that name somebody: one row a recipient. */
static GArray *
read_labels(const char *fixtures)
{
	g_autofree char *path = g_build_filename(fixtures, "labels.tsv", NULL);
	g_autofree char *text = NULL;
	GArray *labels = g_array_new(FALSE, FALSE, sizeof(Label));
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return labels;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 1; lines[i]; i++) {
		g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);
		if (g_strv_length(cells) < 3 || strcmp(cells[1], "bounce") != 0 || !*cells[2])
			continue;
		Label label = { g_build_filename(fixtures, cells[0], NULL), g_strdup(cells[2]) };
		g_array_append_val(labels, label);
	}
	return labels;
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: golden-mutate FIXTURES N SEED\n");
		return 64;
	}
	g_autoptr(GArray) labels = read_labels(argv[1]);
	guint n = (guint)g_ascii_strtoull(argv[2], NULL, 10), wanted = 0, found = 0, new_hard = 0;
	g_autoptr(GRand) random =
	        g_rand_new_with_seed((guint32)g_ascii_strtoull(argv[3], NULL, 10));
	for (guint i = 0; labels->len > 0 && i < n; i++) {
		const Label *label = &g_array_index(labels, Label,
		                                    g_rand_int_range(random, 0, (gint)labels->len));
		g_autofree char *bytes = NULL;
		gsize length;
		if (!g_file_get_contents(label->file, &bytes, &length, NULL))
			return 1;
		g_autoptr(GString) mail = g_string_new_len(bytes, (gssize)length);
		damages[i % G_N_ELEMENTS(damages)](mail, random);
		g_autoptr(RetourRecord) record = retour_record_read(mail->str, mail->len, NULL);
		g_autoptr(RetourRecord) whole = retour_record_read(bytes, length, NULL);
		g_autoptr(GString) before = g_string_new_len(bytes, (gssize)length);
		new_hard += count_new_hard(before, whole, record, label->file);
		if (!is_still_there(mail, label->address))
			continue;
		wanted++;
		found += is_found(record, label->address);
	}
	for (guint i = 0; i < labels->len; i++) {
		g_free(g_array_index(labels, Label, i).file);
		g_free(g_array_index(labels, Label, i).address);
	}
	printf("%u of %u addresses found, %u bystanders called dead\n", found, wanted, new_hard);
	return wanted == 0 || new_hard * 1000 > n || found * 100 < wanted * RECALL_MIN;
}
