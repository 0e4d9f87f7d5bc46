/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of pin.c with libpinsim and CMocka. With a file as its argument the
 * same is asked of that file: "pin_test pin_racy.c" shows what a failure is like.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pinsim/cmocka.h>

static const char *design = HERE "/pin.c";

/* Memory that has to move before it may be pinned: the fault starts there. */
static const char movable[] =
	"race from-movable\n"
	"\"Does the pin move the page to where it may stay?\"\n"
	"machine { cpus 1; zone normal 64M; zone movable 64M; cma 0; }\n"
	"process vmm { memlock 64M; map ram 8K anon in movable; }\n"
	"vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; register ram; }\n"
	"task vcpu0 on 0 { touch ram[..]; fault gfn 0x100 write; }\n";

static int set_up(void **state)
{
	struct pinsim *sim = pinsim_new();

	*state = sim;
	return sim ? 0 : -1;
}

static int tear_down(void **state)
{
	pinsim_free(*state);
	return 0;
}

static void two_vcpus(struct pinsim *sim, const char *code)
{
	pinsim_assert_done(sim, pinsim_race_file(sim, HERE "/two-vcpus.race"));
	pinsim_assert_done(sim, pinsim_design(sim, code));
}

/* ---- the code under test ---- */

static void pin_one_after_the_other_is_one_pin(void **state)
{
	struct pinsim *sim = *state;

	two_vcpus(sim, design);
	pinsim_assert_done(sim, pinsim_run(sim));
	pinsim_assert_holds(sim);
	pinsim_assert_value(sim, "vcpu1.fault", 0);
	pinsim_assert_value(sim, "pins(page(ram))", 1);
	/* One of the PTE, 1024 of the pin. */
	pinsim_assert_value(sim, "page(ram).refcount", 1025);
}

static void pin_any_schedule_is_one_pin(void **state)
{
	struct pinsim *sim = *state;
	int one;

	two_vcpus(sim, design);
	one = pinsim_watch(sim, "pins(page(ram)) == 1");
	pinsim_assert_done(sim, one);
	pinsim_assert_done(sim, pinsim_explore(sim));
	pinsim_assert_proven(sim);
	pinsim_assert_always(sim, one);
}

static void pin_of_movable_memory_moves_it(void **state)
{
	struct pinsim *sim = *state;

	pinsim_assert_done(sim, pinsim_race_text(sim, movable));
	pinsim_assert_done(sim, pinsim_design(sim, design));
	pinsim_assert_done(sim, pinsim_run(sim));
	pinsim_assert_holds(sim);
	pinsim_assert_true(sim, "page(ram[0]).zone == normal && moved(page(ram[0]))");
	pinsim_assert_true(sim, "page(ram[1]).zone == movable && pins(page(ram[1])) == 0");
}

/* ---- a fault that was planted: the tests above are able to fail ---- */

static void racy_is_not_seen_by_the_default_schedule(void **state)
{
	struct pinsim *sim = *state;

	two_vcpus(sim, HERE "/pin_racy.c");
	pinsim_assert_done(sim, pinsim_run(sim));
	pinsim_assert_holds(sim);
}

static void racy_is_seen_by_some_seed(void **state)
{
	struct pinsim *sim = *state;
	uint64_t seed;

	two_vcpus(sim, HERE "/pin_racy.c");
	for (seed = 1; seed <= 20; seed++) {
		pinsim_assert_done(sim, pinsim_run_seed(sim, seed));
		if (pinsim_violates(sim, "ref-leak"))
			return;
	}
	fail_msg("no seed finds it");
}

static void racy_loses_a_pin(void **state)
{
	struct pinsim *sim = *state;
	char *line;

	two_vcpus(sim, HERE "/pin_racy.c");
	pinsim_assert_done(sim, pinsim_set(sim, "executions", "10000"));
	pinsim_assert_done(sim, pinsim_explore(sim));
	pinsim_assert_violates(sim, "ref-leak");
	pinsim_assert_value(sim, "pins(page(ram))", 2);

	line = strdup(pinsim_replay_line(sim));
	assert_non_null(line);
	pinsim_assert_done(sim, pinsim_replay(sim, line));
	pinsim_assert_violates(sim, "ref-leak");
	assert_string_equal(pinsim_replay_line(sim), line);
	free(line);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(pin_one_after_the_other_is_one_pin),
		TEST(pin_any_schedule_is_one_pin),
		TEST(pin_of_movable_memory_moves_it),
	};
	const struct CMUnitTest planted[] = {
		TEST(racy_is_not_seen_by_the_default_schedule),
		TEST(racy_is_seen_by_some_seed),
		TEST(racy_loses_a_pin),
	};
	int failures;

	if (argc > 1)
		design = argv[1];
	failures = cmocka_run_group_tests_name("pin", tests, NULL, NULL);
	if (argc == 1)
		failures += cmocka_run_group_tests_name("planted", planted, NULL, NULL);
	return failures ? 1 : 0;
}
