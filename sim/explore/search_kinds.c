/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches that run one execution after the other: a single schedule, told
 * with its whole trace, and seeded random ones.
 */
#include <errno.h>
#include <stdio.h>

#include "sim/core/step.h"
#include "sim/engine/undo.h"
#include "sim/explore/cycles.h"
#include "sim/explore/exec_private.h"
#include "sim/explore/random.h"
#include "sim/explore/search_private.h"

/* Answers from a schedule's departures; everything else is the default order. */
struct follow {
	struct sim_strategy strategy;
	const struct sim_exec *exec;
	const struct schedule *schedule;
	size_t cursor;
	uint32_t asked;
	uint32_t preemptions;
	bool departed;
};

static int follow_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			 const char *tag)
{
	struct follow *f = (struct follow *)self;
	uint32_t take = f->schedule ? schedule_at(f->schedule, f->asked, &f->cursor) : 0;

	(void)tag;
	f->asked++;
	/* The task that ran last comes first, if it can go on. */
	if (tasks && take && tasks[0] == f->exec->last)
		f->preemptions++;
	if (take < n)
		return take;
	f->departed = true;
	return -1;
}

/* FNV-1a over what each step is, by whom and about what. */
uint64_t search_checksum(void)
{
	const struct sim_record *recs;
	uint64_t sum = 0xcbf29ce484222325ULL;
	size_t n, i, k;

	recs = sim_pulse_all(&n);
	for (i = 0; i < n; i++) {
		uint64_t words[] = { recs[i].verb | (uint64_t)(uint16_t)recs[i].task << 16,
				     recs[i].obj };

		if (!recs[i].is_step)
			continue;
		for (k = 0; k < 16; k++)
			sum = (sum ^ (words[k / 8] >> (k % 8 * 8) & 0xff)) * 0x100000001b3ULL;
	}
	return sum;
}

/**
 * struct one - one schedule, run once or twice
 * @cycles: what ended it
 * @looked: it was run once before, to look for a cycle; what ended it then
 */
struct one {
	struct search *search;
	struct follow follow;
	struct sim_recorder rec;
	struct sim_exec exec;
	struct sim_cycles cycles;
	bool looked;
	enum sim_end end;
};

static void one_begin(struct one *o)
{
	struct search *s = o->search;

	o->follow = (struct follow){
		.strategy.choose = follow_choose,
		.exec = &o->exec,
		.schedule = s->config->replay,
	};
	sim_recorder_clear(&o->rec);
	o->rec.inner = &o->follow.strategy;
	o->exec = (struct sim_exec){
		.strategy = &o->rec.strategy,
		.watcher = &s->watcher,
		.max_steps = s->config->max_steps,
		.last = -1,
	};
}

/* Where does it end, if it may go round? */
static void one_look(struct one *o)
{
	one_begin(o);
	o->exec.cycles = &o->cycles;
	o->end = sim_exec_run(&o->exec);
}

/*
 * The same again, and told.  What is told leaves other bytes on the stacks, and
 * these tell states apart: where it went round it does, whatever they say now.
 */
static void one_tell(struct one *o)
{
	const bool round = o->looked && o->end == SIM_END_LIVELOCK;
	const uint64_t steps = o->exec.steps;

	one_begin(o);
	if (round)
		o->exec.max_steps = steps;
	o->end = sim_exec_run(&o->exec);
	if (round && o->end == SIM_END_BOUND)
		o->end = exec_livelock(o->exec.watcher, o->cycles.cycle_ran,
				       o->cycles.cycle_steps);
}

static void one_run(struct one *o)
{
	struct sim_marked_world world = { .nr = 0 };
	struct search *s = o->search;
	const bool names = s->names_pages;

	if (s->config->cycles) {
		s->names_pages = false;
		search_subscribe(s);
		sim_pulse_trace(false);
		sim_marked_world_take(&world, false);
		one_look(o);
		if (!s->config->trace)
			goto out;
		sim_marked_world_return(&world);
		check_watch_start(&s->checks);
		s->names_pages = names;
		search_subscribe(s);
		o->looked = true;
	}
	sim_pulse_trace(s->config->trace);
	sim_break_arm();
	one_tell(o);
out:
	sim_marked_world_free(&world);
}

/**
 * search_one() - run one schedule and keep its trace.
 *
 * Return: 0 or -ENOMEM. A schedule that does not fit the run sets
 * result->diverged.
 */
int search_one(struct search *s)
{
	struct one o = { .search = s };
	const struct follow *follow = &o.follow;
	size_t n;

	sim_undo_on(true);
	sim_hash_on(true);
	sim_recorder_init(&o.rec, NULL);
	one_run(&o);
	s->result->steps += o.exec.steps;
	s->result->preemptions = follow->preemptions;
	search_finish(s, o.end, o.rec.choice, o.rec.nr);
	n = s->config->replay ? s->config->replay->nr : 0;
	s->result->diverged = follow->departed ||
			      (n && s->config->replay->choice[n - 1].at >= follow->asked);
	if (schedule_from(&s->result->last, o.rec.choice, o.rec.nr))
		s->err = -ENOMEM;
	s->result->checksum = search_checksum();
	sim_cycles_free(&o.cycles);
	sim_recorder_free(&o.rec);
	return s->err;
}

