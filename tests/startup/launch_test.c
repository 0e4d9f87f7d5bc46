/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Launches of guests: what is counted is what was done.  Demand designs' do not go by
 * the guest's size, eager ones' go by nothing else; and records that designs keep
 * themselves come to the same as the ledger's sums.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fakes/profile.h"
#include "pin/probe.h"
#include "sim/engine/arena.h"
#include "sim/startup/startup.h"

#define MIB		(1ULL << 20)
#define GIB		(1ULL << 30)
#define PAGES(bytes)	((bytes) / STARTUP_PAGE_SIZE)
#define FIRMWARE	PAGES(STARTUP_FIRMWARE)
#define MAX_DESIGNS	32

static struct startup_point point(const char *design, uint64_t memory)
{
	return (struct startup_point){ .memory = memory, .design = design,
				       .profile = kernel_profile_find("6.12") };
}

static struct startup_result launched(const struct startup_point *p)
{
	struct startup_result r;

	assert_int_equal(startup_launch(p, &r), 0);
	return r;
}

/* All goes well. */
static struct startup_result launched_well(const struct startup_point *p)
{
	struct startup_result r = launched(p);

	if (r.err)
		fail_msg("%s: %s: %d", p->design, r.at, r.err);
	return r;
}

static bool design_name(unsigned int i, char name[64])
{
	const struct pin_design_info *info = pin_design_nth(i);

	if (info)
		snprintf(name, 64, "%s%s%s", info->name, *info->options ? ":" : "",
			 info->options);
	return info;
}

/* Pins that the design of the launch that was last believes to have. */
static uint64_t records(void)
{
	const struct pin_probe *probe = pin_probe_of(0);
	struct pin_record record;
	uint64_t cursor = 0, n = 0;

	while (probe->next(0, &cursor, &record))
		n++;
	return n;
}

static void test_slots_are_those_of_qemu(void **state)
{
	struct startup_slot s[STARTUP_MAX_SLOTS];
	struct startup_point p = point("eager", 64 * MIB);

	assert_int_equal(startup_slots(&p, s), 2);
	assert_int_equal(s[0].gfn, 0);
	assert_int_equal(s[0].pages, PAGES(64 * MIB));
	assert_true(s[1].firmware);
	assert_int_equal(s[1].gfn + s[1].pages, PAGES(4 * GIB));
	p.memory = 1024 * GIB;
	assert_int_equal(startup_slots(&p, s), 3);
	assert_int_equal(s[0].pages, PAGES(2 * GIB));
	assert_int_equal(s[1].gfn, PAGES(4 * GIB));
	assert_int_equal(s[1].pages, PAGES(1022 * GIB));
	assert_int_equal(s[1].offset, 2 * GIB);
	p.one_slot = true;
	assert_int_equal(startup_slots(&p, s), 2);
	assert_int_equal(s[0].pages, PAGES(1024 * GIB));
}

/* What is done by a launch, but the size of arrays, which is the design's own affair. */
static void assert_same_work(const char *design, const struct startup_counts *a,
			     const struct startup_counts *b)
{
	if (a->pinned != b->pinned || a->held != b->held || a->taken != b->taken ||
	    a->migrated != b->migrated || a->flushed != b->flushed || a->wbinvd != b->wbinvd ||
	    a->notifier_calls != b->notifier_calls || a->charged != b->charged ||
	    a->steps != b->steps || a->lock.steps != b->lock.steps)
		fail_msg("%s: the launch goes by the size", design);
}

static void test_demand_is_constant(void **state)
{
	char name[64];
	unsigned int i, n = 0;

	for (i = 0; design_name(i, name); i++) {
		struct startup_point p = point(name, 4 * GIB);
		struct startup_result small, large;

		if (!strncmp(name, "eager", 5))
			continue;
		small = launched_well(&p);
		p.memory = 1024 * GIB;
		large = launched_well(&p);
		assert_same_work(name, &small.launched, &large.launched);
		assert_true(large.launched.pinned <= FIRMWARE);
		assert_true(large.touched.host_bytes < 64 * MIB);
		n++;
	}
	assert_int_equal(n, 8);
}

/* The square of the correlation of what was counted at three sizes. */
static double r_squared(const double x[3], const double y[3])
{
	double mx = (x[0] + x[1] + x[2]) / 3, my = (y[0] + y[1] + y[2]) / 3;
	double xy = 0, xx = 0, yy = 0;
	int i;

	for (i = 0; i < 3; i++) {
		xy += (x[i] - mx) * (y[i] - my);
		xx += (x[i] - mx) * (x[i] - mx);
		yy += (y[i] - my) * (y[i] - my);
	}
	return xy * xy / (xx * yy);
}

