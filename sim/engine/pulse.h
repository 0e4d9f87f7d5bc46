/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pulse: what the world tells the host while a task runs.
 *
 * Each step and each note of the world appends a record here when somebody
 * wants it: the trace (a whole run is being told) or a check (which subscribes
 * to verbs).  Records lie outside the arena; roll-back cuts the trace back.
 * The scheduler hands fresh records to the checks each time a task yields, on
 * the scheduler's own stack.
 */
#ifndef SIM_ENGINE_PULSE_H
#define SIM_ENGINE_PULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t sim_obj_t;	/* class in the top byte, identity below */

#define SIM_OBJ(class, id)	(((uint64_t)(class) << 56) | \
				 ((uint64_t)(id) & 0xffffffffffffffULL))
#define SIM_OBJ_CLASS(obj)	((unsigned int)((obj) >> 56))
#define SIM_OBJ_ID(obj)		((obj) & 0xffffffffffffffULL)

struct sim_record {
	uint64_t time;		/* virtual: steps since the run began */
	sim_obj_t obj;
	int64_t a, b;		/* meaning depends on the verb: verbs.def */
	const char *site;	/* function that did it; never printed as address */
	uint16_t verb;
	int16_t task;		/* -1: no task (set-up, teardown by the host) */
	uint8_t is_step;	/* a yield point, or a note without one */
};

/* Verbs that somebody subscribed to: a note outside this mask costs a test. */
void sim_pulse_subscribe(uint64_t verb_mask);
void sim_pulse_trace(bool on);		/* record everything, keep it */
bool sim_pulse_wanted(unsigned int verb);
/* What sim_pulse_wanted() tests; read it, leave it alone. */
extern uint64_t sim_pulse_mask __attribute__((visibility("hidden")));
#define SIM_PULSE_ALL	(~0ULL)	/* the mask while a trace is recorded */
/* How many records sim_pulse_fresh() would hand out; read it, leave it alone. */
extern size_t sim_pulse_waiting __attribute__((visibility("hidden")));
void sim_pulse_add(const struct sim_record *rec);
/* The same in place: the caller fills every field of what it gets. */
struct sim_record *sim_pulse_append(void);

/**
 * sim_pulse_fresh() - records added since the last call.
 * @ret_n: how many
 *
 * Context: host. The array is valid until a task runs again. With the trace
 * off the buffer is emptied by this call.
 */
const struct sim_record *sim_pulse_fresh(size_t *ret_n);

/**
 * sim_pulse_sink() - give records to somebody as they come.
 * @fn: gets some thousands at a time, and with sim_pulse_fresh() the rest; NULL: nobody
 * @arg: for @fn
 *
 * For runs on the host's own stack, between which nobody comes to fetch them.
 * Context: host; no task runs before the sink is taken away; the trace is off.
 */
void sim_pulse_sink(void (*fn)(void *arg, const struct sim_record *recs, size_t n), void *arg);

/* Who looks at fresh records after each step (the checks). Return true to stop. */
struct sim_watcher {
	bool (*look)(struct sim_watcher *self, const struct sim_record *recs, size_t n);
};

/* The whole trace. */
const struct sim_record *sim_pulse_all(size_t *ret_n);
void sim_pulse_clear(void);

/*
 * For a debugger: it sets sim_break_at, and sim_break(), which does nothing, is
 * called when the trace has so many records and the next one comes, on the stack
 * of the task that it is of. Set-up has a trace of its own, so the executions'
 * begins with sim_break_arm().
 */
extern volatile uint64_t sim_break_at;
void sim_break(void);
void sim_break_arm(void);

#endif
