/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mime/part.h"

/* The first word of @value, of ASCII letters and digits alone, that no decoding can have made. */
static char *
first_word(const char *value)
{
	gsize n = 0;
	while (g_ascii_isalnum(value[n]))
		n++;
	return g_strndup(value, n);
}

static void
check_headers(const char *path, const RetourPart *part)
{
	if (strlen(part->head) != part->head_length ||
	    !g_utf8_validate(part->head, (gssize)part->head_length, NULL))
		fail_msg("%s: head of \"%s\"", path, part->section);
	for (guint i = 0; i < part->n_headers; i++) {
		const RetourHeader *header = &part->headers[i];
		if (header->offset + header->length > part->head_length)
			fail_msg("%s: extent of %s", path, header->name);
		g_autofree char *raw = g_strndup(part->head + header->offset, header->length);
		g_autofree char *word = first_word(header->value);
		if (!strstr(raw, "=?") && !g_str_has_prefix(raw, word))
			fail_msg("%s: %s: \"%s\" is not in \"%s\"", path, header->name, word, raw);
	}
}

static void
check_part(const char *path, const RetourPart *part, gsize length)
{
	if (part->offset > length || part->size > length - part->offset)
		fail_msg("%s: extent of part \"%s\"", path, part->section);
	if (part->text && (strlen(part->text) != part->text_length || strchr(part->text, '\r') ||
	                   !g_utf8_validate(part->text, (gssize)part->text_length, NULL)))
		fail_msg("%s: text of part \"%s\"", path, part->section);
	check_headers(path, part);
}

static void
check_mail(const char *path)
{
	g_autofree char *bytes = NULL;
	gsize length = 0;
	if (!g_file_get_contents(path, &bytes, &length, NULL))
		return;
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(bytes, length);
	assert_non_null(tree->root);
	assert_ptr_equal(tree->parts[0], tree->root);
	for (guint i = 0; i < tree->n_parts; i++)
		check_part(path, tree->parts[i], length);
	if (tree->root->kind == RETOUR_PART_MULTIPART && tree->root->size > 0 &&
	    tree->root->n_children == 0)
		fail_msg("%s: a multipart without parts", path);
}

/* Every file below @folder, or @folder itself if it is one. */
static guint
check_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	if (!dir) {
		check_mail(folder);
		return 1;
	}
	guint n = 0;
	for (const char *name; (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		n += check_folder(path);
	}
	return n;
}

static void
test_corpus(void **state)
{
	(void)state;
	const char *folder = g_getenv("RETOUR_CORPUS");
	if (!folder)
		skip();
	else
		assert_int_not_equal(check_folder(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
