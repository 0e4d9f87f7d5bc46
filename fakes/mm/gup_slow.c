/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GUP's slow path: find each page in the page tables under the PTE lock, fault
 * in what is not there or not permitted, and take a reference.
 *
 * Stands for, in mm/gup.c, v6.12 (v6.1's differ in the argument list only):
 * __get_user_pages_locked, __get_user_pages, follow_page_pte, faultin_page,
 * check_vma_flags, and gup_must_unshare() of mm/internal.h.
 *
 * Simpler than the kernel: anonymous and shared memory, 4 KiB pages; no gate
 * area, no device memory; of signals only SIGKILL, and that only as an injected
 * failure (fakes/fault.h).
 *
 * The steps of the walk are not inlined: what is left of one that is over would
 * stay in the frame of the next, where it tells states apart.
 *
 * Functions of other files that would name themselves as the caller are called
 * by their plain names, or the site is put back afterwards: a reference's site
 * is the function that called GUP.
 */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "fakes/mm/gup_internal.h"

/* E.5 */
static int check_vma_flags(struct vm_area_struct *vma, unsigned long gup_flags)
{
	vm_flags_t vm_flags = vma->vm_flags;

	if (vm_flags & (VM_IO | VM_PFNMAP))
		return -EFAULT;
	if ((gup_flags & FOLL_ANON) && !vma_is_anonymous(vma))
		return -EFAULT;
	if ((gup_flags & FOLL_LONGTERM) && vma_is_fsdax(vma))
		return -EOPNOTSUPP;
	if (vma_is_secretmem(vma))
		return -EFAULT;

	if (gup_flags & FOLL_WRITE) {
		if (vm_flags & VM_WRITE)
			return 0;
		/* A debugger may write to its own copy of a private page. */
		if (!(gup_flags & FOLL_FORCE) || !is_cow_mapping(vm_flags))
			return -EFAULT;
		return 0;
	}
	if (vm_flags & VM_READ)
		return 0;
	if (!(gup_flags & FOLL_FORCE) || !(vm_flags & VM_MAYREAD))
		return -EFAULT;
	return 0;
}

/* E.6: does this entry allow a write, perhaps by force? */
static bool can_follow_write_pte(pte_t pte, struct page *page,
				 struct vm_area_struct *vma, unsigned int flags)
{
	if (pte_write(pte))
		return true;
	if (!(flags & FOLL_FORCE))
		return false;
	/* v5.17's FOLL_COW: once the copy was made, its dirty bit says so (?). */
	if (!kernel_profile()->anon_exclusive)
		return pte_dirty(pte) && is_cow_mapping(vma->vm_flags);
	/* Force is for private memory that is read-only just now. */
	if (vma->vm_flags & (VM_MAYSHARE | VM_SHARED | VM_WRITE))
		return false;
	if (!(vma->vm_flags & VM_MAYWRITE))
		return false;
	return page && PageAnon(page) && PageAnonExclusive(page);
}

/**
 * gup_must_unshare() - would a pin of this page go stale at the next write?
 * @vma: where it is mapped; NULL in GUP-fast, which cannot know
 * @flags: FOLL_*
 * @page: mapped read-only
 *
 * A pin that does not write must still see later writes of the process, so
 * the page must be one that the next write fault does not replace (E.7).
 *
 * v5.17 knows nothing of this (0.2, H-12).
 *
 * Context: any. Return: true if a copy has to be made first.
 */
bool gup_must_unshare(struct vm_area_struct *vma, unsigned int flags, struct page *page)
{
	if (!kernel_profile()->anon_exclusive ||
	    (flags & (FOLL_WRITE | FOLL_PIN)) != FOLL_PIN)
		return false;
	if (PageAnon(page))
		return !PageAnonExclusive(page);
	if (!kernel_profile()->unshare_non_anon || !(flags & FOLL_LONGTERM))
		return false;
	return !vma || is_cow_mapping(vma->vm_flags);
}

/* E.9, for a page just grabbed. */
static void touch_page(struct page *page, pte_t pte, unsigned int flags)
{
	const char *site = sim_site();

	if (!(flags & FOLL_TOUCH))
		return;
	if ((flags & FOLL_WRITE) && !pte_dirty(pte) && !PageDirty(page))
		(set_page_dirty)(page);
	(mark_page_accessed)(page);
	sim_site_set(site);
}

/*
 * The page that a present entry maps, before permissions are looked at.
 * Special entries have no page, but for the zero page's.
 */
static struct page *page_of_pte(pte_t pte, unsigned int flags)
{
	if (!pte_special(pte))
		return pte_page(pte);
	if (flags & FOLL_DUMP)
		return ERR_PTR(-EFAULT);
	if (is_zero_pfn(pte_pfn(pte)))
		return pte_page(pte);
	return ERR_PTR(-EEXIST);
}

/* An entry was found and its lock is held: take the page, or say why not. */
static noinline struct page *grab_pte(struct vm_area_struct *vma, pte_t pte, unsigned int flags)
{
	struct page *page;
	int ret;

	if (!pte_present(pte))
		return pte_none(pte) && flags & FOLL_DUMP ? ERR_PTR(-EFAULT) : NULL;
	if (pte_protnone(pte) &&
	    !(kernel_profile()->protnone_followed ?
	      !(flags & FOLL_HONOR_NUMA_FAULT) || !vma_is_accessible(vma) :
	      !!(flags & FOLL_FORCE)))
		return NULL;

	if ((flags & FOLL_WRITE) &&
	    !can_follow_write_pte(pte, pte_special(pte) ? NULL : pte_page(pte), vma, flags))
		return NULL;

	page = page_of_pte(pte, flags);
	if (IS_ERR(page))
		return page;
	if (!pte_write(pte) && gup_must_unshare(vma, flags, page))
		return ERR_PTR(-EMLINK);
	/* A.21 */
	VM_BUG_ON_PAGE(kernel_profile()->anon_exclusive && (flags & FOLL_PIN) &&
		       PageAnon(page) && !PageAnonExclusive(page), page);

	ret = try_grab_folio(page_folio(page), 1, flags);
	if (ret)
		return ERR_PTR(ret);
	touch_page(page, pte, flags);
	return page;
}

/**
 * follow_page_pte() - look an address up and take its page.
 * @vma: contains @address
 * @address: user address
 * @pmd: its page table
 * @flags: FOLL_*
 *
 * Context: mmap_lock held; takes the PTE lock.
 * Return: the page; NULL: fault it in; -EMLINK: unshare it; another errno.
 */
static struct page *follow_page_pte(struct vm_area_struct *vma, unsigned long address,
				    pmd_t *pmd, unsigned int flags)
{
	struct page *page;
	spinlock_t *ptl;
	pte_t *ptep;

	if (WARN_ON_ONCE((flags & (FOLL_PIN | FOLL_GET)) == (FOLL_PIN | FOLL_GET)))
		return ERR_PTR(-EINVAL);

	ptep = (pte_offset_map_lock)(vma->vm_mm, pmd, address, &ptl);
	if (!ptep)
		return flags & FOLL_DUMP ? ERR_PTR(-EFAULT) : NULL;
	page = grab_pte(vma, ptep_get(ptep), flags);
	(pte_unmap_unlock)(ptep, ptl);
	return page;
}

/* The levels above: only their absence matters while all pages are small. */
static noinline struct page *follow_page_mask(struct vm_area_struct *vma, unsigned long address,
				     unsigned int flags)
{
	pmd_t *pmd = mm_find_pmd(vma->vm_mm, address);

	if (!pmd)
		return flags & FOLL_DUMP ? ERR_PTR(-EFAULT) : NULL;
	return follow_page_pte(vma, address, pmd, flags);
}

static unsigned int gup_fault_flags(unsigned int flags, bool unshare)
{
	unsigned int fault_flags = 0;

	if (flags & FOLL_WRITE)
		fault_flags |= FAULT_FLAG_WRITE;
	if (flags & FOLL_REMOTE)
		fault_flags |= FAULT_FLAG_REMOTE;
	if (flags & FOLL_UNLOCKABLE)
		fault_flags |= FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE;
	if ((flags & FOLL_UNLOCKABLE) && (flags & FOLL_INTERRUPTIBLE))
		fault_flags |= FAULT_FLAG_INTERRUPTIBLE;
	if (flags & FOLL_NOWAIT)
		fault_flags |= FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_RETRY_NOWAIT;
	if (flags & FOLL_TRIED)
		fault_flags |= FAULT_FLAG_TRIED;
	if (unshare)
		fault_flags |= FAULT_FLAG_UNSHARE;
	return fault_flags;
}

/* E.10. @ret has one of the error bits. */
static int gup_fault_errno(vm_fault_t ret, unsigned int flags)
{
	if (ret & VM_FAULT_OOM)
		return -ENOMEM;
	if (ret & VM_FAULT_HWPOISON)
		return flags & FOLL_HWPOISON ? -EHWPOISON : -EFAULT;
	return -EFAULT;
}

/**
 * faultin_page() - have the page made present, as an access would.
 * @vma: contains @address
 * @address: user address
 * @flags: FOLL_*
 * @unshare: break the sharing of a read-only page instead of writing to it
 * @locked: set to 0 if mmap_lock was let go
 *
 * Context: mmap_lock held; sleeps.
 * Return: 0: look again; -EBUSY, -EAGAIN: look again, but the lock is gone (or
 * FOLL_NOWAIT, and it is not); else the errno that ends GUP.
 */
static noinline int faultin_page(struct vm_area_struct *vma, unsigned long address,
			unsigned int flags, bool unshare, int *locked)
{
	const char *site = sim_site();
	unsigned int fault_flags;
	vm_fault_t ret;

	if (flags & FOLL_NOFAULT)
		return -EFAULT;

	fault_flags = gup_fault_flags(flags, unshare);
	ret = (handle_mm_fault)(vma, address, fault_flags, NULL);
	sim_site_set(site);

	if (ret & VM_FAULT_COMPLETED) {
		WARN_ON_ONCE(fault_flags & FAULT_FLAG_RETRY_NOWAIT);
		*locked = 0;
		return -EAGAIN;
	}
	if (ret & VM_FAULT_ERROR)
		return gup_fault_errno(ret, flags);
	if (ret & VM_FAULT_RETRY) {
		if (!(fault_flags & FAULT_FLAG_RETRY_NOWAIT))
			*locked = 0;
		return -EBUSY;
	}
	return 0;
}

/*
 * One address, faulted in as often as it takes.
 * Return: the page; ERR_PTR(-EBUSY): the lock was lost, nothing is wrong; else
 * the errno.
 */
static noinline struct page *get_one_page(struct vm_area_struct *vma, unsigned long address,
				 unsigned int flags, int *locked)
{
	struct page *page;
	int ret;

	for (;;) {
		if (fatal_signal_pending(current))
			return ERR_PTR(-EINTR);
		page = follow_page_mask(vma, address, flags);
		if (page && PTR_ERR(page) != -EMLINK)
			return page;
		ret = faultin_page(vma, address, flags, page != NULL, locked);
		if (ret)
			return ERR_PTR(ret == -EAGAIN ? -EBUSY : ret);
	}
}

/**
 * __get_user_pages() - the walk over a range of addresses.
 * @mm: address space
 * @start: first address
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*
 * @pages: where they go; NULL if they need only be faulted in
 * @locked: set to 0 if mmap_lock was let go; the walk ends then
 *
 * Context: mmap_lock held for reading.
 * Return: pages got, even if a later one failed (E.11); else -errno, or 0 if
 * the lock was lost at the first page.
 */
static long __get_user_pages(struct mm_struct *mm, unsigned long start,
			     unsigned long nr_pages, unsigned int gup_flags,
			     struct page **pages, int *locked)
{
	struct vm_area_struct *vma = NULL;
	struct page *page;
	long i, ret = 0;

	VM_BUG_ON(!!pages != !!(gup_flags & (FOLL_GET | FOLL_PIN)));

	for (i = 0; i < nr_pages; i++, start += PAGE_SIZE) {
		if (!vma || start >= vma->vm_end) {
			vma = gup_vma_lookup(mm, start);
			ret = vma ? check_vma_flags(vma, gup_flags) : -EFAULT;
			if (ret)
				break;
		}
		page = get_one_page(vma, start, gup_flags, locked);
		if (IS_ERR(page) && !(PTR_ERR(page) == -EEXIST && !pages)) {
			ret = PTR_ERR(page);
			if (ret == -EBUSY)
				ret = 0;
			break;
		}
		if (pages)
			pages[i] = page;
	}
	return i ? i : ret;
}

static bool gup_signal_pending(unsigned int flags)
{
	if (fatal_signal_pending(current))
		return true;
	return (flags & FOLL_INTERRUPTIBLE) && signal_pending(current);
}

/* mmap_lock was lost inside a fault: take it again and finish that address. */
static long gup_retry_one(struct mm_struct *mm, unsigned long start, struct page **pages,
			  int *locked, unsigned int flags)
{
	const char *site = sim_site();
	long ret;

	do {
		if (gup_signal_pending(flags))
			return -EINTR;
		ret = mmap_read_lock_killable(mm);
		sim_site_set(site);
		if (ret)
			return ret;
		*locked = 1;
		ret = __get_user_pages(mm, start, 1, flags | FOLL_TRIED, pages, locked);
	} while (!*locked);
	return ret;
}

/* The walk, resumed where a fault lost the lock. */
static long gup_unlockable(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			   struct page **pages, int *locked, bool *must_unlock,
			   unsigned int flags)
{
	unsigned long done = 0;
	long ret;

	for (;;) {
		ret = __get_user_pages(mm, start + (done << PAGE_SHIFT), nr_pages - done, flags,
				       pages ? pages + done : NULL, locked);
		BUG_ON(!*locked && ret < 0);
		if (ret > 0)
			done += ret;
		/* Done, or an error, or FOLL_NOWAIT. */
		if (done == nr_pages || *locked)
			break;

		*must_unlock = true;
		ret = gup_retry_one(mm, start + (done << PAGE_SHIFT),
				    pages ? pages + done : NULL, locked, flags);
		if (ret != 1)
			break;
		done++;
		if (done == nr_pages)
			break;
	}
	return done ? (long)done : ret;
}

/**
 * __get_user_pages_locked() - GUP's slow path with or without mmap_lock.
 * @mm: address space
 * @start: first address
 * @nr_pages: how many pages
 * @pages: where they go, or NULL
 * @locked: 1: the caller holds mmap_lock, and it is set to 0 if it was let go
 *	on the way; 0: it is taken and let go here
 * @flags: FOLL_*; FOLL_UNLOCKABLE allows faults to let mmap_lock go
 *
 * Context: sleepable.
 * Return: pages got, fewer than asked if a later one failed, or -errno.
 */
long __get_user_pages_locked(struct mm_struct *mm, unsigned long start,
			     unsigned long nr_pages, struct page **pages,
			     int *locked, unsigned int flags)
{
	const char *site = sim_site();
	bool must_unlock = false;
	long ret;

	if (!nr_pages)
		return 0;
	(might_sleep)();

	if (!*locked) {
		if (!kernel_profile()->gup_lock_killable)
			mmap_read_lock(mm);
		else if (mmap_read_lock_killable(mm))
			return -EAGAIN;		/* E.11 */
		sim_site_set(site);
		must_unlock = true;
		*locked = 1;
	} else {
		mmap_assert_locked(mm);
	}

	if (flags & FOLL_PIN)
		mm_set_has_pinned_flag(mm);
	/* Old callers want references without having said so. */
	if (pages && !(flags & FOLL_PIN))
		flags |= FOLL_GET;

	if (flags & FOLL_UNLOCKABLE)
		ret = gup_unlockable(mm, start, nr_pages, pages, locked, &must_unlock, flags);
	else
		ret = __get_user_pages(mm, start, nr_pages, flags, pages, locked);

	if (must_unlock && *locked) {
		mmap_read_unlock(mm);
		sim_site_set(site);
		*locked = 0;
	}
	if (WARN_ON_ONCE(!ret && !(flags & FOLL_NOWAIT)))
		return -EFAULT;
	return ret;
}
