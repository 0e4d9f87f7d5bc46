/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libpinsim: running one schedule, all, or one again: see pinsim/pinsim.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/profile.h"
#include "sim/explore/minimise.h"
#include "sim/lib/pinsim_private.h"
#include "sim/lib/replayed.h"
#include "sim/lib/story.h"

/* Where a task that waits for another in a loop may not be preempted, it goes on. */
#define BOUND_MAX_STEPS	10000

static int say(struct pinsim *sim, int err, const char *error)
{
	if (err == -ENOMEM)
		return lib_fail(sim, err, "out of memory");
	return err ? lib_fail(sim, err, "%s: design %s: %s", sim->race->name.s,
				 sim->design, *error ? error : strerror(-err)) : 0;
}

/* What is run: @race with what is watched, as if it were expected of somebody. */
static int join(struct pinsim *sim, const struct race *race)
{
	unsigned int i, nr = race->nr_expects;

	sim->joined_expects = calloc(nr + sim->nr_watch + 1, sizeof(*sim->joined_expects));
	if (!sim->joined_expects)
		return lib_fail(sim, -ENOMEM, "out of memory");
	sim->joined = *race;
	for (i = 0; i < nr; i++)
		sim->joined_expects[i] = race->expects[i];
	for (i = 0; i < sim->nr_watch; i++)
		sim->joined_expects[nr + i] = (struct race_expect){
			.design.s = "", .verdict = RACE_ALWAYS, .cond = sim->watch[i]->exists,
		};
	sim->joined.expects = sim->joined_expects;
	sim->joined.nr_expects = nr + sim->nr_watch;
	return 0;
}

/* Failures change a race for good: a second one, for them. */
static int make_failing(struct pinsim *sim)
{
	struct race_error err;

	sim->failing = lib_parse(sim, &err);
	return sim->failing ? 0 : lib_fail(sim, -EINVAL, "%s", err.text);
}

static int inject(struct pinsim *sim)
{
	char error[256] = "";
	int err = make_failing(sim);

	if (err)
		return err;
	err = race_inject(sim->failing, sim->options.fail, error, sizeof(error));
	return err ? lib_fail(sim, err, "fail: %s", *error ? error : strerror(-err)) : 0;
}

/* Is there all that a run needs? Its results begin here. */
static int prepare(struct pinsim *sim)
{
	const char *want = sim->options.kernel;
	int err = 0;

	lib_drop_results(sim);
	if (!sim->race)
		return lib_fail(sim, -EINVAL, "no race was given");
	if (!*sim->design)
		return lib_fail(sim, -EINVAL, "no design was given");
	if (*sim->design_kernel && want && strcmp(want, sim->design_kernel))
		return lib_fail(sim, -EINVAL, "%s was compiled for kernel %s, not %s",
				   sim->design, sim->design_kernel, want);
	if (sim->options.fail)
		err = inject(sim);
	return err ? err : join(sim, sim->failing ? sim->failing : sim->race);
}

/* The case that design and options make. */
static int make_case(struct pinsim *sim)
{
	const struct expect_filter filter = {
		.design = sim->design,
		.kernel = *sim->design_kernel ? sim->design_kernel : sim->options.kernel,
		.checks = sim->options.check,
	};
	struct expect_case *cases = calloc(EXPECT_MAX_CASES, sizeof(*cases));
	char error[1024] = "";
	int n;

	if (!cases)
		return lib_fail(sim, -ENOMEM, "out of memory");
	n = expect_cases(sim->race, &filter, cases, EXPECT_MAX_CASES, error, sizeof(error));
	if (n > 0)
		sim->c = cases[0];
	free(cases);
	return n > 0 ? 0 : lib_fail(sim, -EINVAL, "%s", error);
}

