/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The message for a token that does not fit.
 */
#ifndef SIM_RACE_MESSAGE_H
#define SIM_RACE_MESSAGE_H

#include "sim/race/build.h"

#define RACE_MAX_EXPECTED	48

/**
 * struct race_expected - what could have stood there
 * @names: token names, keywords and punctuation unquoted
 * @nr: how many are kept
 * @name: a name could
 * @stmt: a statement could
 * @more: more than fit
 */
struct race_expected {
	const char *names[RACE_MAX_EXPECTED];
	unsigned int nr;
	bool name;
	bool stmt;
	bool more;
};

void race_expected_add(struct race_expected *list, const char *name);
void race_expected_fail(struct race_build *b, struct race_loc loc, bool at_end,
			const struct race_expected *list);

#endif
