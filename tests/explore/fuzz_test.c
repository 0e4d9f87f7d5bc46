/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All ways to explore a program come to the same final states and violations:
 * a few hundred programs that nobody thought up.
 *
 * fuzz [FIRST [HOW-MANY]] runs others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/core/lock.h"
#include "sim/core/step.h"
#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/explore/dpor.h"
#include "sim/explore/random.h"
#include "tests/explore/fuzz.h"

#define MAX_FINALS	4096
#define ENOUGH		60000	/* executions of one program */

/* What a program can come to. */
struct outcome {
	struct sim_dpor dpor;
	struct sim_watcher watcher;
	uint64_t final[MAX_FINALS];
	unsigned int nr;
	uint64_t violations;	/* a bit each */
	bool deadlock, bound, overflow;
};

static void add(struct outcome *o, uint64_t final)
{
	unsigned int i;

	for (i = 0; i < o->nr; i++) {
		if (o->final[i] == final)
			return;
	}
	if (o->nr < MAX_FINALS)
		o->final[o->nr++] = final;
	else
		o->overflow = true;
}

static bool done(struct sim_dpor *self, enum sim_end end)
{
	struct outcome *o = (struct outcome *)self;

	if (end == SIM_END_DONE || end == SIM_END_DEADLOCK)
		add(o, fuzz_result() << 1 | (end == SIM_END_DEADLOCK));
	o->deadlock |= end == SIM_END_DEADLOCK;
	o->bound |= end == SIM_END_BOUND;
	return false;
}

static void again(struct sim_dpor *self)
{
	struct outcome *o = (struct outcome *)self;

	o->nr = 0;
	o->violations = 0;
	o->deadlock = false;
}

/* Violations 0..15 are told by the program, the rest are seen by looking. */
static bool look(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	struct outcome *o = (struct outcome *)((char *)self - offsetof(struct outcome, watcher));
	bool bad = false;
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned int id = recs[i].a & 15;

		if (recs[i].verb == SIM_X_DEADLOCK)
			continue;
		if (recs[i].verb == SIM_WRITE) {
			/* A check that looks at another variable than was written. */
			id = SIM_OBJ_ID(recs[i].obj) + 1;
			if (id >= FUZZ_VARS || recs[i].b != 3 || fuzz_peek(id) != 2)
				continue;
			id += 16;
		}
		o->violations |= 1ULL << id;
		bad = true;
	}
	return bad;
}

/* ---- programs ---- */

static void make_op(struct sim_rng *rng, struct fuzz_op *op, bool share, bool warn,
		    unsigned int vars)
{
	static const uint8_t common[] = {
		FUZZ_READ, FUZZ_READ, FUZZ_WRITE, FUZZ_WRITE, FUZZ_PUT, FUZZ_FETCH_ADD,
		FUZZ_ADD, FUZZ_SKIP_IF, FUZZ_SKIP_IF_REG, FUZZ_LOCK, FUZZ_LOCK, FUZZ_UNLOCK,
		FUZZ_UNLOCK, FUZZ_UNLOCK,
	};

	op->what = sim_rng_below(rng, 3) ? common[sim_rng_below(rng, sizeof(common))] :
					   sim_rng_below(rng, FUZZ_NR);
	op->var = sim_rng_below(rng, vars);
	if (op->what >= FUZZ_LOCK && op->what <= FUZZ_UNLOCK_OF)
		op->var = sim_rng_below(rng, vars < FUZZ_LOCKS ? vars : FUZZ_LOCKS);
	op->a = sim_rng_below(rng, 3);
	op->b = 1 + sim_rng_below(rng, 3);
	op->merged = !sim_rng_below(rng, 4);
	if (op->what == FUZZ_ATOMIC && !share)
		op->what = FUZZ_READ;
	/* Violations end executions: not in all programs. */
	if ((op->what == FUZZ_WARN_IF || op->what == FUZZ_UNLOCK_OF) && !warn)
		op->what = op->what == FUZZ_WARN_IF ? FUZZ_READ : FUZZ_UNLOCK;
	if (op->what == FUZZ_WRITE && op->b == 3 && !warn)
		op->b = 2;
}

