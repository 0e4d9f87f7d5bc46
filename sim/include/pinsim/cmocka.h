/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * DOC: assertions for CMocka
 *
 * To be included behind <cmocka.h>. Each tells the execution at hand (the CPU
 * table and the line that replays it) before it fails, at the test's own line.
 */
#ifndef PINSIM_CMOCKA_H
#define PINSIM_CMOCKA_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pinsim/pinsim.h>

/* Say why, tell the execution, fail. */
static inline void pinsim_cmocka_fail(struct pinsim *sim, const char *why, const char *what,
				      const char *file, int line)
{
	char *told = NULL, *at;
	size_t size, len;
	FILE *out = open_memstream(&told, &size);

	if (out) {
		pinsim_print(sim, out);
		fclose(out);
	}
	/* CMocka cuts what is longer than its buffer: line by line. */
	for (at = told; at && *at; at += len + (at[len] == '\n')) {
		len = strcspn(at, "\n");
		print_error("%.*s\n", (int)len, at);
	}
	free(told);
	print_error("%s%s%s\n", why, what ? ": " : "", what ? what : "");
	_fail(file, line);
}

/* For a call that failed. */
static inline void pinsim_cmocka_error(const struct pinsim *sim, const char *call,
				       const char *file, int line)
{
	print_error("%s: %s\n", call, pinsim_error(sim));
	_fail(file, line);
}

/**
 * pinsim_assert_done() - a call must not return an error; what it found may be anything.
 * @sim: the simulator
 * @call: such as pinsim_run(sim)
 */
#define pinsim_assert_done(sim, call)						\
	do {									\
		if ((call) < 0)							\
			pinsim_cmocka_error(sim, #call, __FILE__, __LINE__);	\
	} while (0)

/**
 * pinsim_assert_holds() - the last run violated nothing, and went as the race says.
 * @sim: the simulator after a run
 *
 * After pinsim_explore() that is no proof: see pinsim_assert_proven().
 */
#define pinsim_assert_holds(sim)						\
	do {									\
		const char *pinsim_why = pinsim_unexpected(sim);		\
										\
		if (pinsim_violated(sim, 0) || pinsim_why || !*pinsim_verdict(sim)) \
			pinsim_cmocka_fail(sim, "does not hold", pinsim_why,	\
					   __FILE__, __LINE__);			\
	} while (0)

/**
 * pinsim_assert_proven() - no schedule at all violates a check, and all were covered.
 * @sim: the simulator after pinsim_explore()
 */
#define pinsim_assert_proven(sim)						\
	do {									\
		pinsim_assert_holds(sim);					\
		if (!pinsim_complete(sim))					\
			pinsim_cmocka_fail(sim, "not every schedule was run",	\
					   pinsim_verdict(sim), __FILE__, __LINE__); \
	} while (0)

/**
 * pinsim_assert_violates() - the last run violated this check.
 * @sim: the simulator after a run
 * @check: id
 */
#define pinsim_assert_violates(sim, check)					\
	do {									\
		if (!pinsim_violates(sim, check))				\
			pinsim_cmocka_fail(sim, "not violated", check,		\
					   __FILE__, __LINE__);			\
	} while (0)

/**
 * pinsim_assert_true() - a condition is true at the end of the execution.
 * @sim: the simulator after a run
 * @condition: in the race's language
 */
#define pinsim_assert_true(sim, condition)					\
	do {									\
		int pinsim_is = pinsim_true(sim, condition);			\
										\
		if (pinsim_is < 0)						\
			pinsim_cmocka_error(sim, condition, __FILE__, __LINE__); \
		if (!pinsim_is)							\
			pinsim_cmocka_fail(sim, "not true", condition,		\
					   __FILE__, __LINE__);			\
	} while (0)

/**
 * pinsim_assert_value() - a term has a value at the end of the execution.
 * @sim: the simulator after a run
 * @term: in the race's language
 * @value: what it must be
 */
#define pinsim_assert_value(sim, term, value)					\
	do {									\
		int64_t pinsim_got, pinsim_want = (value);			\
		char pinsim_text[96];						\
										\
		if (pinsim_value(sim, term, &pinsim_got))			\
			pinsim_cmocka_error(sim, term, __FILE__, __LINE__);	\
		snprintf(pinsim_text, sizeof(pinsim_text),			\
			 "is %" PRId64 ", not %" PRId64, pinsim_got, pinsim_want); \
		if (pinsim_got != pinsim_want)					\
			pinsim_cmocka_fail(sim, term, pinsim_text, __FILE__, __LINE__); \
	} while (0)

/**
 * pinsim_assert_always() - a watched condition was true at the end of every execution.
 * @sim: the simulator after a run
 * @number: from pinsim_watch()
 */
#define pinsim_assert_always(sim, number)					\
	do {									\
		uint64_t pinsim_yes, pinsim_no;					\
		char pinsim_text[96];						\
										\
		if (pinsim_watched(sim, number, &pinsim_yes, &pinsim_no))	\
			pinsim_cmocka_error(sim, "watched", __FILE__, __LINE__); \
		snprintf(pinsim_text, sizeof(pinsim_text),			\
			 "true at %" PRIu64 " ends, false at %" PRIu64, pinsim_yes, pinsim_no); \
		if (!pinsim_yes || pinsim_no)					\
			pinsim_cmocka_fail(sim, "watched condition", pinsim_text, \
					   __FILE__, __LINE__);			\
	} while (0)

#endif
