/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults on entries that are not present: mm/memory.c, v6.12: do_swap_page(),
 * should_try_to_free_swap(); folio_lock_or_retry() of mm/filemap.c.
 *
 * Whoever finds the folio still in the swap cache maps the same one again, and it
 * is exclusive if it was before (J.9). v5.17 has no such mark: a page that is
 * mapped once may be written at once, but one that was read first stays
 * read-only, and the next write copies it (H-11).
 *
 * Simpler than the kernel: no KSM, no readahead, no per-VMA locks.
 */
#include <linux/mmap_lock.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "fakes/mm/fault_internal.h"

static void put_found(struct folio *folio)
{
	page_ref_drop(&folio->page, PAGE_REF_GET, 1, "do_swap_page");
}

/*
 * Who may let mmap_lock go does so while it waits, and has to come again; so does
 * who is killed meanwhile.
 * Return: 0 with the folio locked, or VM_FAULT_RETRY.
 */
static vm_fault_t folio_lock_or_retry(struct folio *folio, struct vm_fault *vmf)
{
	bool killable = vmf->flags & FAULT_FLAG_KILLABLE;

	if (folio_trylock(folio))
		return 0;
	if (!(vmf->flags & FAULT_FLAG_ALLOW_RETRY) || (vmf->flags & FAULT_FLAG_TRIED)) {
		if (!killable) {
			folio_lock(folio);
			return 0;
		}
		if (!folio_lock_killable(folio))
			return 0;
		mmap_read_unlock(vmf->mm);
		return VM_FAULT_RETRY;
	}
	if (vmf->flags & FAULT_FLAG_RETRY_NOWAIT)
		return VM_FAULT_RETRY;
	mmap_read_unlock(vmf->mm);
	if (killable)
		folio_wait_locked_killable(folio);
	else
		folio_wait_locked(folio);
	return VM_FAULT_RETRY;
}

/*
 * v5.17's reuse_swap_page(): PTEs and swap entries are counted, references are
 * not. The entry at hand is one of them.
 */
static bool reuse_swap_page(struct folio *folio, swp_entry_t entry)
{
	if (folio_mapcount(folio) + swap_swapcount(entry) > 1)
		return false;
	/* Its slot is given up with the entry, which the caller frees. */
	return true;
}

/* Is it worth while to ask whether the folio can leave the cache? */
static bool should_try_to_free_swap(struct folio *folio, struct vm_fault *vmf)
{
	if (!folio_test_swapcache(folio))
		return false;
	if (vmf->vma->vm_flags & VM_LOCKED)
		return true;
	if (kernel_profile()->swapin_reuses_mapped)
		return false;
	return (vmf->flags & FAULT_FLAG_WRITE) &&
	       !page_ref_cmp(&folio->page, 1 + folio_nr_pages(folio));
}

/* The slot loses this entry. Return: is the page this process's alone? */
static bool take_entry(struct vm_fault *vmf, struct folio *folio, swp_entry_t entry)
{
	bool exclusive = pte_swp_exclusive(vmf->orig_pte);
	bool reuses = kernel_profile()->swapin_reuses_mapped;

	if (reuses)
		exclusive = (vmf->flags & FAULT_FLAG_WRITE) && reuse_swap_page(folio, entry);
	swap_free(entry);
	if ((reuses && exclusive) || should_try_to_free_swap(folio, vmf))
		folio_free_swap(folio);
	if (reuses)
		return exclusive;
	return exclusive || !page_ref_cmp(&folio->page, 1);
}

