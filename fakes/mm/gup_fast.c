/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GUP-fast: the walk that takes no lock.  It reads an entry, takes a reference
 * on the page it names, and reads the entry again: if it has not changed, the
 * page was mapped there while the reference was held.  Interrupts are off, so
 * that no page table can be freed under it.
 *
 * Stands for, in mm/gup.c, v6.12: gup_fast, gup_fast_pte_range,
 * gup_fast_fallback; in v6.1: lockless_pages_from_mm, gup_pte_range,
 * internal_get_user_pages_fast.
 *
 * Simpler than the kernel: 4 KiB pages, never of a truncated file; the upper
 * levels of the tables are read without steps, because they are never taken
 * away while the address space lives.
 */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/preempt.h>

#include "fakes/mm/gup_internal.h"

/* E.13: may an entry like this be followed without a lock at all? */
static bool gup_fast_pte_allowed(pte_t pte, unsigned int flags)
{
	if (pte_protnone(pte)) {
		if (kernel_profile()->protnone_followed || !(flags & FOLL_FORCE))
			return false;
	}
	return pte_access_permitted(pte, flags & FOLL_WRITE) && !pte_special(pte);
}

/*
 * One page: three steps if all goes well, and others may run between any two.
 * Return: false where the walk has to end.
 */
static bool gup_fast_pte(struct mm_struct *mm, unsigned long addr, pte_t *ptep,
			 unsigned int flags, struct page **pagep)
{
	const char *site = sim_site();
	struct folio *folio;
	struct page *page;
	pte_t pte, now;

	pte = pte_read_step(mm, addr, ptep, site);
	if (!gup_fast_pte_allowed(pte, flags))
		return false;

	page = pte_page(pte);
	folio = try_grab_folio_fast(page, 1, flags);
	if (!folio)
		return false;

	now = pte_read_step(mm, addr, ptep, site);
	if (!pte_same(pte, now) || (!pte_write(pte) && gup_must_unshare(NULL, flags, page))) {
		gup_put_folio(folio, 1, flags);
		return false;
	}
	folio_set_referenced(folio);
	*pagep = page;
	return true;
}

/*
 * The walk. Return: pages got; the first refusal ends it.
 *
 * A pin must not race with fork(), which may be write-protecting the entries
 * for the child right now: an odd or a changed sequence count refuses all.
 */
static noinline unsigned long gup_fast(unsigned long start, unsigned long end,
			      unsigned int gup_flags, struct page **pages)
{
	struct mm_struct *mm = current->mm;
	unsigned long nr_pinned = 0, flags;
	unsigned int seq = mm->write_protect_seq.sequence;
	pte_t *ptep;

	if ((gup_flags & FOLL_PIN) && (seq & 1))
		return 0;

	local_irq_save(flags);
	for (; start < end; start += PAGE_SIZE) {
		ptep = pte_lookup(mm, start);
		if (!ptep || !gup_fast_pte(mm, start, ptep, gup_flags, pages + nr_pinned))
			break;
		nr_pinned++;
	}
	local_irq_restore(flags);

	if ((gup_flags & FOLL_PIN) && mm->write_protect_seq.sequence != seq) {
		(unpin_user_pages)(pages, nr_pinned);
		return 0;
	}
	return nr_pinned;
}

/* E.4, E.16: the rest of the range, by the slow path of this kernel. */
static long gup_fast_slow_part(unsigned long start, unsigned long nr_pages,
			       unsigned int gup_flags, struct page **pages)
{
	struct mm_struct *mm = current->mm;
	const char *site = sim_site();
	int locked = 0;
	long ret;

	if (kernel_profile()->longterm_drops_mmap_lock || !(gup_flags & FOLL_LONGTERM))
		return __gup_longterm_locked(mm, start, nr_pages, pages, &locked,
					     gup_flags | FOLL_TOUCH | FOLL_UNLOCKABLE);

	mmap_read_lock(mm);
	sim_site_set(site);
	locked = 1;
	ret = __gup_longterm_locked(mm, start, nr_pages, pages, &locked, gup_flags);
	mmap_read_unlock(mm);
	return ret;
}

/**
 * gup_fast_fallback() - the fast walk, and the slow path for what it refuses.
 * @start: user address; bits below the page size are ignored
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*, FOLL_GET or FOLL_PIN among them
 * @pages: where they go
 *
 * Context: sleepable unless FOLL_FAST_ONLY.
 * Return: pages got; if the slow part failed, those of the fast part, which
 * the caller must give back; -errno if there is none (E.14).
 */
int gup_fast_fallback(unsigned long start, unsigned long nr_pages,
		      unsigned int gup_flags, struct page **pages)
{
	unsigned long len, end, nr_pinned;
	long ret;

	if (WARN_ON_ONCE(gup_flags & ~(FOLL_WRITE | FOLL_LONGTERM | FOLL_FORCE | FOLL_PIN |
				       FOLL_GET | FOLL_FAST_ONLY | FOLL_NOFAULT |
				       FOLL_PCI_P2PDMA | FOLL_HONOR_NUMA_FAULT)))
		return -EINVAL;
	if (gup_flags & FOLL_PIN)
		mm_set_has_pinned_flag(current->mm);
	if (!(gup_flags & FOLL_FAST_ONLY))
		(might_sleep)();

	start &= PAGE_MASK;
	len = nr_pages << PAGE_SHIFT;
	end = start + len;
	if (end < start)
		return kernel_profile()->fast_overflow_is_error ? -EOVERFLOW : 0;
	if (!access_ok_range(start, len))
		return -EFAULT;

	nr_pinned = gup_fast(start, end, gup_flags, pages);
	if (nr_pinned == nr_pages || (gup_flags & FOLL_FAST_ONLY))
		return nr_pinned;

	ret = gup_fast_slow_part(start + (nr_pinned << PAGE_SHIFT), nr_pages - nr_pinned,
				 gup_flags, pages + nr_pinned);
	if (ret < 0)
		return nr_pinned ? nr_pinned : ret;
	return nr_pinned + ret;
}
