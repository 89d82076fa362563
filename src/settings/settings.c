/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings/settings.h"

#include <string.h>
#include <unistd.h>

#include "address/address.h"
#include "address/verp.h"

#define LMTP "lmtp:"

/* Each star of a pattern may multiply the time over an address by its length. */
#define STARS_MAX 4

/* Of each number of a guard. */
#define GUARD_MAX 1000000

/* A provider that calls so many living addresses dead is not to be taken at its word. In December
 * 2020 Gmail did so for hours; a first mailing to an old list does it for a day or two. */
static const RetourGuardSettings guard_default = { .addresses = 50, .times = 4, .days = 3 };

typedef struct {
	RetourSettings *settings;
	GPtrArray *faults;
	gboolean general; /* seen */
} Reader;

static void G_GNUC_PRINTF(3, 4) fault(const Reader *reader, guint line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(reader->faults,
	                g_strdup_printf("%s:%u: %s", reader->settings->file, line, what));
}

static gboolean
is_field(const RetourBlockField *field, const char *name)
{
	return strcmp(field->name, name) == 0;
}

static void
set(Reader *reader, const RetourBlockField *field, char **where)
{
	if (!*field->value)
		fault(reader, field->line, "%s is empty: give a value or take the line out",
		      field->name);
	else if (*where)
		fault(reader, field->line, "%s is given twice: take one out", field->name);
	else
		*where = g_strdup(field->value);
}

static void
set_policy(Reader *reader, const RetourBlockField *field, const RetourPolicy **where)
{
	*where = retour_policies_find(reader->settings->policies, field->value);
	if (*where)
		return;
	g_autoptr(GString) names = g_string_new(NULL);
	for (guint i = 0; i < retour_policies_get_size(reader->settings->policies); i++)
		g_string_append_printf(
		        names, " %s",
		        retour_policy_get_name(retour_policies_get(reader->settings->policies, i)));
	fault(reader, field->line, "there is no policy \"%s\": take one of%s", field->value,
	      names->str);
}

static void
set_path(Reader *reader, const RetourBlockField *field, char **where)
{
	gboolean served =
	        strcmp(field->name, "Source") == 0 && g_str_has_prefix(field->value, LMTP);
	if (!served && !g_path_is_absolute(field->value) && strcmp(field->value, "-") != 0)
		fault(reader, field->line, "\"%s\" is no whole path: begin it with /",
		      field->value);
	set(reader, field, where);
}

static const struct {
	const char *field, *what;
	RetourOwnMailFact fact;
} facts[] = {
	{ "Message-ID", "with Message-IDs", RETOUR_OWN_MAIL_MESSAGE_ID },
	{ "Sent", "listed in", RETOUR_OWN_MAIL_SENT },
	{ "Own host", "sent by hosts", RETOUR_OWN_MAIL_HOST },
	{ "Authserv-Id", "authenticated by", RETOUR_OWN_MAIL_AUTHSERV_ID },
};

static void
free_fact(gpointer data)
{
	RetourFactSettings *fact = data;
	g_free(fact->value);
	g_free(fact);
}

/* FALSE: it is no such field. */
static gboolean
take_fact(Reader *reader, const RetourBlockField *field)
{
	guint i = 0;
	while (i < G_N_ELEMENTS(facts) && !is_field(field, facts[i].field))
		i++;
	if (i == G_N_ELEMENTS(facts))
		return FALSE;
	RetourFactSettings *fact = g_new0(RetourFactSettings, 1);
	fact->fact = facts[i].fact;
	fact->line = field->line;
	if (fact->fact == RETOUR_OWN_MAIL_SENT)
		set_path(reader, field, &fact->value);
	else
		set(reader, field, &fact->value);
	if (fact->value)
		g_ptr_array_add(reader->settings->facts, fact);
	else
		free_fact(fact);
	return TRUE;
}

