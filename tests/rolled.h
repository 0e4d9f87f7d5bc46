/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every test that builds a world runs under roll-back: twice, and each world
 * that it builds is gone back to when the test is through with it, and compared
 * byte for byte with what it was.
 *
 * A test is listed as ROLLED(name) and builds its worlds like this:
 *
 *	if (rolled_build()) {
 *		... build, in an empty arena ...
 *		rolled_mark();
 *	}
 *
 * The second run of a test with one world finds it standing, rolled back: so
 * what roll-back forgets and the comparison cannot see (state of the host's)
 * makes the second run another than the first.  The second run of a test with
 * more worlds builds them again, and each has to be the same bytes.
 */
#ifndef TESTS_ROLLED_H
#define TESTS_ROLLED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/**
 * struct rolled_test - a test and what belongs to each of its runs
 * @body: the test
 * @setup: before each run, or NULL; may build the world
 * @leave: before each roll-back, or NULL: a last look at what goes; not 0 fails
 */
struct rolled_test {
	CMUnitTestFunction body;
	CMFixtureFunction setup, leave;
};

/* An entry of CMocka's list. The rest are fields: ROLLED(f, .setup = s) */
#define ROLLED(f, ...)							\
	{								\
		#f, rolled_run, NULL, rolled_clean,			\
		&(struct rolled_test){ .body = f, ##__VA_ARGS__ },	\
	}

void rolled_run(void **state);
int rolled_clean(void **state);

/* For the group: reserve the arena, and give it back. */
int rolled_map(void **state);
int rolled_unmap(void **state);

/**
 * rolled_build() - a world is wanted
 *
 * Goes back to the world before it and compares.  Trace and subscriptions are
 * off and empty after it.
 *
 * Context: host, in a ROLLED() test; asserts.
 * Return: true: the arena is empty, build and call rolled_mark(); false: the
 * world stands there as it was marked.
 */
bool rolled_build(void);

/*
 * The world is built. Logging is on from here, and stays on until the next
 * rolled_build() or the end of the run: the test leaves it alone.
 * Context: host; asserts.
 */
void rolled_mark(void);

/* Go back to the marked world before the run's end. Context: host; asserts. */
void rolled_back(void);

#endif
