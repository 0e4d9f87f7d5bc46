/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libpinsim as its users call it: what it returns, what it says, what it remembers. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <pinsim/cmocka.h>

#define LATE	"tests/races/late-longterm-pin.race"
#define TWO	"tests/races/two-vcpus-one-gfn.race"

static int set_up(void **state)
{
	*state = pinsim_new();
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	pinsim_free(*state);
	return 0;
}

static struct pinsim *given(void **state, const char *race, const char *design)
{
	struct pinsim *sim = *state;

	pinsim_assert_done(sim, pinsim_race_file(sim, race));
	pinsim_assert_done(sim, pinsim_design(sim, design));
	return sim;
}

static void assert_said(const struct pinsim *sim, const char *part)
{
	if (!strstr(pinsim_error(sim), part))
		fail_msg("'%s' does not say '%s'", pinsim_error(sim), part);
}

/* ---- what is wrong ---- */

static void run_without_race_is_refused(void **state)
{
	struct pinsim *sim = *state;

	assert_string_equal(pinsim_error(sim), "");
	assert_int_equal(pinsim_run(sim), -EINVAL);
	assert_said(sim, "no race");
	assert_int_equal(pinsim_replay(sim, "p1"), -EINVAL);
	assert_said(sim, "no race");
	assert_int_equal(pinsim_race_file(sim, LATE), 0);
	assert_int_equal(pinsim_explore(sim), -EINVAL);
	assert_said(sim, "no design");
}

static void race_that_cannot_be_read_says_where(void **state)
{
	struct pinsim *sim = *state;

	assert_int_equal(pinsim_race_file(sim, "tests/bad/head-case.race"), -EINVAL);
	assert_said(sim, "tests/bad/head-case.race:");
	assert_int_equal(pinsim_race_file(sim, "nowhere.race"), -EINVAL);
	assert_said(sim, "nowhere.race");
	assert_int_equal(pinsim_race_text(sim, "race r \"?\"\nmachin"), -EINVAL);
	assert_said(sim, "race:2:1:");
	/* And the race that was there before is gone. */
	assert_int_equal(pinsim_design(sim, "eager"), 0);
	assert_int_equal(pinsim_run(sim), -EINVAL);
}

static void design_that_is_not_there_is_refused(void **state)
{
	struct pinsim *sim = *state;

	assert_int_equal(pinsim_design(sim, "demand-never"), -EINVAL);
	assert_said(sim, "demand-never");
	assert_int_equal(pinsim_design(sim, "./nowhere.c"), -EINVAL);
	assert_said(sim, "nowhere.c");
	assert_int_equal(pinsim_design(sim, "./nowhere.so"), -EINVAL);
	assert_said(sim, "nowhere.so");
}

static void option_out_of_place_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "check", "no-such" }, { "executions", "-1" }, { "executions", "many" },
		{ "grain", "fine" }, { "max-steps", "0" }, { "preemptions", "x" },
		{ "time", "-1" }, { "time", "nan" }, { "time", "" }, { "unroll", "0" },
	};
	struct pinsim *sim = *state;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(pinsim_set(sim, bad[i][0], bad[i][1]), -EINVAL);
		assert_said(sim, bad[i][0]);
		assert_int_equal(pinsim_set(sim, bad[i][0], NULL), 0);
	}
	assert_int_equal(pinsim_set(sim, "colour", "red"), -ENOENT);
	assert_int_equal(pinsim_set(sim, "kernel", "2.4"), 0);
	given(state, LATE, "eager");
	assert_int_equal(pinsim_run(sim), -EINVAL);
	assert_said(sim, "2.4");
}

static void condition_that_does_not_fit_says_so(void **state)
{
	struct pinsim *sim = *state;
	int64_t value;

	assert_int_equal(pinsim_watch(sim, "locked(vmm) == 0"), -EINVAL);
	assert_said(sim, "no race");
	given(state, LATE, "eager");
	assert_int_equal(pinsim_watch(sim, "page(rom).refcount == 0"), -EINVAL);
	assert_said(sim, "rom");
	pinsim_assert_done(sim, pinsim_run(sim));
	assert_int_equal(pinsim_value(sim, "page(ram).zone", &value), -EINVAL);
	assert_int_equal(pinsim_value(sim, "locked(vmm) == 0 || locked(vmm)", &value), -EINVAL);
	assert_said(sim, "not a single term");
	assert_int_equal(pinsim_true(sim, "page(ram).zone =="), -EINVAL);
	assert_int_equal(pinsim_watched(sim, 0, NULL, NULL), -EINVAL);
}