const char *
retour_fact_settings_get_name(const RetourFactSettings *fact)
{
	guint i = 0;
	while (facts[i].fact != fact->fact)
		i++;
	return facts[i].what;
}

/* "50 addresses 4 times 3 days", or "off" */
static void
set_guard(Reader *reader, const RetourBlockField *field)
{
	static const char *const units[] = { "addresses", "times", "days" };
	RetourGuardSettings *guard = &reader->settings->guard;
	guint *const numbers[] = { &guard->addresses, &guard->times, &guard->days };
	g_auto(GStrv) words = g_strsplit(field->value, " ", -1);
	gboolean good = g_strv_length(words) == 2 * G_N_ELEMENTS(units);
	for (guint i = 0; good && i < G_N_ELEMENTS(units); i++) {
		guint64 number;
		good = strcmp(words[2 * i + 1], units[i]) == 0 &&
		       g_ascii_string_to_unsigned(words[2 * i], 10, 1, GUARD_MAX, &number, NULL);
		if (good)
			*numbers[i] = (guint)number;
	}
	if (strcmp(field->value, "off") == 0)
		guard->addresses = 0;
	else if (!good)
		fault(reader, field->line,
		      "\"%s\" is no guard: write as in \"50 addresses 4 times 3 days\", or \"off\"",
		      field->value);
}

static void
read_general(Reader *reader, const RetourBlock *block)
{
	if (reader->general)
		fault(reader, block->line, "a second Ledger: there is one, take this out");
	reader->general = TRUE;
	for (guint i = 0; i < block->n_fields; i++) {
		const RetourBlockField *field = &block->fields[i];
		if (is_field(field, "Ledger"))
			set_path(reader, field, &reader->settings->ledger);
		else if (is_field(field, "Policy"))
			set_policy(reader, field, &reader->settings->policy);
		else if (is_field(field, "Outage guard"))
			set_guard(reader, field);
		else if (!take_fact(reader, field))
			fault(reader, field->line,
			      "the block of the ledger has no field \"%s\": take Ledger, Policy, "
			      "Outage guard, Message-ID, Sent, Own host or Authserv-Id",
			      field->name);
	}
}

/* "leave", "cur", or the path of a Maildir. */
static void
set_target(Reader *reader, const RetourBlockField *field, char **where)
{
	g_clear_pointer(where, g_free);
	if (strcmp(field->value, "leave") == 0)
		return;
	if (strcmp(field->value, "cur") != 0 && !g_path_is_absolute(field->value))
		fault(reader, field->line,
		      "\"%s\" is no place to file mail: write leave, cur, or the whole path of a "
		      "Maildir",
		      field->value);
	*where = g_strdup(field->value);
}

static void
check_verp(Reader *reader, const RetourBlockField *field)
{
	const char *what = NULL;
	if (!retour_verp_check(retour_span_of(field->value), &what))
		fault(reader, field->line,
		      "%s: write as in \"bounces-*-{local}={domain}@lists.example\"", what);
}

/* What comes over LMTP has no Maildir of its own. (transfer full) */
static void
set_source(RetourSourceSettings *source, char *path)
{
	source->path = path;
	g_free(source->file);
	source->file = path && g_str_has_prefix(path, LMTP) ? NULL : g_strdup("cur");
}

RetourSourceSettings *
retour_source_settings_new(const char *path)
{
	RetourSourceSettings *source = g_new0(RetourSourceSettings, 1);
	set_source(source, g_strdup(path));
	return source;
}

const char *
retour_source_settings_get_lmtp(const RetourSourceSettings *source)
{
	return g_str_has_prefix(source->path, LMTP) ? source->path + strlen(LMTP) : NULL;
}

