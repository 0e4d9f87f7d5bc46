/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger's rules: whose reference a put drops, and what outlives a hook.
 */
#include "sim/core/alloc.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/engine/undo.h"
#include "sim/engine/verify.h"
#include "tests/core/explore_all.h"

#define OBJ	SIM_OBJ(SIM_CLASS_ROOMS, 9)
#define GET	1
#define PIN	2
#define FAULT	SIM_OWNER(1, 1)
#define SLOT	SIM_OWNER(2, 1)
#define SLOT2	SIM_OWNER(2, 2)

static struct sim_refs *refs;

static int build(void **state)
{
	refs = &all_build(4, SIM_MUTEX)->refs;
	sim_pulse_trace(true);
	return 0;
}

static size_t noted(enum sim_verb verb)
{
	const struct sim_record *recs;
	size_t n, i, found = 0;

	recs = sim_pulse_all(&n);
	for (i = 0; i < n; i++)
		found += recs[i].verb == verb;
	return found;
}

static void take_as(sim_owner_t owner, bool hook, uint8_t kind, uint32_t n)
{
	sim_scope_open(owner, hook);
	sim_ref_take(refs, OBJ, kind, n, "take");
	sim_scope_close();
}

static uint32_t drop_as(sim_owner_t owner, bool hook, uint8_t kind, uint32_t n)
{
	uint32_t r;

	sim_scope_open(owner, hook);
	r = sim_ref_drop(refs, OBJ, kind, n, "drop");
	sim_scope_close();
	return r;
}

static void ref_drop_takes_its_own_scopes_entries_first(void **state)
{
	take_as(SLOT, true, GET, 1);
	take_as(FAULT, false, GET, 1);
	assert_int_equal(drop_as(FAULT, false, GET, 1), 1);
	assert_int_equal(sim_ref_count_owner(refs, GET, FAULT), 0);
	assert_int_equal(sim_ref_count_owner(refs, GET, SLOT), 1);
	assert_int_equal(noted(SIM_X_OWNER), 0);
}

static void ref_drop_takes_the_oldest_next(void **state)
{
	struct sim_ref_info info;

	take_as(FAULT, false, GET, 1);
	take_as(SLOT, false, GET, 1);
	assert_int_equal(drop_as(SLOT2, false, GET, 1), 1);
	assert_true(sim_ref_entry(refs, 0, &info));
	assert_int_equal(info.owner, SLOT);
	assert_false(sim_ref_entry(refs, 1, &info));
}

static void ref_drop_of_another_hooks_only_entry_is_an_owner_mismatch(void **state)
{
	take_as(SLOT, true, GET, 1);
	assert_int_equal(drop_as(FAULT, false, GET, 1), 1);
	assert_int_equal(noted(SIM_X_OWNER), 1);
	take_as(SLOT, true, PIN, 1);
	assert_int_equal(drop_as(SLOT2, true, PIN, 1), 1);
	assert_int_equal(noted(SIM_X_OWNER), 2);
}

static void ref_drop_by_the_same_owner_later_is_silent(void **state)
{
	take_as(SLOT, true, PIN, 1);
	assert_int_equal(drop_as(SLOT, true, PIN, 1), 1);
	assert_int_equal(noted(SIM_X_OWNER), 0);
	assert_int_equal(sim_ref_count(refs, PIN), 0);
}

static void ref_drop_that_is_ambiguous_never_is_a_mismatch(void **state)
{
	/* Two hooks: which one lost it cannot be said. */
	take_as(SLOT, true, GET, 1);
	take_as(SLOT2, true, GET, 1);
	assert_int_equal(drop_as(FAULT, false, GET, 1), 1);
	assert_int_equal(noted(SIM_X_OWNER), 0);
	/* A hook and somebody who is none. */
	build(NULL);
	take_as(SLOT, true, GET, 1);
	take_as(FAULT, false, GET, 1);
	assert_int_equal(drop_as(SLOT2, false, GET, 1), 1);
	assert_int_equal(noted(SIM_X_OWNER), 0);
}

static void ref_drop_of_a_plain_scopes_entry_is_silent(void **state)
{
	take_as(FAULT, false, GET, 1);
	assert_int_equal(drop_as(SLOT, true, GET, 1), 1);
	assert_int_equal(noted(SIM_X_OWNER), 0);
}

