/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notifier windows (H.5, H.7, H.17, H.26-H.30), and memslot updates
 * against them and against readers, in every schedule where that is possible
 * (G.9, G.10, N.3).
 */
#include "sim/explore/dfs.h"
#include "sim/explore/random.h"
#include "tests/fakes/kvm_tests.h"

/* --- one thread --- */

static void window_over_slot_counts_and_reclaims(const char *profile)
{
	uint64_t seq;

	build_slot(profile);
	seq = kw_seq();
	kw_window_open(KW_AT(2), KW_AT(3));
	assert_events(KW_RECLAIMED);
	assert_int_equal(vm().active_invalidates, 1);
	assert_int_equal(vm().invalidate_in_progress, 1);
	assert_int_equal(vm().invalidate_seq, seq);
	kw_window_close(KW_AT(2), KW_AT(3));
	assert_no_events();
	assert_int_equal(vm().active_invalidates, 0);
	assert_int_equal(vm().invalidate_in_progress, 0);
	assert_int_equal(vm().invalidate_seq, seq + 1);
}

static void window_over_slot_raises_counts_and_lowers_them(void **state)
{
	window_over_slot_counts_and_reclaims("6.1");
	window_over_slot_counts_and_reclaims("6.12");
}

static void window(void)
{
	kw_window_open(KW_AT(2), KW_AT(3));
	kw_window_close(KW_AT(2), KW_AT(3));
}

/* Who was told the number is told of every window; nobody else is there to be. */
static void sequence_rises_once_for_all_that_were_told_it(void **state)
{
	uint64_t first, second;

	build_slot("6.12");
	window();
	assert_int_equal(vm().invalidate_seq, 0);
	first = kw_seq();
	assert_int_equal(kw_seq(), first);
	assert_false(kw_retry(first, KW_GFN));
	window();
	window();
	assert_true(kw_retry(first, KW_GFN));
	second = kw_seq();
	assert_false(kw_retry(second, KW_GFN));
	window();
	assert_true(kw_retry(first, KW_GFN));
	assert_true(kw_retry(second, KW_GFN));
	assert_int_equal(vm().invalidate_seq, 2);
}

/* O.8: and not for one that hits none. */
static void window_beside_slots_only_counts_itself(void **state)
{
	build();
	assert_int_equal(kw_slot(0, KW_GFN, 4, 4), 0);
	kw_forget();
	assert_int_equal(kw_seq(), 0);
	kw_window_open(KW_AT(0), KW_AT(4));
	assert_int_equal(vm().active_invalidates, 1);
	assert_int_equal(vm().invalidate_in_progress, 0);
	kw_window_close(KW_AT(0), KW_AT(4));
	kw_window_open(KW_AT(8), KW_AT(9));
	kw_window_close(KW_AT(8), KW_AT(9));
	assert_int_equal(vm().invalidate_seq, 0);
	assert_no_events();
}

/* O.8: once for a window, however many slots it hits. */
static void window_over_two_slots_locks_once(void **state)
{
	build_slot("6.12");
	assert_int_equal(kw_slot(1, KW_GFN + 64, KW_PAGES, 0), 0);
	kw_forget();
	kw_window_open(KW_AT(0), KW_AT(1));
	assert_events(KW_RECLAIMED);
	assert_int_equal(vm().invalidate_in_progress, 1);
	/* 6.12 keeps one range over both slots' gfns, and what lies between. */
	assert_true(kw_retry(0, KW_GFN));
	assert_true(kw_retry(0, KW_GFN + 32));
	assert_true(kw_retry(0, KW_GFN + 64));
	assert_false(kw_retry(kw_seq(), KW_GFN + 65));
	kw_window_close(KW_AT(0), KW_AT(1));
	assert_int_equal(vm().invalidate_seq, 1);
}

/* H.17, H.28. */
static void retry_asks_range_while_open_and_sequence_after(const char *profile)
{
	uint64_t seq;

	build_slot(profile);
	seq = kw_seq();
	/* Parts of pages count as pages. */
	kw_window_open(KW_AT(2), KW_AT(3) + 1);
	assert_false(kw_retry(seq, KW_GFN + 1));
	assert_true(kw_retry(seq, KW_GFN + 2));
	assert_true(kw_retry(seq, KW_GFN + 3));
	assert_false(kw_retry(seq, KW_GFN + 4));
	kw_window_close(KW_AT(2), KW_AT(3) + 1);
	assert_true(kw_retry(seq, KW_GFN + 4));
	seq = kw_seq();
	assert_false(kw_retry(seq, KW_GFN + 2));
}

static void retry_in_window_by_range_after_it_by_sequence(void **state)
{
	retry_asks_range_while_open_and_sequence_after("6.1");
	retry_asks_range_while_open_and_sequence_after("6.12");
}

