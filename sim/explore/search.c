/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searching: build once, run many executions, remember what was seen.
 *
 * One struct search ties together the race's world, the checks that watch it
 * and the strategy that steers it.  Both kinds of search end an execution in
 * the same place, search_finish(): conditions, tear-down, verdict.
 */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fakes/objects.h"
#include "fakes/profile.h"
#include "sim/core/order.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/engine/arena.h"
#include "sim/engine/fiber.h"
#include "sim/engine/rescue.h"
#include "sim/engine/undo.h"
#include "sim/explore/bounded.h"
#include "sim/explore/cycles.h"
#include "sim/explore/dfs.h"
#include "sim/explore/random.h"
#include "sim/explore/search_private.h"
#include "sim/race/actor.h"
#include "sim/race/names.h"
#include "sim/race/race.h"
#include "sim/race/world.h"

/* What the race's own tables are made from. */
#define FOLLOW_VERBS	(CHECK_VERB(MAP) | CHECK_VERB(MOVED) | CHECK_VERB(RETRY))

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* --- what is remembered -------------------------------------------------- */

static struct search_found *found_slot(struct search_result *r, const char *check)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++)
		if (!strcmp(r->found[i].violation.check, check))
			break;
	return &r->found[i];
}

/* A verdict is a set: every check that spoke counts, its first time is kept. */
static void remember(struct search *s, const uint32_t *choices, size_t n)
{
	struct search_result *r = s->result;
	unsigned int i;

	r->violated += s->checks.nr_found != 0;
	for (i = 0; i < s->checks.nr_found; i++) {
		const struct violation *v = &s->checks.found[i];
		struct search_found *f = found_slot(r, v->check);

		f->executions++;
		if (f != &r->found[r->nr_found])
			continue;
		f->violation = *v;
		if (schedule_from(&f->schedule, choices, n))
			s->err = -ENOMEM;
		r->nr_found++;
	}
}

size_t search_say_executions(struct search_result *r, uint64_t executions, bool reduced,
			     uint64_t blocked)
{
	size_t n = snprintf(r->covered, sizeof(r->covered),
			    "%" PRIu64 " executions run to their end", executions);

	if (reduced)
		n += snprintf(r->covered + n, sizeof(r->covered) - n,
			      "; %" PRIu64 " cut off as explored in another order", blocked);
	return n;
}

static void judge(struct search *s)
{
	const struct race *race = s->config->race;
	struct search_result *r = s->result;
	unsigned int i;

	s->tail.conds = 0;
	for (i = 0; i < r->nr_conds; i++) {
		if (!race_judge(race, r->conds[i].cond)) {
			r->conds[i].negative++;
			continue;
		}
		r->conds[i].positive++;
		if (i < TAIL_MAX_CONDS)
			s->tail.conds |= 1ULL << i;
	}
	s->tail.unexpected = race_unexpected(race, s->line, sizeof(s->line));
	if (s->tail.unexpected && !r->unexpected++)
		snprintf(r->unexpected_text, sizeof(r->unexpected_text), "%s", s->line);
	if (s->config->finals) {
		struct race_final state;

		race_final_hash(race, &state);
		if (finals_add(&r->finals, &state))
			s->err = -ENOMEM;
	}
}

/* --- known tails ---------------------------------------------------------- */

/* Does a condition ask how the world came where it is? No state says that. */
bool search_asks_history(const struct search *s)
{
	unsigned int i;

	/* What is ordered before what is how the world came here. */
	if (s->config->accesses && check_set_has(s->config->checks, "data-race"))
		return true;
	for (i = 0; i < s->result->nr_conds; i++) {
		if (race_cond_reads_history(s->result->conds[i].cond))
			return true;
	}
	return false;
}

bool search_keeps_tails(const struct search *s)
{
	return !s->config->whole && s->result->nr_conds <= TAIL_MAX_CONDS &&
	       !search_asks_history(s);
}

/* What judge() and tear_down() would have counted. */
static void account_known(struct search *s, const struct tail *tail)
{
	struct search_result *r = s->result;
	unsigned int i;

	r->known++;
	r->steps += tail->steps;
	s->tail.bounded = tail->bounded;
	if (tail->bounded)
		return;
	if (s->sampler)
		sampler_final(s->sampler, tail->final);
	for (i = 0; i < r->nr_conds; i++) {
		if (tail->conds >> i & 1)
			r->conds[i].positive++;
		else
			r->conds[i].negative++;
	}
	r->unexpected += tail->unexpected;
}

/**
 * search_knows() - is what follows from the world as it is known?
 * @s: a search that keeps tails
 * @steps: taken so far in this execution
 * @all: taken so far in this search, beside those in its result
 * @max: with more than so many steps the execution has to be looked at
 *
 * If it is, it is accounted for, and search_finish() has to be told
 * SIM_END_KNOWN; if not, it will be once the execution has ended well.
 */