static void ref_drop_of_what_nobody_holds_returns_less(void **state)
{
	struct sim_ref_info info;

	take_as(FAULT, false, GET, 2);
	assert_int_equal(drop_as(FAULT, false, PIN, 1), 0);
	assert_int_equal(drop_as(FAULT, false, GET, 5), 2);
	assert_int_equal(drop_as(FAULT, false, GET, 1), 0);
	assert_false(sim_ref_entry(refs, 0, &info));
}

static void ref_taken_in_a_hook_that_ended_is_long_lived(void **state)
{
	struct sim_ref_info info;

	sim_scope_open(SLOT, true);
	sim_ref_take(refs, OBJ, PIN, 3, "hook");
	assert_true(sim_ref_entry(refs, 0, &info));
	assert_false(info.long_lived);
	assert_int_equal(sim_ref_drop(refs, OBJ, PIN, 1, "hook"), 1);
	sim_scope_close();
	assert_true(sim_ref_entry(refs, 0, &info));
	assert_true(info.long_lived);
	assert_int_equal(info.count, 2);
	assert_int_equal(info.owner, SLOT);
	assert_int_equal(noted(SIM_OUTLIVED), 1);
}

static void ref_with_a_mark_stays_apart(void **state)
{
	struct sim_ref_info info;

	sim_scope_open(SLOT, true);
	sim_ref_take(refs, OBJ, PIN, 1, "hook");
	sim_ref_take_marked(refs, OBJ, PIN, 2, "hook");
	sim_ref_take_marked(refs, OBJ, PIN, 1, "hook");
	sim_ref_take(refs, OBJ, PIN, 1, "hook");
	assert_true(sim_ref_entry(refs, 0, &info));
	assert_false(info.marked);
	assert_int_equal(info.count, 1);
	assert_true(sim_ref_entry(refs, 1, &info));
	assert_true(info.marked);
	assert_int_equal(info.count, 3);
	/* What becomes another kind keeps it. */
	assert_int_equal(sim_ref_drop(refs, OBJ, PIN, 1, "hook"), 1);
	assert_true(sim_ref_convert(refs, OBJ, PIN, GET, 1, "convert"));
	assert_true(sim_ref_entry(refs, 0, &info));
	assert_true(info.marked && info.kind == GET && info.count == 1);
	assert_int_equal(sim_ref_drop(refs, OBJ, GET, 1, "hook"), 1);
	assert_int_equal(sim_ref_drop(refs, OBJ, PIN, 3, "hook"), 3);
	/* And who comes to its place has none. */
	sim_ref_take(refs, OBJ, PIN, 1, "hook");
	assert_true(sim_ref_entry(refs, 0, &info));
	assert_false(info.marked);
	sim_ref_drop(refs, OBJ, PIN, 1, "hook");
	sim_scope_close();
}

static void ref_balanced_in_a_hook_is_not_noted(void **state)
{
	sim_scope_open(SLOT, true);
	sim_ref_take(refs, OBJ, GET, 2, "hook");
	sim_ref_drop(refs, OBJ, GET, 2, "hook");
	sim_scope_close();
	assert_int_equal(noted(SIM_OUTLIVED), 0);
}

static void ref_of_a_scope_inside_a_hook_is_not_the_hooks(void **state)
{
	struct sim_ref_info info;

	sim_scope_open(SLOT, true);
	sim_scope_open(FAULT, false);
	sim_ref_take(refs, OBJ, GET, 1, "inner");
	sim_scope_close();
	assert_true(sim_ref_entry(refs, 0, &info));
	assert_int_equal(info.owner, FAULT);
	assert_int_not_equal(info.hook, 0);
	sim_scope_close();
	assert_true(sim_ref_entry(refs, 0, &info));
	assert_false(info.long_lived);
}

static void ref_convert_keeps_age_owner_and_number(void **state)
{
	struct sim_ref_info info;

	take_as(FAULT, false, GET, 1);
	take_as(SLOT, true, PIN, 3);
	sim_scope_open(SLOT, true);
	assert_true(sim_ref_convert(refs, OBJ, PIN, GET, 2, "convert"));
	sim_scope_close();
	assert_int_equal(sim_ref_count(refs, PIN), 1);
	assert_int_equal(sim_ref_count(refs, GET), 3);
	assert_int_equal(sim_ref_count_owner(refs, GET, SLOT), 2);
	assert_false(sim_ref_convert(refs, OBJ, PIN, GET, 2, "too many"));
	assert_int_equal(sim_ref_count(refs, PIN), 1);
	assert_true(sim_ref_entry(refs, 1, &info));
	assert_true(info.long_lived);
	assert_string_equal(info.site, "take");
}

