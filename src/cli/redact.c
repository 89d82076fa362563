/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/redact.h"

#define KEYS "/etc/retour/verp.keys"

gboolean
retour_cli_take_redaction(const RetourCliCommand *command, const char *mode, const char *key,
                          RetourRedaction **redaction)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourKeys) keys = NULL;
	RetourRedactMode wanted;
	if (!mode)
		return !key || retour_cli_refuse(command, "--redact-key is for --redact hash");
	if (!retour_redact_mode_parse(mode, &wanted))
		return retour_cli_refuse(command, "--redact takes mask, hash or drop, not '%s'",
		                         mode);
	if (key && wanted != RETOUR_REDACT_HASH)
		return retour_cli_refuse(command, "--redact-key is for --redact hash");
	if (wanted == RETOUR_REDACT_HASH) {
		keys = retour_keys_read(key ? key : KEYS, &error);
		if (!keys)
			return retour_cli_refuse(command,
			                         "--redact hash: %s: 'retour verp rotate --keys "
			                         "FILE' makes a key, --redact-key FILE names it",
			                         error->message);
	}
	*redaction = retour_redaction_new(wanted, g_steal_pointer(&keys));
	return TRUE;
}
