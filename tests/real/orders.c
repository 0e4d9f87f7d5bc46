/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Orders: what an execution does to references, PTEs, the LRU, SPTEs and
 * notifier windows, in which order, and by which task.
 *
 * One side records orders (record.c); the other is steered so that the same
 * things happen in the same order, whatever its steps between them are. A line is
 * one execution, its fields separated by tabs:
 *   how it ended, by numbers of enum sim_end
 *   the steps that it took, and answers to other choices (turns.h)
 *   its milestones, as task:verb:object
 *   the final state
 * The last line says whether there are any other orders: "#all" or "#some".
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/mm/probe.h"
#include "fakes/objects.h"
#include "fakes/profile.h"
#include "sim/engine/arena.h"
#include "tests/real/orders.h"

/* A change of a count is told after its step, and only if it was made. */
#define COUNTS		(V(GET) | V(PUT) | V(PIN) | V(UNPIN))

/* How often an order that no hints lead to is tried by chance. */
#define CHANCES		40

/* How often in a row the wanted task may be passed by before it is given up. */
#define MAX_DETOUR	2000

#define steer_of(ptr, member)						\
	((struct steer *)((char *)(ptr) - offsetof(struct steer, member)))

static void add_milestone(struct order *o, struct milestone m)
{
	o->milestone = side_grow(o->milestone, &o->max, o->nr + 1, sizeof(m));
	o->milestone[o->nr++] = m;
}

static bool is_milestone(uint16_t verb)
{
	return MILESTONES >> verb & 1;
}

/*
 * The kernel's lockless pin is a plain reference that becomes a pin; the model's
 * is one change of the count. So the former's first half is no milestone.
 */
static bool is_half(uint16_t verb, const char *site)
{
	return verb == SIM_GET && site && !strcmp(site, "try_get_folio");
}

/* Its second half, where the references are made pins. v6.1 calls it so: */
static bool is_whole(uint16_t verb, const char *site, bool v61)
{
	return verb == SIM_PIN && site &&
	       !strcmp(site, v61 ? "try_grab_folio" : "try_grab_folio_fast");
}

/* What @m's task did next; NULL: nothing. */
static const struct milestone *next_of(const struct order *o, const struct milestone *m)
{
	const struct milestone *end = o->milestone + o->nr, *n = m + 1;

	while (n < end && n->task != m->task)
		n++;
	return n < end ? n : NULL;
}

/* Which halves came to be pins shows at the end. */
void order_drop_halves(struct order *o)
{
	const struct milestone *m, *next;
	struct order kept = { .nr = 0 };

	for (m = o->milestone; m < o->milestone + o->nr; m++) {
		next = m->half ? next_of(o, m) : NULL;
		if (!next || !next->whole || next->obj != m->obj)
			add_milestone(&kept, *m);
	}
	free(o->milestone);
	o->milestone = kept.milestone;
	o->nr = kept.nr;
	o->max = kept.max;
}

/* What comes next in the order that is followed; NULL: nothing more. */
static const struct milestone *wanted(const struct steer *s)
{
	return s->seen.nr < s->want->nr ? &s->want->milestone[s->seen.nr] : NULL;
}

static bool same(const struct milestone *a, const struct milestone *b)
{
	return a && a->task == b->task && a->verb == b->verb && a->obj == b->obj;
}

/* Is @m the first half of the pin that comes next? */
static bool half_of(const struct milestone *next, const struct milestone *m)
{
	return m->half && next && next->task == m->task && next->verb == SIM_PIN &&
	       next->obj == m->obj;
}

/* A lockless pin that looks when it has its first unit may end with that (B.14). */
static bool refused_of(const struct milestone *next, const struct milestone *m)
{
	return next && next->task == m->task && next->obj == m->obj && next->verb == SIM_GET &&
	       m->verb == SIM_PIN;
}

static bool look(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	struct steer *s = steer_of(self, watcher);
	size_t i;

	for (i = 0; i < n; i++) {
		struct milestone m = {
			.task = recs[i].task, .verb = recs[i].verb, .obj = recs[i].obj,
			.half = is_half(recs[i].verb, recs[i].site),
			.whole = is_whole(recs[i].verb, recs[i].site, s->v61),
		};

		if (recs[i].task < 0 || !is_milestone(m.verb) ||
		    (recs[i].is_step && COUNTS >> m.verb & 1) ||
		    (s->want && half_of(wanted(s), &m)))
			continue;
		if (s->want && !same(wanted(s), &m))
			s->departed = true;
		add_milestone(&s->seen, m);
		s->detour = 0;
	}
	return s->departed;
}