static void *run_elsewhere(void *arg)
{
	return (void *)(intptr_t)pinsim_run(arg);
}

static void second_thread_is_refused(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-ref");
	pthread_t thread;
	void *ret;

	pinsim_assert_done(sim, pinsim_run(sim));
	assert_int_equal(pthread_create(&thread, NULL, run_elsewhere, sim), 0);
	assert_int_equal(pthread_join(thread, &ret), 0);
	assert_int_equal((intptr_t)ret, -EPERM);
	assert_said(sim, "thread");
}

/* ---- runs ---- */

static void run_tells_what_was_violated(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-ref");

	assert_string_equal(pinsim_verdict(sim), "");
	assert_null(pinsim_violated(sim, 0));
	assert_int_equal(pinsim_run(sim), 1);
	assert_string_equal(pinsim_violated(sim, 0), "longterm-placement");
	assert_null(pinsim_violated(sim, 1));
	assert_non_null(strstr(pinsim_violates(sim, "longterm-placement"), "ZONE_MOVABLE"));
	assert_null(pinsim_violates(sim, "ref-leak"));
	assert_string_equal(pinsim_verdict(sim), "violates longterm-placement: one schedule");
	assert_int_equal(pinsim_executions(sim), 1);
	assert_false(pinsim_complete(sim));
	pinsim_assert_violates(sim, "longterm-placement");
}

static void seed_gives_the_same_line_twice(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-late");
	char *line;

	assert_int_equal(pinsim_run_seed(sim, 0), -EINVAL);
	pinsim_assert_done(sim, pinsim_run_seed(sim, 7));
	line = strdup(pinsim_replay_line(sim));
	pinsim_assert_done(sim, pinsim_run_seed(sim, 8));
	assert_string_not_equal(pinsim_replay_line(sim), line);
	pinsim_assert_done(sim, pinsim_run_seed(sim, 7));
	assert_string_equal(pinsim_replay_line(sim), line);
	free(line);
}

static void explore_finds_all_and_proves_the_rest(void **state)
{
	struct pinsim *sim = given(state, TWO, "demand-ref");

	assert_int_equal(pinsim_explore(sim), 2);
	assert_true(pinsim_complete(sim));
	assert_non_null(pinsim_violates(sim, "record-mismatch"));
	assert_non_null(pinsim_violates(sim, "mapped-unpinned"));
	assert_null(pinsim_unexpected(sim));

	pinsim_assert_done(sim, pinsim_design(sim, "demand-takeover"));
	assert_string_equal(pinsim_verdict(sim), "");
	assert_int_equal(pinsim_explore(sim), 0);
	pinsim_assert_proven(sim);
	assert_int_equal(pinsim_look_at(sim, NULL), -ENODATA);
	assert_null(pinsim_replay_line(sim));
	assert_int_equal(pinsim_true(sim, "locked(vmm) == 0"), -ENODATA);
}

static void explore_says_what_cut_it(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-late");

	pinsim_assert_done(sim, pinsim_set(sim, "executions", "3"));
	assert_int_equal(pinsim_explore(sim), 0);
	assert_false(pinsim_complete(sim));
	assert_string_equal(pinsim_verdict(sim), "holds: cut by executions after 3 executions");

	pinsim_assert_done(sim, pinsim_set(sim, "executions", "0"));
	pinsim_assert_done(sim, pinsim_set(sim, "time", "0.000001"));
	assert_int_equal(pinsim_explore(sim), 0);
	assert_non_null(strstr(pinsim_verdict(sim), "cut by time"));

	pinsim_assert_done(sim, pinsim_set(sim, "time", NULL));
	pinsim_assert_done(sim, pinsim_set(sim, "preemptions", "1"));
	assert_int_equal(pinsim_explore(sim), 0);
	assert_true(pinsim_complete(sim));
	assert_non_null(strstr(pinsim_verdict(sim), "bounded by"));
}

