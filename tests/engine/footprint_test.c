/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Footprints: what is recorded of what world-side code touches.
 */
#include <string.h>

#include "sim/core/task.h"
#include "sim/engine/arena.h"
#include "sim/engine/fiber.h"
#include "sim/engine/footprint.h"
#include "sim/engine/undo.h"
#include "tests/engine/store_world.h"
#include "tests/rolled.h"

static int build(void **state)
{
	static void *room;

	if (rolled_build()) {
		room = store_build(true);
		rolled_mark();
	}
	*state = room;
	sim_footprint_on(true);
	return 0;
}

static int stop(void **state)
{
	sim_footprint_on(false);
	return 0;
}

/* How often the footprint has exactly this access, whose word is @p's. */
static unsigned int count(const void *p, unsigned int bytes,
			  enum sim_access_kind kind)
{
	sim_access_t want = SIM_ACCESS(p, bytes, kind);
	const sim_access_t *foot;
	unsigned int found = 0;
	size_t n, i;

	foot = sim_footprint(&n);
	for (i = 0; i < n; i++)
		found += foot[i] == want;
	return found;
}

static size_t length(void)
{
	size_t n;

	sim_footprint(&n);
	return n;
}

static void footprint_of_plain_accesses_names_words_and_bytes(void **state)
{
	uint64_t *room = *state;

	load_one(&room[3]);
	store_one(&room[4]);
	store_through((char *)&room[5] + 4);
	assert_int_equal(length(), 3);
	assert_int_equal(count(&room[3], 0xff, SIM_ACCESS_READ), 1);
	assert_int_equal(count(&room[4], 0xff, SIM_ACCESS_WRITE), 1);
	assert_int_equal(count(&room[5], 0xf0, SIM_ACCESS_WRITE), 1);
}

static void footprint_of_ranges_has_their_words(void **state)
{
	uint64_t *room = *state;

	store_range(room, 24);
	assert_int_equal(length(), 3);
	store_range(room, 24);
	assert_int_equal(length(), 6);
	assert_int_equal(count(&room[2], 0xff, SIM_ACCESS_WRITE), 2);
	sim_footprint_clear();
	store_range((char *)room + 5, 12);
	assert_int_equal(length(), 3);
	assert_int_equal(count(&room[0], 0xe0, SIM_ACCESS_WRITE), 1);
	assert_int_equal(count(&room[1], 0xff, SIM_ACCESS_WRITE), 1);
	assert_int_equal(count(&room[2], 0x01, SIM_ACCESS_WRITE), 1);
	sim_footprint_clear();
	store_range((char *)room + 2, 3);
	assert_int_equal(length(), 1);
	assert_int_equal(count(&room[0], 0x1c, SIM_ACCESS_WRITE), 1);
	sim_footprint_clear();
	sim_zero_words(room, 4);
	assert_int_equal(length(), 4);
}

/*
 * A word that came to differ is in the footprint as written, in whichever way
 * it was stored to.
 */
static void footprint_misses_no_way_to_store(void **state)
{
	uint64_t *room = *state;
	uint64_t before[STORE_BYTES / 8];
	size_t i, k, n, changed = 0;

	for (i = 0; i < store_nr_ways; i++) {
		const sim_access_t *foot;

		memcpy(before, room, STORE_BYTES);
		sim_footprint_clear();
		store_ways[i].fn(room);
		foot = sim_footprint(&n);
		for (k = 0; k < STORE_BYTES / 8; k++) {
			size_t a;

			if (before[k] == room[k])
				continue;
			changed++;
			for (a = 0; a < n; a++) {
				if (SIM_ACCESS_ADDR(foot[a]) == (uint64_t)&room[k] &&
				    SIM_ACCESS_KIND(foot[a]) == SIM_ACCESS_WRITE)
					break;
			}
			if (a == n)
				fail_msg("%s: word %zu is not in its footprint",
					 store_ways[i].name, k);
		}
	}
	assert_true(changed > 100);
}

static void footprint_leaves_the_host_stack_out(void **state)
{
	uint64_t local = 0;

	store_on_stack();
	store_one(&local);
	load_one(&local);
	assert_int_equal(length(), 0);
	store_statics();
	assert_true(length() >= 2);
}

