/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pulse's buffer.  Reserved like the undo log; with the trace off it is
 * emptied whenever the scheduler has handed its records out.
 */
#include <errno.h>
#include <sys/mman.h>

#include "sim/engine/bug.h"
#include "sim/engine/engine_private.h"
#include "sim/engine/pulse.h"

#define PULSE_BYTES	(4ULL << 30)
#define CAPACITY	(PULSE_BYTES / sizeof(struct sim_record))
#define SINK_CAPACITY	4096

struct pulse {
	struct sim_record *recs;
	size_t len, max;
	uint64_t subscribed;
	bool trace;
	void (*sink)(void *arg, const struct sim_record *recs, size_t n);
	void *sink_arg;
};

static struct pulse pulse;

/* Volatile: only a debugger writes it. */
volatile uint64_t sim_break_at;

uint64_t sim_pulse_mask;
size_t sim_pulse_waiting;

int sim_pulse_map(void)
{
	pulse.recs = sim_reserve(0, PULSE_BYTES);
	if (!pulse.recs)
		return -errno;
	pulse.max = CAPACITY;
	sim_pulse_trace(false);
	sim_pulse_subscribe(0);
	sim_pulse_clear();
	return 0;
}

void sim_pulse_unmap(void)
{
	if (pulse.recs)
		munmap(pulse.recs, PULSE_BYTES);
	pulse.recs = NULL;
}

static void set_mask(void)
{
	sim_pulse_mask = pulse.trace ? SIM_PULSE_ALL : pulse.subscribed;
}

void sim_pulse_subscribe(uint64_t verb_mask)
{
	pulse.subscribed = verb_mask;
	set_mask();
}

void sim_pulse_trace(bool on)
{
	pulse.trace = on;
	set_mask();
}

bool sim_pulse_wanted(unsigned int verb)
{
	return sim_pulse_mask >> verb & 1;
}

/* The read keeps calls of it from being dropped as calls of nothing. */
__attribute__((noinline)) void sim_break(void)
{
	(void)sim_break_at;
}

void sim_break_arm(void)
{
	if (sim_break_at)
		pulse.max = sim_break_at;
}

/* Once for all: the bound of the trace is the debugger's until it is met. */
static __attribute__((noinline)) void bound_met(void)
{
	if (pulse.sink) {
		pulse.sink(pulse.sink_arg, pulse.recs, pulse.len);
		sim_pulse_clear();
		return;
	}
	if (pulse.max == CAPACITY)
		SIM_BUG("the trace is full");
	pulse.max = CAPACITY;
	sim_break();
}

void sim_pulse_sink(void (*fn)(void *arg, const struct sim_record *recs, size_t n), void *arg)
{
	SIM_BUG_ON(fn && (pulse.trace || pulse.len));
	pulse.sink = fn;
	pulse.sink_arg = arg;
	pulse.max = fn ? SINK_CAPACITY : CAPACITY;
}

struct sim_record *sim_pulse_append(void)
{
	if (pulse.len == pulse.max)
		bound_met();
	sim_pulse_waiting++;
	return &pulse.recs[pulse.len++];
}

void sim_pulse_add(const struct sim_record *rec)
{
	/* On a task's stack: an assignment might become a wrapped memcpy(). */
	__real_memcpy(sim_pulse_append(), rec, sizeof(*rec));
}

const struct sim_record *sim_pulse_fresh(size_t *ret_n)
{
	const struct sim_record *recs = pulse.recs + pulse.len - sim_pulse_waiting;

	*ret_n = sim_pulse_waiting;
	sim_pulse_waiting = 0;
	if (!pulse.trace)
		pulse.len = 0;
	return recs;
}

const struct sim_record *sim_pulse_all(size_t *ret_n)
{
	*ret_n = pulse.len;
	return pulse.recs;
}

void sim_pulse_clear(void)
{
	pulse.len = 0;
	sim_pulse_waiting = 0;
}

size_t sim_pulse_len(void)
{
	return pulse.len;
}

void sim_pulse_cut(size_t len)
{
	size_t seen = pulse.len - sim_pulse_waiting;

	/* With the trace off the buffer may be shorter than it was. */
	if (len < pulse.len)
		pulse.len = len;
	sim_pulse_waiting = seen < pulse.len ? pulse.len - seen : 0;
}