static void set_up_that_violates_is_complete(void **state)
{
	struct pinsim *sim = given(state, "tests/races/memlock-boundary.race", "demand-takeover");

	pinsim_assert_done(sim, pinsim_explore(sim));
	assert_true(pinsim_complete(sim));
	given(state, LATE, "eager");
	pinsim_assert_done(sim, pinsim_explore(sim));
	assert_true(pinsim_violated(sim, 0) != NULL);
	assert_true(pinsim_complete(sim));
	assert_non_null(pinsim_replay_line(sim));
}

static void unexpected_result_is_told(void **state)
{
	static const char text[] =
		"race r \"?\"\n"
		"machine { cpus 1; zone normal 64M; zone movable 0; cma 0; }\n"
		"process vmm { memlock 64M; map ram 4K anon in normal; }\n"
		"vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		"task t on 0 { hold ram -> 0; }\n"
		"always (locked(vmm) == 1)\n";
	struct pinsim *sim = *state;

	pinsim_assert_done(sim, pinsim_race_text(sim, text));
	pinsim_assert_done(sim, pinsim_design(sim, "eager"));
	assert_int_equal(pinsim_run(sim), 0);
	assert_non_null(strstr(pinsim_unexpected(sim), "-EFAULT"));
}

static void access_grain_sees_data_races(void **state)
{
	struct pinsim *sim = given(state, TWO, "demand-ref");

	pinsim_assert_done(sim, pinsim_set(sim, "grain", "access"));
	pinsim_assert_done(sim, pinsim_set(sim, "check", "data-race"));
	pinsim_assert_done(sim, pinsim_set(sim, "preemptions", "1"));
	pinsim_assert_done(sim, pinsim_explore(sim));
	pinsim_assert_violates(sim, "data-race");
	assert_non_null(strstr(pinsim_replay_line(sim), "/access@"));
	pinsim_assert_done(sim, pinsim_print(sim, tmpfile()));
}

/* ---- replay ---- */

static void line_of_another_race_is_refused(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-ref");
	char *line, *cut;

	pinsim_assert_done(sim, pinsim_run(sim));
	line = strdup(pinsim_replay_line(sim));
	given(state, TWO, "demand-ref");
	assert_int_equal(pinsim_replay(sim, line), -EINVAL);
	assert_said(sim, "two-vcpus-one-gfn");
	assert_int_equal(pinsim_replay(sim, "p1/s2/rubbish"), -EINVAL);
	/* The line brings its design. */
	given(state, LATE, "eager");
	assert_int_equal(pinsim_replay(sim, line), 1);
	/* Another checksum: not what was recorded. */
	cut = strrchr(line, '/');
	snprintf(cut, strlen(cut) + 1, "/%016x", 1);
	assert_int_equal(pinsim_replay(sim, line), -ESTALE);
	assert_said(sim, "diverged");
	free(line);
}

static void failures_are_injected_and_replayed(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-takeover");
	char *line;

	pinsim_assert_done(sim, pinsim_set(sim, "fail", "vcpu0:nonsense:1"));
	assert_int_equal(pinsim_run(sim), -EINVAL);
	assert_said(sim, "nonsense");
	pinsim_assert_done(sim, pinsim_set(sim, "fail", "vcpu0:any:1"));
	pinsim_assert_done(sim, pinsim_run(sim));
	line = strdup(pinsim_replay_line(sim));
	assert_non_null(strstr(line, "/fail=vcpu0:any:1/"));

	/* The race is as it was; the line brings the failure. */
	pinsim_assert_done(sim, pinsim_set(sim, "fail", NULL));
	pinsim_assert_done(sim, pinsim_run(sim));
	assert_null(strstr(pinsim_replay_line(sim), "/fail="));
	pinsim_assert_value(sim, "vcpu0.fault", 0);
	pinsim_assert_done(sim, pinsim_replay(sim, line));
	assert_string_equal(pinsim_replay_line(sim), line);
	pinsim_assert_done(sim, pinsim_run(sim));
	pinsim_assert_value(sim, "vcpu0.fault", 0);
	free(line);
}

/* ---- asking ---- */