bool search_knows(struct search *s, uint64_t steps, uint64_t all, uint64_t max)
{
	struct sim_hash state = sim_hash_now(sim_tasks_alive());
	const struct tail *tail = tails_find(&s->tails, state);

	if (tail && steps + tail->steps <= max) {
		account_known(s, tail);
		return true;
	}
	s->in_tail = !tail;
	s->tail = (struct tail){ .state = state };
	s->tail_began = s->result->steps + all;
	return false;
}

/* The execution has ended well: remember its tail, if it has one. */
static void keep_tail(struct search *s)
{
	uint64_t steps = s->result->steps + s->dfs.steps - s->tail_began;

	if (!s->in_tail || !steps || steps > UINT32_MAX)
		return;
	s->tail.steps = steps;
	tails_add(&s->tails, &s->tail);
}

/* --- the end of an execution ---------------------------------------------- */

/* --- one execution ------------------------------------------------------- */

/* Feeds the race's tables of where pages have been. */
static void follow_pages(const struct sim_record *recs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		uint64_t id = SIM_OBJ_ID(recs[i].obj);

		if (recs[i].verb == SIM_MAP && SIM_OBJ_CLASS(recs[i].obj) == OBJ_PTE)
			actor_note_map(id >> 40, (id & ((1ULL << 40) - 1)) << 12, recs[i].a);
		else if (recs[i].verb == SIM_MOVED)
			actor_note_moved(id, recs[i].a);
		else if (recs[i].verb == SIM_RETRY)
			actor_note_retry();
	}
}

static bool look(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	struct search *s = (struct search *)((char *)self - offsetof(struct search, watcher));

	struct sim_rescue rescue;
	bool spoke;

	if (SIM_RESCUED(&rescue)) {
		check_watch_spoilt(&s->checks, recs + n - 1);
		return true;
	}
	if (s->follow_pages || s->names_pages)
		follow_pages(recs, n);
	if (s->sampler && !s->again)
		sampler_look(s->sampler, recs, n);
	spoke = s->checks.watcher.look(&s->checks.watcher, recs, n);
	sim_rescue_end(&rescue);
	return spoke;
}

/* The checks, at an end. Return: true if one spoke. */
static bool look_at_end(struct search *s, enum check_end when)
{
	struct sim_rescue rescue;
	bool spoke;

	if (SIM_RESCUED(&rescue)) {
		check_watch_spoilt(&s->checks, NULL);
		return true;
	}
	spoke = check_watch_end(&s->checks, when);
	sim_rescue_end(&rescue);
	return spoke;
}

/* The default schedule. */
static int choose_first(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			const char *tag)
{
	(void)self;
	(void)n;
	(void)tasks;
	(void)tag;
	return 0;
}

/*
 * Liveness: one more task takes everything down, then nothing may be left.
 * Return: how it ended.
 */
static enum sim_end tear_down(struct search *s)
{
	struct sim_exec exec = {
		.strategy = &s->default_order,
		.watcher = &s->watcher,
		.max_steps = s->config->max_steps,
		.last = -1,
	};
	int task = race_teardown_task(s->config->race);
	enum sim_end end = sim_exec_run(&exec);

	sim_fiber_forget(task);
	s->result->steps += exec.steps;
	if (end == SIM_END_DONE && look_at_end(s, CHECK_END_TORN_DOWN))
		end = SIM_END_VIOLATION;
	return end;
}

/* The tasks are done: conditions, tear-down. Return: how it ended. */
static enum sim_end finish_tasks(struct search *s)
{
	struct sim_rescue rescue;
	enum sim_end end;

	if (race_bounded(s->config->race)) {
		s->tail.bounded = true;
		keep_tail(s);
		return SIM_END_BOUND;
	}
	if (SIM_RESCUED(&rescue)) {
		check_watch_spoilt(&s->checks, NULL);
		return SIM_END_VIOLATION;
	}
	judge(s);
	sim_rescue_end(&rescue);
	if (s->sampler && search_keeps_tails(s)) {
		s->tail.final = sim_hash_now(0).lo;
		sampler_final(s->sampler, s->tail.final);
	}
	if (look_at_end(s, CHECK_END_DONE))
		return SIM_END_VIOLATION;
	if (s->config->hold)
		return SIM_END_DONE;
	end = tear_down(s);
	if (end == SIM_END_DONE)
		keep_tail(s);
	return end;
}