static void configure(struct pinsim *sim, enum search_kind kind)
{
	sim->config = (struct search_config){
		.race = &sim->joined,
		.design = sim->c.design,
		.profile = kernel_profile_find(sim->c.kernel),
		.checks = &sim->c.checks,
		.kind = kind,
		.accesses = sim->options.accesses,
		.unroll = sim->options.unroll,
		.max_steps = sim->options.max_steps,
		.trace = true,
	};
}

/* ---- in words ---- */

/* What cut a search short, in the words of the option that did; NULL: nothing. */
static const char *bound_of(const struct pinsim *sim)
{
	const struct search_result *r = &sim->result;

	if (r->complete)
		return r->bounded ? REPORT_CUT_BY : NULL;
	if (r->timed_out)
		return "time";
	if (sim->config.kind == SEARCH_BOUNDED && r->nr_bounds == sim->config.preemptions + 1)
		return "preemptions";
	return "executions";
}

static enum report_how how(const struct pinsim *sim)
{
	if (sim->config.kind == SEARCH_ONE)
		return REPORT_ONE;
	if (sim->result.complete)
		return sim->result.bounded ? REPORT_BOUNDED : REPORT_EXHAUSTIVE;
	return pinsim_complete(sim) ? REPORT_BOUNDED : REPORT_CUT;
}

static void put_verdict(struct pinsim *sim)
{
	const struct search_result *r = &sim->result;
	const struct report_search search = {
		.how = how(sim), .executions = r->executions, .bounded = r->bounded,
		.bound = bound_of(sim),
	};
	const char *ids[SEARCH_MAX_FOUND];
	unsigned int i;
	size_t len;

	for (i = 0; i < r->nr_found; i++)
		ids[i] = r->found[i].violation.check;
	report_verdict_words(ids, r->nr_found, sim->verdict, sizeof(sim->verdict));
	len = strlen(sim->verdict);
	len += snprintf(sim->verdict + len, sizeof(sim->verdict) - len, ": ");
	if (len < sizeof(sim->verdict))
		report_search_words(&search, sim->verdict + len, sizeof(sim->verdict) - len);
}

bool pinsim_complete(const struct pinsim *sim)
{
	const struct search_result *r = &sim->result;

	if (!sim->ran || sim->config.kind == SEARCH_ONE)
		return false;
	return r->complete || (sim->config.kind == SEARCH_BOUNDED &&
			       r->nr_bounds == sim->config.preemptions + 1);
}

/* ---- running ---- */

/* Between enter and leave. */
static int run_search(struct pinsim *sim)
{
	char error[256] = "";
	int err = search_run(&sim->config, &sim->result, error, sizeof(error));

	if (err) {
		search_result_free(&sim->result);
		return say(sim, err, error);
	}
	sim->ran = true;
	return 0;
}

static int run_one(struct pinsim *sim, const struct schedule *schedule, const char *left_out)
{
	int err;

	sim->config.replay = schedule;
	err = run_search(sim);
	sim->config.replay = NULL;
	if (err)
		return err;
	sim->at = &sim->result.last;
	sim->at_cycle = sim->config.cycles;
	sim->line = replay_line(&sim->config, left_out, sim->at, sim->result.checksum);
	put_verdict(sim);
	return sim->line ? (int)sim->result.nr_found : lib_fail(sim, -ENOMEM, "out of memory");
}

static int run_seeded(struct pinsim *sim, uint64_t seed)
{
	struct schedule schedule = { NULL, 0 };
	char error[256] = "";
	int err = seed ? story_seeded(&sim->config, seed, &schedule, error, sizeof(error)) : 0;

	err = err ? say(sim, err, error) : run_one(sim, &schedule, sim->c.left_out);
	schedule_free(&schedule);
	return err;
}

/* All that goes before a search. Return: 0, and lib_leave() has to follow; or an error. */
static int begin(struct pinsim *sim)
{
	int err = prepare(sim);

	if (!err)
		err = make_case(sim);
	return err ? err : lib_enter(sim, false);
}