static void stepped(struct sim_exec *exec, unsigned int task)
{
	struct steer *s = steer_of(exec, exec);

	turns_add(&s->seen.turns, s->next[task]);
	s->at++;
	if (s->want && s->hints == HINT_WHAT)
		turns_done(&s->want->turns, &s->next[task]);
	s->next[task] = turn_next(task);
	s->detour++;
}

/* Does a step that takes a reference fail, as the page is free or frozen? */
static bool changes_nothing(const struct milestone *m)
{
	struct probe_page page;

	return (m->verb == SIM_GET || m->verb == SIM_PIN) && SIM_OBJ_CLASS(m->obj) == OBJ_PAGE &&
	       probe_page(SIM_OBJ_ID(m->obj), &page) && !page.refcount;
}

/* May this task take its next step, as far as can be seen from outside? */
static bool fits(const struct steer *s, uint8_t task)
{
	const struct milestone *next = wanted(s);
	struct milestone m = { .task = task };
	const char *site = NULL;
	uint16_t verb;

	m.obj = sim_task_next(task, &verb, &site);
	m.verb = verb;
	m.half = is_half(verb, site);
	return !is_milestone(verb) || same(next, &m) || half_of(next, &m) ||
	       refused_of(next, &m) || changes_nothing(&m);
}

static int index_of(uint8_t task, uint32_t n, const uint8_t *tasks)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (tasks[i] == task)
			return i;
	return -1;
}

/* Whoever took the step of this number, if that fits. */
static int numbered(struct steer *s, uint32_t n, const uint8_t *tasks)
{
	const struct turns *turns = &s->want->turns;
	int pick;

	while (s->at < turns->nr && turns->turn[s->at].is_answer)
		s->at++;
	pick = s->at < turns->nr ? index_of(turns->turn[s->at].task, n, tasks) : -1;
	return pick >= 0 && fits(s, tasks[pick]) ? pick : -1;
}

/* The other side did this and more in one step: go on until that is done. */
static int unfinished(const struct steer *s, uint32_t n, const uint8_t *tasks)
{
	int pick = s->exec.last < 0 ? -1 : index_of(s->exec.last, n, tasks);
	const struct turns *turns = &s->want->turns;

	if (pick < 0 || !fits(s, tasks[pick]))
		return -1;
	return turns_find(turns, &s->next[tasks[pick]]) == turns->nr ? pick : -1;
}

/* The first recorded turn that can be taken now. */
static int hint(const struct steer *s, uint32_t n, const uint8_t *tasks)
{
	struct turns *turns = &s->want->turns;
	uint32_t passed = 0;
	size_t i, at;

	for (i = turns->first; i < turns->nr; i++) {
		const struct turn *t = &turns->turn[i];
		int pick;

		if (t->used || t->is_answer || passed >> t->task & 1)
			continue;
		pick = index_of(t->task, n, tasks);
		if (pick < 0 || !fits(s, t->task)) {
			passed |= 1U << t->task;
			continue;
		}
		at = turns_find(turns, &s->next[t->task]);
		if (at == turns->nr || at == i)
			return pick;
		/* What the other side did and this one has no need to. */
		turns_skip(turns, t->task, at);
	}
	return -1;
}

/* Any that may: what is no milestone may matter as well. */
static int by_chance(struct steer *s, uint32_t n, const uint8_t *tasks)
{
	uint32_t i, first = sim_rng_below(&s->rng, n);

	if (s->exec.last == tasks[0] && fits(s, tasks[0]) && sim_rng_below(&s->rng, 4))
		return 0;
	for (i = 0; i < n; i++)
		if (fits(s, tasks[(first + i) % n]) && s->detour < MAX_DETOUR)
			return (first + i) % n;
	s->departed = true;
	return -1;
}

/* The recorded turn if it fits, else whoever has the next milestone, else anybody. */
static int follow(struct steer *s, uint32_t n, const uint8_t *tasks)
{
	const struct milestone *next = wanted(s);
	uint32_t i;
	int pick;

	if (s->hints == HINT_CHANCE)
		return by_chance(s, n, tasks);
	if (s->hints == HINT_NUMBER) {
		pick = numbered(s, n, tasks);
		if (pick >= 0)
			return pick;
	}
	if (s->hints == HINT_WHAT) {
		pick = unfinished(s, n, tasks);
		if (pick < 0)
			pick = hint(s, n, tasks);
		if (pick >= 0)
			return pick;
	}
	pick = next ? index_of(next->task, n, tasks) : -1;
	if (pick >= 0 && fits(s, tasks[pick]) && s->detour < MAX_DETOUR)
		return pick;
	for (i = n; i--;)
		if ((!next || tasks[i] != next->task) && fits(s, tasks[i]) &&
		    s->detour < 2 * MAX_DETOUR)
			return i;
	s->departed = true;
	return -1;
}

