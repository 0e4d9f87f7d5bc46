/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reference counts of pages: include/linux/page_ref.h, and get_page() and
 * put_page() of include/linux/mm.h and mm/swap.c, v6.12.
 *
 * Every change of a _refcount in the simulated machine is made here, as one
 * step: the count changes, and the ledger learns for each unit its kind, owner
 * and site.  So the count is what the kernel would see and the ledger knows
 * why.
 *
 * What steps have to do with one another because of a count is said in
 * page_ref_foot.c.
 *
 * A put by code under test says only "one less". It is matched with a GET of
 * its own scope, else with the first unit that is not a pin; where the ledger
 * has none, a reference is dropped that nobody held. Code that pins small folios
 * by itself, as GUP does, says so by the number: A.9's 1024 units are a pin, and
 * 1023 make one of the plain reference that it has.
 */
#include "fakes/mm/internal.h"
#include "sim/engine/footprint.h"

#undef page_ref_add
#undef page_ref_sub
#undef folio_try_get
#undef folio_ref_try_add
#undef page_ref_freeze
#undef page_ref_unfreeze
#undef get_page
#undef put_page
#undef try_get_page
#undef folio_get
#undef folio_put
#undef folio_put_refs

static int ref_units(enum page_ref_kind kind, int n)
{
	return kind == PAGE_REF_PIN ? n * (int)GUP_PIN_COUNTING_BIAS : n;
}

static enum sim_verb take_verb(enum page_ref_kind kind)
{
	return kind == PAGE_REF_PIN ? SIM_PIN : SIM_GET;
}

static enum sim_verb drop_verb(enum page_ref_kind kind)
{
	return kind == PAGE_REF_PIN ? SIM_UNPIN : SIM_PUT;
}

/* A.7: the count of a page that is in use is neither 0 nor just below. */
static bool count_is_bad(int count)
{
	return (unsigned int)count + 127u <= 127u;
}

/*
 * Is a hook taking it where just now nobody may stay for long (B.13)? What lies
 * in the CMA area or in ZONE_MOVABLE is out of place whoever isolates it.
 */
static bool taken_isolated(const struct page *page)
{
	uint64_t pfn = page_to_pfn(page), base, pages;

	if (!sim_scope_is_hook() || is_zone_movable_page(page))
		return false;
	pages = probe_cma(&base);
	return !(pages && pfn - base < pages) && is_migrate_isolate(pfn_block_type(pfn));
}

/* @obj is the page, @before its count. */
static void take(struct page *page, sim_obj_t obj, int before, enum page_ref_kind kind, int n,
		 const char *site)
{
	int units = ref_units(kind, n), after = (int)((u32)before + (u32)units);

	if (before > INT_MAX - units)
		sim_note(SIM_X_OVERFLOW, obj, n, before, site);
	page->_refcount.counter = after;
	sim_add_end();
	if (taken_isolated(page))
		sim_ref_take_marked(&page->_refs, obj, kind, n, site);
	else
		sim_ref_take(&page->_refs, obj, kind, n, site);
	sim_note(take_verb(kind), obj, SIM_REF_A(kind, n), after, site);
}

/* So many have it that the count is negative (H-21), and these are some of them. */
static bool too_many(const struct page *page, int count, enum page_ref_kind kind, int n)
{
	return count < 0 && sim_ref_count(&page->_refs, kind) >= (u32)n;
}

static void drop(struct page *page, sim_obj_t obj, enum page_ref_kind kind, int n,
		 const char *site)
{
	int before, after;
	bool counts;
	u32 known;

	page_ref_foot_begin(page, kind, -n);
	before = page_ref_count(page);
	after = (int)((u32)before - (u32)ref_units(kind, n));
	counts = before > 0 || kind == PAGE_REF_PIN || too_many(page, before, kind, n);
	if (counts)
		page->_refcount.counter = after;
	sim_add_end();
	known = sim_ref_drop(&page->_refs, obj, kind, n, site);
	if (known < (u32)n)
		sim_note(kind == PAGE_REF_PIN ? SIM_X_DOUBLE_UNPIN : SIM_X_UNDERFLOW, obj,
			 n - known, before, site);
	if (!counts)
		sim_fatal(SIM_X_UNDERFLOW, obj, n, before, site);
	sim_note(drop_verb(kind), obj, SIM_REF_A(kind, n), after, site);
	if (after <= 0)
		page_ref_foot_use(page);
	if (after == 0)
		folio_free(page_folio(page), site);
}

void page_ref_take(struct page *page, enum page_ref_kind kind, int n, const char *site)
{
	sim_obj_t obj = OBJ_OF_PAGE(page);
	int count;

	sim_step(take_verb(kind), obj, site);
	page_ref_foot_begin(page, kind, n);
	count = page_ref_count(page);
	if (count_is_bad(count))
		sim_fatal(SIM_X_BUG, obj, n, count, site);
	take(page, obj, count, kind, n, site);
}

void page_ref_drop(struct page *page, enum page_ref_kind kind, int n, const char *site)
{
	sim_obj_t obj = OBJ_OF_PAGE(page);

	sim_step(drop_verb(kind), obj, site);
	drop(page, obj, kind, n, site);
}

