/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searching, from a race's text: what conditions mean, how executions end, that
 * no schedule is left out or run twice, and that the way back leads back.
 */
#include "tests/explore/searching.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/minimise.h"

#define HEAD								\
	"race t \"What is found?\"\n"					\
	"machine { cpus 2; zone normal 64M; zone movable 64M; cma 4M; }\n"
#define ANON(place)	"process vmm { map ram 4K anon in " place "; }\n"
#define GUEST		"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"

/* --- conditions ------------------------------------------------------------- */

/* Is @cond true when the default schedule of @world under @design is done? */
static bool is_true(const char *world, const char *design, const char *without, const char *cond)
{
	struct searching s;
	char text[1024], error[256];
	bool ret;

	snprintf(text, sizeof(text), "%sexists (%s)\n", world, cond);
	searching_open(&s, "t", text, design);
	assert_int_equal(check_set_parse(&s.checks, without, error, sizeof(error)), 0);
	s.config.trace = false;
	searching_run(&s);
	assert_string_equal(searching_violated(&s), "");
	assert_int_equal(s.result.nr_conds, 1);
	assert_int_equal(s.result.conds[0].positive + s.result.conds[0].negative, 1);
	ret = s.result.conds[0].positive;
	searching_close(&s);
	return ret;
}

static void all_true(const char *world, const char *design, const char *without,
		     const char *const *conds)
{
	for (; *conds; conds++)
		if (!is_true(world, design, without, *conds))
			fail_msg("(%s) is false", *conds);
}

static void all_false(const char *world, const char *design, const char *without,
		      const char *const *conds)
{
	for (; *conds; conds++)
		if (is_true(world, design, without, *conds))
			fail_msg("(%s) is true", *conds);
}

/* demand-takeover moves the page out of ZONE_MOVABLE, pins it, and maps it. */
static const char taken_over[] = HEAD ANON("movable populated") GUEST
	"task vcpu0 on 0 { fault gfn 0x100 write; drain; }\n";

static void condition_of_a_page_that_moved(void **state)
{
	static const char *const yes[] = {
		"page(ram).zone == normal", "page(ram).zone != movable",
		"page(ram[0]).zone != none", "moved(page(ram))",
		"page(ram).mapcount == 1", "page(ram).refcount == 1025",
		"pins(page(ram)) == 1", "held(page(ram)) == 1", NULL,
	};
	static const char *const no[] = {
		"page(ram).zone == movable", "page(ram).zone == cma", "page(ram).zone == none",
		"!moved(page(ram))", "page(ram).mapcount == 0", "page(ram).refcount == 1",
		"pins(page(ram)) == 0", "held(page(ram)) > 1", NULL,
	};

	all_true(taken_over, "demand-takeover", "all", yes);
	all_false(taken_over, "demand-takeover", "all", no);
}

static void condition_of_guest_limit_and_result(void **state)
{
	static const char *const yes[] = {
		"guest(guest, 0x100) == intact", "guest(guest, 0x100) != lost",
		"locked(vmm) == 1", "vcpu0.fault == 0", "vcpu0.fault[0] == 0",
		"vcpu0.drain == 0", NULL,
	};
	static const char *const no[] = {
		"guest(guest, 0x100) == garbage", "guest(guest, 0x100) == lost",
		"guest(guest, 0x100) != intact", "locked(vmm) == 0", "vcpu0.fault == -EFAULT",
		"vcpu0.fault != 0", NULL,
	};

	all_true(taken_over, "demand-takeover", "all", yes);
	all_false(taken_over, "demand-takeover", "all", no);
}

/* One migration on the way: one check, one unmap, one window, one stale fault. */
static void condition_of_each_counter(void **state)
{
	static const char *const yes[] = {
		"count(refchecks) == 1", "count(unmaps) == 1", "count(invalidations) == 1",
		"count(retries) == 1", NULL,
	};

	all_true(taken_over, "demand-takeover", "all", yes);
	all_true(taken_over, "demand-ref", "all,-longterm-placement", (const char *const[]){
		"count(refchecks) == 0", "count(unmaps) == 0", "count(invalidations) == 0",
		"count(retries) == 0", NULL });
}

