/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page faults of anonymous memory: mm/memory.c, v6.12: handle_mm_fault(),
 * do_anonymous_page(), do_wp_page(), wp_can_reuse_anon_folio(), wp_page_reuse(),
 * wp_page_copy(). v6.1's do_wp_page() does the same in one function; v5.17's goes
 * by the count alone (0.2); both have set_pte_at_notify() for the copy (H.29). What
 * is not present is swapin.c's.
 *
 * The caller holds mmap_lock and has checked the VMA's permissions, as the
 * architecture and GUP do in the kernel.
 *
 * Simpler than the kernel: private anonymous VMAs and shared memory (shmem.c)
 * only, no THP, no userfaultfd, no NUMA hints, no per-VMA locks; VM_FAULT_RETRY
 * happens for swap only (swapin.c), because waiting for a migration keeps
 * mmap_lock, as the kernel does too.
 *
 * The ways to handle a fault are not inlined, as the steps of GUP's walk are
 * not: see gup_slow.c.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/swap.h>

#include "fakes/mm/fault_internal.h"

#undef handle_mm_fault

/* K.13: reading what was never written maps the zero page, without a reference. */
static vm_fault_t do_zero_page(struct vm_fault *vmf)
{
	pte_t entry = pte_mkspecial(pfn_pte(zero_page_pfn(), vmf->vma->vm_page_prot));

	lock_pte(vmf);
	if (pte_none(*vmf->pte))
		set_pte_at(vmf->mm, vmf->address, vmf->pte, entry);
	unlock_pte(vmf);
	return 0;
}

static pte_t anon_entry(struct vm_area_struct *vma, struct folio *folio, bool write)
{
	pte_t entry = mk_pte(&folio->page, vma->vm_page_prot);

	if (!write)
		return entry;
	entry = pte_mkdirty(entry);
	return vma->vm_flags & VM_WRITE ? pte_mkwrite(entry, vma) : entry;
}

/*
 * Map a fresh folio: K.1's state afterwards, reference 2 and not on the LRU.
 * The allocation's reference becomes the PTE's. Where it takes another one's
 * place (set_pte_at_notify()), who mirrors the tables hears of it first (H.29).
 */
void map_new_anon_folio(struct vm_area_struct *vma, unsigned long address, pte_t *pte,
			struct folio *folio, unsigned int how)
{
	pte_t entry = anon_entry(vma, folio, how & NEW_ANON_WRITE);
	struct mm_struct *mm = vma->vm_mm;

	folio_set_uptodate(folio);
	folio_add_new_anon_rmap(folio, vma, address, RMAP_EXCLUSIVE);
	page_ref_hand_on(OWNER_OF_MM(mm), &folio->page, PAGE_REF_MAP, __func__);
	folio_add_lru_vma(folio, vma);
	if (how & NEW_ANON_REPLACES && kernel_profile()->wp_changes_pte)
		mmu_notifier_change_pte(mm, address, entry);
	set_pte_at(mm, address, pte, entry);
}

static void put_unused(struct folio *folio)
{
	page_ref_drop(&folio->page, PAGE_REF_ALLOC, 1, __func__);
}

static struct folio *new_anon_folio(struct vm_fault *vmf)
{
	if (anon_vma_prepare(vmf->vma))
		return NULL;
	return vma_alloc_folio(GFP_HIGHUSER_MOVABLE, 0, vmf->vma, vmf->address);
}

static noinline vm_fault_t do_anonymous_page(struct vm_fault *vmf)
{
	struct folio *folio;
	bool lost;

	if (!(vmf->flags & FAULT_FLAG_WRITE))
		return do_zero_page(vmf);
	folio = new_anon_folio(vmf);
	if (!folio)
		return VM_FAULT_OOM;
	lock_pte(vmf);
	lost = !pte_none(*vmf->pte);
	if (!lost)
		map_new_anon_folio(vmf->vma, vmf->address, vmf->pte, folio, NEW_ANON_WRITE);
	unlock_pte(vmf);
	if (lost)
		put_unused(folio);
	return 0;
}