/* Of what was not run nothing is known; and asking does not run it. */
static void nothing_run_has_no_answers(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-ref");
	uint64_t yes;

	assert_int_equal(pinsim_executions(sim), 0);
	assert_null(pinsim_violated(sim, 0));
	assert_null(pinsim_violates(sim, "longterm-placement"));
	assert_null(pinsim_unexpected(sim));
	assert_null(pinsim_replay_line(sim));
	assert_int_equal(pinsim_look_at(sim, NULL), -ENODATA);
	assert_said(sim, "no execution to look at");
	assert_int_equal(pinsim_look_at(sim, "ref-leak"), -ENODATA);
	assert_said(sim, "ref-leak");
	assert_int_equal(pinsim_true(sim, "locked(vmm) == 0"), -ENODATA);
	assert_int_equal(pinsim_watched(sim, -1, &yes, NULL), -EINVAL);
	assert_int_equal(pinsim_watch(sim, "locked(vmm) == 0"), 0);
	assert_int_equal(pinsim_watched(sim, 0, &yes, NULL), -ENODATA);
	assert_said(sim, "nothing was run");

	assert_int_equal(pinsim_run(sim), 1);
	assert_int_equal(pinsim_executions(sim), 1);
	assert_string_equal(pinsim_violated(sim, 0), "longterm-placement");
	assert_null(pinsim_violated(sim, 1));
	assert_non_null(pinsim_violates(sim, "longterm-placement"));
	assert_null(pinsim_violates(sim, "ref-leak"));
	assert_int_equal(pinsim_look_at(sim, "ref-leak"), -ENODATA);
	pinsim_assert_done(sim, pinsim_look_at(sim, "longterm-placement"));
	pinsim_assert_done(sim, pinsim_watched(sim, 0, NULL, NULL));
}

/* What a race says of every end, and is not so. */
static void always_that_is_false_is_told(void **state)
{
	static const char text[] =
		"race r \"?\"\nmachine { cpus 1; zone normal 64M; zone movable 0; cma 0; }\n"
		"process vmm { map ram 4K anon in normal; }\n"
		"vm g sev owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		"task a on 0 { fault gfn 0x100 write -> %s; }\nalways (pins(page(ram)) == %d)\n";
	struct pinsim *sim = *state;
	static const struct {
		const char *result;
		int pins;
		const char *said;
	} cases[] = {
		{ "0", 0, "always is false" }, { "0", 1, NULL }, { "-EFAULT", 1, "a: " },
	};
	char race[600];
	size_t i;

	pinsim_assert_done(sim, pinsim_design(sim, "demand-late"));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(race, sizeof(race), text, cases[i].result, cases[i].pins);
		pinsim_assert_done(sim, pinsim_race_text(sim, race));
		pinsim_assert_done(sim, pinsim_explore(sim));
		if (!cases[i].said) {
			assert_null(pinsim_unexpected(sim));
		} else if (!pinsim_unexpected(sim) ||
			   !strstr(pinsim_unexpected(sim), cases[i].said)) {
			fail_msg("'%s' does not say '%s'", pinsim_unexpected(sim) ?: "nothing",
				 cases[i].said);
		}
	}
}

static void values_are_those_of_the_end(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-late");
	int64_t value;

	assert_int_equal(pinsim_value(sim, "locked(vmm)", &value), -ENODATA);
	pinsim_assert_done(sim, pinsim_run(sim));
	pinsim_assert_holds(sim);
	pinsim_assert_value(sim, "vcpu0.fault", -EFAULT);
	pinsim_assert_value(sim, "pins(page(ram))", 0);
	pinsim_assert_value(sim, "locked(vmm)", 0);
	assert_int_equal(pinsim_true(sim, "page(ram).zone == cma"), 0);
	assert_int_equal(pinsim_true(sim, "page(ram).refcount > 0"), 1);
}

static void values_of_a_violation_are_where_it_ended(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-ref");
	int64_t value;

	assert_int_equal(pinsim_run(sim), 1);
	pinsim_assert_true(sim, "page(ram).zone == movable && held(page(ram)) == 1");
	assert_int_equal(pinsim_value(sim, "vcpu0.fault", &value), -ENODATA);
	assert_said(sim, "did not come to that");
}