static void windows_that_overlap_in_time_merge_until_none_is_open(void **state)
{
	build_slot("6.12");
	kw_window_open(KW_AT(2), KW_AT(3));
	kw_window_open(KW_AT(6), KW_AT(7));
	assert_int_equal(vm().invalidate_in_progress, 2);
	kw_window_close(KW_AT(2), KW_AT(3));
	/* Closed, and still in the union. */
	assert_true(kw_retry(kw_seq(), KW_GFN + 2));
	assert_true(kw_retry(kw_seq(), KW_GFN + 4));
	kw_window_close(KW_AT(6), KW_AT(7));
	assert_false(kw_retry(kw_seq(), KW_GFN + 4));
	kw_window_open(KW_AT(6), KW_AT(7));
	assert_false(kw_retry(kw_seq(), KW_GFN + 2));
	kw_window_close(KW_AT(6), KW_AT(7));
}

static void retry_without_lock_only_on_612(void **state)
{
	build_slot("6.12");
	kw_window_open(KW_AT(0), KW_AT(1));
	assert_true(kw_retry_unlocked(kw_seq(), KW_GFN));
	assert_false(kw_retry_unlocked(kw_seq(), KW_GFN + 1));
	kw_window_close(KW_AT(0), KW_AT(1));
	build_slot("6.1");
	kw_window_open(KW_AT(0), KW_AT(1));
	assert_false(kw_retry_unlocked(kw_seq(), KW_GFN));
	kw_window_close(KW_AT(0), KW_AT(1));
}

static void migration_of_slot_memory_opens_window(void **state)
{
	build_slot("6.12");
	kw_touch(KW_ADDR, true);
	kw_drain();
	assert_int_equal(kw_seq(), 0);
	assert_int_equal(kw_migrate(KW_ADDR), 0);
	assert_events(KW_RECLAIMED);
	assert_int_equal(vm().invalidate_seq, 1);
	assert_int_equal(vm().active_invalidates, 0);
}

/*
 * H.29: before v6.10 a copy's entry is told before it is there, and with what it
 * will say. A page that nothing maps is not copied.
 */
static void copy_tells_its_entry(const char *profile, bool tells)
{
	struct kw_change change;

	build_slot(profile);
	kw_touch(KW_AT(3), true);
	kw_touch(KW_AT(2), false);
	assert_no_events();
	kw_touch(KW_AT(2), true);
	if (!tells) {
		assert_events(KW_RECLAIMED);
		return;
	}
	if (profile[0] == '5')
		assert_events(KW_CHANGED);
	else
		assert_events(KW_RECLAIMED, KW_CHANGED);
	change = kw_change();
	assert_int_equal(change.gfn, KW_GFN + 2);
	assert_int_equal(change.npages, 1);
	assert_int_equal(change.pfn, kw_pfn(KW_AT(2)));
	assert_true(change.writable);
	assert_true(change.mmu_lock);
	assert_false(change.mapped);
}

static void copy_tells_its_entry_before_6_10(void **state)
{
	copy_tells_its_entry("5.17", true);
	copy_tells_its_entry("6.1", true);
	copy_tells_its_entry("6.12", false);
}

/* H.29: slots are looked for while a window that hit one is open, whosever. */
static void change_pte_looks_for_slots_in_open_windows(void **state)
{
	build_as(&(struct kw_machine){ .profile = "6.1", .sev = true });
	assert_int_equal(kw_slot(0, KW_GFN, 4, 4), 0);
	kw_window_open(KW_AT(0), KW_AT(1));
	kw_forget();
	kw_change_pte(KW_AT(0), 1);
	kw_change_pte(KW_AT(4), 1);
	assert_no_events();
	kw_window_open(KW_AT(5), KW_AT(6));
	kw_forget();
	kw_change_pte(KW_AT(0), 1);
	assert_no_events();
	kw_change_pte(KW_AT(4), 1);
	assert_events(KW_CHANGED);
	assert_false(kw_change().writable);
	kw_window_close(KW_AT(5), KW_AT(6));
	kw_window_close(KW_AT(0), KW_AT(1));
}

/* --- races --- */

struct race {
	void (*look)(void);	/* at the end of each execution */
	struct sim_dfs dfs;
	unsigned int bad;	/* ended otherwise than by running out of tasks */
};

/* What the executions of the running test came to. */
static struct {
	unsigned int valid, invalid, none, seq0, seq1;
} seen;

static bool done(struct sim_dfs *dfs, enum sim_end end)
{
	struct race *r = (struct race *)((char *)dfs - offsetof(struct race, dfs));

	if (end != SIM_END_DONE)
		r->bad++;
	else
		r->look();
	return false;
}

static void explore(void (*look)(void), uint64_t max)
{
	struct race r = {
		.look = look,
		.dfs = {
			.done = done,
			.max_steps = 1000,
			.max_executions = max,
			.verify_rollback = true,
			.verify_executions = 100,
		},
	};

	seen.valid = seen.invalid = seen.none = seen.seq0 = seen.seq1 = 0;
	sim_dfs_run(&r.dfs);
	assert_int_equal(r.bad, 0);
	assert_int_equal(r.dfs.bounded, 0);
	assert_int_equal(r.dfs.complete, !max);
}