static void condition_comparisons_and_connectives(void **state)
{
	static const char *const yes[] = {
		"locked(vmm) <= 1", "locked(vmm) >= 1", "locked(vmm) < 2", "locked(vmm) > 0",
		"locked(vmm) != 2", "locked(vmm) == 1 && vcpu0.fault == 0",
		"locked(vmm) == 2 || vcpu0.fault == 0", "!(locked(vmm) == 2)",
		"locked(vmm) == 2 && vcpu0.fault == 1 || vcpu0.fault == 0", NULL,
	};
	static const char *const no[] = {
		"locked(vmm) <= 0", "locked(vmm) >= 2", "locked(vmm) < 1", "locked(vmm) > 1",
		"locked(vmm) == 1 && vcpu0.fault == 1", "locked(vmm) == 2 || vcpu0.fault == 1",
		"!(locked(vmm) == 1)",
		"locked(vmm) == 2 && (vcpu0.fault == 1 || vcpu0.fault == 0)", NULL,
	};

	all_true(taken_over, "demand-takeover", "all", yes);
	all_false(taken_over, "demand-takeover", "all", no);
}

/* A short reference and a pin of somebody else are no design's for good. */
static void condition_held_is_not_pinned(void **state)
{
	static const char world[] = HEAD ANON("cma populated")
		"task other on 0 { hold ram; pin ram write; }\n";

	all_true(world, "demand-ref", "all", (const char *const[]){
		"page(ram).zone == cma", "pins(page(ram)) == 1", "held(page(ram)) == 0",
		"locked(vmm) == 0", "!moved(page(ram))", "page(ram).refcount == 1026", NULL });
}

static void condition_of_a_page_that_is_not_there(void **state)
{
	static const char never[] = HEAD
		"process vmm { map ram 8K anon in normal; }\n"
		"task a on 0 { touch ram; }\n";
	static const char gone[] = HEAD ANON("normal populated")
		"task a on 0 { munmap ram; }\n";

	all_true(never, "demand-ref", "all", (const char *const[]){
		"page(ram[1]).zone == none", "page(ram[1]).refcount == 0",
		"pins(page(ram[1])) == 0", "page(ram[0]).zone == normal", NULL });
	all_true(gone, "demand-ref", "all", (const char *const[]){
		"page(ram).zone == none", "page(ram).mapcount == 0", NULL });
}

/* Outside of a registered range eager does not pin, so the page may move. */
static void condition_guest_garbage(void **state)
{
	static const char world[] = HEAD ANON("normal populated") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; migrate ram; }\n";

	all_true(world, "eager", "all,-guest-corruption,-cache-stale", (const char *const[]){
		"guest(guest, 0x100) == garbage", "moved(page(ram))", NULL });
}

/* The last one, the n-th one, and one that did not happen. */
static void condition_results_by_number(void **state)
{
	static const char world[] = HEAD ANON("normal populated") GUEST
		"task a on 0 { hold ram; migrate ram; release ram; migrate ram; }\n";

	all_true(world, "demand-ref", "all", (const char *const[]){
		"a.migrate[0] == 1", "a.migrate[1] == 0", "a.migrate == 0", "a.hold == 0", NULL });
}

/* --- how executions end -------------------------------------------------------- */

static void unexpected_result_is_counted_and_told(void **state)
{
	static const char text[] = HEAD ANON("normal populated") GUEST
		"task a on 0 {\n"
		"	hold ram -> 0;\n"
		"	migrate ram -> 0 | -EBUSY;\n"
		"}\n";
	struct searching s;

	searching_open(&s, "t", text, "demand-ref");
	searching_run(&s);
	assert_int_equal(s.result.unexpected, 1);
	assert_string_equal(s.result.unexpected_text, "t.race:7:2: task a: the statement yielded 1,"
			    " which its arrow does not name");
	searching_close(&s);
}

