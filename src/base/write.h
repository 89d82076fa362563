/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Writes all @length bytes, whatever signals come in between. FALSE with errno set. */
gboolean retour_write_all(int fd, const char *bytes, gsize length);