static void two_simulators_do_not_mix(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-late");
	struct pinsim *other = pinsim_new();
	void *there = other;

	pinsim_assert_done(sim, pinsim_run(sim));
	pinsim_assert_value(sim, "vcpu0.fault", -EFAULT);
	given(&there, TWO, "demand-takeover");
	pinsim_assert_done(other, pinsim_run(other));
	pinsim_assert_value(other, "vcpu0.fault", 0);
	pinsim_assert_value(sim, "vcpu0.fault", -EFAULT);
	pinsim_assert_value(other, "vcpu0.fault", 0);
	pinsim_free(other);
	pinsim_assert_value(sim, "vcpu0.fault", -EFAULT);
}

static void watched_conditions_are_counted(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-late");
	uint64_t yes, no;
	int failed, never;

	failed = pinsim_watch(sim, "vcpu0.fault == -EFAULT");
	never = pinsim_watch(sim, "pins(page(ram)) > 0");
	assert_int_equal(failed, 0);
	assert_int_equal(never, 1);
	assert_int_equal(pinsim_watched(sim, failed, &yes, &no), -ENODATA);
	pinsim_assert_done(sim, pinsim_explore(sim));
	pinsim_assert_always(sim, failed);
	pinsim_assert_done(sim, pinsim_watched(sim, never, &yes, &no));
	assert_int_equal(yes, 0);
	assert_true(no > 1);
	/* At the end of each, but for those that were cut before. */
	assert_true(no <= pinsim_executions(sim));
	/* Another race, other conditions. */
	given(state, TWO, "eager");
	assert_int_equal(pinsim_watched(sim, failed, &yes, &no), -EINVAL);
}

static void each_violation_has_its_own_line(void **state)
{
	struct pinsim *sim = given(state, TWO, "demand-ref");
	char *first;

	assert_int_equal(pinsim_explore(sim), 2);
	first = strdup(pinsim_replay_line(sim));
	pinsim_assert_done(sim, pinsim_look_at(sim, pinsim_violated(sim, 1)));
	assert_string_not_equal(pinsim_replay_line(sim), first);
	pinsim_assert_done(sim, pinsim_look_at(sim, NULL));
	assert_string_equal(pinsim_replay_line(sim), first);
	assert_int_equal(pinsim_look_at(sim, "ref-leak"), -ENODATA);
	free(first);
}

static char *printed(struct pinsim *sim)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	pinsim_assert_done(sim, pinsim_print(sim, out));
	fclose(out);
	return text;
}

static void print_has_table_and_line(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-ref");
	char *text;

	assert_int_equal(pinsim_print(sim, stderr), -ENODATA);
	pinsim_assert_done(sim, pinsim_explore(sim));
	text = printed(sim);
	assert_non_null(strstr(text, "| CPU 0: vcpu0 "));
	assert_non_null(strstr(text, "*** longterm-placement: ram"));
	assert_non_null(strstr(text, pinsim_replay_line(sim)));
	free(text);
	/* Nothing to show but the verdict. */
	given(state, TWO, "eager");
	pinsim_assert_done(sim, pinsim_explore(sim));
	text = printed(sim);
	assert_non_null(strstr(text, "holds: exhaustive"));
	assert_null(strstr(text, "CPU 0"));
	free(text);
}

/* ---- manners ---- */

static void handler(int sig)
{
	(void)sig;
}

static void signals_are_as_they_were(void **state)
{
	struct pinsim *sim = given(state, LATE, "demand-ref");
	struct sigaction mine = { .sa_handler = handler }, was, now;

	sigaction(SIGSEGV, &mine, &was);
	pinsim_assert_done(sim, pinsim_run(sim));
	pinsim_true(sim, "locked(vmm) == 0");
	sigaction(SIGSEGV, &was, &now);
	assert_true(now.sa_handler == handler);
}

