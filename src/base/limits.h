/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Every bound that hostile input meets, in one place. Each has a test; what is cut is named in the
 * record's "limits". */

/* A message is read up to here; what follows is not looked at ("message-cut"). Bytes. */
#define RETOUR_LIMIT_MESSAGE (64u * 1024 * 1024)

/* A run of header-like lines: the header block of any entity. Bytes and lines ("header-cut"). */
#define RETOUR_LIMIT_HEADER_BLOCK (256u * 1024)
#define RETOUR_LIMIT_HEADER_LINES 2000u

/* One header field with its continuation lines. Bytes ("header-cut"). */
#define RETOUR_LIMIT_HEADER_FIELD (16u * 1024)

/* An address header: a parser that recurses once for each group colon overflows a stack of 512 KB
 * with 8 KB of "g:g:". Bytes and colons ("address-cut"). */
#define RETOUR_LIMIT_ADDRESS_FIELD (8u * 1024)
#define RETOUR_LIMIT_ADDRESS_COLONS 64u

/* Lines that begin "--" shown to the MIME parser, which compares each with every open boundary
 * ("parts-cut"). */
#define RETOUR_LIMIT_DASH_LINES 1000u

/* The words that open a level of MIME structure, "boundary" and "message/", in header-like lines
 * ("depth-cut"). */
#define RETOUR_LIMIT_STRUCTURE_WORDS 64u

/* The part tree: depth below the message and number of parts ("depth-cut", "parts-cut"). */
#define RETOUR_LIMIT_DEPTH 16u
#define RETOUR_LIMIT_PARTS 256u

/* Decoded text of one part, bytes: of a text part, and of a report part (delivery-status and its
 * kin) ("text-cut"). */
#define RETOUR_LIMIT_TEXT (256u * 1024)
#define RETOUR_LIMIT_REPORT_TEXT (512u * 1024)

/* Recipients of one message, and facts kept for one of them ("recipients-cut", "evidence-cut"). */
#define RETOUR_LIMIT_RECIPIENTS 1000u
#define RETOUR_LIMIT_EVIDENCE 16u

/* Addresses that the words of the notices name, and those of the headers that name failures
 * ("recipients-cut"). */
#define RETOUR_LIMIT_NAMED 200u

/* Mailboxes kept of an address list such as To ("address-cut"). */
#define RETOUR_LIMIT_LIST 50u

/* Other identities kept for one recipient: the first ones found. */
#define RETOUR_LIMIT_CANDIDATES 16u

/* One text that is matched against the phrases, bytes: the head of a longer one is matched. */
#define RETOUR_LIMIT_MATCH_TEXT (8u * 1024)

/* Longest address (RFC 5321 4.5.3.1 allows 64 + 1 + 255; UTF-8 and decoration need more). Bytes. */
#define RETOUR_LIMIT_ADDRESS 1024u

/* Any other single string of the record. Bytes ("text-cut"). */
#define RETOUR_LIMIT_STRING (16u * 1024)

/* Lines of Received and Authentication-Results that are kept of one mail, where a site says what it
 * knows of its own: those nearest to it. RFC 5321 6.3 sees a loop in 100 hops. */
#define RETOUR_LIMIT_TRACE 32u

/* What is told of a ground of a verdict on authenticity. Bytes. */
#define RETOUR_LIMIT_GROUND 256u

/* Extension fields kept of one report block ("fields-cut"). */
#define RETOUR_LIMIT_FIELDS 64u

/* LMTP. One command line: RFC 5321 4.5.3.1.4 allows 512, and addresses in UTF-8 need more. Bytes.
 */
#define RETOUR_LIMIT_LMTP_LINE 4096u

/* Recipients of one mail (RFC 5321 4.5.3.1.8: at least 100); those beyond are deferred. */
#define RETOUR_LIMIT_LMTP_RECIPIENTS 100u

/* Bytes of mail that all connections together may have under way; what goes beyond is deferred. */
#define RETOUR_LIMIT_LMTP_HELD (256u * 1024 * 1024)

/* Commands refused on one connection before it is ended. */
#define RETOUR_LIMIT_LMTP_MISTAKES 20u
