/* SPDX-License-Identifier: BSD-2-Clause */
#include "late/late.h"

#include <dlfcn.h>
#include <gmime/gmime.h>
#include <string.h>
#include <unistd.h>

/* As libretour is linked with it: the SONAME of GMime 3. GObject comes with it. */
#define LIBRARY "libgmime-3.0.so.0"

/* Tells packagers' tools what a list of needed libraries does not (ELF dlopen metadata of the
 * UAPI Group). */
#define NOTE                                                                               \
	"[{\"feature\":\"mail\",\"description\":\"Reads mail\",\"priority\":\"required\"," \
	"\"soname\":[\"" LIBRARY "\"]}]"

static const struct {
	guint32 name_size, size, type;
	char name[4];
	_Alignas(4) char text[sizeof NOTE];
} note __attribute__((used, section(".note.dlopen"), aligned(4))) = { sizeof note.name,
	                                                              sizeof note.text, 0x407c0c0a,
	                                                              "FDO", NOTE };

#define FUNCTION(type, name, parameters, arguments) type(*name) parameters;
static struct {
#include "late/functions.def"
} late;
#undef FUNCTION

static void load(void);

#define FUNCTION(type, name, parameters, arguments) \
	type name parameters                        \
	{                                           \
		if (G_UNLIKELY(!late.name))         \
			load();                     \
		return late.name arguments;         \
	}
#include "late/functions.def"
#undef FUNCTION

/* Each ended by a NUL, in the order of the pointers in "late". */
#define FUNCTION(type, name, parameters, arguments) #name "\0"
static const char names[] =
#include "late/functions.def"
        ;
#undef FUNCTION

/* Looked for as by the linker: a library that was preloaded comes first. */
static gboolean
resolve(void)
{
	gpointer *place = (gpointer *)&late;
	for (const char *name = names; *name; name += strlen(name) + 1, place++) {
		*place = dlsym(RTLD_DEFAULT, name);
		if (!*place)
			return FALSE;
	}
	return TRUE;
}

gboolean
retour_late_load(GError **error)
{
	static gboolean done = FALSE;
	done = done || (dlopen(LIBRARY, RTLD_LAZY | RTLD_GLOBAL) && resolve());
	if (!done)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
		            "mail cannot be read without GMime 3 (Debian: libgmime-3.0-0): %s",
		            dlerror());
	return done;
}

/* A worker may write nowhere: its parent tries again, and is told the reason. */
static void
load(void)
{
	if (!retour_late_load(NULL))
		_exit(RETOUR_LATE_MISSING);
}

gboolean
retour_late_may_wait(void)
{
	Dl_info where = { 0 };
	return dladdr((gconstpointer)g_malloc, &where) &&
	       (g_str_has_prefix(where.dli_fname, "/usr/") ||
	        g_str_has_prefix(where.dli_fname, "/lib"));
}
