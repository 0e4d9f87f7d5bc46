/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What changes of a page's _refcount, and looks at it, have to do with one
 * another.  Stands for nothing in the kernel: it says in footprints what
 * page_ref.c does and what callers find.
 *
 * A get that finds the page in use adds to its count, and so does a put of what
 * the same task took itself, if the page stays in use whatever others do: each
 * comes to the same before or after any other of these, count, ledger and
 * answer alike, as none of them crosses zero and none of them uses the value.
 * The page stays in use for what the host gave out or the task itself holds.
 * Or for what another task holds, but that task may come to hold something, or
 * nothing any more: whether a task holds a page is a word for each of them
 * (HOLDS), which a task changes by its first get and its last put. Far below
 * where counts overflow, that is, for the check that looks at it.
 *
 * Whoever asks if the count is n (and not what it is) knows what the host and
 * he himself hold.  If that is more than n the count is more, whoever else
 * holds the page; if it is n the count is n unless another task does.
 *
 * Everything else is an ordinary load or store, and so depends on all of these:
 * a put that may be the last, a failed try, a freeze, and whoever wants to know
 * the count.  It changes what the host or other tasks hold, too: one more word
 * (BOOKS) for those who go by that.
 */
#include "fakes/mm/internal.h"
#include "sim/core/task.h"
#include "sim/engine/footprint.h"

/* Words of a page that are nowhere. */
#define BOOKS			0
#define HOLDS(task)		(1 + 2 * (task))
#define PINS(task)		(2 + 2 * (task))

_Static_assert(PINS(SIM_MAX_TASKS - 1) < 127, "SIM_NOWHERE() has 128 words for each page");

/* Above this a get has to do with overflows; no execution takes so many. */
#define COMMUTING_MAX	(1 << 29)
/* More plain references than this might be taken for a pin. */
#define PLAIN_MAX	(GUP_PIN_COUNTING_BIAS / 2)

static __no_kcsan void touch(const struct page *page, unsigned int word, enum sim_access_kind kind)
{
	sim_touch(SIM_NOWHERE(page, word), kind);
}

/* The count depends on whether any other task holds the page, or pins it. */
static __no_kcsan void touch_others(const struct page *page, bool pins)
{
	int t, n = sim_nr_tasks();

	for (t = 0; t < n; t++)
		if (t != sim_task_id())
			touch(page, pins ? PINS(t) : HOLDS(t), SIM_ACCESS_READ);
}

/* As the count has them: 32 bits, whatever comes of that. */
static int units_of(const u32 share[2])
{
	return (int)(share[0] + share[1] * (u32)GUP_PIN_COUNTING_BIAS);
}

/* Do the books say what the count is? Not while it is frozen. */
static __no_kcsan bool books_are_right(const struct page *page, struct sim_ref_shares *s)
{
	sim_ref_shares(&page->_refs, PAGE_REF_PIN, s);
	return (u32)units_of(s->host) + (u32)units_of(s->own) + (u32)units_of(s->others) ==
	       (u32)page->_refcount.counter;
}

/* May @n units, of @kind, be added to the count, or dropped, as said above? */
static __no_kcsan bool only_adds(const struct page *page, enum page_ref_kind kind, int n,
				 const struct sim_ref_shares *s)
{
	int count = page->_refcount.counter;

	if (count <= 0 || count >= COMMUTING_MAX ||
	    count % (int)GUP_PIN_COUNTING_BIAS >= (int)PLAIN_MAX)
		return false;
	if (n > 0 || sim_ref_stays(&page->_refs, kind, -n))
		return true;
	if (sim_ref_own(&page->_refs, kind) < (u32)-n || !units_of(s->others))
		return false;
	touch_others(page, false);
	return true;
}

/*
 * Up to sim_add_end() @n units of @kind are added to the count, as far as the
 * footprint is concerned, if that may be said. Looking at them is no access: it
 * says itself what goes by what.
 */