static void own_code_is_taken(void **state)
{
	struct pinsim *sim = *state;
	struct pinsim_subject subject = { .file = "tests/out-of-tree/pin.c" };
	unsigned int i;

	pinsim_assert_done(sim, pinsim_race_file(sim, "tests/out-of-tree/two-vcpus.race"));
	/* More often than there is room for: it is loaded once. */
	for (i = 0; i < 100; i++)
		pinsim_assert_done(sim, pinsim_subject(sim, &subject));
	pinsim_assert_done(sim, pinsim_run(sim));
	pinsim_assert_holds(sim);
	/* Without the hook nobody takes the pin back. */
	subject.hooks = "free_memslot=";
	pinsim_assert_done(sim, pinsim_subject(sim, &subject));
	pinsim_assert_done(sim, pinsim_run(sim));
	pinsim_assert_violates(sim, "ref-leak");

	subject.functions = "no_such_function";
	assert_int_equal(pinsim_subject(sim, &subject), -EINVAL);
	assert_said(sim, "no_such_function");
	pinsim_assert_done(sim, pinsim_set(sim, "kernel", "6.1"));
	assert_int_equal(pinsim_run(sim), -EINVAL);
	assert_said(sim, "6.1");
}

/* CMocka has its own handlers of signals while this runs. */
static void wild_code_is_a_verdict(void **state)
{
	static const char *const wild[] = { "divides", "null_call", "recurses", "wild_load" };
	struct pinsim *sim = *state;
	char path[80];
	size_t i;

	pinsim_assert_done(sim, pinsim_race_file(sim, LATE));
	for (i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		snprintf(path, sizeof(path), "tests/subject/code/%s.c", wild[i]);
		pinsim_assert_done(sim, pinsim_design(sim, path));
		pinsim_assert_done(sim, pinsim_run(sim));
		pinsim_assert_violates(sim, "kernel-bug");
		pinsim_assert_value(sim, "pins(page(ram))", 0);
		pinsim_assert_done(sim, pinsim_replay(sim, pinsim_replay_line(sim)));
		pinsim_assert_violates(sim, "kernel-bug");
	}
}

#define PACKAGE	"/usr/src/linux-source-6.12.tar.xz"

static void functions_of_a_kernel_tree_are_taken(void **state)
{
	const struct pinsim_subject sev = {
		.tree = PACKAGE,
		.functions = "sev_mem_enc_register_region,"
			     "sev_mem_enc_unregister_region,sev_vm_destroy",
	};
	struct pinsim *sim = *state;

	if (access(PACKAGE, R_OK))
		skip();
	pinsim_assert_done(sim, pinsim_race_file(sim, TWO));
	pinsim_assert_done(sim, pinsim_subject(sim, &sev));
	pinsim_assert_done(sim, pinsim_explore(sim));
	pinsim_assert_proven(sim);
	pinsim_assert_done(sim, pinsim_run(sim));
	/* One of the PTE, 1024 of the pin. */
	pinsim_assert_value(sim, "page(ram).refcount", 1025);
}

static void nothing_is_needed_to_free_nothing(void **state)
{
	(void)state;
	pinsim_free(NULL);
	assert_true(strlen(pinsim_version()) > 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(run_without_race_is_refused),
		TEST(race_that_cannot_be_read_says_where),
		TEST(design_that_is_not_there_is_refused),
		TEST(option_out_of_place_is_refused),
		TEST(condition_that_does_not_fit_says_so),
		TEST(second_thread_is_refused),
		TEST(run_tells_what_was_violated),
		TEST(seed_gives_the_same_line_twice),
		TEST(explore_finds_all_and_proves_the_rest),
		TEST(explore_says_what_cut_it),
		TEST(set_up_that_violates_is_complete),
		TEST(unexpected_result_is_told),
		TEST(access_grain_sees_data_races),
		TEST(line_of_another_race_is_refused),
		TEST(failures_are_injected_and_replayed),
		TEST(nothing_run_has_no_answers),
		TEST(always_that_is_false_is_told),
		TEST(values_are_those_of_the_end),
		TEST(values_of_a_violation_are_where_it_ended),
		TEST(two_simulators_do_not_mix),
		TEST(watched_conditions_are_counted),
		TEST(each_violation_has_its_own_line),
		TEST(print_has_table_and_line),
		TEST(signals_are_as_they_were),
		TEST(own_code_is_taken),
		TEST(wild_code_is_a_verdict),
		TEST(functions_of_a_kernel_tree_are_taken),
		TEST(nothing_is_needed_to_free_nothing),
	};

	if (argc != 2 || chdir(argv[1]))
		return 2;
	return cmocka_run_group_tests_name("pinsim", tests, NULL, NULL) ? 1 : 0;
}
