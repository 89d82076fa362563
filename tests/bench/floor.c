/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What GMime alone costs, which every ratio is taken to: parses each message and decodes its text
 * parts and delivery reports, nothing else.
 *
 *   floor FOLDER       the new of a Maildir
 *   floor --mbox FILE  GMime splits it
 */

#include <dirent.h>
#include <fcntl.h>
#include <gmime/gmime.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static guint64 messages, bytes;

static void
decode(GMimeObject *parent, GMimeObject *part, gpointer data)
{
	(void)parent, (void)data;
	if (GMIME_IS_TEXT_PART(part)) {
		g_autofree char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
		bytes += text ? strlen(text) : 0;
	} else if (GMIME_IS_PART(part) &&
	           g_mime_content_type_is_type(g_mime_object_get_content_type(part), "message",
	                                       "delivery-status")) {
		GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
		GMimeStream *out = g_mime_stream_mem_new();
		if (content)
			g_mime_data_wrapper_write_to_stream(content, out);
		bytes += (guint64)g_mime_stream_length(out);
		g_object_unref(out);
	}
}

static void
take(GMimeParser *parser)
{
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	if (!message)
		return;
	messages++;
	g_mime_message_foreach(message, decode, NULL);
	g_object_unref(message);
}

static void
take_memory(GMimeParser *parser, GByteArray *array)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), array);
	g_mime_parser_init_with_stream(parser, stream);
	take(parser);
	g_object_unref(stream);
}

static void
take_file(GMimeParser *parser, int fd, GByteArray *array)
{
	struct stat status;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return;
	g_byte_array_set_size(array, (guint)status.st_size);
	if (read(fd, array->data, array->len) == (gssize)array->len)
		take_memory(parser, array);
}

static int
read_folder(GMimeParser *parser, const char *path)
{
	g_autoptr(GByteArray) array = g_byte_array_new();
	DIR *dir = opendir(path);
	if (!dir)
		return 1;
	for (const struct dirent *entry; (entry = readdir(dir));) {
		int fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		take_file(parser, fd, array);
		close(fd);
	}
	closedir(dir);
	return 0;
}

static int
read_mbox(GMimeParser *parser, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 1;
	GMimeStream *stream = g_mime_stream_fs_new(fd);
	g_mime_parser_init_with_stream(parser, stream);
	g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
	while (!g_mime_parser_eos(parser))
		take(parser);
	g_object_unref(stream);
	return 0;
}

int
main(int argc, char **argv)
{
	g_mime_init();
	GMimeParser *parser = g_mime_parser_new();
	g_mime_parser_set_persist_stream(parser, TRUE);
	int code = argc == 3   ? read_mbox(parser, argv[2])
	           : argc == 2 ? read_folder(parser, argv[1])
	                       : 64;
	g_object_unref(parser);
	g_print("%" G_GUINT64_FORMAT " messages, %" G_GUINT64_FORMAT " bytes decoded\n", messages,
	        bytes);
	return code;
}
