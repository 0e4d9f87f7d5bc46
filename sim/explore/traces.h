/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traces: executions up to the order of steps that have nothing to do with one
 * another (Mazurkiewicz).
 *
 * Two schedules that differ only there come to the same end and tell the same
 * story, so a sample is as large as its number of traces.  What a step has to
 * do with earlier ones follows from the footprints: steps that touch a byte
 * are in order unless all of them only read it, all only add to it, or all
 * hold a lock shared.
 *
 * A trace is known by a hash that does not depend on the order of independent
 * steps: of each step, what it follows, summed over the steps.
 */
#ifndef SIM_EXPLORE_TRACES_H
#define SIM_EXPLORE_TRACES_H

#include <stddef.h>
#include <stdint.h>

#include "sim/engine/arena.h"

struct traces_bytes;

/**
 * struct traces - the trace of the running execution
 * @bytes: what has happened to the bytes that were touched
 * @nr: of @bytes
 * @mask: slots of @bytes, less one
 * @touched: slots of what the running step touches
 * @nr_touched: of them
 * @max_touched: that there is room for
 * @task: hash of each task's last step
 * @sum: of all steps so far
 */
struct traces {
	struct traces_bytes *bytes;
	size_t nr, mask;
	size_t *touched;
	size_t nr_touched, max_touched;
	uint64_t task[SIM_MAX_TASKS];
	uint64_t sum;
};

/* Begin, with no memory taken. */
void traces_init(struct traces *t);
/* Give the memory back; begin again. */
void traces_free(struct traces *t);

/* An execution begins. Context: host; footprints are being recorded. */
void traces_begin(struct traces *t);

/*
 * @task has taken a step; its footprint is read, and cleared for the next one.
 * Context: host.
 */
void traces_step(struct traces *t, unsigned int task);

#endif
