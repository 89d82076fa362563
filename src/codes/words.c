/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/codes.h>

const char *
retour_class_to_string(RetourClass klass)
{
	switch (klass) {
	case RETOUR_CLASS_NONE:
		return "none";
	case RETOUR_CLASS_SOFT:
		return "soft";
	case RETOUR_CLASS_HARD:
		return "hard";
	}
	g_return_val_if_reached("none");
}

const char *
retour_fault_to_string(RetourFault fault)
{
	switch (fault) {
	case RETOUR_FAULT_NONE:
		return "none";
	case RETOUR_FAULT_RECIPIENT:
		return "recipient";
	case RETOUR_FAULT_SENDER:
		return "sender";
	case RETOUR_FAULT_CONTENT:
		return "content";
	case RETOUR_FAULT_INFRASTRUCTURE:
		return "infrastructure";
	case RETOUR_FAULT_UNKNOWN:
		return "unknown";
	}
	g_return_val_if_reached("unknown");
}

const char *
retour_advice_to_string(RetourAdvice advice)
{
	switch (advice) {
	case RETOUR_ADVICE_NONE:
		return "none";
	case RETOUR_ADVICE_SUPPRESS:
		return "suppress";
	case RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS:
		return "suppress-after-repeats";
	case RETOUR_ADVICE_RETRY_LATER:
		return "retry-later";
	case RETOUR_ADVICE_FIX_SENDER:
		return "fix-sender";
	case RETOUR_ADVICE_FIX_CONTENT:
		return "fix-content";
	}
	g_return_val_if_reached("none");
}
