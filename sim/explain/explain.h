/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue: hazards, checks and designs in pinsim's own words, by the names
 * that races and reports call them by. Prose for people; nothing is judged by it.
 *
 * A hazard's number is its name in every race and comment: H- for what somebody
 * has met or described, R- for what was found by reading the two RFCs.
 */
#ifndef SIM_EXPLAIN_EXPLAIN_H
#define SIM_EXPLAIN_EXPLAIN_H

#include <stdio.h>

enum explain_kind {
	EXPLAIN_HAZARD,
	EXPLAIN_CHECK,
	EXPLAIN_DESIGN,
	EXPLAIN_NR_KINDS,
};

/**
 * struct explain_entry - one of them
 * @id: "H-03", "ref-leak", "demand-late"
 * @also: ids of cases that are told with it, with spaces between; or NULL
 * @title: a few words
 * @what: what happens, what is judged, what is done
 * @why: why that goes wrong, matters, was wanted
 * @shows: as what one meets it; of a check, when it looks
 * @upstream: what became of it, by commit or version; NULL of a check
 * @see: ids of others and of contract statements, with spaces between
 */
struct explain_entry {
	const char *id, *also, *title, *what, *why, *shows, *upstream, *see;
};

/* The @i-th of a kind, in the catalogue's order; NULL past the last. */
const struct explain_entry *explain_nth(enum explain_kind kind, unsigned int i);

/**
 * explain_find() - an entry by its name
 * @id: in small letters or capitals; "demand-late:in-map" is looked up as demand-late
 * @ret_kind: what it is
 *
 * Return: the entry, or NULL if nothing is called so.
 */
const struct explain_entry *explain_find(const char *id, enum explain_kind *ret_kind);

/* Print an entry's prose, 80 columns wide. */
void explain_print(FILE *out, enum explain_kind kind, const struct explain_entry *entry);
/* A line of that layout: a label, then text that is broken into lines. */
void explain_print_field(FILE *out, const char *label, const char *text);

#endif
