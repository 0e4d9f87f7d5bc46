/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many references at once: what a process that never tires comes to by tee(2),
 * FUSE and the like (H-21, CVE-2019-11487).  Stands for that many calls of
 * try_get_page(), or of get_page() as such callers had it before v5.1, by a task
 * that has a reference already, and of put_page(); include/linux/mm.h, v6.12.
 *
 * The count is 32 bits: signed, and negative means too many (A.8, A.16). Who asks
 * is refused from there on, and 2^31 are left for those who do not ask.
 *
 * Simpler than the kernel: all of it is one step, so nobody meets the count on
 * its way; get_page() does not ask for the 128 values below zero (A.7 without
 * DEBUG_VM).
 */
#include <linux/minmax.h>

#include "fakes/mm/internal.h"
#include "fakes/mm/page_ref_many.h"

/* The count of who is added to is no secret any more, and neither is who has it. */
static int count_begin(struct page *page)
{
	page_ref_foot_set(page);
	page_ref_foot_use(page);
	return page_ref_count(page);
}

u32 page_ref_take_many(struct page *page, u32 n, bool checked)
{
	const char *site = sim_site();
	sim_obj_t obj = OBJ_OF_PAGE(page);
	int before;

	sim_step(SIM_GET, obj, site);
	before = count_begin(page);
	if (checked)
		n = before <= 0 ? 0 : min(n, (u32)INT_MAX - before + 1);
	if (!n)
		return 0;
	if (before > 0 && n > (u32)INT_MAX - before)
		sim_note(SIM_X_OVERFLOW, obj, n, before, site);
	page->_refcount.counter = (int)((u32)before + n);
	sim_ref_take(&page->_refs, obj, PAGE_REF_GET, n, site);
	sim_note(SIM_GET, obj, SIM_REF_A(PAGE_REF_GET, n), page->_refcount.counter, site);
	return n;
}

void page_ref_put_many(struct page *page, u32 n)
{
	const char *site = sim_site();
	sim_obj_t obj = OBJ_OF_PAGE(page);
	int before, after;
	bool frees;
	u32 known;

	sim_step(SIM_PUT, obj, site);
	before = count_begin(page);
	after = (int)((u32)before - n);
	frees = (u32)before <= n;
	page->_refcount.counter = frees ? 0 : after;
	known = sim_ref_drop(&page->_refs, obj, PAGE_REF_GET, n, site);
	if (known < n)
		sim_note(SIM_X_UNDERFLOW, obj, n - known, before, site);
	/* Free already, and maybe somebody else's by now. */
	if (!before)
		sim_fatal(SIM_X_UNDERFLOW, obj, n, before, site);
	sim_note(SIM_PUT, obj, SIM_REF_A(PAGE_REF_GET, n), page->_refcount.counter, site);
	if (frees)
		folio_free(page_folio(page), site);
}
