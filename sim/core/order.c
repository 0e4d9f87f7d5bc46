/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vector clocks over the footprints of steps: see order.h.
 */
#include "sim/core/alloc.h"
#include "sim/core/order_private.h"
#include "sim/core/world_private.h"

/* --- clocks --------------------------------------------------------------- */

static void join(struct sim_clock *c, const struct sim_clock *from)
{
	unsigned int i, n = sim_nr_tasks();

	for (i = 0; i < n; i++) {
		if (c->of[i] < from->of[i])
			c->of[i] = from->of[i];
	}
}

/*
 * A task that was never seen comes after all that are gone: what the host makes
 * once the others are done (tear-down) is no rival of theirs.
 */
static struct sim_clock *clock_of(struct sim_order *o, unsigned int task)
{
	struct sim_clock *c = &o->clock[task];
	uint64_t alive = sim_tasks_alive();
	unsigned int i, n = sim_nr_tasks();

	if (c->of[task])
		return c;
	for (i = 0; i < n; i++) {
		if (i != task && !(alive >> i & 1))
			join(c, &o->clock[i]);
	}
	c->of[task] = 1;
	return c;
}

/* --- words ---------------------------------------------------------------- */

/* Return: what is known of a word, or NULL: there are too many of them. */
static struct sim_order_word *word_of(struct sim_order *o, uint64_t addr)
{
	uint32_t at = addr / 8 * 0x9e3779b97f4a7c15ULL >> 48;
	struct sim_order_word *w;

	for (;; at++) {
		at %= SIM_ORDER_INDEX;
		if (!o->index[at])
			break;
		w = &o->word[o->index[at] - 1];
		if (w->addr == addr)
			return w;
	}
	if (o->nr_words == SIM_ORDER_WORDS)
		return NULL;
	w = &o->word[o->nr_words++];
	sim_live_set((uint64_t)w, sizeof(*w), true);
	o->index[at] = o->nr_words;
	w->addr = addr;
	return w;
}

/* --- what orders ---------------------------------------------------------- */

static void note_order(struct sim_order *o, struct sim_clock *c, sim_access_t a)
{
	struct sim_order_word *w;

	switch (SIM_ACCESS_KIND(a)) {
	case SIM_ACCESS_ADD:
	case SIM_ACCESS_WANT:
		return;
	default:
		break;
	}
	w = word_of(o, SIM_ACCESS_ADDR(a));
	if (!w)
		return;
	switch (SIM_ACCESS_KIND(a)) {
	case SIM_ACCESS_RELEASE:
	case SIM_ACCESS_RELEASE_SHARED:
		join(&w->released, c);
		return;
	case SIM_ACCESS_WRITE:
		join(c, &w->released);
		join(&w->released, c);
		return;
	default:
		join(c, &w->released);
		return;
	}
}

/* --- what is not ordered -------------------------------------------------- */

static struct sim_side side_of(const struct sim_seen *seen, int task, bool write)
{
	struct sim_side side;

	side.time = seen->time;
	side.pc = seen->pc;
	side.task = task;
	side.write = write;
	side.marked = seen->marked;
	return side;
}

/* Field by field: compilers copy a struct past the hooks. */
static void set_side(struct sim_side *side, const struct sim_side *from)
{
	side->time = from->time;
	side->pc = from->pc;
	side->task = from->task;
	side->write = from->write;
	side->marked = from->marked;
}

/* The first of the others' accesses that @me conflicts with and does not follow. */
static bool met(const struct sim_seen *all, const struct sim_seen *me, unsigned int task,
		const struct sim_clock *c, bool write, struct sim_side *ret_first)
{
	unsigned int i, n = sim_nr_tasks();

	for (i = 0; i < n; i++) {
		if (i == task || all[i].clock <= c->of[i] || !(all[i].bytes & me->bytes) ||
		    (all[i].marked && me->marked))
			continue;
		*ret_first = side_of(&all[i], i, write);
		return true;
	}
	return false;
}

static SIM_QUIET void tell(struct sim_order *o, unsigned int task)
{
	struct sim_record *rec;

	if (!sim_wanted(SIM_X_RACE))
		return;
	rec = sim_pulse_append();
	rec->time = sim_hot.now;
	rec->obj = sim_memory_obj(o->now.access.addr);
	rec->a = o->unordered.first.task;
	rec->b = o->unordered.first.time;
	rec->site = sim_local_of(task)->caller;
	rec->verb = SIM_X_RACE;
	rec->task = task;
	rec->is_step = false;
}

/* One word of the access that the step was about. */
static void judge_word(struct sim_order *o, unsigned int task, const struct sim_clock *c,
		       uint64_t addr, uint8_t bytes)
{
	const struct sim_plain *access = &o->now.access;
	struct sim_order_word *w = word_of(o, addr);
	struct sim_seen me, *mine;
	struct sim_side first, second;
	bool found;

	if (!w)
		return;
	me.time = o->now.time;
	me.pc = access->pc;
	me.clock = c->of[task];
	me.bytes = bytes;
	me.marked = access->marked;
	mine = access->write ? &w->store[task] : &w->load[task];
	/* Asked a second time within the step (a choice): it was judged. */
	if (mine->clock && mine->time == me.time && mine->pc == me.pc)
		return;
	found = met(w->store, &me, task, c, true, &first) ||
		(access->write && met(w->load, &me, task, c, false, &first));
	mine->time = me.time;
	mine->pc = me.pc;
	mine->clock = me.clock;
	mine->bytes = me.bytes;
	mine->marked = me.marked;
	if (!found)
		return;
	set_side(&o->unordered.first, &first);
	second = side_of(&me, task, access->write);
	set_side(&o->unordered.second, &second);
	tell(o, task);
}

static void judge(struct sim_order *o, unsigned int task, const struct sim_clock *c)
{
	const struct sim_plain *access = &o->now.access;
	uint64_t end = access->addr + access->size;
	uint64_t word;

	for (word = access->addr & ~7ULL; word < end; word += 8) {
		uint64_t bytes = 0xff;

		if (word < access->addr)
			bytes &= 0xff << (access->addr - word);
		if (end - word < 8)
			bytes &= 0xff >> (8 - (end - word));
		judge_word(o, task, c, word, bytes);
	}
}

static bool in_plain_access(const struct sim_order *o, uint64_t addr)
{
	const struct sim_plain *access = &o->now.access;

	return !access->marked && addr + 8 > access->addr &&
	       addr < access->addr + access->size;
}

void sim_order_step(unsigned int task)
{
	struct sim_order *o = the_order;
	struct sim_clock *c = clock_of(o, task);
	bool is_access = o->now.time == sim_hot.now && o->now.time;
	uint64_t alive = sim_tasks_alive();
	const sim_access_t *foot;
	bool released = false;
	size_t n, i;

	/* Nobody is left to race with, and who comes later comes after. */
	if (!(alive & (alive - 1)))
		return;

	/* A marked access comes after what it reads; a plain one learns nothing. */
	if (is_access && !o->now.access.marked)
		judge(o, task, c);
	foot = sim_footprint(&n);
	for (i = 0; i < n; i++) {
		if (is_access && in_plain_access(o, SIM_ACCESS_ADDR(foot[i])))
			continue;
		note_order(o, c, foot[i]);
		released = true;
	}
	if (is_access && o->now.access.marked)
		judge(o, task, c);
	/* What comes later is not what was released. */
	if (released)
		c->of[task]++;
}

struct sim_unordered sim_order_unordered(void)
{
	struct sim_unordered u;

	u.first = the_order->unordered.first;
	u.second = the_order->unordered.second;
	return u;
}