const char *
retour_source_settings_check(const RetourSourceSettings *source)
{
	if (!retour_source_settings_get_lmtp(source))
		return NULL;
	if (g_strcmp0(source->file, "cur") == 0 || g_strcmp0(source->other, "cur") == 0)
		return "a server of LMTP has no cur: write the whole path of a Maildir";
	if (!source->other)
		return "a server of LMTP has no place where other mail could stay: say "
		       "\"Other: /path/of/a/Maildir\", or --other";
	return NULL;
}

static void
read_source(Reader *reader, const RetourBlock *block)
{
	RetourSourceSettings *source = retour_source_settings_new(NULL);
	source->line = block->line;
	for (guint i = 0; i < block->n_fields; i++) {
		const RetourBlockField *field = &block->fields[i];
		if (is_field(field, "Source")) {
			char *path = g_steal_pointer(&source->path);
			set_path(reader, field, &path);
			set_source(source, path);
		} else if (is_field(field, "File")) {
			set_target(reader, field, &source->file);
		} else if (is_field(field, "Other")) {
			set_target(reader, field, &source->other);
		} else if (is_field(field, "Return path")) {
			check_verp(reader, field);
			set(reader, field, &source->verp);
		} else if (is_field(field, "Keys")) {
			set_path(reader, field, &source->keys);
		} else if (is_field(field, "Profile")) {
			set(reader, field, &source->profile);
		} else {
			fault(reader, field->line,
			      "a source has no field \"%s\": take Source, File, Other, Return "
			      "path, Keys or Profile",
			      field->name);
		}
	}
	const char *what = source->path ? retour_source_settings_check(source) : NULL;
	if (what)
		fault(reader, block->line, "%s", what);
	for (guint i = 0; i < reader->settings->sources->len; i++) {
		const RetourSourceSettings *other = reader->settings->sources->pdata[i];
		if (g_strcmp0(other->path, source->path) == 0)
			fault(reader, block->line,
			      "there is a source %s already, in line %u: take one out",
			      source->path ? source->path : "without a path", other->line);
	}
	g_ptr_array_add(reader->settings->sources, source);
}

static void
check_pattern(Reader *reader, const RetourBlockField *field)
{
	guint stars = 0;
	for (const char *at = field->value; *at; at++)
		stars += *at == '*';
	if (stars > STARS_MAX)
		fault(reader, field->line, "more than %d stars: take some out", STARS_MAX);
	if (!strchr(field->value, '@'))
		fault(reader, field->line,
		      "a return path without '@': write as in \"news-bounces*@lists.example\"");
}

/* How the recipient stands in a Message-ID or in List-Unsubscribe. */
static void
add_recipient(Reader *reader, const RetourBlockField *field, RetourListSettings *list)
{
	if (!strstr(field->value, "{address}"))
		check_verp(reader, field);
	else if (g_str_has_prefix(field->value, "{address}"))
		fault(reader, field->line,
		      "nothing stands before {address}: write as in "
		      "\"https://lists.example/leave?e={address}\"");
	g_ptr_array_add(list->recipients, g_strdup(field->value));
}

static void
set_manager(Reader *reader, const RetourBlockField *field, RetourListSettings *list)
{
	list->manager = retour_managers_find(reader->settings->managers, field->value);
	g_autofree char *lack = list->manager ? retour_manager_check(list->manager) : NULL;
	set(reader, field, &list->manager_name);
	if (lack)
		fault(reader, field->line, "%s", lack);
	if (list->manager)
		return;
	g_autoptr(GString) names = g_string_new(NULL);
	for (guint i = 0; i < retour_managers_get_size(reader->settings->managers); i++)
		g_string_append_printf(names, " %s",
		                       retour_managers_get(reader->settings->managers, i)->name);
	fault(reader, field->line, "there is no list manager \"%s\": take one of%s", field->value,
	      names->str);
}

static void
set_own(Reader *reader, const RetourBlockField *field, gboolean *own)
{
	if (strcmp(field->value, "list") != 0 && strcmp(field->value, "all") != 0)
		fault(reader, field->line,
		      "\"%s\" does not say for whom: write \"list\" for this list alone or \"all\"",
		      field->value);
	*own = strcmp(field->value, "list") == 0;
}

