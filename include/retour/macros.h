/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib-object.h>

/* Marks what libretour exports. Everything else is hidden. */
#ifdef RETOUR_COMPILATION
#define RETOUR_API __attribute__((visibility("default"))) extern
#else
#define RETOUR_API extern
#endif
