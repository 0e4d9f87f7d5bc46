/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fork(): a child's address space, made of its parent's (J.11).  Stands for
 * dup_mm() and dup_mmap() of kernel/fork.c, and copy_page_range(),
 * copy_pte_range(), copy_present_ptes(), copy_present_page() and
 * copy_nonpresent_pte() of mm/memory.c, v6.12.
 *
 * A page of private memory is shared: both entries become read-only, and the
 * page is nobody's own any more. But if the parent may have pinned it, it has to
 * stay the parent's, and the child gets a copy at once. v5.17 goes by the count
 * and by MMF_HAS_PINNED alone, and shares what is not pinned without a word in
 * the page (kernel_profile.anon_exclusive).
 *
 * Simpler than the kernel: one entry after the other, no batches; the locks are
 * never dropped to let others run; the TLB is flushed entry by entry, where the
 * kernel does so once at the end, so a write between the two is not seen; a copy
 * is never refused by broken memory (-EHWPOISON).
 */
#include <linux/highmem.h>
#include <linux/mmap_lock.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "fakes/mm/internal.h"

/**
 * struct copier - one table's part of copy_page_range()
 * @dst_vma: the child's
 * @src_vma: the parent's
 * @prealloc: a folio for a copy, got while no lock was held; or NULL
 */
struct copier {
	struct vm_area_struct *dst_vma;
	struct vm_area_struct *src_vma;
	struct folio *prealloc;
};

/* Return: 0, or -EAGAIN if a folio for the copy has to be got first. */
static int copy_present_page(struct copier *c, pte_t *dst_pte, unsigned long addr,
			     struct page *page)
{
	struct folio *new = c->prealloc;

	if (!new)
		return -EAGAIN;
	c->prealloc = NULL;
	copy_user_highpage(&new->page, page, addr, c->src_vma);
	map_new_anon_folio(c->dst_vma, addr, dst_pte, new, NEW_ANON_WRITE);
	return 0;
}

/* One more mapping of the page. Return: false if the child needs a copy. */
static bool share_page(struct copier *c, struct page *page)
{
	sim_owner_t owner = OWNER_OF_MM(c->dst_vma->vm_mm);
	struct folio *folio = page_folio(page);

	if (!kernel_profile()->anon_exclusive && page_needs_cow_for_dma(c->src_vma, page))
		return false;
	page_ref_take_for(owner, page, PAGE_REF_MAP, 1, __func__);
	if (!folio_try_dup_anon_rmap_pte(folio, page, c->src_vma))
		return true;
	page_ref_drop_for(owner, page, PAGE_REF_MAP, 1, __func__);
	return false;
}

static int copy_present_pte(struct copier *c, pte_t *dst_pte, pte_t *src_pte,
			    unsigned long addr)
{
	struct mm_struct *src_mm = c->src_vma->vm_mm;
	pte_t pte = ptep_get(src_pte);

	if (!pte_special(pte) && !share_page(c, pte_page(pte)))
		return copy_present_page(c, dst_pte, addr, pte_page(pte));
	if (is_cow_mapping(c->src_vma->vm_flags) && pte_write(pte)) {
		set_pte_at(src_mm, addr, src_pte, pte_wrprotect(pte));
		pte = pte_wrprotect(pte);
	}
	set_pte_at(c->dst_vma->vm_mm, addr, dst_pte, pte_mkold(pte));
	return 0;
}

/* A page on its way: whoever gets it later may only read it. */
static void copy_migration_entry(struct copier *c, pte_t *dst_pte, pte_t *src_pte,
				 unsigned long addr)
{
	pte_t pte = ptep_get(src_pte);
	swp_entry_t entry = pte_to_swp_entry(pte), readable;

	if (!is_readable_migration_entry(entry) && is_cow_mapping(c->src_vma->vm_flags)) {
		readable = make_readable_migration_entry(swp_offset_pfn(entry));
		if (is_migration_entry_young(entry))
			readable = make_migration_entry_young(readable);
		if (is_migration_entry_dirty(entry))
			readable = make_migration_entry_dirty(readable);
		pte = swp_entry_to_pte(readable);
		set_pte_at(c->src_vma->vm_mm, addr, src_pte, pte);
	}
	set_pte_at(c->dst_vma->vm_mm, addr, dst_pte, pte);
}

/* One more entry for the slot; the page is nobody's own any more. */
static void copy_swap_entry(struct copier *c, pte_t *dst_pte, pte_t *src_pte,
			    unsigned long addr)
{
	pte_t pte = ptep_get(src_pte);

	if (pte_swp_exclusive(pte)) {
		pte = pte_swp_clear_exclusive(pte);
		set_pte_at(c->src_vma->vm_mm, addr, src_pte, pte);
	}
	set_pte_at(c->dst_vma->vm_mm, addr, dst_pte, pte);
	swap_duplicate(pte_to_swp_entry(pte));
}

static int copy_pte(struct copier *c, pte_t *dst_pte, pte_t *src_pte, unsigned long addr)
{
	pte_t pte = ptep_get(src_pte);

	if (pte_none(pte))
		return 0;
	if (pte_present(pte))
		return copy_present_pte(c, dst_pte, src_pte, addr);
	if (is_hwpoison_entry(pte_to_swp_entry(pte)))
		set_pte_at(c->dst_vma->vm_mm, addr, dst_pte, pte);
	else if (non_swap_entry(pte_to_swp_entry(pte)))
		copy_migration_entry(c, dst_pte, src_pte, addr);
	else
		copy_swap_entry(c, dst_pte, src_pte, addr);
	return 0;
}