static void ref_next_visits_every_entry_once(void **state)
{
	uint64_t cursor = 0;
	uint32_t n = 0, units = 0, i;
	struct sim_ref_info info;
	struct sim_refs *many;
	sim_obj_t obj;

	many = sim_alloc(300 * sizeof(*many));
	for (i = 0; i < 300; i++)
		sim_ref_take(&many[i], SIM_OBJ(SIM_CLASS_ROOMS, i), GET, i + 1, "many");
	for (i = 0; i < 300; i += 2)
		sim_ref_drop(&many[i], SIM_OBJ(SIM_CLASS_ROOMS, i), GET, i + 1, "many");
	while (sim_ref_next(&cursor, &obj, &info)) {
		assert_int_equal(SIM_OBJ_ID(obj) % 2, 1);
		assert_int_equal(info.count, SIM_OBJ_ID(obj) + 1);
		n++;
		units += info.count;
	}
	assert_int_equal(n, 150);
	assert_int_equal(units, 2 * (150 * 151 / 2));
}

/* ---- runs ---- */

#define RUN	200
#define FIRST(alone)	SIM_OBJ(SIM_CLASS_ROOMS, (alone) ? 1000 : 100)

/* The same is done to two arrays: to one as a run, to one object by object. */
static struct scene_object *both[2];

static void build_both(void)
{
	int k;

	for (k = 0; k < 2; k++)
		both[k] = sim_alloc(RUN * sizeof(**both));
}

static void take_range(bool alone, uint32_t from, uint32_t nr, uint8_t kind, uint32_t n)
{
	uint32_t i;

	if (!alone)
		sim_ref_take_run(&both[0][from].refs, FIRST(0) + from, nr, kind, n, "range");
	for (i = from; alone && i < from + nr; i++)
		sim_ref_take(&both[1][i].refs, FIRST(1) + i, kind, n, "range");
}

static void assert_same_info(const struct sim_ref_info *a, const struct sim_ref_info *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->long_lived, b->long_lived);
	assert_int_equal(a->task, b->task);
	assert_int_equal(a->owner, b->owner);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->marked, b->marked);
	assert_int_equal(a->time, b->time);
	assert_string_equal(a->site, b->site);
}

/* Nobody who asks can tell them apart. */
static void assert_both_alike(void)
{
	uint64_t cursor[2] = { 0, 0 };
	struct sim_ref_info info[2];
	sim_obj_t obj[2];
	uint32_t i, k, n = 0, more;

	for (i = 0; i < RUN; i++) {
		for (k = 0; sim_ref_entry(&both[0][i].refs, k, &info[0]); k++, n++) {
			assert_true(sim_ref_entry(&both[1][i].refs, k, &info[1]));
			assert_same_info(&info[0], &info[1]);
		}
		assert_false(sim_ref_entry(&both[1][i].refs, k, &info[1]));
	}
	/* The whole ledger: first comes what lies first. */
	while (sim_ref_next(&cursor[1], &obj[1], &info[1]) && obj[1] < FIRST(1))
		;
	for (more = n; more; more--) {
		assert_true(sim_ref_next(&cursor[0], &obj[0], &info[0]));
		assert_int_equal(obj[0] - FIRST(0), obj[1] - FIRST(1));
		assert_same_info(&info[0], &info[1]);
		assert_int_equal(sim_ref_next(&cursor[1], &obj[1], &info[1]), more > 1);
	}
}

/* Something, to one object or to a range of them. Return: what came of it. */
static uint32_t change(bool alone, uint32_t what, uint32_t i, uint32_t nr)
{
	struct sim_refs *r = &both[alone][i].refs;
	sim_obj_t obj = FIRST(alone) + i;

	switch (what) {
	case 0:
		take_range(alone, i, nr, GET, 1 + i % 2);
		return 0;
	case 1:
		sim_ref_take(r, obj, PIN, 1, "one");
		return 0;
	case 2:
		return sim_ref_convert(r, obj, GET, PIN, 1, "convert");
	case 3:
		sim_ref_reown(r, SLOT, SLOT2);
		return 0;
	default:
		return sim_ref_drop(r, obj, what & 1 ? GET : PIN, 1 + i % 3, "drop");
	}
}