/* One execution that may end where its rest is known. */
struct random_exec {
	struct sim_exec exec;
	struct search *search;
	struct traces *traces;	/* NULL: not wanted */
	uint64_t asked;		/* choices before its last task ran alone */
};

static bool random_alone(struct sim_exec *exec)
{
	struct random_exec *r = (struct random_exec *)exec;

	r->asked = exec->choices;
	return search_knows(r->search, exec->steps, exec->steps, exec->max_steps);
}

static void random_stepped(struct sim_exec *exec, unsigned int task)
{
	traces_step(((struct random_exec *)exec)->traces, task);
}

/* What all random executions of a search have in common. */
struct random {
	struct search *search;
	struct sim_marked_world world;
	struct sim_cycles cycles;
	struct sim_recorder rec;
};

static enum sim_end random_run(struct random *all, struct sim_exec exec, struct traces *traces)
{
	struct search *s = all->search;
	struct random_exec r = { .exec = exec, .search = s, .traces = traces };
	enum sim_end end;

	r.exec.watcher = &s->watcher;
	r.exec.alone = search_keeps_tails(s) && !traces ? random_alone : NULL;
	r.exec.stepped = traces ? random_stepped : NULL;
	r.exec.last = -1;
	check_watch_start(&s->checks);
	end = sim_exec_run(&r.exec);
	/* One that is about to be run again has no end yet. */
	if (end == SIM_END_BOUND && r.exec.max_steps < s->config->max_steps)
		return SIM_END_PRUNED;
	s->result->steps += r.exec.steps;
	/* What was asked for on the way may be answered otherwise next time. */
	if (r.exec.choices != r.asked)
		s->in_tail = false;
	return end;
}

/* What was chosen before, then what the strategy says. */
struct resume {
	struct sim_strategy strategy;
	struct random *all;
	size_t next;
};

static int resume_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			 const char *tag)
{
	struct resume *r = (struct resume *)self;
	struct sim_recorder *rec = &r->all->rec;

	if (r->next < rec->nr)
		return rec->choice[r->next++];
	r->all->search->again = false;
	r->next++;
	return rec->strategy.choose(&rec->strategy, n, tasks, tag);
}

/*
 * An execution that is long may go round.  It is run again as its schedule would
 * be, from its beginning with all of its states looked at: so what is seen here
 * is seen there.
 */
static enum sim_end random_again(struct random *all)
{
	struct resume resume = { .strategy.choose = resume_choose, .all = all };
	struct search *s = all->search;
	struct sim_exec exec = {
		.strategy = &resume.strategy,
		.max_steps = s->config->max_steps,
		.cycles = &all->cycles,
	};
	enum sim_end end;

	sampler_again(s->sampler);
	sim_marked_world_return(&all->world);
	s->again = true;
	end = random_run(all, exec, NULL);
	s->again = false;
	/* It may have ended before. */
	if (resume.next < all->rec.nr)
		all->rec.nr = resume.next;
	sim_cycles_cut(&all->cycles, (struct sim_cycles_mark){ 0 });
	return end;
}

static enum sim_end random_one(struct random *all)
{
	const struct search_config *config = all->search->config;
	/* Who wants the schedule wants the same one of every build. */
	bool suspects = !config->keep_last && config->max_steps > SIM_CYCLES_FROM;
	struct sim_exec exec = {
		.strategy = &all->rec.strategy,
		.max_steps = suspects ? SIM_CYCLES_FROM : config->max_steps,
	};
	enum sim_end end = random_run(all, exec, sampler_begin(all->search->sampler));

	return end == SIM_END_PRUNED && suspects ? random_again(all) : end;
}

/**
 * search_random() - many random executions, each from the same built world.
 *
 * Return: 0 or -ENOMEM.
 */
int search_random(struct search *s)
{
	struct random all = { .search = s };
	struct sim_recorder *rec = &all.rec;
	bool stop = false;

	s->sampler = sampler_new(s->config);
	if (!s->sampler)
		return -ENOMEM;
	sim_recorder_init(rec, sampler_strategy(s->sampler));
	sim_undo_on(true);
	sim_hash_on(true);
	sim_marked_world_take(&all.world, s->config->verify_rollback);
	while (!stop && s->result->executions < s->config->executions) {
		enum sim_end end;

		sim_recorder_clear(rec);
		end = random_one(&all);
		sampler_end(s->sampler, rec->choice, rec->nr);
		stop = search_finish(s, end, rec->choice, rec->nr);
		/* Nothing was there to choose: all others are this one. */
		if (!rec->nr)
			stop = s->result->complete = true;
		sim_marked_world_return(&all.world);
	}
	if (s->config->keep_last && schedule_from(&s->result->last, rec->choice, rec->nr))
		s->err = -ENOMEM;
	if (!s->result->complete)
		sampler_words(s->sampler, s->result->covered, sizeof(s->result->covered));
	sampler_free(s->sampler);
	s->sampler = NULL;
	sim_marked_world_free(&all.world);
	sim_cycles_free(&all.cycles);
	sim_recorder_free(rec);
	return s->err;
}