noinline __no_kcsan void page_ref_foot_begin(struct page *page, enum page_ref_kind kind, int n)
{
	int me = sim_task_id(), had, has;
	struct sim_ref_shares s;

	if (likely(!sim_hot.foot))
		return;
	if (me < 0 || !books_are_right(page, &s) || !only_adds(page, kind, n, &s)) {
		touch(page, BOOKS, SIM_ACCESS_WRITE);
		return;
	}
	/* The same words in any case: what a step touches should not vary. */
	had = s.own[0] + s.own[1];
	has = had + n;
	touch(page, BOOKS, SIM_ACCESS_READ);
	touch(page, HOLDS(me), !had == !has ? SIM_ACCESS_READ : SIM_ACCESS_WRITE);
	had = s.own[1];
	has = had + n;
	if (kind == PAGE_REF_PIN)
		touch(page, PINS(me), !had == !has ? SIM_ACCESS_READ : SIM_ACCESS_WRITE);
	sim_add_begin(&page->_refcount);
}

/* Neither a get nor a put: the count is set. */
noinline __no_kcsan void page_ref_foot_set(struct page *page)
{
	touch(page, BOOKS, SIM_ACCESS_WRITE);
}

/* The page comes to be in use, or ceases to be: for page_ref_in_use(). */
noinline __no_kcsan void page_ref_foot_use(struct page *page)
{
	sim_touch_half(&page->_free_type, SIM_ACCESS_WRITE);
}

/**
 * page_ref_in_use() - is a page's count positive?
 * @page: any page with a descriptor
 *
 * How many have it is not asked.
 * Context: any; no step.
 */
noinline __no_kcsan bool page_ref_in_use(const struct page *page)
{
	bool used = page->_refcount.counter > 0;

	if (used)
		sim_touch_half(&page->_free_type, SIM_ACCESS_READ);
	else
		sim_touch_half(&page->_refcount, SIM_ACCESS_READ);
	return used;
}

/**
 * page_ref_cmp() - compare a page's count with what it might be.
 * @page: any page with a descriptor
 * @n: the count that is asked for
 *
 * Context: any; no step.
 * Return: negative, zero or positive: the count is less, that, or more.
 */
noinline __no_kcsan int page_ref_cmp(const struct page *page, int n)
{
	int count = page->_refcount.counter, sure;
	struct sim_ref_shares s;

	if (likely(!sim_hot.foot))
		goto out;
	if (!books_are_right(page, &s)) {
		sim_touch_half(&page->_refcount, SIM_ACCESS_READ);
		goto out;
	}
	sure = (int)((u32)units_of(s.host) + (u32)units_of(s.own));
	if (sure < n)
		sim_touch_half(&page->_refcount, SIM_ACCESS_READ);
	else
		touch(page, BOOKS, SIM_ACCESS_READ);
	if (sure == n)
		touch_others(page, false);
out:
	return (count > n) - (count < n);
}

/**
 * page_ref_like_pinned() - is a page's count that of one that is pinned (A.10)?
 * @page: page in use
 *
 * Unsigned, so that an overflowed count still reads as pinned.
 * Context: any; no step.
 */
noinline __no_kcsan bool page_ref_like_pinned(const struct page *page)
{
	unsigned int count = page->_refcount.counter;
	struct sim_ref_shares s;

	if (likely(!sim_hot.foot))
		goto out;
	if (!books_are_right(page, &s) || count % GUP_PIN_COUNTING_BIAS >= PLAIN_MAX / 2) {
		sim_touch_half(&page->_refcount, SIM_ACCESS_READ);
		goto out;
	}
	touch(page, BOOKS, SIM_ACCESS_READ);
	if (!(s.host[1] + s.own[1]))
		touch_others(page, true);
out:
	return count >= GUP_PIN_COUNTING_BIAS;
}

/* The count for a record of the trace, which nobody goes by. */
noinline __no_kcsan int page_ref_told(const struct page *page)
{
	return page->_refcount.counter;
}
