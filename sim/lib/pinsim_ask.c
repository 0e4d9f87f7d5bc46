/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libpinsim: what a run came to: see pinsim/pinsim.h.
 *
 * What is asked about the end of an execution is answered by running it again up
 * to there, once: the world stands at that end then, until somebody else runs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/lib/pinsim_private.h"
#include "sim/lib/story.h"
#include "sim/race/world.h"

const char *pinsim_verdict(const struct pinsim *sim)
{
	return sim->verdict;
}

const char *pinsim_violated(const struct pinsim *sim, unsigned int i)
{
	return sim->ran && i < sim->result.nr_found ? sim->result.found[i].violation.check : NULL;
}

static const struct search_found *find(const struct pinsim *sim, const char *check)
{
	unsigned int i;

	for (i = 0; sim->ran && i < sim->result.nr_found; i++)
		if (!strcmp(sim->result.found[i].violation.check, check))
			return &sim->result.found[i];
	return NULL;
}

const char *pinsim_violates(const struct pinsim *sim, const char *check)
{
	const struct search_found *f = find(sim, check);

	return f ? f->violation.text : NULL;
}

static const struct search_cond *counted(const struct pinsim *sim, const struct race_cond *cond)
{
	unsigned int i;

	for (i = 0; sim->ran && i < sim->result.nr_conds; i++)
		if (sim->result.conds[i].cond == cond)
			return &sim->result.conds[i];
	return NULL;
}

const char *pinsim_unexpected(const struct pinsim *sim)
{
	const struct search_cond *always;

	if (!sim->ran)
		return NULL;
	if (sim->result.unexpected)
		return sim->result.unexpected_text;
	always = sim->joined.always ? counted(sim, sim->joined.always) : NULL;
	return always && always->negative ? "the race's always is false at an end" : NULL;
}

uint64_t pinsim_executions(const struct pinsim *sim)
{
	return sim->ran ? sim->result.executions : 0;
}

int pinsim_watched(struct pinsim *sim, int number, uint64_t *ret_true, uint64_t *ret_false)
{
	const struct search_cond *c;

	if (number < 0 || (unsigned int)number >= sim->nr_watch)
		return lib_fail(sim, -EINVAL, "no condition %d is watched", number);
	c = counted(sim, sim->watch[number]->exists);
	if (!c)
		return lib_fail(sim, -ENODATA, "nothing was run yet");
	if (ret_true)
		*ret_true = c->positive;
	if (ret_false)
		*ret_false = c->negative;
	return 0;
}

/* ---- one execution ---- */

static void set_at(struct pinsim *sim, const struct schedule *at, bool cycle)
{
	if (sim->at == at && sim->at_cycle == cycle)
		return;
	if (lib_stands(sim))
		lib_set_standing(NULL);
	free(sim->line);
	sim->line = NULL;
	sim->at = at;
	sim->at_cycle = cycle;
}

int pinsim_look_at(struct pinsim *sim, const char *check)
{
	const char *first = pinsim_violated(sim, 0);
	const struct search_found *f = check ? find(sim, check) : first ? find(sim, first) : NULL;
	bool one = sim->ran && sim->config.kind == SEARCH_ONE;

	if (check && !f)
		return lib_fail(sim, -ENODATA, "no execution violates %.60s", check);
	if (one)
		set_at(sim, &sim->result.last, sim->config.cycles);
	else if (f)
		set_at(sim, &f->schedule, !strcmp(f->violation.check, "livelock"));
	else
		return lib_fail(sim, -ENODATA, "there is no execution to look at");
	return 0;
}

static struct search_config again(const struct pinsim *sim)
{
	struct search_config config = sim->config;

	config.kind = SEARCH_ONE;
	config.replay = sim->at;
	config.cycles = sim->at_cycle;
	config.trace = true;
	return config;
}

/* Have the world stand at the execution's end. */
static int stand(struct pinsim *sim)
{
	struct search_config config;
	struct search_result result;
	char error[256] = "";
	int err;

	if (!sim->at)
		return lib_fail(sim, -ENODATA, "there is no execution to look at");
	if (lib_stands(sim))
		return lib_enter(sim, true);
	err = lib_enter(sim, false);
	if (err)
		return err;
	config = again(sim);
	config.hold = true;
	err = search_run(&config, &result, error, sizeof(error));
	search_result_free(&result);
	if (!err) {
		lib_set_standing(sim);
		return 0;
	}
	lib_leave();
	return lib_fail(sim, err, "%s", *error ? error : strerror(-err));
}

int pinsim_value(struct pinsim *sim, const char *term, int64_t *ret)
{
	struct race *cond;
	bool there;
	int err = lib_condition(sim, term, " == 0", &cond);

	if (err)
		return err;
	if (cond->exists->kind != RACE_COND_CMP)
		err = lib_fail(sim, -EINVAL, "'%.200s' is not a single term", term);
	if (!err)
		err = stand(sim);
	if (!err) {
		there = race_term_value(&sim->joined, &cond->exists->term, ret);
		lib_leave();
		if (!there)
			err = lib_fail(sim, -ENODATA, "'%.200s': it did not come to that", term);
	}
	race_free(cond);
	return err;
}

int pinsim_true(struct pinsim *sim, const char *condition)
{
	struct race *cond;
	int r = lib_condition(sim, condition, "", &cond);

	if (r)
		return r;
	r = stand(sim);
	if (!r) {
		r = race_judge(&sim->joined, cond->exists);
		lib_leave();
	}
	race_free(cond);
	return r;
}

/* The execution again, whole. Between enter and leave. */
static int tell(struct pinsim *sim, FILE *out)
{
	struct search_config config = again(sim);
	const struct report_style style = { .width = 0 };
	struct story *story = malloc(sizeof(*story));
	char error[256] = "";
	int err;

	if (!story)
		return lib_fail(sim, -ENOMEM, "out of memory");
	err = story_run(story, &config, &sim->c, error, sizeof(error));
	if (!err && out)
		err = story_print(story, &style, false, out);
	if (!err && !sim->line) {
		sim->line = story->replay;
		story->replay = NULL;
	}
	story_free(story);
	free(story);
	return err ? lib_fail(sim, err, "%s", *error ? error : strerror(-err)) : 0;
}

const char *pinsim_replay_line(struct pinsim *sim)
{
	if (!sim->line && sim->at && !lib_enter(sim, false)) {
		tell(sim, NULL);
		lib_leave();
	}
	return sim->line;
}

int pinsim_print(struct pinsim *sim, FILE *out)
{
	int err;

	if (!sim->ran)
		return lib_fail(sim, -ENODATA, "nothing was run yet");
	fprintf(out, "%s: %s\n%s with %s: %s\n", sim->race->name.s, sim->race->question.s,
		sim->race->name.s, sim->c.design, sim->verdict);
	if (!sim->at)
		return 0;
	err = lib_enter(sim, false);
	if (!err) {
		err = tell(sim, out);
		lib_leave();
	}
	return err;
}