bool page_ref_try_now(struct page *page, enum page_ref_kind kind, int n, const char *site)
{
	int count;

	if (fault_hit(FAULT_FOLIO_TRY_GET, site))
		return false;
	page_ref_foot_begin(page, kind, n);
	count = page_ref_count(page);
	if (count <= 0)
		return false;
	take(page, OBJ_OF_PAGE(page), count, kind, n, site);
	return true;
}

bool page_ref_try(struct page *page, enum page_ref_kind kind, int n, const char *site)
{
	sim_step(take_verb(kind), OBJ_OF_PAGE(page), site);
	return page_ref_try_now(page, kind, n, site);
}

void page_ref_take_for(sim_owner_t owner, struct page *page, enum page_ref_kind kind, int n,
		       const char *site)
{
	sim_scope_open(owner, false);
	page_ref_take(page, kind, n, site);
	sim_scope_close();
}

void page_ref_drop_for(sim_owner_t owner, struct page *page, enum page_ref_kind kind, int n,
		       const char *site)
{
	sim_scope_open(owner, false);
	page_ref_drop(page, kind, n, site);
	sim_scope_close();
}

void page_ref_take_quiet(sim_owner_t owner, struct page *page, enum page_ref_kind kind, int n,
			 const char *site)
{
	int count;

	sim_scope_open(owner, false);
	page_ref_foot_begin(page, kind, n);
	count = page_ref_count(page);
	take(page, OBJ_OF_PAGE(page), count, kind, n, site);
	sim_scope_close();
}

void page_ref_hand_on(sim_owner_t owner, struct page *page, enum page_ref_kind kind,
		      const char *site)
{
	sim_obj_t obj = OBJ_OF_PAGE(page);

	if (sim_ref_drop(&page->_refs, obj, PAGE_REF_ALLOC, 1, site) != 1)
		SIM_BUG("a page is handed on that the allocator did not give out");
	page_ref_foot_set(page);
	sim_scope_open(owner, false);
	sim_ref_take(&page->_refs, obj, kind, 1, site);
	sim_scope_close();
}

void page_ref_turn(sim_owner_t owner, struct page *page, enum page_ref_kind from,
		   enum page_ref_kind to, const char *site)
{
	sim_obj_t obj = OBJ_OF_PAGE(page);

	if (sim_ref_drop(&page->_refs, obj, from, 1, site) != 1)
		SIM_BUG("a reference is turned into another that nobody has");
	page_ref_foot_set(page);
	sim_scope_open(owner, false);
	sim_ref_take(&page->_refs, obj, to, 1, site);
	sim_scope_close();
}

void page_ref_forget(struct page *page, enum page_ref_kind kind, const char *site)
{
	if (sim_ref_drop(&page->_refs, OBJ_OF_PAGE(page), kind, 1, site) != 1)
		SIM_BUG("a reference is forgotten that nobody has");
	page_ref_foot_set(page);
}

void page_ref_pass_cache(struct page *from, struct page *to, const char *site)
{
	sim_owner_t owner = page_cache_owner(page_folio(from));

	sim_scope_open(owner, false);
	drop(from, OBJ_OF_PAGE(from), PAGE_REF_CACHE, 1, site);
	sim_scope_close();
	page_ref_take_quiet(owner, to, PAGE_REF_CACHE, 1, site);
}

_Static_assert(sizeof(struct page) == SIM_REF_STRIDE, "a run of pages is one of the ledger's");

/* A.2: pages fresh from the allocator; a range's are one run in the ledger. */
noinline __no_kcsan void page_ref_init(struct page *page, unsigned long nr, const char *site)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		sim_touch_half(&page[i]._refcount, SIM_ACCESS_WRITE);
		sim_set(page[i]._refcount.counter, 1);
		page_ref_foot_set(&page[i]);
		page_ref_foot_use(&page[i]);
	}
	sim_ref_take_run(&page->_refs, OBJ_OF_PAGE(page), nr, PAGE_REF_ALLOC, 1, site);
}

/*
 * The kind of unit that an untyped put drops. GET and ALLOC are the caller's
 * to drop; with neither left it takes what another owner put there, and says
 * so, because then the books and the count would part.
 */
static enum page_ref_kind plain_kind(struct page *page, const char *site)
{
	struct sim_ref_info info;
	unsigned int i;

	if (sim_ref_own(&page->_refs, PAGE_REF_GET) ||
	    sim_ref_count(&page->_refs, PAGE_REF_GET))
		return PAGE_REF_GET;
	if (sim_ref_count(&page->_refs, PAGE_REF_ALLOC))
		return PAGE_REF_ALLOC;
	for (i = 0; sim_ref_entry(&page->_refs, i, &info); i++) {
		if (info.kind == PAGE_REF_PIN)
			continue;
		sim_note(SIM_X_OWNER, OBJ_OF_PAGE(page), info.kind, info.owner, site);
		return info.kind;
	}
	return PAGE_REF_GET;
}

static void plain_put(struct page *page, int n, const char *site)
{
	sim_obj_t obj = OBJ_OF_PAGE(page);

	sim_step(SIM_PUT, obj, site);
	drop(page, obj, plain_kind(page, site), n, site);
}