static void
check_list(Reader *reader, const RetourListSettings *list, const RetourPolicy *policy)
{
	if (!list->return_path && !list->list_id && !list->domain)
		fault(reader, list->line,
		      "nothing tells this list: add Return path, List-Id or Domain");
	if (policy && !list->own)
		fault(reader, list->line,
		      "a list with a policy of its own must suppress for itself: add "
		      "\"Suppression: list\"");
	if (list->name && retour_settings_get_list(reader->settings, list->name))
		fault(reader, list->line, "there is a list \"%s\" already: give another name",
		      list->name);
}

static void
free_list(gpointer data)
{
	RetourListSettings *list = data;
	g_free(list->name);
	g_free(list->return_path);
	g_free(list->list_id);
	g_free(list->domain);
	g_free(list->manager_name);
	g_free(list->target);
	g_ptr_array_unref(list->recipients);
	g_free(list);
}

static void
read_list(Reader *reader, const RetourBlock *block)
{
	RetourListSettings *list = g_new0(RetourListSettings, 1);
	list->recipients = g_ptr_array_new_with_free_func(g_free);
	list->line = block->line;
	for (guint i = 0; i < block->n_fields; i++) {
		const RetourBlockField *field = &block->fields[i];
		if (is_field(field, "List")) {
			set(reader, field, &list->name);
		} else if (is_field(field, "Return path")) {
			check_pattern(reader, field);
			set(reader, field, &list->return_path);
		} else if (is_field(field, "List-Id")) {
			set(reader, field, &list->list_id);
		} else if (is_field(field, "Domain")) {
			set(reader, field, &list->domain);
		} else if (is_field(field, "Suppression")) {
			set_own(reader, field, &list->own);
		} else if (is_field(field, "Policy")) {
			set_policy(reader, field, &list->policy);
		} else if (is_field(field, "Recipient")) {
			add_recipient(reader, field, list);
		} else if (is_field(field, "Manager")) {
			set_manager(reader, field, list);
		} else if (is_field(field, "Target")) {
			set(reader, field, &list->target);
		} else {
			fault(reader, field->line,
			      "a list has no field \"%s\": take List, Return path, List-Id, "
			      "Domain, Recipient, Suppression, Policy, Manager or Target",
			      field->name);
		}
	}
	check_list(reader, list, list->policy);
	if (list->name)
		g_ptr_array_add(reader->settings->lists, list);
	else
		free_list(list);
}

static void
read_block(Reader *reader, const RetourBlock *block)
{
	const RetourBlockField *first = &block->fields[0];
	if (is_field(first, "Policy") || is_field(first, "Manager"))
		return;
	if (is_field(first, "Ledger"))
		read_general(reader, block);
	else if (is_field(first, "Source"))
		read_source(reader, block);
	else if (is_field(first, "List"))
		read_list(reader, block);
	else
		fault(reader, first->line,
		      "a block cannot begin with \"%s\": begin it with Ledger, Source, List, "
		      "Policy or Manager",
		      first->name);
}

/* Policies and list managers first: they may stand below those who name them. */
static void
read_blocks(Reader *reader, const RetourBlocks *blocks)
{
	for (guint i = 0; i < retour_blocks_get_size(blocks); i++) {
		const RetourBlock *block = retour_blocks_get_block(blocks, i);
		if (is_field(&block->fields[0], "Policy"))
			retour_policies_add(reader->settings->policies, reader->settings->file,
			                    block, reader->faults);
		else if (is_field(&block->fields[0], "Manager"))
			retour_managers_add(reader->settings->managers, reader->settings->file,
			                    block, reader->faults);
	}
	for (guint i = 0; i < retour_blocks_get_size(blocks); i++)
		read_block(reader, retour_blocks_get_block(blocks, i));
}