/* Under both locks, as far as it goes without memory. Return: the next address. */
static unsigned long copy_ptes(struct copier *c, unsigned long addr, unsigned long end)
{
	pte_t *src_pte, *dst_pte;
	spinlock_t *src_ptl, *dst_ptl;

	src_pte = pte_lookup(c->src_vma->vm_mm, addr);
	if (!src_pte)
		return end;
	dst_pte = pte_lookup_lock(c->dst_vma->vm_mm, addr, &dst_ptl, __func__);
	src_ptl = pte_lockptr(c->src_vma->vm_mm, mm_find_pmd(c->src_vma->vm_mm, addr));
	spin_lock_nested(src_ptl, SINGLE_DEPTH_NESTING);
	for (; addr < end; addr += PAGE_SIZE, dst_pte++, src_pte++)
		if (copy_pte(c, dst_pte, src_pte, addr))
			break;
	spin_unlock(src_ptl);
	spin_unlock(dst_ptl);
	return addr;
}

/* One table of both. Return: 0 or -ENOMEM. */
static int copy_pte_range(struct copier *c, unsigned long addr, unsigned long end)
{
	if (pte_lookup(c->src_vma->vm_mm, addr) && pte_alloc_tables(c->dst_vma->vm_mm, addr))
		return -ENOMEM;
	for (;;) {
		addr = copy_ptes(c, addr, end);
		/* Only if the page is not pinned any more. */
		if (c->prealloc)
			page_ref_drop(&c->prealloc->page, PAGE_REF_ALLOC, 1, __func__);
		c->prealloc = NULL;
		if (addr >= end)
			return 0;
		c->prealloc = vma_alloc_folio(GFP_HIGHUSER_MOVABLE, 0, c->src_vma, addr);
		if (!c->prealloc)
			return -ENOMEM;
	}
}

/**
 * copy_page_range() - give a child what its parent has mapped (J.11).
 * @dst_vma: the child's, empty
 * @src_vma: the parent's
 *
 * A VMA that never had a page of its own is left for faults to fill, without a
 * word to notifiers. The sequence count is odd meanwhile, for GUP-fast (E.13).
 *
 * Context: sleepable, both mmap_locks held for writing.
 * Return: 0, or -ENOMEM with a part of it copied.
 */
int copy_page_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma)
{
	unsigned long addr = src_vma->vm_start, end = src_vma->vm_end, next;
	bool is_cow = is_cow_mapping(src_vma->vm_flags);
	struct mm_struct *src_mm = src_vma->vm_mm;
	struct copier c = { dst_vma, src_vma, NULL };
	struct mmu_notifier_range range;
	int ret = 0;

	if (!src_vma->anon_vma)
		return 0;
	if (is_cow) {
		mmu_notifier_range_init(&range, MMU_NOTIFY_PROTECTION_PAGE, 0, src_mm, addr, end);
		mmu_notifier_invalidate_range_start(&range);
		sim_step(SIM_WRITE, SIM_OBJ(OBJ_MM, src_mm->id), __func__);
		src_mm->write_protect_seq.sequence++;
	}
	for (; !ret && addr < end; addr = next) {
		next = pmd_addr_end(addr, end);
		ret = copy_pte_range(&c, addr, next);
	}
	if (is_cow) {
		sim_step(SIM_WRITE, SIM_OBJ(OBJ_MM, src_mm->id), __func__);
		src_mm->write_protect_seq.sequence++;
		mmu_notifier_invalidate_range_end(&range);
	}
	return ret;
}

static int dup_vma(struct mm_struct *mm, struct vm_area_struct *orig)
{
	struct vm_area_struct *vma = vm_area_dup(orig);

	if (!vma)
		return -ENOMEM;
	vma->vm_mm = mm;
	if (anon_vma_fork(vma, orig)) {
		kfree(vma);
		return -ENOMEM;
	}
	insert_vma(mm, vma);
	vma_link_file(vma, orig->vm_file);
	return copy_page_range(vma, orig);
}

/* Both mmap_locks, the child's inside its parent's. */
static int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct vm_area_struct *vma;
	int ret = 0;

	mmap_write_lock(oldmm);
	mmap_write_lock_nested(mm, SINGLE_DEPTH_NESTING);
	list_for_each_entry(vma, &oldmm->vmas, link) {
		if (vma->vm_flags & VM_DONTCOPY)
			continue;
		ret = dup_vma(mm, vma);
		if (ret)
			break;
	}
	mmap_write_unlock(mm);
	mmap_write_unlock(oldmm);
	return ret;
}

/**
 * dup_mm() - the address space of a forked child.
 * @oldmm: the parent's
 * @id: number of the child's process
 *
 * Neither notifiers nor MMF_HAS_PINNED are inherited.
 *
 * Context: sleepable; takes both mmap_locks for writing.
 * Return: the child's, with one user; NULL without memory.
 */
struct mm_struct *dup_mm(struct mm_struct *oldmm, unsigned int id)
{
	struct mm_struct *mm = mm_new(id);

	if (!mm)
		return NULL;
	if (mm_dup_files(mm, oldmm) || dup_mmap(mm, oldmm)) {
		mmput(mm);
		return NULL;
	}
	return mm;
}
