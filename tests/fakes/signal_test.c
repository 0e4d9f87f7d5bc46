/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits killably goes on when it is killed, whatever it waits for; who waits
 * interruptibly does for any signal; and what is free is had all the same.
 */
#include <errno.h>

#include "sim/engine/undo.h"
#include "sim/explore/dpor.h"
#include "tests/fakes/gup_tests.h"
#include "tests/fakes/signal_world.h"

struct run {
	struct sim_dpor dpor;
	unsigned int got, gave_up, other, stuck;
	int errno_wanted;
};

static bool done(struct sim_dpor *dpor, enum sim_end end)
{
	struct run *run = (struct run *)dpor;

	if (end != SIM_END_DONE || !sig_through())
		run->stuck++;
	else if (sig_result() == run->errno_wanted)
		run->gave_up++;
	else if (sig_result() < 0)
		run->other++;
	else
		run->got++;
	return false;
}

static struct run explore(const char *profile, enum sig_wait wait, bool kill, int errno_wanted)
{
	struct run run = {
		.dpor = {
			.done = done, .max_steps = 1000, .reduce = true, .states = true,
			.verify_rollback = true,
		},
		.errno_wanted = errno_wanted,
	};

	if (rolled_build()) {
		sig_build(profile, wait, kill);
		rolled_mark();
	}
	sim_undo_on(true);
	assert_int_equal(sim_dpor_run(&run.dpor), 0);
	assert_int_equal(run.dpor.end, SIM_DPOR_COMPLETE);
	return run;
}

/* E.11: v6.12 says so where mmap_lock was not had; before, one waits for it as ever. */
static int errno_of(enum sig_wait wait)
{
	if (wait == SIG_GUP)
		return -EAGAIN;
	return wait == SIG_EVENT ? -512 : -EINTR;	/* ERESTARTSYS */
}

static void killed_while_it_waits_goes_on(void **state)
{
	unsigned int wait;

	for (wait = 0; wait < SIG_KILLABLE; wait++) {
		struct run run = explore("6.12", wait, true, errno_of(wait));

		/* GUP asks again once it has the lock: -EINTR. */
		if (run.stuck || (run.other && wait != SIG_GUP) || !run.gave_up)
			fail_msg("wait %u: stuck %u, other %u, gave up %u", wait, run.stuck,
				 run.other, run.gave_up);
		/* Nothing is had of an event before the other is through. */
		assert_int_equal(!run.got, wait == SIG_EVENT);
	}
}

static void any_signal_is_for_who_waits_interruptibly(void **state)
{
	struct run run = explore("6.12", SIG_MUTEX_INTERRUPTIBLE, false, -EINTR);

	assert_true(run.gave_up && run.got && !run.stuck && !run.other);
	run = explore("6.12", SIG_MUTEX_INTERRUPTIBLE, true, -EINTR);
	assert_true(run.gave_up && run.got && !run.stuck && !run.other);
	/* Not for who waits killably, nor SIGKILL for who does not. */
	run = explore("6.12", SIG_MUTEX, false, -EINTR);
	assert_true(!run.gave_up && run.got && run.stuck && !run.other);
	run = explore("6.12", SIG_MUTEX_FOR_GOOD, true, -EINTR);
	assert_true(!run.gave_up && run.got && run.stuck && !run.other);
	/* E.11: v6.1 does not ask at mmap_lock. */
	run = explore("6.1", SIG_GUP, true, -EAGAIN);
	assert_true(!run.gave_up && run.stuck);
}

static void what_is_free_is_had_by_the_killed(void **state)
{
	unsigned int wait;

	if (rolled_build()) {
		sig_build("6.12", SIG_MUTEX, true);
		rolled_mark();
	}
	for (wait = 0; wait < SIG_NR; wait++) {
		if (wait == SIG_EVENT || wait == SIG_GUP)
			continue;
		assert_int_equal(sig_take_free(wait, true), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(killed_while_it_waits_goes_on),
		ROLLED(any_signal_is_for_who_waits_interruptibly),
		ROLLED(what_is_free_is_had_by_the_killed),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
