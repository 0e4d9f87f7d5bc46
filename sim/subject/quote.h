/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quoting: which depth of '>' a patch stands at, and the text of that depth
 * alone.
 */
#ifndef SIM_SUBJECT_QUOTE_H
#define SIM_SUBJECT_QUOTE_H

#include "sim/subject/lines.h"

/**
 * struct subject_before - what stood between a line and the one above it
 * @gap: lines of another depth: somebody's comment
 * @snip: "[...]" or the like: lines were left out
 * @blanks: empty lines of a lesser depth: perhaps lines of the patch whose
 *	quoting a mailer forgot
 */
struct subject_before {
	bool gap, snip;
	uint32_t blanks;
};

/**
 * struct subject_quoted - the text of one depth
 * @depth: how many '>' were taken off
 * @lines: what remains
 * @before: for each line, and for the end
 * @headed: it has a line that only a patch has; else just lines with a '+'
 * @other: line of the file where a lesser depth has one, too; 0: none
 */
struct subject_quoted {
	unsigned int depth;
	struct subject_lines lines;
	struct subject_before *before;
	bool headed;
	uint32_t other;
};

/**
 * subject_unquote() - the deepest quoted text that has a patch in it.
 * @ret: that text, lines that a mailer wrapped joined again; to be freed
 * @in: a mail's text
 *
 * Return: is there one?
 */
bool subject_unquote(struct subject_quoted *ret,
		     const struct subject_lines *in);
/* Give the memory back; @q is empty afterwards. */
void subject_quoted_free(struct subject_quoted *q);

#endif