static void test_eager_is_linear(void **state)
{
	static const char *const designs[] = { "eager", "eager-longterm", "eager-longterm:write" };
	static const uint64_t mib[] = { 16, 32, 128 };
	double x[3], y[3];
	unsigned int d, i;

	for (d = 0; d < 3; d++) {
		for (i = 0; i < 3; i++) {
			struct startup_point p = point(designs[d], mib[i] * MIB);
			struct startup_result r = launched_well(&p);
			uint64_t all = PAGES(p.memory) + FIRMWARE;

			assert_int_equal(r.launched.pinned, all);
			assert_int_equal(r.launched.held, all);
			assert_int_equal(r.launched.charged, all);
			assert_int_equal(records(), all);
			x[i] = (double)mib[i];
			y[i] = (double)r.launched.steps;
		}
		assert_true(r_squared(x, y) > 0.999);
	}
}

static void test_touching_pins_what_is_touched(void **state)
{
	static const char *const designs[] = { "demand-ref", "demand-late", "demand-double",
					       "demand-takeover", "demand-sound" };
	unsigned int d;

	for (d = 0; d < 5; d++) {
		struct startup_point p = point(designs[d], 16 * MIB);
		struct startup_result r;

		p.touch = 0.25;
		r = launched_well(&p);
		assert_int_equal(r.touched.faults, 1024);
		assert_int_equal(r.touched.pinned - r.launched.pinned, 1024);
		assert_int_equal(records(), r.touched.pinned);
	}
}

static void test_metadata_of_rfc_v0(void **state)
{
	struct startup_point p = point("demand-ref", 64 * MIB);
	struct startup_result r = launched_well(&p);

	/* A page frame and a whole word of bitmap for each page (hazards 1.3). */
	assert_int_equal(r.launched.metadata, 16 * (PAGES(64 * MIB) + FIRMWARE));
}

static void test_one_slot_of_a_tebibyte_is_refused(void **state)
{
	struct startup_point p = point("demand-ref", 1024 * GIB);
	struct startup_result r;

	p.one_slot = true;
	r = launched(&p);
	assert_int_equal(r.err, -ENOMEM);
	assert_string_equal(r.at, "memslot 0");
	assert_non_null(strstr(r.why, "2147483648 bytes"));
	assert_int_equal(r.launched.metadata, 0);
	/* A page less is not too much. */
	p.memory -= 4 * MIB;
	launched_well(&p);
}

static void test_what_lies_badly_moves(void **state)
{
	struct startup_point p = point("eager-longterm", 16 * MIB);
	struct startup_result r;

	for (p.layout = STARTUP_MOVABLE; p.layout <= STARTUP_CMA; p.layout++) {
		p.prealloc = true;
		p.design = "eager-longterm";
		r = launched_well(&p);
		assert_int_equal(r.launched.migrated, PAGES(p.memory));
		p.design = "eager";
		r = launched_well(&p);
		assert_int_equal(r.launched.migrated, 0);
		/* Not there before it is pinned: it never lies there. */
		p.prealloc = false;
		p.design = "eager-longterm";
		r = launched_well(&p);
		assert_int_equal(r.launched.migrated, 0);
	}
}

static void test_a_launch_that_hangs_is_told(void **state)
{
	struct startup_point p = point("demand-late:in-map", 16 * MIB);
	struct startup_result r;

	p.layout = STARTUP_MOVABLE;
	p.prealloc = true;
	p.touch = 0.5;
	r = launched(&p);
	assert_int_equal(r.err, -EDEADLK);
	assert_string_equal(r.at, "guest");
	assert_int_equal(r.touched.faults, 0);
	/* And the next one is not the worse for it. */
	p.design = "demand-sound";
	r = launched_well(&p);
	assert_int_equal(r.touched.faults, 2048);
}

static void test_again_it_is_the_same(void **state)
{
	struct startup_point p = point("demand-sound", 16 * MIB);
	struct startup_result a, b;

	p.touch = 0.5;
	a = launched_well(&p);
	b = launched_well(&p);
	assert_same_work(p.design, &a.launched, &b.launched);
	assert_same_work(p.design, &a.touched, &b.touched);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slots_are_those_of_qemu),
		cmocka_unit_test(test_demand_is_constant),
		cmocka_unit_test(test_eager_is_linear),
		cmocka_unit_test(test_touching_pins_what_is_touched),
		cmocka_unit_test(test_metadata_of_rfc_v0),
		cmocka_unit_test(test_one_slot_of_a_tebibyte_is_refused),
		cmocka_unit_test(test_what_lies_badly_moves),
		cmocka_unit_test(test_a_launch_that_hangs_is_told),
		cmocka_unit_test(test_again_it_is_the_same),
	};
	int ret;

	if (sim_arena_map())
		return 1;
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	sim_arena_unmap();
	return ret;
}