/* Has somebody had enough, or is something used up? */
bool search_over(struct search *s)
{
	struct search_result *r = s->result;

	if (s->config->interrupted && *s->config->interrupted) {
		r->timed_out = true;
		return true;
	}
	if (memory_over(&s->memory)) {
		r->over_memory = true;
		return true;
	}
	if (s->config->seconds > 0 && now() - s->began >= s->config->seconds) {
		r->timed_out = true;
		return true;
	}
	return false;
}

/**
 * search_finish() - the end of an execution's tasks: judge, tear down, count.
 * @end: how the tasks ended
 * @choices: the choices taken, @n of them
 *
 * Return: should the search stop?
 */
bool search_finish(struct search *s, enum sim_end end, const uint32_t *choices, size_t n)
{
	struct search_result *r = s->result;

	if (end == SIM_END_KNOWN)
		end = s->tail.bounded ? SIM_END_BOUND : SIM_END_DONE;
	else if (end == SIM_END_DONE)
		end = finish_tasks(s);
	r->length += sim_now() - s->built;
	s->in_tail = false;
	r->executions++;
	r->end = end;
	if (n > r->nr_choices_max)
		r->nr_choices_max = n;
	if (s->checks.nr_found)
		remember(s, choices, n);
	else if (end != SIM_END_DONE)
		r->bounded++;
	if (s->config->stop_at_violation && r->nr_found)
		return true;
	if (s->config->violated && s->checks.nr_found &&
	    s->config->violated(s->config->violated_arg, &s->checks, choices, n))
		return true;
	if (search_over(s))
		return true;
	if (!(r->executions & 1023) && s->config->progress)
		s->config->progress(s->config->progress_arg, r->executions, r->violated);
	return s->err != 0;
}

/* --- the kinds of search -------------------------------------------------- */

static bool dfs_alone(struct sim_dfs *self, uint64_t steps)
{
	struct search *s = (struct search *)self;

	s->tail_asked = self->nr_choices;
	return search_knows(s, steps, self->steps, s->config->max_steps);
}

static bool dfs_done(struct sim_dfs *self, enum sim_end end)
{
	struct search *s = (struct search *)self;
	bool stop;

	/* What was asked for on the way will be answered otherwise, too. */
	if (self->nr_choices != s->tail_asked)
		s->in_tail = false;
	s->result->preemptions = self->preemptions;
	stop = search_finish(s, end, self->choice, self->nr_choices);
	check_watch_start(&s->checks);
	return stop;
}

static void dfs_passed_by(struct sim_dfs *self)
{
	check_watch_start(&((struct search *)self)->checks);
}

static void set_up_dfs(struct search *s)
{
	sim_undo_on(true);
	s->dfs.done = dfs_done;
	s->dfs.passed_by = dfs_passed_by;
	s->dfs.watcher = &s->watcher;
	s->dfs.max_steps = s->config->max_steps;
	s->dfs.max_executions = s->config->executions;
	s->dfs.verify_rollback = s->config->verify_rollback;
	s->dfs.prefix = s->config->prefix;
	s->dfs.nr_prefix = s->config->nr_prefix;
}

/*
 * Executions that are long may go round: then what remembers the path's states
 * takes over, from the beginning.
 */
static int run_dfs(struct search *s)
{
	struct sim_marked_world begin = { .nr = 0 };
	int err;

	set_up_dfs(s);
	if (search_keeps_tails(s)) {
		sim_hash_on(true);
		s->dfs.alone = dfs_alone;
	}
	s->dfs.suspect_steps = search_asks_history(s) ? 0 : SIM_CYCLES_FROM;
	sim_marked_world_take(&begin, false);
	err = sim_dfs_run(&s->dfs);
	if (s->dfs.suspected) {
		sim_marked_world_return(&begin);
		sim_hash_on(false);
		search_forget(s);
	}
	sim_marked_world_free(&begin);
	if (s->dfs.suspected && !err)
		return search_dpor(s);
	s->result->steps += s->dfs.steps;
	s->result->complete = s->dfs.complete;
	return err ? err : s->err;
}

static int run_bounded(struct search *s)
{
	struct sim_bounded b = { .dfs = &s->dfs, .max = s->config->preemptions };
	int err;

	set_up_dfs(s);
	sim_hash_on(true);
	s->dfs.end_repeats = true;
	if (search_keeps_tails(s))
		s->dfs.alone = dfs_alone;
	err = sim_bounded_run(&b);
	s->result->steps += s->dfs.steps;
	s->result->complete = b.complete;
	s->result->nr_bounds = b.nr_complete;
	sim_bounded_words(&b, s->result->covered, sizeof(s->result->covered));
	return err ? err : s->err;
}