/* The fault's own migration makes it stale once: it needs a second round. */
static void unroll_bounds_a_fault(void **state)
{
	struct searching s;
	char text[1024];

	snprintf(text, sizeof(text), "%sexists (vcpu0.fault == 0)\n", taken_over);
	searching_open(&s, "t", text, "demand-takeover");
	s.config.unroll = 0;
	searching_run(&s);
	assert_int_equal(s.result.bounded, 1);
	assert_int_equal(s.result.end, SIM_END_BOUND);
	assert_string_equal(searching_violated(&s), "");
	/* It has no end, so nothing is true at it, nor false. */
	assert_int_equal(s.result.conds[0].positive + s.result.conds[0].negative, 0);
	s.config.unroll = 1;
	searching_run(&s);
	assert_int_equal(s.result.bounded, 0);
	assert_int_equal(s.result.conds[0].positive, 1);
	searching_close(&s);
}

static void max_steps_bound_an_execution(void **state)
{
	struct searching s;

	searching_open(&s, "t", taken_over, "demand-takeover");
	s.config.max_steps = 20;
	searching_run(&s);
	assert_int_equal(s.result.bounded, 1);
	assert_int_equal(s.result.end, SIM_END_BOUND);
	assert_int_equal(s.result.steps, 20);
	searching_close(&s);
}

static void deadlock_is_found_in_the_default_schedule(void **state)
{
	struct searching s;
	char error[256];

	searching_open(&s, "t", taken_over, "demand-late:in-map");
	assert_int_equal(check_set_parse(&s.checks, "all,-sleep-in-atomic", error,
					 sizeof(error)), 0);
	searching_run(&s);
	assert_string_equal(searching_violated(&s), "deadlock");
	assert_int_equal(s.result.end, SIM_END_DEADLOCK);
	assert_int_equal(s.result.violated, 1);
	/* With the check left out it is still no end. */
	assert_int_equal(check_set_parse(&s.checks, "none", error, sizeof(error)), 0);
	searching_run(&s);
	assert_int_equal(s.result.bounded, 1);
	assert_int_equal(s.result.violated, 0);
	searching_close(&s);
}

/* Registering, part of the set-up, pins a page where it must not be. */
static void setup_that_violates_ends_every_execution(void **state)
{
	static const char text[] = HEAD ANON("movable populated")
		"vm guest sev { slot 0 gfn 0x100 maps ram; register ram; }\n"
		"task a on 0 { touch ram; }\n"
		"task b on 1 { touch ram; }\n";
	struct searching s;

	searching_open(&s, "t", text, "eager");
	s.config.kind = SEARCH_DFS;
	searching_run(&s);
	assert_string_equal(searching_violated(&s), "longterm-placement");
	assert_int_equal(s.result.executions, 1);
	assert_true(s.result.complete);
	searching_close(&s);
}

static void world_that_cannot_be_built_is_einval(void **state)
{
	struct searching s;

	searching_open(&s, "t", taken_over, "no-such-design");
	assert_int_equal(searching_try(&s), -EINVAL);
	assert_string_equal(s.error, "vm 'guest' cannot be built: No such file or directory");
	searching_close(&s);
}

static void schedule_that_does_not_fit_has_diverged(void **state)
{
	struct schedule_choice beyond = { .at = 5000, .take = 1 };
	struct schedule_choice nobody = { .at = 0, .take = 7 };
	struct schedule schedule = { .choice = &beyond, .nr = 1 };
	struct searching s;

	searching_open(&s, "t", HEAD ANON("normal")
		       "task a on 0 { touch ram; }\n"
		       "task b on 1 { touch ram; }\n", "demand-ref");
	s.config.replay = &schedule;
	searching_run(&s);
	assert_true(s.result.diverged);
	schedule.choice = &nobody;
	searching_run(&s);
	assert_true(s.result.diverged);
	schedule.nr = 0;
	searching_run(&s);
	assert_false(s.result.diverged);
	searching_close(&s);
}

/* --- all schedules ---------------------------------------------------------------- */

/* Small enough to run each schedule from a fresh world. */
static const char tiny[] = HEAD ANON("normal populated")
	"task a on 0 { munmap ram; }\n"
	"task b on 1 { hold ram -> 0 | -EFAULT; }\n"
	"exists (b.hold == 0)\n";

struct tally {
	uint64_t executions, positive, negative;
};