static void run_is_as_if_each_had_been_taken_by_itself(void **state)
{
	const sim_owner_t owners[] = { FAULT, SLOT, SLOT2 };
	uint32_t draw = 1, step, k, ret[2];

	build_both();
	for (step = 0; step < 400; step++) {
		uint32_t what, i, nr, who;

		draw = draw * 1664525 + 1013904223;
		what = draw >> 24 & 7;
		i = (draw >> 8 & 0xffff) % RUN;
		nr = 1 + (draw >> 4 & 0xff) % (RUN - i);
		who = (draw >> 28) % 3;
		for (k = 0; k < 2; k++) {
			sim_scope_open(owners[who], who == 1);
			ret[k] = change(k, what, i, nr);
			sim_scope_close();
		}
		assert_int_equal(ret[0], ret[1]);
		assert_both_alike();
	}
}

static void run_may_be_dropped_from_its_middle_on(void **state)
{
	struct sim_ref_info info;
	uint32_t i;

	build_both();
	take_range(false, 0, RUN, GET, 1);
	assert_int_equal(sim_ref_drop(&both[0][70].refs, FIRST(0) + 70, GET, 1, "drop"), 1);
	assert_int_equal(sim_ref_count(&both[0][69].refs, GET), 1);
	assert_false(sim_ref_entry(&both[0][70].refs, 0, &info));
	assert_int_equal(sim_ref_count(&both[0][71].refs, GET), 1);
	/* Nobody has it: one that is given back twice is found. */
	assert_int_equal(sim_ref_drop(&both[0][70].refs, FIRST(0) + 70, GET, 1, "drop"), 0);
	for (i = 0; i < RUN; i++) {
		uint32_t had = i != 70;

		assert_int_equal(sim_ref_drop(&both[0][i].refs, FIRST(0) + i, GET, 1, "drop"), had);
	}
	for (i = 0; i < RUN; i++)
		assert_false(sim_ref_entry(&both[0][i].refs, 0, &info));
}

static void run_that_is_not_given_back_whole_is_found(void **state)
{
	struct sim_ref_info info;
	uint64_t cursor = 0;
	sim_obj_t obj;
	uint32_t i;

	build_both();
	take_range(false, 0, RUN, GET, 1);
	for (i = 0; i < RUN; i++)
		if (i != 70 && i != RUN - 1)
			sim_ref_drop(&both[0][i].refs, FIRST(0) + i, GET, 1, "drop");
	assert_true(sim_ref_next(&cursor, &obj, &info));
	assert_int_equal(obj, FIRST(0) + 70);
	assert_true(sim_ref_next(&cursor, &obj, &info));
	assert_int_equal(obj, FIRST(0) + RUN - 1);
	assert_false(sim_ref_next(&cursor, &obj, &info));
}

static void run_taken_in_a_hook_is_long_lived_as_a_whole(void **state)
{
	const struct sim_record *recs;
	uint64_t cursor = 0;
	struct sim_ref_info info;
	size_t n, i, outlived = 0;
	sim_obj_t obj;

	build_both();
	sim_scope_open(SLOT, true);
	take_range(false, 0, RUN, PIN, 1);
	sim_ref_drop(&both[0][5].refs, FIRST(0) + 5, PIN, 1, "drop");
	sim_scope_close();
	recs = sim_pulse_all(&n);
	for (i = 0; i < n; i++)
		if (recs[i].verb == SIM_OUTLIVED)
			outlived += recs[i].a;
	assert_int_equal(outlived, RUN - 1);
	for (i = 0; i < RUN - 1; i++)
		assert_true(sim_ref_next_long(&cursor, &obj, &info));
	assert_false(sim_ref_next_long(&cursor, &obj, &info));
}