/* Locks are of the kinds that their users need. */
static void fix_locks(struct fuzz_program *p)
{
	unsigned int t, i;

	for (t = 0; t < p->nr_tasks; t++) {
		for (i = 0; i < p->nr_ops[t]; i++) {
			struct fuzz_op *op = &p->op[t][i];

			if (op->what < FUZZ_LOCK || op->what > FUZZ_UNLOCK_OF)
				continue;
			if (op->what == FUZZ_UNLOCK_OF && p->lock_type[op->var] != SIM_BITLOCK)
				op->what = FUZZ_UNLOCK;
			if (p->lock_type[op->var] == SIM_RWSEM ||
			    p->lock_type[op->var] == SIM_RWLOCK)
				continue;
			if (op->what == FUZZ_LOCK_SHARED)
				op->what = FUZZ_LOCK;
			if (op->what == FUZZ_TRYLOCK_SHARED)
				op->what = FUZZ_TRYLOCK;
		}
	}
}

static void make_program(struct fuzz_program *p, uint64_t seed)
{
	struct sim_rng rng;
	unsigned int t, i, most, vars;
	bool share;

	memset(p, 0, sizeof(*p));
	sim_rng_seed(&rng, seed);
	p->nr_tasks = 2 + sim_rng_below(&rng, 3);
	most = p->nr_tasks == 2 ? FUZZ_OPS : p->nr_tasks == 3 ? 6 : 4;
	share = !sim_rng_below(&rng, 3);
	p->warns = !sim_rng_below(&rng, 3);
	vars = 1 + sim_rng_below(&rng, FUZZ_VARS);
	for (i = 0; i < FUZZ_LOCKS; i++)
		p->lock_type[i] = sim_rng_below(&rng, SIM_BITLOCK + 1);
	for (t = 0; t < p->nr_tasks; t++) {
		p->cpu[t] = share ? sim_rng_below(&rng, 2) : t;
		p->nr_ops[t] = 2 + sim_rng_below(&rng, most - 1);
		for (i = 0; i < p->nr_ops[t]; i++)
			make_op(&rng, &p->op[t][i], share, p->warns, vars);
	}
	fix_locks(p);
}

static void print_program(const struct fuzz_program *p)
{
	static const char *const words[] = {
		"read", "write", "put", "fetch-add", "add", "skip-if", "skip-if-reg", "lock",
		"lock-shared", "trylock", "trylock-shared", "unlock", "unlock-of", "wait", "wake",
		"choose", "warn-if", "atomic", "not-atomic",
	};
	unsigned int t, i;

	for (i = 0; i < FUZZ_LOCKS; i++)
		print_message("lock %u is of type %u\n", i, p->lock_type[i]);
	for (t = 0; t < p->nr_tasks; t++) {
		print_message("task %u on %u:", t, p->cpu[t]);
		for (i = 0; i < p->nr_ops[t]; i++) {
			const struct fuzz_op *op = &p->op[t][i];

			print_message(" %s%s(%u,%u,%u)", op->merged ? "+" : "", words[op->what],
				      op->var, op->a, op->b);
		}
		print_message("\n");
	}
}

/* ---- comparing ---- */

