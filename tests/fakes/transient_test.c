/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * J.16: references that somebody has for a moment, kind by kind: who takes it,
 * that others may run while it is held, and what they find then. Two tasks, every
 * schedule with few preemptions.
 *
 * The others of the list: an LRU batch of another CPU is batch-reference.race;
 * KVM's own between GUP and the end of a fault, and another vCPU's in a fault of
 * the same page, are in tests/explore/transient_test.c.
 */
#include <errno.h>
#include <string.h>

#include "fakes/objects.h"
#include "tests/fakes/fork_tests.h"
#include "tests/fakes/gup_bounded.h"

/**
 * struct kind - one kind of reference, and who minds it
 * @taker: the first task, which has it for a moment
 * @other: the second one
 * @kind: enum page_ref_kind
 * @site: where it is taken; NULL: not looked for, it is older than the tasks
 * @shared: of a page of shared memory
 * @minds: what the second task says that was kept from its aim
 */
struct kind {
	enum fw_op taker, other;
	uint8_t kind;
	const char *site;
	bool shared, in_cma, swapped, unmapped;
	long minds;
};

struct race {
	struct bounded bounded;
	const struct kind *kind;
	struct two_tasks seen;
	uint64_t between;	/* executions in which the second task ran while it was held */
	uint64_t minded;	/* and was kept from its aim, by what is held or by nothing else */
	uint64_t not_minded;
};

/* Does record @i take it, and who takes the next step? */
static bool held_while_other_runs(const struct kind *k, const struct sim_record *recs,
				  size_t i, size_t n)
{
	if (recs[i].task || recs[i].verb != SIM_GET || SIM_REF_KIND(recs[i].a) != k->kind ||
	    !recs[i].site || strcmp(recs[i].site, k->site))
		return false;
	while (++i < n)
		if (recs[i].is_step)
			return recs[i].task == 1;
	return false;
}

static void done(struct bounded *self, enum sim_end end)
{
	struct race *r = (struct race *)self;
	const struct sim_record *recs;
	bool between = !r->kind->site;
	size_t n, i;

	recs = sim_pulse_all(&n);
	/* Offline goes round until who is in its way is let run: here, not again. */
	if (end == SIM_END_BOUND && r->kind->taker == FW_OP_OFFLINE) {
		sim_pulse_clear();
		return;
	}
	two_tasks_ended(&r->seen, end);
	for (i = 0; i < n && !between; i++)
		between = held_while_other_runs(r->kind, recs, i, n);
	r->between += between;
	if (between && fw_result(1, NULL) == r->kind->minds)
		r->minded++;
	else if (fw_result(1, NULL) != r->kind->minds)
		r->not_minded++;
	sim_pulse_clear();
}

static void set_up(const struct kind *k, const char *profile)
{
	build_at(profile, k->in_cma);
	if (k->shared) {
		fw_map_shmem(k->in_cma);
		assert_int_equal(fw_touch(FW_SHARED), 0);
		fw_drain();
		if (k->unmapped)
			assert_int_equal(fw_dontneed(FW_SHARED, 1), 0);
	} else {
		uint64_t pfn = settled(FW_ADDR);

		if (k->swapped) {
			assert_int_equal(fw_get(FW_ADDR), pfn);
			assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
			fw_put(pfn);
		}
	}
	fw_drain();
	sim_pulse_trace(true);
	fw_task(0, k->taker);
	fw_task(1, k->other);
}

static void check(const struct kind *k, const char *profile)
{
	struct race r = {
		.bounded = { .preemptions = 2, .max_steps = 4000, .done = done },
		.kind = k,
	};

	set_up(k, profile);
	bounded_run(&r.bounded);
	sim_pulse_trace(false);
	assert_two_tasks(&r.seen, r.bounded.executions);
	assert_true(r.between > 0);
	assert_true(r.minded > 0);
	assert_true(r.not_minded > 0);
}

static void on_both(const struct kind *k)
{
	check(k, "6.1");
	check(k, "6.12");
}

/* Until it has read the entry again, and found another one. */
static void gup_fast_that_backs_off(void **state)
{
	on_both(&(struct kind){ FW_OP_GET, FW_OP_MIGRATE, PAGE_REF_GET, "fw_get",
				.minds = 1 });
}

/* For as long as somebody copies from the page: /proc/PID/mem, process_vm_readv(). */
static void reader_of_another_process(void **state)
{
	on_both(&(struct kind){ FW_OP_GET_PUT, FW_OP_CMA, PAGE_REF_GET, "fw_get",
				.in_cma = true, .minds = -ENOMEM });
}

/* Until the page is locked and mapped, or found to have moved. */
static void page_cache_look_up(void **state)
{
	on_both(&(struct kind){ FW_OP_SHARED_READ, FW_OP_CMA, PAGE_REF_GET, "filemap_get_folio",
				.shared = true, .in_cma = true, .unmapped = true,
				.minds = -ENOMEM });
}

static void swap_cache_look_up(void **state)
{
	on_both(&(struct kind){ FW_OP_READ, FW_OP_CMA, PAGE_REF_GET, "swap_in",
				.in_cma = true, .swapped = true, .minds = -ENOMEM });
}

/* From the entry's end to that of the whole unmapping (J.13). */
static void put_that_is_gathered(void **state)
{
	on_both(&(struct kind){ FW_OP_SHARED_DONTNEED, FW_OP_CMA, PAGE_REF_MAP,
				.shared = true, .in_cma = true, .minds = -ENOMEM });
}

/* J.1: for one look, before the page is isolated or left. */
static void probe_of_compaction(void **state)
{
	on_both(&(struct kind){ FW_OP_CMA, FW_OP_MIGRATE, PAGE_REF_PROBE,
				"isolate_one", .in_cma = true, .minds = 1 });
}

/* J.5: the same. */
static void probe_of_offline(void **state)
{
	on_both(&(struct kind){ FW_OP_OFFLINE, FW_OP_MIGRATE, PAGE_REF_PROBE, "isolate_one",
				.minds = 1 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gup_fast_that_backs_off),
		TEST(reader_of_another_process),
		TEST(page_cache_look_up),
		TEST(swap_cache_look_up),
		TEST(put_that_is_gathered),
		TEST(probe_of_compaction),
		TEST(probe_of_offline),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
