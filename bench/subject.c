/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a user's own code costs beside a built-in design that does the same, as
 * JSON: building a slice of three functions for the first time, having it again
 * from the cache and loading it, and exploring with it.
 *
 *	bench_subject [--tiny] FILE.race DEMAND_REF.c
 *
 * Speeds are by processor time, in turns, and their ratio is the median of the
 * rounds' ratios: what disturbs the machine disturbs both.  The check that
 * demand-ref violates in most races is left out, and each execution is run to its
 * end.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/measure.h"
#include "fakes/profile.h"
#include "sim/engine/arena.h"
#include "sim/explore/expect.h"
#include "sim/explore/search.h"
#include "sim/race/race.h"
#include "sim/subject/subject.h"

#define EXECUTIONS	20000
#define TINY		200
#define ROUNDS		7
#define UNROLL		3
#define MAX_STEPS	1000000

static const char *const slice[] = {
	"sev_pin_spte", "sev_free_memslot", "sev_alloc_memslot_metadata",
};

/* Seconds that it took to make the subject, whole or a slice; less than 0: a line was said. */
static double make(const struct subject_source *source, bool whole, struct subject_made *ret)
{
	struct subject_request r = { .source = source };
	struct subject_error err;
	double start = bench_now();

	if (!whole) {
		r.wanted.named = slice;
		r.wanted.nr_named = 3;
	}
	if (!subject_make(&r, ret, &err))
		return bench_now() - start;
	fprintf(stderr, "subject: %s\n", err.text);
	return -1;
}

/* Executions in a second of processor time; less than 0: a line was said. */
static double speed(const struct race *race, const struct expect_case *c, const char *design,
		    uint64_t executions, uint64_t seed)
{
	const struct search_config config = {
		.race = race,
		.kind = SEARCH_RANDOM,
		.design = design,
		.profile = kernel_profile_find(c->kernel),
		.checks = &c->checks,
		.executions = executions,
		.seed = seed,
		.unroll = UNROLL,
		.max_steps = MAX_STEPS,
		.traces = SEARCH_TRACES,
		.whole = true,
	};
	struct search_result result;
	double start = bench_cpu_now(), took;
	char error[256] = "";

	if (search_run(&config, &result, error, sizeof(error))) {
		fprintf(stderr, "subject: %s: %s\n", design, error);
		return -1;
	}
	took = bench_cpu_now() - start;
	took /= result.executions;
	search_result_free(&result);
	return 1 / took;
}

static json_t *compare(const struct race *race, const char *subject, uint64_t executions)
{
	static const char left_out[] = "all,-longterm-placement";
	struct expect_filter filter = { .design = "demand-ref", .checks = left_out };
	double own[ROUNDS], its[ROUNDS], ratio[ROUNDS];
	struct expect_case cases[2];
	char error[1024];
	int i;

	if (expect_cases(race, &filter, cases, 2, error, sizeof(error)) < 1) {
		fprintf(stderr, "subject: %s\n", error);
		return NULL;
	}
	for (i = -1; i < ROUNDS; i++) {
		double a = speed(race, &cases[0], "demand-ref", executions, i + 2);
		double b = speed(race, &cases[0], subject, executions, i + 2);

		if (a < 0 || b < 0)
			return NULL;
		if (i < 0)
			continue;
		own[i] = a;
		its[i] = b;
		ratio[i] = b / a;
	}
	return json_pack("{s:f, s:f, s:f}",
			 "builtin_per_cpu_second", bench_median(own, ROUNDS),
			 "subject_per_cpu_second", bench_median(its, ROUNDS),
			 "ratio", bench_median(ratio, ROUNDS));
}

static int measure(const struct race *race, const char *path, bool tiny)
{
	struct subject_source source;
	struct subject_made cold, warm, whole;
	const struct subject_info *info;
	struct subject_error err;
	double cold_s, warm_s, start;
	json_t *speeds;

	if (subject_source_read(&source, path, &err)) {
		fprintf(stderr, "subject: %s\n", err.text);
		return 1;
	}
	cold_s = make(&source, false, &cold);
	start = bench_now();
	warm_s = cold_s < 0 ? -1 : make(&source, false, &warm);
	if (warm_s < 0 || !subject_open(warm.object, &err))
		return 1;
	warm_s = bench_now() - start;
	if (make(&source, true, &whole) < 0)
		return 1;
	info = subject_open(whole.object, &err);
	speeds = info ? compare(race, info->design, tiny ? TINY : EXECUTIONS) : NULL;
	if (!speeds)
		return 1;
	bench_print(json_pack("{s:o, s:s, s:f, s:b, s:f, s:b, s:o}",
			      "machine", bench_machine(), "race", race->name.s,
			      "cold_seconds", cold_s, "cold_was_cached", cold.cached,
			      "warm_seconds", warm_s, "warm_was_cached", warm.cached,
			      "speed", speeds));
	subject_made_free(&cold);
	subject_made_free(&warm);
	subject_made_free(&whole);
	subject_source_free(&source);
	return 0;
}

/* A cache of its own, so that the first time is one. */
static int fresh_cache(char *dir)
{
	if (!mkdtemp(dir) || setenv("XDG_CACHE_HOME", dir, 1)) {
		perror("subject: a folder for the cache");
		return 1;
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static void remove_cache(const char *dir)
{
	if (nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS))
		fprintf(stderr, "subject: %s is left over\n", dir);
}

int main(int argc, char **argv)
{
	bool tiny = bench_tiny(&argc, argv);
	char dir[] = P_tmpdir "/bench-subject-XXXXXX";
	struct race_error err;
	struct race *race;
	int status;

	if (argc != 3) {
		fprintf(stderr, "usage: %s [--tiny] FILE.race DEMAND_REF.c\n", argv[0]);
		return 2;
	}
	bench_stay_on_core();
	if (fresh_cache(dir) || sim_arena_map())
		return 1;
	race = race_parse_file(argv[1], &err);
	if (!race) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	status = measure(race, argv[2], tiny);
	race_free(race);
	sim_arena_unmap();
	remove_cache(dir);
	return status;
}
