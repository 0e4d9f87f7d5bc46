/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the scan's parts: brackets and heads (scan.c), conditionals
 * (scan_if.c), what a finished item is (item.c).
 */
#ifndef SIM_SUBJECT_SCAN_PRIVATE_H
#define SIM_SUBJECT_SCAN_PRIVATE_H

#include "sim/subject/lex.h"
#include "sim/subject/scan.h"

/* How an item has begun, as far as it was read outside of brackets. */
enum scan_shape {
	SCAN_NOTHING,
	SCAN_NAME,		/* one identifier */
	SCAN_CALL,		/* one identifier and its arguments */
	SCAN_LINKAGE,		/* extern "C" */
	SCAN_ANY,
};

/**
 * struct scan_head - the item that is being read
 * @pending: there is one
 * @shape: how it begins
 * @attribute: it begins with an attribute and its arguments: more must follow
 * @aggregate: struct, union or enum was read, and nothing after it that says
 *	that it is but a type's name
 * @tagged: ... and its tag as well
 * @paren: arguments were read that can be a function's
 * @equals: '=' was read
 * @function: the brace that is open is a function's
 * @loose: the brace that was closed last may have been the end
 * @after_name: the last token was an identifier
 * @after_attribute: ... of an attribute
 * @begin: its first byte
 * @head: where its head ends, or 0: not yet known
 * @end: behind its last token
 * @looked: up to here it is known that no directive ends it
 */
struct scan_head {
	bool pending;
	enum scan_shape shape;
	bool attribute, aggregate, tagged, paren, equals, function, loose;
	bool after_name, after_attribute;
	uint32_t begin, head, end, looked;
};

/* An open bracket. */
struct scan_open {
	uint32_t at;
	char c;
};

/**
 * struct scan_if - an open conditional
 * @at: its #if
 * @outer: it lies in what is passed over
 * @skip: its present branch is passed over
 * @skip_else: the next one will be
 * @entered: a branch was not passed over
 * @saved: the state at its #if; brackets lie in the scan's saved ones
 * @first: where in those
 * @nr_open: how many
 * @linkage: open extern "C" braces
 */
struct scan_if {
	uint32_t at;
	bool outer, skip, skip_else, entered;
	struct scan_head saved;
	size_t first;
	uint32_t nr_open, linkage;
};

/**
 * struct scan_state - a scan at work
 * @scan: what was found so far
 * @lex: the tokens
 * @head: the item that is being read
 * @open: open brackets, @nr_open of them
 * @linkage: open extern "C" braces
 * @iff: open conditionals, @nr_ifs of them
 * @saved: brackets that were open at their #ifs, @nr_saved of them
 * @skipping: what is read is passed over
 * @err: for complaints
 */
struct scan_state {
	struct subject_scan scan;
	size_t items_room, directives_room, names_room;
	struct subject_lex lex;
	struct scan_head head;
	struct scan_open open[SUBJECT_DEPTH_MAX];
	uint32_t nr_open, linkage;
	struct scan_if iff[SUBJECT_DEPTH_MAX];
	uint32_t nr_ifs;
	struct scan_open *saved;
	size_t nr_saved, saved_room;
	bool skipping;
	struct subject_error *err;
};

/* A name that lives as long as the scan. */
const char *scan_keep_name(struct scan_state *s, const char *at, size_t len);
/* The item that is being read ends before byte @end. Return: as below. */
int scan_finish(struct scan_state *s, uint32_t end);
/* The directive that was just read. Return: 0, or -EINVAL with a complaint. */
int scan_directive(struct scan_state *s);
/* At the end of the text: is a conditional open? */
int scan_ifs_closed(struct scan_state *s);
/* An item's kind, name and flags, from its text. */
void scan_classify(struct scan_state *s, struct subject_item *item,
		   bool function, enum scan_shape shape);

#endif