/* Whoever came first, the window's two ends saw the same slots. */
static void look_at_window(void)
{
	struct probe_vm v = vm();

	assert_int_equal(v.active_invalidates, 0);
	assert_int_equal(v.invalidate_in_progress, 0);
	assert_false(v.bugged);
	assert_true(v.invalidate_seq <= 1);
	seen.seq0 += v.invalidate_seq == 0;
	seen.seq1 += v.invalidate_seq == 1;
	assert_int_equal(kw_result(0).ret, 0);
	assert_true(kw_result(0).done);
	assert_true(kw_result(1).done);
}

static void create_against_window_every_schedule_is_balanced(void **state)
{
	build();
	assert_int_equal(kw_seq(), 0);
	kw_task(0, KW_OP_CREATE);
	kw_task(1, KW_OP_WINDOW);
	explore(look_at_window, 0);
	assert_true(seen.seq0 > 0);
	assert_true(seen.seq1 > 0);
}

/* Two preemptions, at the @first-th and the @second-th choice. */
struct two_switches {
	struct sim_strategy strategy;
	unsigned int first, second, asked;
};

static int choose_switch(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			 const char *tag)
{
	struct two_switches *s = (struct two_switches *)self;
	unsigned int at = s->asked++;

	return at == s->first || at == s->second;
}

static unsigned int run_two_switches(unsigned int first, unsigned int second)
{
	struct two_switches s = {
		.strategy = { choose_switch },
		.first = first,
		.second = second,
	};
	struct sim_exec exec = { .strategy = &s.strategy, .max_steps = 1000, .last = -1 };

	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
	look_at_window();
	assert_int_equal(vm().nr_slots, 0);
	return s.asked;
}

/* Too many schedules to walk them all: those of at most two preemptions. */
static void delete_against_window_any_two_preemptions_are_balanced(void **state)
{
	struct sim_exec start = { .max_steps = 1000, .last = -1 };
	unsigned int first, second, asked = 1;
	struct sim_marked_world world;

	seen.seq0 = seen.seq1 = 0;
	build_slot("6.12");
	assert_int_equal(kw_seq(), 0);
	kw_task(0, KW_OP_DELETE);
	kw_task(1, KW_OP_WINDOW);
	assert_int_equal(sim_exec_start(&start), SIM_END_DONE);
	sim_marked_world_take(&world, true);
	for (first = 0; first <= asked; first++) {
		asked = 1;
		for (second = first + 1; second <= asked + 1; second++) {
			asked = run_two_switches(first, second);
			sim_marked_world_return(&world);
		}
	}
	sim_marked_world_free(&world);
	assert_true(seen.seq0 > 0);
	assert_true(seen.seq1 > 0);
}

static void look_at_reader(void)
{
	struct kw_result r = kw_result(1);

	assert_int_equal(kw_result(0).ret, 0);
	if (r.saw_slot)
		assert_int_equal(r.ret, KW_PAGES);
	seen.valid += r.saw_slot && !r.saw_invalid;
	seen.invalid += r.saw_slot && r.saw_invalid;
	seen.none += !r.saw_slot;
}

/* A freed slot would end an execution with use-after-free. */
static void flags_against_reader_every_schedule_keeps_slot_alive(void **state)
{
	build_slot("6.12");
	kw_task(0, KW_OP_FLAGS);
	kw_task(1, KW_OP_READER);
	explore(look_at_reader, 0);
	assert_true(seen.valid > 0);
	assert_int_equal(seen.invalid, 0);
	assert_int_equal(seen.none, 0);
}

static void delete_against_reader_every_schedule_keeps_slot_alive(void **state)
{
	build_slot("6.12");
	kw_task(0, KW_OP_DELETE);
	kw_task(1, KW_OP_READER);
	explore(look_at_reader, 0);
	assert_true(seen.valid > 0);
	assert_true(seen.invalid > 0);
	assert_true(seen.none > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(window_over_slot_raises_counts_and_lowers_them),
		ROLLED(sequence_rises_once_for_all_that_were_told_it),
		ROLLED(window_beside_slots_only_counts_itself),
		ROLLED(window_over_two_slots_locks_once),
		ROLLED(retry_in_window_by_range_after_it_by_sequence),
		ROLLED(windows_that_overlap_in_time_merge_until_none_is_open),
		ROLLED(retry_without_lock_only_on_612),
		ROLLED(migration_of_slot_memory_opens_window),
		ROLLED(copy_tells_its_entry_before_6_10),
		ROLLED(change_pte_looks_for_slots_in_open_windows),
		ROLLED(create_against_window_every_schedule_is_balanced),
		ROLLED(delete_against_window_any_two_preemptions_are_balanced),
		ROLLED(flags_against_reader_every_schedule_keeps_slot_alive),
		ROLLED(delete_against_reader_every_schedule_keeps_slot_alive),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
