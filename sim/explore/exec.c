/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One execution, straight on.
 */
#include "sim/engine/bug.h"
#include "sim/engine/footprint.h"
#include "sim/explore/cycles.h"
#include "sim/explore/exec_private.h"

enum sim_end exec_stuck(struct sim_watcher *watcher)
{
	uint64_t alive = sim_tasks_alive();
	struct sim_task_info info;
	unsigned int first;

	if (!alive)
		return SIM_END_DONE;
	first = __builtin_ctzll(alive);
	if (!sim_task_info(first, &info))
		SIM_BUG("a task is alive that was never created");
	sim_note(SIM_X_DEADLOCK, SIM_OBJ(SIM_CLASS_TASK, first),
		 __builtin_popcountll(alive), (int64_t)info.waits_for,
		 __func__);
	exec_look(watcher);
	return SIM_END_DEADLOCK;
}

enum sim_end exec_livelock(struct sim_watcher *watcher, uint32_t tasks, uint64_t steps)
{
	sim_note(SIM_X_LIVELOCK, SIM_OBJ(SIM_CLASS_TASK, __builtin_ctz(tasks)), tasks,
		 (int64_t)steps, __func__);
	exec_look(watcher);
	return SIM_END_LIVELOCK;
}

static int ask(struct sim_exec *exec, uint32_t n, const uint8_t *tasks,
	       const char *tag)
{
	int answer;

	exec->choices++;
	answer = exec->strategy->choose(exec->strategy, n, tasks, tag);
	SIM_BUG_ON(answer >= (int)n);
	return answer;
}

/*
 * A task has run, and not just to its next step.
 * Return: how the execution ended, or SIM_END_DONE: it goes on.
 */
static __attribute__((noinline)) enum sim_end other(struct sim_exec *exec, unsigned int task,
						    enum exec_after after)
{
	while (after == EXEC_ASKED) {
		struct sim_question *q = sim_fiber_question();
		int answer = ask(exec, q->n, NULL, q->tag);

		if (answer < 0)
			return SIM_END_PRUNED;
		q->answer = answer;
		after = exec_resume(exec->watcher, task);
	}
	return after == EXEC_ON ? SIM_END_DONE :
	       after == EXEC_FATAL ? SIM_END_FATAL : SIM_END_VIOLATION;
}

/* Run a task to its next step. */
static inline __attribute__((always_inline)) enum sim_end run_to_step(struct sim_exec *exec,
								      unsigned int task)
{
	enum exec_after after = exec_resume(exec->watcher, task);

	return __builtin_expect(after == EXEC_ON, 1) ? SIM_END_DONE : other(exec, task, after);
}

enum sim_end sim_exec_start(struct sim_exec *exec)
{
	uint64_t fresh;

	while ((fresh = sim_tasks_fresh())) {
		unsigned int task = __builtin_ctzll(fresh);
		enum sim_end end;

		sim_task_start(task);
		end = run_to_step(exec, task);
		if (end != SIM_END_DONE)
			return end;
	}
	return SIM_END_DONE;
}

/* The first time that one task is left: does the rest need to be run? */
static bool rest_is_known(struct sim_exec *exec, uint64_t enabled)
{
	if (enabled & (enabled - 1) || enabled != sim_tasks_alive())
		return false;
	if (exec->alone(exec))
		return true;
	exec->alone = NULL;
	return false;
}

/* Before a step: is this one too many, or was it here before? */
static __attribute__((noinline)) enum sim_end look_where(struct sim_exec *exec,
							 uint64_t enabled)
{
	struct sim_cycles *c = exec->cycles;

	if (exec->steps >= exec->max_steps)
		return SIM_END_BOUND;
	if (!c || !sim_cycles_look(c, enabled, exec->last, 0, exec->steps))
		return SIM_END_DONE;
	return exec_livelock(exec->watcher, c->cycle_ran, c->cycle_steps);
}

enum sim_end sim_exec_run(struct sim_exec *exec)
{
	enum sim_end end = sim_exec_start(exec);
	uint64_t ordered = 0;		/* tasks[] is an order of these */
	const uint64_t looked_at_from = exec->cycles ? 0 : exec->max_steps;
	uint8_t tasks[SIM_MAX_TASKS];
	uint32_t n = 0;

	/* What a task did before its first step belongs to the set-up. */
	if (exec->stepped)
		sim_footprint_clear();
	while (end == SIM_END_DONE) {
		uint64_t enabled = sim_sched_enabled();
		int pick = 0;

		if (!enabled)
			return exec_stuck(exec->watcher);
		if (exec->steps >= looked_at_from) {
			end = look_where(exec, enabled);
			if (end != SIM_END_DONE)
				return end;
		}
		if (exec->alone && rest_is_known(exec, enabled))
			return SIM_END_KNOWN;
		if (enabled != ordered)
			n = exec_order(enabled, exec->last, tasks);
		ordered = enabled;
		if (n > 1)
			pick = ask(exec, n, tasks, "task");
		if (pick < 0)
			return SIM_END_PRUNED;
		if (tasks[pick] != exec->last) {
			exec->last = tasks[pick];
			ordered = 0;
		}
		exec->steps++;
		/* It is what a step orders; else nobody is there to empty it. */
		if (__builtin_expect(sim_hot.grain, 0))
			sim_footprint_clear();
		sim_sched_dispatch(exec->last);
		if (exec->steps < looked_at_from && !exec->stepped && sim_is_solo(enabled)) {
			uint64_t more = looked_at_from - exec->steps;

			sim_solo(more);
			end = run_to_step(exec, exec->last);
			exec->steps += sim_solo_taken(more);
			continue;
		}
		end = run_to_step(exec, exec->last);
		if (exec->cycles)
			sim_hash_tidy(exec->last);
		if (__builtin_expect(exec->stepped != NULL, 0))
			exec->stepped(exec, exec->last);
	}
	return end;
}