/*
 * Every schedule by re-execution: each run's own default tail is the leaf, and
 * each choice behind its last departure a branch to take next. Two tasks, so a
 * choice is 0 or 1.
 */
static void run_all_below(struct searching *s, struct schedule *schedule, struct tally *t)
{
	uint32_t from = schedule->nr ? schedule->choice[schedule->nr - 1].at + 1 : 0;
	uint64_t choices;

	s->config.replay = schedule;
	searching_run(s);
	assert_false(s->result.diverged);
	assert_int_equal(s->result.end, SIM_END_DONE);
	choices = s->result.nr_choices_max;
	t->executions++;
	t->positive += s->result.conds[0].positive;
	t->negative += s->result.conds[0].negative;
	for (uint32_t at = from; at < choices; at++) {
		schedule->choice[schedule->nr++] = (struct schedule_choice){ at, 1 };
		run_all_below(s, schedule, t);
		schedule->nr--;
	}
}

static void dfs_runs_each_schedule_once(void **state)
{
	struct schedule_choice room[256];
	struct schedule schedule = { .choice = room };
	struct tally t = { 0 };
	struct searching s;

	searching_open(&s, "t", tiny, "demand-ref");
	s.config.trace = false;
	run_all_below(&s, &schedule, &t);
	assert_true(t.executions > 100);
	assert_true(t.positive && t.negative);
	s.config.replay = NULL;
	s.config.kind = SEARCH_DFS;
	searching_run(&s);
	assert_true(s.result.complete);
	assert_int_equal(s.result.executions, t.executions);
	assert_int_equal(s.result.conds[0].positive, t.positive);
	assert_int_equal(s.result.conds[0].negative, t.negative);
	assert_int_equal(s.result.unexpected, 0);
	searching_close(&s);
}

static void dfs_verify_rollback_finds_the_same(void **state)
{
	uint64_t executions, steps, positive;
	struct searching s;

	searching_open(&s, "t", tiny, "demand-ref");
	s.config.kind = SEARCH_DFS;
	searching_run(&s);
	executions = s.result.executions;
	steps = s.result.steps;
	positive = s.result.conds[0].positive;
	/* The comparison is slow: some of the tree is enough, and all is counted above. */
	s.config.verify_rollback = true;
	s.config.executions = 40;
	searching_run(&s);
	assert_int_equal(s.result.executions, 40);
	assert_false(s.result.complete);
	s.config.verify_rollback = false;
	s.config.executions = 0;
	searching_run(&s);
	assert_int_equal(s.result.executions, executions);
	assert_int_equal(s.result.steps, steps);
	assert_int_equal(s.result.conds[0].positive, positive);
	searching_close(&s);
}

/* --- random ------------------------------------------------------------------------ */

static const char two_vcpus[] = HEAD ANON("normal populated")
	"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"
	"task vcpu0 on 0 role 0 { fault gfn 0x100 write; }\n"
	"task vcpu1 on 1 role 1 { fault gfn 0x100 write; }\n"
	"exists (count(retries) == 0)\n";

/* A third task: a departure may be to the second or to the third. */
static const char three_tasks[] = HEAD ANON("normal populated")
	"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"
	"task other on 0 of vmm { touch ram; hold ram; release ram; touch ram; }\n"
	"task vcpu0 on 0 of guest { fault gfn 0x100 write; }\n"
	"task vcpu1 on 1 of guest role 1 { fault gfn 0x100 write; }\n";

static void random_search(struct searching *s, const char *text, uint64_t seed, uint64_t n)
{
	searching_open(s, "t", text, "demand-ref");
	s->config.kind = SEARCH_RANDOM;
	s->config.seed = seed;
	s->config.executions = n;
	s->config.keep_last = true;
	searching_run(s);
}

static bool same_schedule(const struct schedule *a, const struct schedule *b)
{
	return a->nr == b->nr &&
	       !memcmp(a->choice, b->choice, a->nr * sizeof(*a->choice));
}