static int run(struct pinsim *sim, uint64_t seed)
{
	int err = begin(sim);

	if (err)
		return err;
	configure(sim, SEARCH_ONE);
	err = run_seeded(sim, seed);
	lib_leave();
	return err;
}

int pinsim_run(struct pinsim *sim)
{
	return run(sim, 0);
}

int pinsim_run_seed(struct pinsim *sim, uint64_t seed)
{
	if (!seed)
		return lib_fail(sim, -EINVAL, "seed 0 is none");
	return run(sim, seed);
}

/* Of each check the smallest execution. */
static int minimise_found(struct pinsim *sim)
{
	struct minimise_stats stats;
	char error[256] = "";
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < sim->result.nr_found; i++) {
		struct search_found *f = &sim->result.found[i];

		err = minimise(&sim->config, f->violation.check, &f->schedule, &stats, error,
			       sizeof(error));
		if (err == -ENOENT)
			return lib_fail(sim, -EIO, "%s was seen once but not again by the "
					   "same schedule", f->violation.check);
	}
	return say(sim, err, error);
}

static int explore(struct pinsim *sim)
{
	int err = run_search(sim);

	if (!err)
		err = minimise_found(sim);
	if (err) {
		lib_drop_results(sim);
		return err;
	}
	put_verdict(sim);
	pinsim_look_at(sim, NULL);
	return sim->result.nr_found;
}

int pinsim_explore(struct pinsim *sim)
{
	const struct pinsim_options *o = &sim->options;
	int err = begin(sim);

	if (err)
		return err;
	configure(sim, o->preemptions == UINT64_MAX ? SEARCH_DFS : SEARCH_BOUNDED);
	sim->config.reduce = sim->config.states = sim->config.kind == SEARCH_DFS;
	sim->config.preemptions = o->preemptions;
	sim->config.executions = o->executions;
	sim->config.seconds = o->seconds;
	if (sim->config.kind == SEARCH_BOUNDED && o->max_steps > BOUND_MAX_STEPS)
		sim->config.max_steps = BOUND_MAX_STEPS;
	err = explore(sim);
	lib_leave();
	return err;
}

/* ---- again ---- */

static int replay(struct pinsim *sim, const struct replay *line)
{
	char error[5120] = "";
	const char *given = *sim->design_kernel ? sim->design : NULL;
	struct race *race = sim->failing ? sim->failing : sim->race;
	int err = replayed_match(line, race, sim->path ? sim->path : "the race", given, &sim->c,
				 error, sizeof(error));

	if (err)
		return lib_fail(sim, err, "%.2000s", err == -ENOMEM ? "out of memory" : error);
	err = join(sim, race);
	if (err)
		return err;
	configure(sim, SEARCH_ONE);
	sim->config.accesses = line->build != 0;
	sim->config.unroll = line->unroll;
	sim->config.cycles = line->cycle;
	err = run_one(sim, &line->schedule, sim->c.left_out);
	if (err < 0 || (!sim->result.diverged && sim->result.checksum == line->checksum))
		return err;
	return lib_fail(sim, -ESTALE, "diverged at step %llu: the steps are not the recorded "
			   "ones", (unsigned long long)sim->result.steps);
}

int pinsim_replay(struct pinsim *sim, const char *text)
{
	struct replay line;
	char error[256];
	int err;

	/* It brings its design, unless that is the caller's own. */
	if (!sim->race)
		return lib_fail(sim, -EINVAL, "no race was given");
	if (replay_parse(&line, text, error, sizeof(error)))
		return lib_fail(sim, -EINVAL, "%s", error);
	/* The text may have been one of them. */
	lib_drop_results(sim);
	err = *line.fail ? make_failing(sim) : 0;
	if (!err)
		err = lib_enter(sim, false);
	if (!err) {
		err = replay(sim, &line);
		lib_leave();
	}
	replay_free(&line);
	return err;
}