/* The fault's reference becomes the PTE's. */
static void map_folio(struct vm_fault *vmf, struct folio *folio, bool exclusive)
{
	struct vm_area_struct *vma = vmf->vma;
	rmap_t rmap = exclusive ? RMAP_EXCLUSIVE : RMAP_NONE;
	pte_t pte = mk_pte(&folio->page, vma->vm_page_prot);

	if (exclusive && (vma->vm_flags & VM_WRITE) &&
	    (kernel_profile()->swapin_writable || (vmf->flags & FAULT_FLAG_WRITE)))
		pte = pte_mkwrite(pte, vma);
	if (exclusive && (vmf->flags & FAULT_FLAG_WRITE)) {
		pte = pte_mkdirty(pte);
		vmf->flags &= ~FAULT_FLAG_WRITE;
	}
	set_pte_at(vmf->mm, vmf->address, vmf->pte, pte);
	page_ref_turn(vmf->owner, &folio->page, PAGE_REF_GET, PAGE_REF_MAP, __func__);
	if (folio_test_anon(folio))
		folio_add_anon_rmap_pte(folio, &folio->page, vma, vmf->address, rmap);
	else
		folio_add_new_anon_rmap(folio, vma, vmf->address, rmap);
	vmf->orig_pte = pte;
}

/* The folio is there, with a reference, and locked. */
static noinline vm_fault_t map_swapped(struct vm_fault *vmf, struct folio *folio,
				       swp_entry_t entry)
{
	bool exclusive;

	if (!folio_test_swapcache(folio) || folio->swap != entry.val) {
		folio_unlock(folio);
		put_found(folio);
		return 0;
	}
	if ((vmf->flags & FAULT_FLAG_WRITE) && !folio_test_lru(folio) &&
	    kernel_profile()->wp_drains)
		lru_add_drain();
	lock_pte(vmf);
	if (!pte_unchanged(vmf)) {
		unlock_pte(vmf);
		folio_unlock(folio);
		put_found(folio);
		return 0;
	}
	VM_BUG_ON_PAGE(PageAnonExclusive(&folio->page), &folio->page);
	exclusive = take_entry(vmf, folio, entry);
	map_folio(vmf, folio, exclusive);
	folio_unlock(folio);
	if (vmf->flags & FAULT_FLAG_WRITE)
		return do_wp_page(vmf);
	unlock_pte(vmf);
	return 0;
}

/* Nothing was got: has the entry changed meanwhile, or is there no memory? */
static vm_fault_t swap_read_failed(struct vm_fault *vmf)
{
	bool same;

	lock_pte(vmf);
	same = pte_unchanged(vmf);
	unlock_pte(vmf);
	return same ? VM_FAULT_OOM : 0;
}

static noinline vm_fault_t swap_in(struct vm_fault *vmf, swp_entry_t entry)
{
	struct folio *folio = swap_cache_get_folio(entry);
	vm_fault_t ret = 0;

	if (!folio) {
		folio = read_swap_cache(entry, vmf->vma, vmf->address);
		if (!folio)
			return swap_read_failed(vmf);
		ret = VM_FAULT_MAJOR;
	}
	ret |= folio_lock_or_retry(folio, vmf);
	if (ret & VM_FAULT_RETRY) {
		put_found(folio);
		return ret;
	}
	return ret | map_swapped(vmf, folio, entry);
}

/**
 * do_swap_page() - a fault on an entry that is not present.
 * @vmf: the fault; nothing locked
 *
 * A migration entry is waited for (D.18), a swap entry brought in; broken memory
 * stays so (H.12).
 *
 * Context: sleepable, mmap_lock held; let go if VM_FAULT_RETRY without
 * FAULT_FLAG_RETRY_NOWAIT.
 * Return: VM_FAULT_*; 0 also when the access must simply be tried again.
 */
vm_fault_t do_swap_page(struct vm_fault *vmf)
{
	swp_entry_t entry = pte_to_swp_entry(vmf->orig_pte);

	if (!non_swap_entry(entry))
		return swap_in(vmf, entry);
	if (is_hwpoison_entry(entry))
		return VM_FAULT_HWPOISON;
	migration_entry_wait(vmf->mm, vmf->pmd, vmf->address);
	return 0;
}