/* The next answer that is given; 0 where they are at their end. */
static uint32_t given(struct steer *s, uint32_t n)
{
	uint32_t take = 0;

	if (s->nr_given) {
		take = *s->given++;
		s->nr_given--;
	}
	return take < n ? take : 0;
}

static uint32_t answer(struct steer *s, uint32_t n)
{
	uint32_t take = 0;

	if (s->given)
		return given(s, n);
	if (!s->want)
		return sim_rng_below(&s->rng, n);
	while (s->answer < s->want->turns.nr && !s->want->turns.turn[s->answer].is_answer)
		s->answer++;
	if (s->answer < s->want->turns.nr)
		take = s->want->turns.turn[s->answer++].obj;
	return take < n ? take : 0;
}

static int choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks, const char *tag)
{
	struct steer *s = steer_of(self, strategy);
	uint32_t i;
	int take;

	(void)tag;
	if (!tasks) {
		take = answer(s, n);
		turns_add_answer(&s->seen.turns, take);
		return take;
	}
	for (i = 0; i < n; i++)
		s->next[tasks[i]] = turn_next(tasks[i]);
	if (s->want)
		return follow(s, n, tasks);
	if (s->given)
		return given(s, n);
	if (tasks[0] == s->exec.last && sim_rng_below(&s->rng, s->stay))
		return 0;
	return sim_rng_below(&s->rng, n);
}

enum sim_end order_run(struct steer *s)
{
	s->strategy.choose = choose;
	s->watcher.look = look;
	s->exec = (struct sim_exec){
		.strategy = &s->strategy,
		.watcher = &s->watcher,
		.stepped = stepped,
		.max_steps = SIDE_MAX_STEPS,
		.last = -1,
	};
	s->seen.nr = s->seen.turns.nr = 0;
	memset(s->next, 0, sizeof(s->next));
	s->at = s->answer = 0;
	s->detour = 0;
	s->departed = false;
	return sim_exec_run(&s->exec);
}

int order_build(const struct side *side, struct sim_marked_world *world)
{
	char error[256] = "";
	int err;

	sim_arena_reset();
	sim_pulse_clear();
	sim_pulse_subscribe(MILESTONES);
	err = race_build(side->race, &side->setup, error, sizeof(error));
	if (err) {
		fprintf(stderr, "%s: %s\n", side->race->name.s, error);
		return err;
	}
	sim_pulse_clear();
	sim_marked_world_take(world, false);
	return 0;
}

/* --- following ------------------------------------------------------------ */

/* Cuts @line up. Return: false if it is none that print_order() wrote. */
static bool parse(char *line, struct order *o, int *ret_end, char **ret_final)
{
	char *turns = strchr(line, '\t');
	char *stones = turns ? strchr(turns + 1, '\t') : NULL;
	char *final = stones ? strchr(stones + 1, '\t') : NULL;
	char *p;

	if (!final)
		return false;
	*turns++ = *stones++ = *final++ = '\0';
	*ret_end = atoi(line);
	*ret_final = final;
	final[strcspn(final, "\n")] = '\0';
	o->nr = 0;
	if (!turns_parse(&o->turns, turns))
		return false;
	for (p = strtok(stones, " "); p; p = strtok(NULL, " ")) {
		int task, verb;
		uint64_t obj;

		if (sscanf(p, "%d:%d:%" SCNx64, &task, &verb, &obj) != 3)
			return false;
		add_milestone(o, (struct milestone){ .task = task, .verb = verb, .obj = obj });
	}
	return true;
}

static const char *verb_word(unsigned int verb)
{
	static const char *const words[] = {
#define VERB(name, word, meaning) [SIM_##name] = word,
#include "sim/core/verbs.def"
#undef VERB
	};

	return words[verb];
}