static void random_same_seed_same_everything(void **state)
{
	struct searching a, b, c;

	random_search(&a, two_vcpus, 7, 300);
	random_search(&b, two_vcpus, 7, 300);
	random_search(&c, two_vcpus, 8, 300);
	assert_int_equal(a.result.steps, b.result.steps);
	assert_int_equal(a.result.violated, b.result.violated);
	assert_true(a.result.violated > 0);
	assert_int_equal(a.result.nr_found, b.result.nr_found);
	for (unsigned int i = 0; i < a.result.nr_found; i++) {
		const struct search_found *fa = &a.result.found[i], *fb = &b.result.found[i];

		assert_string_equal(fa->violation.check, fb->violation.check);
		assert_string_equal(fa->violation.text, fb->violation.text);
		assert_int_equal(fa->executions, fb->executions);
		assert_true(same_schedule(&fa->schedule, &fb->schedule));
	}
	assert_int_equal(a.result.conds[0].positive, b.result.conds[0].positive);
	assert_true(same_schedule(&a.result.last, &b.result.last));
	assert_int_not_equal(a.result.steps, c.result.steps);
	searching_close(&a);
	searching_close(&b);
	searching_close(&c);
}

static void random_verify_rollback_finds_the_same(void **state)
{
	struct searching a, b;

	random_search(&a, two_vcpus, 3, 20);
	random_search(&b, two_vcpus, 3, 20);
	b.config.verify_rollback = true;
	searching_run(&b);
	assert_int_equal(a.result.steps, b.result.steps);
	assert_int_equal(a.result.violated, b.result.violated);
	searching_close(&a);
	searching_close(&b);
}

static void stop_at_violation_stops_there(void **state)
{
	struct searching s;

	random_search(&s, two_vcpus, 7, 300);
	s.config.stop_at_violation = true;
	searching_run(&s);
	assert_int_equal(s.result.violated, 1);
	assert_true(s.result.executions < 300);
	searching_close(&s);
}

/* A schedule that a search found is an execution of its own, told with a trace. */
static void found_schedule_replays_to_its_violation(void **state)
{
	struct schedule schedule;
	struct searching s;
	char text[CHECK_TEXT_SIZE];
	uint64_t checksum;

	random_search(&s, two_vcpus, 7, 300);
	assert_int_equal(schedule_copy(&schedule, &s.result.found[0].schedule), 0);
	s.config.kind = SEARCH_ONE;
	s.config.trace = true;
	s.config.replay = &schedule;
	searching_run(&s);
	assert_false(s.result.diverged);
	assert_int_equal(s.result.violated, 1);
	snprintf(text, sizeof(text), "%s", s.result.found[0].violation.text);
	checksum = s.result.checksum;
	searching_run(&s);
	assert_string_equal(s.result.found[0].violation.text, text);
	assert_true(s.result.checksum == checksum);
	schedule_free(&schedule);
	searching_close(&s);
}

/* --- minimising ----------------------------------------------------------------------- */

static bool violates(struct searching *s, const struct schedule *schedule, const char *check)
{
	s->config.kind = SEARCH_ONE;
	s->config.replay = schedule;
	searching_run(s);
	return searching_found(s, check) && !s->result.diverged;
}

/* Is what becomes of a change to a minimised schedule smaller still? */
static bool would_be_smaller(struct searching *s, const struct schedule *changed,
			     const char *check, const struct minimise_size *than)
{
	struct minimise_stats stats;
	struct schedule copy;
	char error[256];
	int err;

	assert_int_equal(schedule_copy(&copy, changed), 0);
	err = minimise(&s->config, check, &copy, &stats, error, sizeof(error));
	schedule_free(&copy);
	return !err && minimise_smaller(&stats.from, than);
}

/* No departure can go or be to a lower task and leave something smaller. */
static void no_small_change_helps(struct searching *s, const struct schedule *min,
				  const char *check, const struct minimise_size *size)
{
	struct schedule less;
	size_t i;

	for (i = 0; i < min->nr; i++) {
		assert_int_equal(schedule_copy(&less, min), 0);
		for (less.choice[i].take--; less.choice[i].take; less.choice[i].take--)
			assert_false(would_be_smaller(s, &less, check, size));
		memmove(&less.choice[i], &less.choice[i + 1],
			(less.nr - i - 1) * sizeof(*less.choice));
		less.nr--;
		assert_false(would_be_smaller(s, &less, check, size));
		schedule_free(&less);
	}
}