/* By its kind. */
static int run(struct search *s)
{
	switch (s->config->kind) {
	case SEARCH_ONE:
		return search_one(s);
	case SEARCH_DFS:
		return s->config->reduce || s->config->states || s->config->rerun ?
			search_dpor(s) : run_dfs(s);
	case SEARCH_BOUNDED:
		return run_bounded(s);
	case SEARCH_WORK:
		return search_work(s);
	case SEARCH_RANDOM:
	case SEARCH_PCT:
	case SEARCH_COVERAGE:
		break;
	}
	return search_random(s);
}

/*
 * The set-up itself violates a check (an eager design pins when the race
 * registers a range): every execution begins, and so ends, with it.
 */
static void born_violated(struct search *s)
{
	search_finish(s, SIM_END_VIOLATION, NULL, 0);
	s->result->complete = true;
	s->result->checksum = search_checksum();
}

/* --- set-up --------------------------------------------------------------- */

static bool cond_follows_pages(const struct race_cond *c)
{
	if (!c)
		return false;
	if (c->kind != RACE_COND_CMP)
		return cond_follows_pages(c->left) || cond_follows_pages(c->right);
	return (c->term.kind >= RACE_TERM_ZONE && c->term.kind <= RACE_TERM_MOVED) ||
	       c->term.kind == RACE_TERM_COUNT;
}

static void add_cond(struct search_result *r, const struct race_cond *cond)
{
	unsigned int i;

	for (i = 0; i < r->nr_conds; i++)
		if (r->conds[i].cond == cond)
			return;
	if (cond)
		r->conds[r->nr_conds++].cond = cond;
}

int search_conds(const struct race *race, struct search_result *r)
{
	uint32_t i;

	r->conds = calloc(race->nr_expects + 2, sizeof(*r->conds));
	if (!r->conds)
		return -ENOMEM;
	add_cond(r, race->exists);
	add_cond(r, race->always);
	for (i = 0; i < race->nr_expects; i++)
		add_cond(r, race->expects[i].cond);
	return 0;
}

static int collect_conds(struct search *s)
{
	int err = search_conds(s->config->race, s->result);
	unsigned int i;

	for (i = 0; i < s->result->nr_conds; i++)
		s->follow_pages |= cond_follows_pages(s->result->conds[i].cond);
	return err;
}

/*
 * Every search asks for the same, so that what is left over on stacks by telling
 * it is the same: only what is told to people differs.
 */
void search_subscribe(const struct search *s)
{
	sim_pulse_subscribe(check_set_verbs(s->config->checks) | SAMPLER_VERBS |
			    (s->follow_pages || s->names_pages ? FOLLOW_VERBS : 0));
}

static int build(struct search *s, char *error, size_t size)
{
	const struct race_setup setup = {
		.design = s->config->design,
		.profile = s->config->profile,
		.unroll = s->config->unroll,
		.check_addresses = check_set_has(s->config->checks, "use-after-free") ||
				   check_set_has(s->config->checks, "metadata-bounds"),
	};
	const struct sim_record *recs;
	size_t n;
	int err;

	sim_arena_reset();
	sim_pulse_clear();
	sim_pulse_trace(s->config->trace && s->config->kind == SEARCH_ONE);
	search_subscribe(s);
	err = race_build(s->config->race, &setup, error, size);
	sim_grain_access_on(!err && s->config->accesses);
	recs = sim_pulse_fresh(&n);
	check_watch_start(&s->checks);
	if (err || look(&s->watcher, recs, n))
		return err;
	sim_pulse_clear();
	s->built = sim_now();
	return 0;
}

int search_run(const struct search_config *config, struct search_result *ret_result,
	       char *ret_error, size_t error_size)
{
	struct search s = {
		.config = config,
		.result = ret_result,
		.watcher.look = look,
		.default_order.choose = choose_first,
		.began = now(),
		.memory.limit = config->memory,
	};
	int err;

	memset(ret_result, 0, sizeof(*ret_result));
	/* Names of pages in what is told; a large search does without. */
	s.names_pages = config->kind == SEARCH_ONE && config->trace;
	err = collect_conds(&s);
	race_names_init(&s.names, config->race);
	check_watch_init(&s.checks, config->checks, &s.names.names);
	if (!err)
		err = build(&s, ret_error, error_size);
	if (!err && s.checks.nr_found)
		born_violated(&s);
	else if (!err)
		err = run(&s);
	sim_hash_on(false);
	sim_grain_access_on(false);
	tails_free(&s.tails);
	memory_close(&s.memory);
	if (err == -ENOMEM)
		snprintf(ret_error, error_size, "out of memory");
	return err;
}

void search_result_free(struct search_result *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++)
		schedule_free(&r->found[i].schedule);
	schedule_free(&r->last);
	finals_free(&r->finals);
	free(r->conds);
	memset(r, 0, sizeof(*r));
}