static void footprint_off_records_nothing(void **state)
{
	uint64_t *room = *state;
	uint64_t logged;

	store_one(room);
	assert_int_equal(length(), 1);
	sim_footprint_on(false);
	logged = sim_undo_stores();
	store_one(room);
	sim_touch(room, SIM_ACCESS_WRITE);
	assert_int_equal(length(), 0);
	assert_int_equal(sim_undo_stores(), logged + 1);
	sim_footprint_on(true);
	assert_int_equal(length(), 0);
}

static void footprint_of_a_step_has_other_stacks_only(void **state)
{
	const sim_access_t *foot;
	uint64_t on_stacks = 0, lo, hi;
	size_t n, i;

	assert_int_equal(sim_task_create("lender", 0, store_lend, NULL), 0);
	assert_int_equal(sim_task_create("borrower", 1, store_borrow, NULL), 1);
	sim_footprint_clear();
	sim_fiber_resume(0);
	sim_fiber_resume(1);
	sim_fiber_live(0, &lo, &hi);
	foot = sim_footprint(&n);
	for (i = 0; i < n; i++)
		on_stacks += SIM_ACCESS_ADDR(foot[i]) >= sim_area_base(SIM_AREA_STACKS) &&
			     SIM_ACCESS_ADDR(foot[i]) < sim_area_base(SIM_AREA_STACKS + 1);
	assert_int_equal(on_stacks, 0);
	sim_footprint_clear();
	sim_fiber_resume(1);
	foot = sim_footprint(&n);
	for (i = 0; i < n; i++) {
		if (SIM_ACCESS_ADDR(foot[i]) < lo || SIM_ACCESS_ADDR(foot[i]) >= hi)
			continue;
		on_stacks |= 1 << SIM_ACCESS_KIND(foot[i]);
	}
	/* A read before it may be left out. */
	assert_true(on_stacks & 1 << SIM_ACCESS_WRITE);
}

static void footprint_of_a_touch_is_what_it_says(void **state)
{
	uint64_t *room = *state;

	sim_touch(&room[1], SIM_ACCESS_ACQUIRE);
	sim_touch((char *)&room[1] + 4, SIM_ACCESS_RELEASE);
	assert_int_equal(length(), 2);
	assert_int_equal(count(&room[1], 0xff, SIM_ACCESS_ACQUIRE), 1);
	assert_int_equal(count(&room[1], 0xff, SIM_ACCESS_RELEASE), 1);
}

static void declare_puts_add_in_place_of_what_was_recorded(void **state)
{
	uint64_t *room = *state;
	const void *words[] = { &room[2], (char *)&room[3] + 4, &room[4] };

	load_one(&room[2]);
	sim_declare_begin(words, 3);
	load_one(&room[2]);
	store_one(&room[2]);
	store_through((char *)&room[3] + 4);
	sim_declare_end();
	store_one(&room[2]);
	assert_int_equal(length(), 5);
	assert_int_equal(count(&room[2], 0xff, SIM_ACCESS_READ), 1);
	assert_int_equal(count(&room[2], 0xff, SIM_ACCESS_ADD), 1);
	assert_int_equal(count(&room[2], 0xff, SIM_ACCESS_WRITE), 1);
	assert_int_equal(count(&room[3], 0xf0, SIM_ACCESS_ADD), 1);
	assert_int_equal(count(&room[4], 0xff, SIM_ACCESS_ADD), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(footprint_of_plain_accesses_names_words_and_bytes,
		       .setup = build, .leave = stop),
		ROLLED(footprint_of_ranges_has_their_words,
		       .setup = build, .leave = stop),
		ROLLED(footprint_misses_no_way_to_store,
		       .setup = build, .leave = stop),
		ROLLED(footprint_leaves_the_host_stack_out,
		       .setup = build, .leave = stop),
		ROLLED(footprint_off_records_nothing,
		       .setup = build, .leave = stop),
		ROLLED(footprint_of_a_step_has_other_stacks_only,
		       .setup = build, .leave = stop),
		ROLLED(footprint_of_a_touch_is_what_it_says,
		       .setup = build, .leave = stop),
		ROLLED(declare_puts_add_in_place_of_what_was_recorded,
		       .setup = build, .leave = stop),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
