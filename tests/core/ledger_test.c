/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger's rules: whose reference a put drops, and what outlives a hook.
 */
#include "sim/core/alloc.h"
#include "sim/core/step.h"
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
	refs = &all_build(1, SIM_MUTEX)->refs;
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
	uint32_t cursor = 0, n = 0, units = 0, i;
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
		REF_TEST(ref_ledger_is_rolled_back),
		REF_TEST(scope_owner_is_the_innermost),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
