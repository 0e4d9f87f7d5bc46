/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The references themselves: how GUP takes one on a page it has found, and how
 * callers give it back.
 *
 * A reference is either plain (FOLL_GET, one unit of the count) or a pin
 * (FOLL_PIN, GUP_PIN_COUNTING_BIAS units of a small folio's count).  Nothing
 * checks that what is given back was ever taken; the ledger does.
 *
 * Stands for, in mm/gup.c, v6.12: try_grab_folio, try_grab_folio_fast,
 * gup_put_folio, unpin_user_page and its plural forms, unpin_folio(s),
 * unpin_user_folio, folio_add_pin.
 *
 * In v6.1 try_grab_page and try_grab_folio do the same to small folios but for
 * one test (kernel_profile.fast_tests_before_ref), and v5.17's pin the zero page
 * as any other (kernel_profile.zero_page_pinned).
 *
 * Simpler than the kernel: small folios only; no device memory.
 */
#include <linux/mm.h>
#include <linux/pagemap.h>

#include "fakes/mm/gup_internal.h"

#undef unpin_user_page
#undef unpin_user_pages
#undef unpin_user_pages_dirty_lock
#undef unpin_user_page_range_dirty_lock
#undef unpin_user_folio
#undef unpin_folio
#undef unpin_folios
#undef folio_add_pin

/* A.11: nobody migrates or frees the zero page, so its pins are not counted. */
static bool pins_nothing(const struct folio *folio)
{
	return is_zero_folio(folio) && !kernel_profile()->zero_page_pinned;
}

/**
 * try_grab_folio() - take references on a folio that the caller keeps stable.
 * @folio: mapped by a PTE whose lock is held
 * @refs: how many
 * @flags: FOLL_GET, FOLL_PIN or neither, which takes nothing
 *
 * Context: PTL held. One step.
 * Return: 0, or -ENOMEM if the count is not positive (A.16).
 */
int try_grab_folio(struct folio *folio, int refs, unsigned int flags)
{
	if (WARN_ON_ONCE(!page_ref_in_use(&folio->page)))
		return -ENOMEM;
	if (flags & (FOLL_GET | FOLL_PIN) && fault_hit(FAULT_TRY_GRAB_FOLIO, sim_site()))
		return -ENOMEM;

	if (flags & FOLL_GET) {
		page_ref_take(&folio->page, PAGE_REF_GET, refs, sim_site());
	} else if (flags & FOLL_PIN) {
		if (pins_nothing(folio))
			return 0;
		page_ref_take(&folio->page, PAGE_REF_PIN, refs, sim_site());
		node_stat_mod_folio(folio, NR_FOLL_PIN_ACQUIRED, refs);
	}
	return 0;
}

/* May a lockless pin with these flags not be made of the folio, where it lies now? */
static bool is_misplaced(struct folio *folio, unsigned int flags)
{
	return (flags & FOLL_LONGTERM) && !folio_is_longterm_pinnable(folio);
}

/* Until v6.1 it looks first where the page lies; v6.12 when it has a unit (B.14). */
static bool pin_fast(struct folio *folio, int refs, unsigned int flags, const char *site)
{
	const bool looks_first = kernel_profile()->fast_tests_before_ref;
	bool misplaced = is_misplaced(folio, flags);

	if (misplaced && looks_first)
		return false;
	sim_step(misplaced ? SIM_GET : SIM_PIN, OBJ_OF_PAGE(&folio->page), site);
	if (!looks_first && is_misplaced(folio, flags)) {
		if (page_ref_try_now(&folio->page, PAGE_REF_PROBE, 1, site))
			page_ref_drop(&folio->page, PAGE_REF_PROBE, 1, site);
		return false;
	}
	if (!page_ref_try_now(&folio->page, PAGE_REF_PIN, refs, site))
		return false;
	node_stat_mod_folio(folio, NR_FOLL_PIN_ACQUIRED, refs);
	return true;
}

/**
 * try_grab_folio_fast() - take references on a folio that may vanish.
 * @page: as the PTE named it
 * @refs: how many
 * @flags: FOLL_GET or FOLL_PIN, FOLL_LONGTERM
 *
 * Simpler than the kernel: a pin's 1024 units are added by one step. There
 * 1 is added first and 1023 later; whoever looks in between sees a count that
 * is as wrong for migration as the final one, and the PTE is read again after
 * both.
 *
 * Context: interrupts off. One or two steps.
 * Return: the folio, or NULL if it is being freed or must not be pinned.
 */
struct folio *try_grab_folio_fast(struct page *page, int refs, unsigned int flags)
{
	const char *site = sim_site();
	struct folio *folio = page_folio(page);

	if (WARN_ON_ONCE(!(flags & (FOLL_GET | FOLL_PIN))))
		return NULL;
	if (WARN_ON_ONCE(!page_ref_in_use(&folio->page) && folio_ref_count(folio) < 0))
		return NULL;
	if (flags & FOLL_GET)
		return page_ref_try(page, PAGE_REF_GET, refs, site) ? folio : NULL;
	if (pins_nothing(folio))
		return folio;

	return pin_fast(folio, refs, flags, site) ? folio : NULL;
}

/**
 * gup_put_folio() - give back what one of the two functions above took.
 * @folio: the folio
 * @refs: how many
 * @flags: FOLL_PIN, or the references were plain
 *
 * Context: any, atomic as well. One step; the last reference frees the page.
 */
void gup_put_folio(struct folio *folio, int refs, unsigned int flags)
{
	if (!(flags & FOLL_PIN)) {
		page_ref_drop(&folio->page, PAGE_REF_GET, refs, sim_site());
		return;
	}
	if (pins_nothing(folio))
		return;
	node_stat_mod_folio(folio, NR_FOLL_PIN_RELEASED, refs);
	page_ref_drop(&folio->page, PAGE_REF_PIN, refs, sim_site());
}

/**
 * unpin_user_page() - give one pin back.
 * @page: from pin_user_pages*()
 *
 * Context: any. Return: nothing; a pin that nobody held is not noticed (A.17).
 */
void unpin_user_page(struct page *page)
{
	gup_put_folio(page_folio(page), 1, FOLL_PIN);
}

/**
 * unpin_folio() - give back one pin of a folio.
 * @folio: pinned by memfd_pin_folios() or folio_add_pin()
 *
 * Context: any.
 */
void unpin_folio(struct folio *folio)
{
	gup_put_folio(folio, 1, FOLL_PIN);
}

/**
 * unpin_user_folio() - give back several pins of one folio.
 * @folio: pinned @npages times
 * @npages: pins
 *
 * Context: any.
 */
void unpin_user_folio(struct folio *folio, unsigned long npages)
{
	gup_put_folio(folio, npages, FOLL_PIN);
}

/* How many of the first @npages entries name the same page (E.23). */
static unsigned int same_folio_run(struct page **list, unsigned long npages)
{
	unsigned int n = 1;

	while (n < npages && list[n] == list[0])
		n++;
	return n;
}

/**
 * unpin_user_pages() - give many pins back.
 * @pages: pages; v6.12 skips entries that are NULL, v6.1 looks into them
 * @npages: how many entries; one that is an errno in disguise is refused
 *
 * Context: any. One step for each run of equal entries.
 */
void unpin_user_pages(struct page **pages, unsigned long npages)
{
	unsigned long i;
	unsigned int run;

	if (WARN_ON(IS_ERR_VALUE(npages)))
		return;
	for (i = 0; i < npages; i += run) {
		run = same_folio_run(pages + i, npages - i);
		/* Where it is not skipped it is looked into. */
		BUG_ON(!pages[i] && !kernel_profile()->unpin_skips_null);
		if (pages[i])
			gup_put_folio(page_folio(pages[i]), run, FOLL_PIN);
	}
}

/**
 * unpin_folios() - unpin_user_pages() for folios.
 * @folios: folios
 * @nfolios: how many entries
 *
 * Context: any.
 */
void unpin_folios(struct folio **folios, unsigned long nfolios)
{
	unpin_user_pages((struct page **)folios, nfolios);
}

/* Dirty what was written to through the pin, before the pin goes. */
static void dirty_then_put(struct folio *folio, unsigned int refs)
{
	const char *site = sim_site();

	/* A dirty page has been seen by writeback already, or will be. */
	if (!folio_test_dirty(folio)) {
		folio_lock(folio);
		folio_mark_dirty(folio);
		folio_unlock(folio);
		sim_site_set(site);
	}
	gup_put_folio(folio, refs, FOLL_PIN);
}

/**
 * unpin_user_pages_dirty_lock() - mark pages dirty, then unpin them.
 * @pages: pages
 * @npages: how many entries
 * @make_dirty: false: as unpin_user_pages()
 *
 * Context: sleepable, for the folio lock (N.8).
 */
void unpin_user_pages_dirty_lock(struct page **pages, unsigned long npages,
				 bool make_dirty)
{
	unsigned long i;
	unsigned int run;

	if (!make_dirty) {
		unpin_user_pages(pages, npages);
		return;
	}
	for (i = 0; i < npages; i += run) {
		run = same_folio_run(pages + i, npages - i);
		BUG_ON(!pages[i]);
		dirty_then_put(page_folio(pages[i]), run);
	}
}

/**
 * unpin_user_page_range_dirty_lock() - the same for pages that lie together.
 * @page: first
 * @npages: how many
 * @make_dirty: mark them dirty first
 *
 * Context: sleepable if @make_dirty.
 */
void unpin_user_page_range_dirty_lock(struct page *page, unsigned long npages,
				      bool make_dirty)
{
	unsigned long i;

	for (i = 0; i < npages; i++) {
		struct folio *folio = page_folio(nth_page(page, i));

		if (make_dirty)
			dirty_then_put(folio, 1);
		else
			gup_put_folio(folio, 1, FOLL_PIN);
	}
}

/**
 * folio_add_pin() - one more pin on a folio that is pinned already.
 * @folio: the folio
 *
 * As the kernel's it does not count as acquired (A.19).
 *
 * Context: any.
 */
void folio_add_pin(struct folio *folio)
{
	if (pins_nothing(folio))
		return;
	WARN_ON_ONCE(folio_ref_count(folio) < (int)GUP_PIN_COUNTING_BIAS);
	page_ref_take(&folio->page, PAGE_REF_PIN, 1, sim_site());
}