static char *
find_file(const char *path)
{
	if (path)
		return g_strdup(path);
	g_autofree char *own =
	        g_build_filename(g_get_user_config_dir(), "retour", "retour.conf", NULL);
	if (g_file_test(own, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&own);
	return g_file_test("/etc/retour/retour.conf", G_FILE_TEST_EXISTS)
	               ? g_strdup("/etc/retour/retour.conf")
	               : NULL;
}

static void
set_defaults(RetourSettings *settings)
{
	if (!settings->ledger)
		settings->ledger = geteuid() == 0 ? g_strdup("/var/lib/retour/ledger.db")
		                                  : g_build_filename(g_get_user_data_dir(),
		                                                     "retour", "ledger.db", NULL);
	if (!settings->policy)
		settings->policy = retour_policies_find(settings->policies, "default");
	for (guint i = 0; i < settings->lists->len; i++) {
		RetourListSettings *list = g_ptr_array_index(settings->lists, i);
		if (!list->policy)
			list->policy = settings->policy;
		if (!list->target)
			list->target = g_strdup(list->list_id ? list->list_id : list->name);
	}
}

static void
free_source(gpointer data)
{
	retour_source_settings_free(data);
}

/* A value of several lines may be quoted in a fault, which is a line for people. */
static void
flatten(GPtrArray *faults, guint first)
{
	for (guint i = first; i < faults->len; i++) {
		for (char *at = faults->pdata[i]; *at; at++) {
			if (g_ascii_iscntrl(*at))
				*at = ' ';
		}
	}
}

static guint64
line_of(const char *fault, const char *file)
{
	return g_str_has_prefix(fault, file) && fault[strlen(file)] == ':'
	               ? g_ascii_strtoull(fault + strlen(file) + 1, NULL, 10)
	               : 0;
}

/* People mend a file from its top. */
static gint
compare_lines(gconstpointer a, gconstpointer b, gpointer file)
{
	guint64 first = line_of(*(const char *const *)a, file);
	guint64 second = line_of(*(const char *const *)b, file);
	return (first > second) - (first < second);
}

RetourSettings *
retour_settings_read(const char *path, GPtrArray *faults)
{
	const guint first = faults->len;
	RetourSettings *settings = g_new0(RetourSettings, 1);
	g_autoptr(GError) error = NULL;
	settings->policies = retour_policies_new();
	settings->managers = retour_managers_new();
	settings->sources = g_ptr_array_new_with_free_func(free_source);
	settings->lists = g_ptr_array_new_with_free_func(free_list);
	settings->guard = guard_default;
	settings->facts = g_ptr_array_new_with_free_func(free_fact);
	settings->file = find_file(path);
	g_autoptr(RetourBlocks) blocks =
	        settings->file ? retour_blocks_read(settings->file, faults, &error) : NULL;
	Reader reader = { settings, faults, FALSE };
	if (blocks)
		read_blocks(&reader, blocks);
	else if (error)
		g_ptr_array_add(faults, g_strdup(error->message));
	flatten(faults, first);
	if (settings->file)
		g_ptr_array_sort_with_data(faults, compare_lines, settings->file);
	set_defaults(settings);
	return settings;
}

void
retour_source_settings_free(RetourSourceSettings *source)
{
	g_free(source->path);
	g_free(source->verp);
	g_free(source->profile);
	g_free(source->keys);
	g_free(source->file);
	g_free(source->other);
	g_free(source);
}

void
retour_settings_free(RetourSettings *settings)
{
	if (!settings)
		return;
	g_free(settings->file);
	g_free(settings->ledger);
	g_ptr_array_unref(settings->sources);
	g_ptr_array_unref(settings->lists);
	g_ptr_array_unref(settings->facts);
	retour_policies_free(settings->policies);
	retour_managers_free(settings->managers);
	g_free(settings);
}