/* Where it went wrong: what was wanted and what each task would do instead. */
static void print_departure(const struct steer *s, FILE *out)
{
	size_t at = s->seen.nr;
	const struct milestone *w;
	uint16_t verb;
	unsigned int i;

	for (at = 0; at < s->seen.nr && at < s->want->nr; at++)
		if (!same(&s->want->milestone[at], &s->seen.milestone[at]))
			break;
	fprintf(out, "unrealised\tmilestone %zu of %zu: ", at, s->want->nr);
	w = at < s->want->nr ? &s->want->milestone[at] : NULL;
	if (w)
		fprintf(out, "wanted task %d %s %" PRIx64, w->task, verb_word(w->verb), w->obj);
	else
		fprintf(out, "wanted nothing more");
	if (at < s->seen.nr)
		fprintf(out, ", came task %d %s %" PRIx64, s->seen.milestone[at].task,
			verb_word(s->seen.milestone[at].verb), s->seen.milestone[at].obj);
	for (i = 0; i < sim_nr_tasks(); i++) {
		sim_obj_t obj = sim_task_next(i, &verb, NULL);

		if (sim_tasks_alive() >> i & 1)
			fprintf(out, "; task %u %s%s %" PRIx64, i,
				sim_tasks_enabled() >> i & 1 ? "at " : "blocked at ",
				verb_word(verb), obj);
	}
	fputc('\n', out);
}

/*
 * Does what was done agree with what was wanted? An execution that was cut
 * because it had taken many steps goes as far as the shorter one of the two.
 */
static bool agrees(const struct steer *s, enum sim_end end, enum sim_end wanted_end)
{
	size_t i;

	if (wanted_end != SIM_END_BOUND)
		return !s->departed && s->seen.nr == s->want->nr;
	for (i = 0; i < s->seen.nr && i < s->want->nr; i++)
		if (!same(&s->want->milestone[i], &s->seen.milestone[i]))
			return false;
	return end == SIM_END_BOUND || s->seen.nr >= s->want->nr;
}

/*
 * One way of following an order. Return: 1 it came to the same end, 0 not, or
 * -errno. *@ret_other: the order was realised, but came to this other end.
 */
static int follow_way(const struct side *side, struct steer *s, enum sim_end wanted_end,
		      const char *final, char **ret_other)
{
	enum sim_end end = order_run(s);
	char *text;
	int same;

	if (!agrees(s, end, wanted_end))
		return 0;
	if (wanted_end == SIM_END_BOUND)
		return 1;
	text = side_final_text(side->race);
	if (!text)
		return -ENOMEM;
	same = end == wanted_end && !strcmp(text, final);
	if (same || *ret_other)
		free(text);
	else
		*ret_other = text;
	return same;
}

/*
 * Follow one order. Prints "same" if any way of following it comes to the same
 * end; "differs" if all that realise it come to another; "unrealised" and why.
 */
static int follow_line(const struct side *side, struct steer *s, struct sim_marked_world *world,
		       char *line, struct order *want, FILE *out)
{
	static const char *const ways[] = {
		"step by step", "by steps that do the same", "by another way", "by chance",
	};
	unsigned int chances = CHANCES;
	char *final, *other = NULL;
	int same, wanted_end;

	if (!parse(line, want, &wanted_end, &final))
		return -EINVAL;
	s->want = want;
	for (s->hints = HINT_NUMBER;; s->hints += s->hints < HINT_CHANCE) {
		same = follow_way(side, s, wanted_end, final, &other);
		if (same || (s->hints == HINT_CHANCE && !--chances))
			break;
		sim_marked_world_return(world);
	}
	if (same > 0)
		fprintf(out, "same\t%s\n", ways[s->hints]);
	else if (other)
		fprintf(out, "differs\tfinal state: %s\n\tnot: %s\n", other, final);
	else if (!same)
		print_departure(s, out);
	free(other);
	sim_marked_world_return(world);
	return same < 0 ? same : 0;
}

/**
 * side_replay() - follow the orders that the other side recorded.
 * @side: what is run
 * @in: what side_record() printed
 * @out: gets a line for each
 *
 * Return: 0; -EINVAL if @in is nothing of that kind; another -errno.
 */
int side_replay(const struct side *side, FILE *in, FILE *out)
{
	struct sim_marked_world world = { .nr = 0 };
	struct order want = { .nr = 0 };
	struct steer s = { .want = NULL };
	char *line = NULL;
	size_t size = 0;
	int err = order_build(side, &world);

	sim_rng_seed(&s.rng, 1);
	while (!err && getline(&line, &size, in) > 0)
		err = *line == '#' ? 0 : follow_line(side, &s, &world, line, &want, out);
	free(line);
	free(want.milestone);
	free(want.turns.turn);
	free(s.seen.milestone);
	free(s.seen.turns.turn);
	sim_marked_world_free(&world);
	return err;
}