/* The PTE becomes writable where it is. Unlocks. */
static vm_fault_t wp_page_reuse(struct vm_fault *vmf)
{
	pte_t entry = pte_mkdirty(pte_mkyoung(vmf->orig_pte));

	if (vmf->vma->vm_flags & VM_WRITE)
		entry = pte_mkwrite(entry, vmf->vma);
	set_pte_at(vmf->mm, vmf->address, vmf->pte, entry);
	unlock_pte(vmf);
	return 0;
}

/* The old page is not mapped here any more. */
static void put_mapped(struct vm_fault *vmf, struct folio *old)
{
	page_ref_drop_for(vmf->owner, &old->page, PAGE_REF_MAP, 1, "wp_page_copy");
}

/* Replace the mapping under the lock. Return: false if it changed meanwhile. */
static bool install_copy(struct vm_fault *vmf, struct folio *old, struct folio *new)
{
	unsigned int how = NEW_ANON_REPLACES;
	bool same;

	if (!(vmf->flags & FAULT_FLAG_UNSHARE))
		how |= NEW_ANON_WRITE;

	lock_pte(vmf);
	same = pte_unchanged(vmf);
	if (same) {
		ptep_clear_flush(vmf->vma, vmf->address, vmf->pte);
		map_new_anon_folio(vmf->vma, vmf->address, vmf->pte, new, how);
		if (old)
			folio_remove_rmap_pte(old, &old->page, vmf->vma);
		if (old && kernel_profile()->wp_puts_old_locked)
			put_mapped(vmf, old);
	}
	unlock_pte(vmf);
	return same;
}

/*
 * J.12: copy. @old is NULL for the zero page, else the caller holds a reference
 * on it. The old page loses its PTE's reference after the notifier's end, or
 * before it, under the lock (kernel_profile.wp_puts_old_locked).
 */
static vm_fault_t wp_page_copy(struct vm_fault *vmf, struct folio *old)
{
	struct mmu_notifier_range range;
	struct folio *new = new_anon_folio(vmf);
	bool copied;

	if (new && old)
		copy_user_highpage(&new->page, &old->page, vmf->address, vmf->vma);
	if (!new) {
		if (old)
			folio_put(old);
		return VM_FAULT_OOM;
	}
	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, vmf->mm, vmf->address & PAGE_MASK,
				(vmf->address & PAGE_MASK) + PAGE_SIZE);
	mmu_notifier_invalidate_range_start(&range);
	copied = install_copy(vmf, old, new);
	mmu_notifier_invalidate_range_end(&range);
	if (!copied)
		put_unused(new);
	else if (old && !kernel_profile()->wp_puts_old_locked)
		put_mapped(vmf, old);
	if (old)
		folio_put(old);
	return 0;
}

/* J.12: is this PTE the only user of a page that is not marked exclusive? */
static bool wp_can_reuse_anon_folio(struct folio *folio, struct vm_area_struct *vma)
{
	bool alone;

	/* v5.17 asks for this one count, before and after it has the lock. */
	if (!kernel_profile()->wp_drains && page_ref_cmp(&folio->page, 1))
		return false;
	if (folio_test_ksm(folio) || page_ref_cmp(&folio->page, 3) > 0)
		return false;
	if (!folio_test_lru(folio) && kernel_profile()->wp_drains)
		lru_add_drain();
	if (page_ref_cmp(&folio->page, 1 + folio_test_swapcache(folio)) > 0)
		return false;
	if (!folio_trylock(folio))
		return false;
	if (folio_test_swapcache(folio))
		folio_free_swap(folio);
	alone = !page_ref_cmp(&folio->page, 1);
	if (alone && kernel_profile()->anon_exclusive)
		SetPageAnonExclusive(&folio->page);
	if (alone && kernel_profile()->wp_moves_rmap)
		folio_move_anon_rmap(folio, vma);
	folio_unlock(folio);
	return alone;
}

