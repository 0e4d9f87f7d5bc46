/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps, notes, fatal facts and choices.
 */
#include "sim/core/alloc.h"
#include "sim/core/world_private.h"

static SIM_QUIET void tell(enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
			   const char *site, bool is_step)
{
	struct sim_record *rec = sim_pulse_append();

	rec->time = sim_hot.now;
	rec->obj = obj;
	rec->a = a;
	rec->b = b;
	rec->site = site;
	rec->verb = verb;
	rec->task = sim_running();
	rec->is_step = is_step;
}

SIM_QUIET void sim_tell_step(enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
			     const char *site)
{
	if (sim_wanted(verb))
		tell(verb, obj, a, b, site, true);
}

/* The running task says what it does next. Stores to its own stack only. */
static SIM_QUIET inline void announce(int id, enum sim_verb verb, sim_obj_t obj,
				      const char *site)
{
	struct sim_context_local *local = sim_fiber_local(id);

	local->next_obj = obj;
	local->site = site;
	local->stands++;
	local->next_verb = verb;
}

/* Would the scheduler say nothing but "go on"? */
SIM_INLINE SIM_QUIET bool goes_on_alone(int id)
{
	const struct sim_sched *s = &the_world->sched;

	if (!sim_hot.solo || sim_pulse_waiting || !((s->ready & ~s->masked) >> id & 1))
		return false;
	sim_hot.solo--;
	sim_hot.now++;
	return true;
}

SIM_QUIET void sim_stand(enum sim_verb verb, sim_obj_t obj, const char *site)
{
	int id = sim_running();

	if (id < 0) {
		/* The host is nobody's task: nothing can come between. */
		sim_hot.now++;
		return;
	}
	announce(id, verb, obj, site);
	if (!goes_on_alone(id))
		sim_fiber_yield(SIM_YIELD_STEP);
}

/*
 * Nobody listens, almost always: then yielding is the last thing done, and
 * the switch comes back right to the caller (see switch_x86_64.S for why one
 * return less is worth it).  Not counted in coverage builds: with counters behind
 * it the call would be none that leaves nothing of the frame, and what lies unused
 * in that, say the time of the step before, would tell states apart.
 */
#define JUMPS	__attribute__((no_profile_instrument_function))

JUMPS SIM_QUIET void sim_step(enum sim_verb verb, sim_obj_t obj, const char *site)
{
	if (!sim_wanted(verb)) {
		sim_stand(verb, obj, site);
		return;
	}
	sim_stand(verb, obj, site);
	tell(verb, obj, 0, 0, site, true);
}

JUMPS SIM_QUIET void sim_step2(enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
			       const char *site)
{
	if (!sim_wanted(verb)) {
		sim_stand(verb, obj, site);
		return;
	}
	sim_stand(verb, obj, site);
	tell(verb, obj, a, b, site, true);
}

SIM_QUIET void sim_note(enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
			const char *site)
{
	if (sim_wanted(verb))
		tell(verb, obj, a, b, site, false);
}

_Noreturn void sim_fatal(enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
			 const char *site)
{
	struct sim_record rec = {
		.time = sim_hot.now,
		.obj = obj,
		.a = a,
		.b = b,
		.site = site,
		.verb = verb,
		.task = sim_fiber_running(),
	};

	if (sim_pulse_wanted(verb))
		sim_pulse_add(&rec);
	sim_fatal_caught(&rec);
	if (sim_fiber_running() >= 0)
		sim_fiber_yield(SIM_YIELD_FATAL);
	SIM_BUG("simulated code reached a fatal fact while no task runs");
}

/*
 * Of loaded code the line is known; else the function that took the last step is
 * the nearest thing to a site.
 */
void sim_access_fault(enum sim_fault kind, uint64_t addr, bool write)
{
	int id = sim_running();
	const char *site = sim_fault_site();
	int64_t what = 0;

	if (!site)
		site = id < 0 ? "host" : sim_local_of(id)->site;
	switch (kind) {
	case SIM_FAULT_FREED:
		sim_fatal(SIM_X_UAF, sim_memory_obj(addr), write, 0, site);
	case SIM_FAULT_BOUNDS:
		sim_fatal(SIM_X_BOUNDS, sim_memory_obj(addr), write, 0, site);
	case SIM_FAULT_WILD:
		break;
	default:
		what = kind;
	}
	sim_fatal(SIM_X_BUG, SIM_OBJ(SIM_CLASS_MEMORY, 0), write, what, site);
}

uint32_t sim_choose(uint32_t n, const char *tag)
{
	uint32_t answer;
	int id = sim_running();

	SIM_BUG_ON(!n);
	if (n == 1 || id < 0)
		return 0;
	answer = sim_fiber_ask(n, tag);
	SIM_BUG_ON(answer >= n);
	sim_note(SIM_CHOOSE, SIM_OBJ(SIM_CLASS_TASK, id), answer, n, tag);
	return answer;
}

SIM_QUIET uint64_t sim_now(void)
{
	return sim_hot.now;
}
