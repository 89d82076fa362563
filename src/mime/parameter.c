/* SPDX-License-Identifier: BSD-2-Clause */
#include "mime/parameter.h"

static gboolean
is_token_char(char c)
{
	return c > ' ' && c < 127 && !strchr("()<>@,;:\\\"/[]?=", c);
}

static void
skip_spaces(RetourSpan *rest)
{
	gsize n = 0;
	while (n < rest->length && retour_is_space(rest->data[n]))
		n++;
	*rest = retour_span_from(*rest, n);
}

RetourSpan
retour_parameter_token(RetourSpan *rest)
{
	gsize n = 0;
	while (n < rest->length && is_token_char(rest->data[n]))
		n++;
	RetourSpan token = retour_span_sub(*rest, 0, n);
	*rest = retour_span_from(*rest, n);
	skip_spaces(rest);
	return token;
}

/* The text between two quotes. FALSE where something in it means something else. */
static gboolean
read_quoted(RetourSpan *rest, RetourSpan *value)
{
	gsize n = 1;
	while (n < rest->length && rest->data[n] != '"') {
		char c = rest->data[n++];
		gboolean word = c == '=' && n < rest->length && rest->data[n] == '?';
		if (c < ' ' || c == 127 || c == '\\' || word)
			return FALSE;
	}
	if (n == rest->length)
		return FALSE;
	*value = retour_span_sub(*rest, 1, n - 1);
	*rest = retour_span_from(*rest, n + 1);
	skip_spaces(rest);
	return TRUE;
}

RetourParameter
retour_parameter_next(RetourSpan *rest, RetourSpan *name, RetourSpan *value)
{
	if (rest->length == 0)
		return RETOUR_PARAMETER_NONE;
	if (rest->data[0] != ';')
		return RETOUR_PARAMETER_IRREGULAR;
	*rest = retour_span_from(*rest, 1);
	skip_spaces(rest);
	if (rest->length == 0)
		return RETOUR_PARAMETER_NONE;
	*name = retour_parameter_token(rest);
	if (name->length == 0 || memchr(name->data, '*', name->length) || rest->length == 0 ||
	    rest->data[0] != '=')
		return RETOUR_PARAMETER_IRREGULAR;
	*rest = retour_span_from(*rest, 1);
	skip_spaces(rest);
	if (rest->length > 0 && rest->data[0] == '"')
		return read_quoted(rest, value) ? RETOUR_PARAMETER_READ
		                                : RETOUR_PARAMETER_IRREGULAR;
	*value = retour_parameter_token(rest);
	return value->length > 0 ? RETOUR_PARAMETER_READ : RETOUR_PARAMETER_IRREGULAR;
}