/* Twice the same check at the same step. */
static void replays_to_the_same_step(struct searching *s, const struct schedule *schedule,
				     const char *check)
{
	uint64_t time;

	assert_true(violates(s, schedule, check));
	time = searching_found(s, check)->violation.time;
	assert_true(violates(s, schedule, check));
	assert_int_equal(searching_found(s, check)->violation.time, time);
}

/* Of what a search of @text finds, by @strategy. */
static void minimised(enum search_kind strategy, const char *text, const char *check)
{
	struct minimise_stats stats;
	struct schedule schedule;
	struct searching s;
	char error[256];

	random_search(&s, text, 7, 10);
	s.config.kind = strategy;
	s.config.depth = 3;
	s.config.executions = 1000;
	searching_run(&s);
	assert_non_null(searching_found(&s, check));
	assert_int_equal(schedule_copy(&schedule, &searching_found(&s, check)->schedule), 0);
	assert_int_equal(minimise(&s.config, check, &schedule, &stats, error, sizeof(error)), 0);
	assert_int_equal(stats.to.departures, schedule.nr);
	assert_false(minimise_smaller(&stats.from, &stats.to));
	assert_true(stats.tries > 0);
	/* One vCPU after the other violates nothing; two preemptions are enough. */
	assert_true(schedule.nr > 0);
	assert_in_range(stats.to.preemptions, 1, 2);
	assert_int_equal(stats.to.tasks, 2);
	replays_to_the_same_step(&s, &schedule, check);
	no_small_change_helps(&s, &schedule, check, &stats.to);
	schedule_free(&schedule);
	searching_close(&s);
}

static void minimise_result_violates_and_is_minimal(void **state)
{
	minimised(SEARCH_RANDOM, two_vcpus, "record-mismatch");
	minimised(SEARCH_PCT, two_vcpus, "mapped-unpinned");
	minimised(SEARCH_RANDOM, three_tasks, "record-mismatch");
	minimised(SEARCH_COVERAGE, three_tasks, "mapped-unpinned");
}

static void minimise_of_a_good_schedule_is_enoent(void **state)
{
	struct schedule schedule = { NULL, 0 };
	struct minimise_stats stats;
	struct searching s;
	char error[256];

	searching_open(&s, "t", two_vcpus, "demand-ref");
	assert_int_equal(minimise(&s.config, "record-mismatch", &schedule, &stats, error,
				  sizeof(error)), -ENOENT);
	searching_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(condition_of_a_page_that_moved),
		cmocka_unit_test(condition_of_guest_limit_and_result),
		cmocka_unit_test(condition_of_each_counter),
		cmocka_unit_test(condition_comparisons_and_connectives),
		cmocka_unit_test(condition_held_is_not_pinned),
		cmocka_unit_test(condition_of_a_page_that_is_not_there),
		cmocka_unit_test(condition_guest_garbage),
		cmocka_unit_test(condition_results_by_number),
		cmocka_unit_test(unexpected_result_is_counted_and_told),
		cmocka_unit_test(unroll_bounds_a_fault),
		cmocka_unit_test(max_steps_bound_an_execution),
		cmocka_unit_test(deadlock_is_found_in_the_default_schedule),
		cmocka_unit_test(setup_that_violates_ends_every_execution),
		cmocka_unit_test(world_that_cannot_be_built_is_einval),
		cmocka_unit_test(schedule_that_does_not_fit_has_diverged),
		cmocka_unit_test(dfs_runs_each_schedule_once),
		cmocka_unit_test(dfs_verify_rollback_finds_the_same),
		cmocka_unit_test(random_same_seed_same_everything),
		cmocka_unit_test(random_verify_rollback_finds_the_same),
		cmocka_unit_test(stop_at_violation_stops_there),
		cmocka_unit_test(found_schedule_replays_to_its_violation),
		cmocka_unit_test(minimise_result_violates_and_is_minimal),
		cmocka_unit_test(minimise_of_a_good_schedule_is_enoent),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
