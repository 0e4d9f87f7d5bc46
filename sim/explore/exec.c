/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One execution, straight on.
 */
#include "sim/engine/bug.h"
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

static int ask(struct sim_exec *exec, uint32_t n, const uint8_t *tasks,
	       const char *tag)
{
	int answer;

	exec->choices++;
	answer = exec->strategy->choose(exec->strategy, n, tasks, tag);
	SIM_BUG_ON(answer >= (int)n);
	return answer;
}

/* Run a task to its next step, answering what it asks on the way. */
static enum sim_end run_to_step(struct sim_exec *exec, unsigned int task)
{
	for (;;) {
		struct sim_question *q;
		int answer;

		switch (exec_resume(exec->watcher, task)) {
		case EXEC_ON:
			return SIM_END_DONE;
		case EXEC_VIOLATION:
			return SIM_END_VIOLATION;
		case EXEC_FATAL:
			return SIM_END_FATAL;
		case EXEC_ASKED:
			break;
		}
		q = sim_fiber_question();
		answer = ask(exec, q->n, NULL, q->tag);
		if (answer < 0)
			return SIM_END_PRUNED;
		q->answer = answer;
	}
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

enum sim_end sim_exec_run(struct sim_exec *exec)
{
	enum sim_end end = sim_exec_start(exec);

	while (end == SIM_END_DONE) {
		uint64_t enabled = sim_tasks_enabled();
		uint8_t tasks[SIM_MAX_TASKS];
		uint32_t n;
		int pick = 0;

		if (!enabled)
			return exec_stuck(exec->watcher);
		if (exec->steps >= exec->max_steps)
			return SIM_END_BOUND;
		if (exec->alone && rest_is_known(exec, enabled))
			return SIM_END_KNOWN;
		n = exec_order(enabled, exec->last, tasks);
		if (n > 1)
			pick = ask(exec, n, tasks, "task");
		if (pick < 0)
			return SIM_END_PRUNED;
		exec->last = tasks[pick];
		exec->steps++;
		sim_task_dispatch(exec->last);
		end = run_to_step(exec, exec->last);
	}
	return end;
}