static void run_is_rolled_back_whole_and_in_parts(void **state)
{
	struct sim_verify *v;
	struct sim_mark mark;
	char where[96];

	build_both();
	v = sim_verify_take();
	mark = sim_undo_mark();
	take_range(false, 0, RUN, GET, 1);
	sim_undo_to(mark);
	assert_false(sim_verify_differs(v, where, sizeof(where)));
	sim_verify_free(v);
	take_range(false, 0, RUN, GET, 1);
	v = sim_verify_take();
	mark = sim_undo_mark();
	change(false, 5, 70, 1);
	change(false, 1, 20, 1);
	take_range(false, 60, 20, GET, 1);
	sim_undo_to(mark);
	assert_false(sim_verify_differs(v, where, sizeof(where)));
	sim_verify_free(v);
	take_range(true, 0, RUN, GET, 1);
	assert_both_alike();
}

/* Two give parts of a run back, or one takes of it again: in any order. */
static void run_of_one_task_is_dropped_by_others_in_any_order(void **state)
{
	struct all all;

	build(NULL);
	assert_int_equal(sim_task_create("run", 0, scene_take_run, NULL), 0);
	assert_int_equal(sim_task_create("drop", 1, scene_drop_one, (void *)3), 1);
	assert_int_equal(sim_task_create("drop", 2, scene_drop_one, (void *)5), 2);
	assert_int_equal(sim_task_create("take", 3, scene_take_one, (void *)5), 3);
	all_run(&all);
	assert_true(all.ends[SIM_END_DONE] >= 24);
	assert_int_equal(all.wrong, 0);
}

static void ref_ledger_is_rolled_back(void **state)
{
	struct sim_verify *v;
	struct sim_mark mark;
	char where[96];

	take_as(SLOT, true, PIN, 3);
	v = sim_verify_take();
	mark = sim_undo_mark();
	take_as(FAULT, false, GET, 7);
	drop_as(FAULT, true, PIN, 2);
	sim_scope_open(SLOT, true);
	sim_ref_convert(refs, OBJ, PIN, GET, 1, "convert");
	sim_scope_close();
	sim_undo_to(mark);
	assert_false(sim_verify_differs(v, where, sizeof(where)));
	assert_int_equal(sim_ref_count(refs, PIN), 3);
	sim_verify_free(v);
}

static void scope_owner_is_the_innermost(void **state)
{
	assert_int_equal(sim_scope_owner(), 0);
	sim_scope_open(SLOT, true);
	assert_int_equal(sim_hooks_open(), 1);
	sim_scope_open(FAULT, false);
	assert_int_equal(sim_hooks_open(), 1);
	assert_int_equal(sim_scope_owner(), FAULT);
	sim_scope_close();
	assert_int_equal(sim_scope_owner(), SLOT);
	sim_scope_close();
	assert_int_equal(sim_scope_owner(), 0);
}

#define REF_TEST(f) ROLLED(f, .setup = build)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REF_TEST(ref_drop_takes_its_own_scopes_entries_first),
		REF_TEST(ref_drop_takes_the_oldest_next),
		REF_TEST(ref_drop_of_another_hooks_only_entry_is_an_owner_mismatch),
		REF_TEST(ref_drop_by_the_same_owner_later_is_silent),
		REF_TEST(ref_drop_that_is_ambiguous_never_is_a_mismatch),
		REF_TEST(ref_drop_of_a_plain_scopes_entry_is_silent),
		REF_TEST(ref_drop_of_what_nobody_holds_returns_less),
		REF_TEST(ref_taken_in_a_hook_that_ended_is_long_lived),
		REF_TEST(ref_with_a_mark_stays_apart),
		REF_TEST(ref_balanced_in_a_hook_is_not_noted),
		REF_TEST(ref_of_a_scope_inside_a_hook_is_not_the_hooks),
		REF_TEST(ref_convert_keeps_age_owner_and_number),
		REF_TEST(ref_next_visits_every_entry_once),
		REF_TEST(run_is_as_if_each_had_been_taken_by_itself),
		REF_TEST(run_may_be_dropped_from_its_middle_on),
		REF_TEST(run_that_is_not_given_back_whole_is_found),
		REF_TEST(run_taken_in_a_hook_is_long_lived_as_a_whole),
		REF_TEST(run_is_rolled_back_whole_and_in_parts),
		REF_TEST(run_of_one_task_is_dropped_by_others_in_any_order),
		REF_TEST(ref_ledger_is_rolled_back),
		REF_TEST(scope_owner_is_the_innermost),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