static void explore(struct outcome *o, const struct fuzz_program *p)
{
	sim_arena_reset();
	sim_pulse_clear();
	fuzz_build(p);
	sim_pulse_subscribe(!p->warns ? 0 : 1ULL << SIM_X_WARN | 1ULL << SIM_WRITE |
			    1ULL << SIM_X_BUG | 1ULL << SIM_X_SLEEP);
	sim_undo_on(true);
	sim_undo_clear();
	o->dpor.done = done;
	o->dpor.again = again;
	o->dpor.watcher = &o->watcher;
	o->watcher.look = look;
	o->dpor.max_steps = 200;
	assert_int_equal(sim_dpor_run(&o->dpor), 0);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool differ(struct outcome *a, struct outcome *b)
{
	qsort(a->final, a->nr, sizeof(*a->final), by_value);
	qsort(b->final, b->nr, sizeof(*b->final), by_value);
	return a->nr != b->nr || memcmp(a->final, b->final, a->nr * sizeof(*a->final)) ||
	       a->violations != b->violations;
}

static const struct {
	const char *name;
	bool reduce, states, rerun;
} ways[] = {
	{ "dpor", true, false, false },
	{ "dpor by re-execution", true, false, true },
	{ "states", false, true, false },
	{ "both", true, true, false },
	{ "both by re-execution", true, true, true },
	{ "neither, by re-execution", false, false, true },
};
#define NR_WAYS	(sizeof(ways) / sizeof(*ways))

struct totals {
	uint64_t programs, large, executions[NR_WAYS + 1], states, pruned, restarts;
	uint64_t deadlocks, violations;
	uint64_t naive;			/* programs that a search without summaries gets wrong */
};

/* A state that was met ends the execution, and nobody asks what followed it. */
static bool naive_is_wrong(struct outcome *all, struct outcome *other, const struct fuzz_program *p)
{
	memset(other, 0, sizeof(*other));
	other->dpor.reduce = true;
	other->dpor.states = true;
	other->dpor.without_summaries = true;
	explore(other, p);
	return differ(all, other);
}

/* Return: do all ways agree? */
static bool compare(uint64_t seed, struct totals *totals)
{
	static struct outcome all, other;
	struct fuzz_program p;
	bool ok = true;
	unsigned int i;

	make_program(&p, seed);
	memset(&all, 0, sizeof(all));
	all.dpor.max_executions = ENOUGH;
	explore(&all, &p);
	if (all.dpor.end != SIM_DPOR_COMPLETE || all.bound || all.overflow) {
		totals->large++;
		return true;
	}
	totals->programs++;
	totals->executions[NR_WAYS] += all.dpor.executions;
	totals->deadlocks += all.deadlock;
	totals->violations += all.violations != 0;
	for (i = 0; i < NR_WAYS; i++) {
		memset(&other, 0, sizeof(other));
		other.dpor.reduce = ways[i].reduce;
		other.dpor.states = ways[i].states;
		other.dpor.rerun = ways[i].rerun;
		/* Much of the same thing, and slow. */
		if (ways[i].rerun && (seed & 7 || all.dpor.executions > 2000))
			continue;
		explore(&other, &p);
		totals->executions[i] += other.dpor.executions;
		totals->states += other.dpor.nr_states;
		totals->pruned += other.dpor.pruned;
		totals->restarts += other.dpor.restarts;
		if (other.dpor.end == SIM_DPOR_COMPLETE && !differ(&all, &other) &&
		    other.dpor.executions <= all.dpor.executions)
			continue;
		print_message("program %llu, %s: %u final states instead of %u, "
			      "violations %llx instead of %llx, %llu executions instead of %llu\n",
			      (unsigned long long)seed, ways[i].name, other.nr, all.nr,
			      (unsigned long long)other.violations,
			      (unsigned long long)all.violations,
			      (unsigned long long)other.dpor.executions,
			      (unsigned long long)all.dpor.executions);
		ok = false;
	}
	totals->naive += naive_is_wrong(&all, &other, &p);
	if (!ok)
		print_program(&p);
	return ok;
}

static uint64_t first = 1, how_many = 400;

static void all_ways_to_explore_come_to_the_same(void **state)
{
	struct totals totals = { 0 };
	unsigned int i, bad = 0;
	uint64_t seed;

	for (seed = first; seed < first + how_many && bad < 3; seed++)
		bad += !compare(seed, &totals);
	print_message("%llu programs (%llu too large), %llu with deadlocks, "
		      "%llu with violations, %llu restarts\n",
		      (unsigned long long)totals.programs, (unsigned long long)totals.large,
		      (unsigned long long)totals.deadlocks,
		      (unsigned long long)totals.violations,
		      (unsigned long long)totals.restarts);
	for (i = 0; i <= NR_WAYS; i++)
		print_message("%12llu executions %s\n", (unsigned long long)totals.executions[i],
			      i < NR_WAYS ? ways[i].name : "of all schedules");
	print_message("%12llu programs are wrong without summaries\n",
		      (unsigned long long)totals.naive);
	assert_int_equal(bad, 0);
	/* It could have failed. */
	if (how_many >= 400)
		assert_true(totals.deadlocks && totals.violations && totals.pruned && totals.naive);
}

/* Programs that some way once got wrong, among a hundred thousand. */
static void programs_that_were_wrong_once_are_right(void **state)
{
	static const uint64_t seeds[] = {
		/* The last task waits for ever, for a lock of one that has ended. */
		100544, 100736,
	};
	struct totals totals = { 0 };
	unsigned int i;

	for (i = 0; i < sizeof(seeds) / sizeof(*seeds); i++)
		assert_true(compare(seeds[i], &totals));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_that_were_wrong_once_are_right),
		cmocka_unit_test(all_ways_to_explore_come_to_the_same),
	};
	int failed;

	if (argc > 1)
		first = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		how_many = strtoull(argv[2], NULL, 0);
	if (sim_arena_map())
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	sim_arena_unmap();
	return failed ? 1 : 0;
}