/**
 * get_page() - take a reference on a page that has one.
 * @page: page in use
 *
 * Context: any. One step. A count that says "free" is a BUG (A.7).
 */
void get_page(struct page *page)
{
	page_ref_take(page, PAGE_REF_GET, 1, sim_site());
}

/**
 * put_page() - drop a reference; the last one frees the page (A.12).
 * @page: page in use
 *
 * Context: any, atomic too. One step.
 */
void put_page(struct page *page)
{
	plain_put(page, 1, sim_site());
}

/**
 * try_get_page() - get_page() that refuses a count that is not positive (A.8).
 * @page: any page
 *
 * Context: any. One step.
 * Return: whether the reference was taken.
 */
bool try_get_page(struct page *page)
{
	const char *site = sim_site();

	if (page_ref_try(page, PAGE_REF_GET, 1, site))
		return true;
	warn_at(site);
	return false;
}

void folio_get(struct folio *folio)
{
	page_ref_take(&folio->page, PAGE_REF_GET, 1, sim_site());
}

void folio_put(struct folio *folio)
{
	plain_put(&folio->page, 1, sim_site());
}

/**
 * folio_put_refs() - drop several references (A.17).
 * @folio: folio in use
 * @refs: how many; GUP_PIN_COUNTING_BIAS times the pins that are dropped
 *
 * Context: any, atomic too. One step.
 */
void folio_put_refs(struct folio *folio, int refs)
{
	if (refs % (int)GUP_PIN_COUNTING_BIAS == 0)
		page_ref_drop(&folio->page, PAGE_REF_PIN, refs / (int)GUP_PIN_COUNTING_BIAS,
			      sim_site());
	else
		plain_put(&folio->page, refs, sim_site());
}

bool folio_try_get(struct folio *folio)
{
	return page_ref_try(&folio->page, PAGE_REF_GET, 1, sim_site());
}

bool folio_ref_try_add(struct folio *folio, int nr)
{
	return page_ref_try(&folio->page, PAGE_REF_GET, nr, sim_site());
}

/* @n plain references that the caller has become as many pins. */
static void make_pins(struct page *page, int n, const char *site)
{
	sim_obj_t obj = OBJ_OF_PAGE(page);
	int after;

	sim_step(SIM_PIN, obj, site);
	after = page_ref_count(page) + n * ((int)GUP_PIN_COUNTING_BIAS - 1);
	page->_refcount.counter = after;
	/* The same references: in somebody's way since they were taken, not since now. */
	sim_ref_convert(&page->_refs, obj, PAGE_REF_GET, PAGE_REF_PIN, n, site);
	sim_note(SIM_PIN, obj, SIM_REF_A(PAGE_REF_PIN, n), after, site);
}

/**
 * page_ref_add() - take references on a page that has one.
 * @page: page in use
 * @nr: how many; see the head of this file for what the number says
 *
 * Context: any. One step.
 */
void page_ref_add(struct page *page, int nr)
{
	const int bias = GUP_PIN_COUNTING_BIAS;
	const char *site = sim_site();

	if (nr % bias == 0)
		page_ref_take(page, PAGE_REF_PIN, nr / bias, site);
	else if (nr % (bias - 1) == 0 &&
		 sim_ref_own(&page->_refs, PAGE_REF_GET) >= (u32)nr / (bias - 1))
		make_pins(page, nr / (bias - 1), site);
	else
		page_ref_take(page, PAGE_REF_GET, nr, site);
}

/* Unlike a put this never frees: the caller knows that a reference is left. */
void page_ref_sub(struct page *page, int nr)
{
	const char *site = sim_site();
	sim_obj_t obj = OBJ_OF_PAGE(page);

	sim_step(SIM_PUT, obj, site);
	if (page_ref_count(page) <= nr)
		sim_fatal(SIM_X_UNDERFLOW, obj, nr, page_ref_count(page), site);
	drop(page, obj, plain_kind(page, site), nr, site);
}

/**
 * page_ref_freeze() - make the count 0 if it is as expected (A.14).
 * @page: page in use
 * @count: what its count must be
 *
 * Until page_ref_unfreeze() nobody can take a reference. The ledger keeps its
 * entries. Context: any. One step. Return: 1 if frozen.
 */
int page_ref_freeze(struct page *page, int count)
{
	sim_step2(SIM_CMPXCHG, OBJ_OF_PAGE(page), page_ref_told(page), count, sim_site());
	if (page_ref_cmp(page, count))
		return 0;
	page_ref_foot_set(page);
	page_ref_foot_use(page);
	page->_refcount.counter = 0;
	return 1;
}

void page_ref_unfreeze(struct page *page, int count)
{
	const char *site = sim_site();

	sim_step2(SIM_WRITE, OBJ_OF_PAGE(page), count, 0, site);
	if (page_ref_count(page))
		sim_fatal(SIM_X_BUG, OBJ_OF_PAGE(page), page_ref_count(page), count, site);
	page_ref_foot_set(page);
	page_ref_foot_use(page);
	page->_refcount.counter = count;
}
