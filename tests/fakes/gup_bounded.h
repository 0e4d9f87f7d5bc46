/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every schedule with at most so many departures from the default one: host
 * side.  A whole longterm pin against a whole migration has too many schedules
 * to walk them all; those with few preemptions come first and find most.
 */
#ifndef TESTS_FAKES_GUP_BOUNDED_H
#define TESTS_FAKES_GUP_BOUNDED_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/exec.h"

struct bounded {
	unsigned int preemptions;	/* choices that are not 0, at most */
	uint64_t max_steps;		/* of one execution */
	struct sim_watcher *watcher;
	/* Called at the end of each execution, before going back. */
	void (*done)(struct bounded *self, enum sim_end end);
	uint64_t executions;
	uint64_t steps;			/* of the longest */
};

/* Context: host; world built, tasks created, not started. */
void bounded_run(struct bounded *b);

#endif
