/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps: the only places where a simulated task can be preempted.
 *
 * Every modelled primitive calls sim_step() once, then acts at once: between
 * two steps of one task nothing else runs.  A step names the object it is
 * about and what it does.  sim_note() tells something without being a step.
 *
 * All functions here work also when no task runs (the host builds the world or
 * a unit test calls kernel code on its own stack): then a step does not yield.
 */
#ifndef SIM_CORE_STEP_H
#define SIM_CORE_STEP_H

#include "sim/engine/pulse.h"

/* Raised whenever the set of steps changes; part of every replay string. */
#define SIM_STEP_MODEL	6

enum sim_verb {
#define VERB(name, word, meaning) SIM_##name,
#include "sim/core/verbs.def"
#undef VERB
	SIM_NR_VERBS
};

/* Object classes that core itself knows; rooms above number theirs from 16. */
enum sim_core_class {
	SIM_CLASS_NONE,
	SIM_CLASS_TASK,
	SIM_CLASS_CPU,
	SIM_CLASS_LOCK,
	SIM_CLASS_WAITQ,
	SIM_CLASS_MEMORY,	/* identity: allocation number, never an address */
	SIM_CLASS_ROOMS = 16,
};

/**
 * sim_step() - yield point before a primitive acts.
 * @verb: what it does
 * @obj: to what
 * @site: caller's __func__
 *
 * Context: any task, atomic or not. May yield.
 */
void sim_step(enum sim_verb verb, sim_obj_t obj, const char *site);

/* As sim_step(), with values for the trace that are known before acting. */
void sim_step2(enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b, const char *site);

/* Tell the trace and the checks. Never yields. */
void sim_note(enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b, const char *site);

/**
 * sim_fatal() - a fact after which the running task cannot go on.
 *
 * Notes it and ends the execution. On the host's own stack it is a SIM_BUG,
 * unless a test has asked to record it (sim_fatal_catch()).
 */
_Noreturn void sim_fatal(enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b, const char *site);

/**
 * sim_choose() - the one source of nondeterminism.
 * @n: how many possibilities, at least 1
 * @tag: what is chosen, for people
 *
 * Context: any task. May yield to the strategy, never to another task.
 * Return: 0..n-1; always 0 when no task runs.
 */
uint32_t sim_choose(uint32_t n, const char *tag);

/*
 * Who calls: the self-named macros of fakes/include put their caller's
 * __func__ here, and the primitives below them take it as their site.
 */
void sim_site_set(const char *site);
const char *sim_site(void);

/* Virtual time: steps since the run began. */
uint64_t sim_now(void);

#endif