/* E.7: what an unshare request does where there is no anonymous page. */
static bool unshare_is_noop(const struct vm_fault *vmf)
{
	return (vmf->flags & FAULT_FLAG_UNSHARE) && !kernel_profile()->unshare_non_anon;
}

/* A present entry without the permission that is wanted. Locked; unlocks. */
vm_fault_t do_wp_page(struct vm_fault *vmf)
{
	bool unshare = vmf->flags & FAULT_FLAG_UNSHARE;
	struct folio *folio;

	if (pte_special(vmf->orig_pte)) {
		unlock_pte(vmf);
		return unshare_is_noop(vmf) ? 0 : wp_page_copy(vmf, NULL);
	}
	folio = page_folio(pte_page(vmf->orig_pte));
	/* Shared memory is written to where it is. */
	if (vmf->vma->vm_flags & VM_SHARED) {
		folio_mark_dirty(folio);
		return wp_page_reuse(vmf);
	}
	if (PageAnonExclusive(&folio->page) || wp_can_reuse_anon_folio(folio, vmf->vma)) {
		if (!unshare)
			return wp_page_reuse(vmf);
		unlock_pte(vmf);
		return 0;
	}
	folio_get(folio);
	unlock_pte(vmf);
	return wp_page_copy(vmf, folio);
}

static noinline vm_fault_t do_present_page(struct vm_fault *vmf)
{
	bool wants = vmf->flags & (FAULT_FLAG_WRITE | FAULT_FLAG_UNSHARE);
	pte_t entry = pte_mkyoung(vmf->orig_pte);

	lock_pte(vmf);
	if (!pte_unchanged(vmf)) {
		unlock_pte(vmf);
		return 0;
	}
	if (wants && !pte_write(vmf->orig_pte))
		return do_wp_page(vmf);
	if (vmf->flags & FAULT_FLAG_WRITE)
		entry = pte_mkdirty(entry);
	if (!pte_same(entry, vmf->orig_pte))
		set_pte_at(vmf->mm, vmf->address, vmf->pte, entry);
	unlock_pte(vmf);
	return 0;
}

static vm_fault_t handle_pte_fault(struct vm_fault *vmf)
{
	if (pte_none(vmf->orig_pte))
		return vma_is_anonymous(vmf->vma) ? do_anonymous_page(vmf) :
						    vmf->vma->vm_ops->fault(vmf);
	if (pte_present(vmf->orig_pte))
		return do_present_page(vmf);
	return do_swap_page(vmf);
}

/**
 * handle_mm_fault() - make an address accessible, or say why not.
 * @vma: private anonymous mapping that covers @address and allows the access
 * @address: user address
 * @flags: FAULT_FLAG_*
 * @regs: NULL
 *
 * Context: sleepable, mmap_lock held, kept.
 * Return: VM_FAULT_*; 0 also when the access must simply be tried again.
 */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address,
			   unsigned int flags, struct pt_regs *regs)
{
	struct vm_fault vmf = {
		.vma = vma,
		.mm = vma->vm_mm,
		.address = address & PAGE_MASK,
		.flags = flags,
		.owner = OWNER_OF_MM(vma->vm_mm),
	};
	sim_obj_t obj = OBJ_PTE_OF(vmf.mm->id, address);
	vm_fault_t ret;

	(might_sleep)();
	sim_note(SIM_ENTER, obj, flags, 0, __func__);
	sim_scope_open(vmf.owner, false);
	if (pte_alloc_tables(vmf.mm, vmf.address)) {
		ret = VM_FAULT_OOM;
	} else {
		vmf.pmd = pmd_lookup(vmf.mm, vmf.address);
		vmf.orig_pte = pte_read_step(vmf.mm, vmf.address,
					     pte_offset_kernel(vmf.pmd, vmf.address), __func__);
		ret = handle_pte_fault(&vmf);
	}
	sim_scope_close();
	sim_note(SIM_LEAVE, obj, ret, 0, __func__);
	return ret;
}
