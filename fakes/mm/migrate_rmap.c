/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Migration entries: every PTE of a folio is replaced by one before it moves,
 * and each becomes a PTE again afterwards, of the copy or of the folio itself.
 * Whoever faults on one sleeps until the folio is unlocked.
 *
 * Stands for: try_to_migrate and try_to_migrate_one (mm/rmap.c, v6.12),
 * remove_migration_ptes, remove_migration_pte and migration_entry_wait
 * (mm/migrate.c, v6.12).
 *
 * Simpler than the kernel: one PTE for each VMA, found by its address instead
 * of a page_vma_mapped_walk(); TLB flushes are part of clearing an entry, never
 * put off (D.9). Clearing an entry and asking whether its folio is pinned are
 * one step, and so are a new PTE and its reference; a waiter queues after it
 * let go of the PTL, and may so sleep through a second lock session (D.18).
 */
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/swapops.h>

#include "fakes/mm/migrate_internal.h"

/* What the folio is called while it is unmapped; keeps the PTE's kind. */
static swp_entry_t migration_entry_of(pte_t pte, unsigned long pfn, bool exclusive)
{
	swp_entry_t entry;

	if (pte_write(pte))
		entry = make_writable_migration_entry(pfn);
	else if (exclusive)
		entry = make_readable_exclusive_migration_entry(pfn);
	else
		entry = make_readable_migration_entry(pfn);
	/* v5.17's entries have no room for these (?). */
	if (!kernel_profile()->migrate_keeps_young)
		return entry;
	if (pte_young(pte))
		entry = make_migration_entry_young(entry);
	if (pte_dirty(pte))
		entry = make_migration_entry_dirty(entry);
	return entry;
}

/*
 * PTE to migration entry, under the PTE lock. Return: false if the page is
 * pinned and must stay; its PTE has been put back then.
 */
static bool migrate_pte(struct folio *folio, struct vm_area_struct *vma,
			unsigned long address, pte_t *ptep)
{
	bool exclusive = folio_test_anon(folio) && PageAnonExclusive(&folio->page);
	struct mm_struct *mm = vma->vm_mm;
	swp_entry_t entry;
	pte_t pte;

	pte = ptep_clear_flush(vma, address, ptep);
	if (pte_dirty(pte))
		folio_mark_dirty(folio);

	/*
	 * The entry was cleared first: GUP-fast takes its pin first and reads
	 * the entry again, so one of the two sees the other.
	 */
	if (exclusive && folio_try_share_anon_rmap_pte(folio, &folio->page)) {
		set_pte_at(mm, address, ptep, pte);
		return false;
	}
	entry = migration_entry_of(pte, folio_pfn(folio), exclusive);
	set_pte_at(mm, address, ptep, swp_entry_to_pte(entry));

	folio_remove_rmap_pte(folio, &folio->page, vma);
	page_ref_drop_for(OWNER_OF_MM(mm), &folio->page, PAGE_REF_MAP, 1, __func__);
	return true;
}

/* One VMA of the folio's reverse map, inside a notifier window of its own. */
static bool try_to_migrate_one(struct folio *folio, struct vm_area_struct *vma,
			       unsigned long address, void *arg)
{
	struct mmu_notifier_range range;
	spinlock_t *ptl;
	bool ret = true;
	pte_t *ptep;

	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, vma->vm_mm, address,
				address + PAGE_SIZE);
	mmu_notifier_invalidate_range_start(&range);

	ptep = pte_lookup_mapping(folio, vma, address, &ptl, __func__);
	if (ptep) {
		ret = migrate_pte(folio, vma, address, ptep);
		pte_unmap_unlock(ptep, ptl);
	}

	mmu_notifier_invalidate_range_end(&range);
	return ret;
}

static int folio_not_mapped(struct folio *folio)
{
	return !folio_mapped(folio);
}

/**
 * try_to_migrate() - replace every PTE of a folio by a migration entry.
 * @folio: locked folio
 * @flags: TTU_*
 *
 * Stops at the first PTE that has to stay (D.9); the caller sees by the
 * mapcount whether all are gone.
 *
 * Context: sleepable; takes the rmap lock, PTE locks.
 */
void try_to_migrate(struct folio *folio, enum ttu_flags flags)
{
	struct rmap_walk_control rwc = {
		.arg = (void *)(unsigned long)flags,
		.rmap_one = try_to_migrate_one,
		.done = folio_not_mapped,
	};

	sim_count(&mm_counts()->unmap_cycles);
	if (flags & TTU_RMAP_LOCKED)
		rmap_walk_locked(folio, &rwc);
	else
		rmap_walk(folio, &rwc);
}

/* D.19: the PTE that a migration entry becomes. */
static pte_t pte_of_migration_entry(struct folio *dst, struct vm_area_struct *vma,
				    swp_entry_t entry)
{
	pte_t pte = mk_pte(&dst->page, vma->vm_page_prot);

	if (is_migration_entry_young(entry))
		pte = pte_mkyoung(pte);
	else
		pte = pte_mkold(pte);
	if (folio_test_dirty(dst) && is_migration_entry_dirty(entry))
		pte = pte_mkdirty(pte);
	if (is_writable_migration_entry(entry))
		pte = pte_mkwrite(pte, vma);
	return pte;
}

/* Migration entry of @arg's folio back to a PTE of @dst, in one VMA. */
static bool remove_migration_pte(struct folio *dst, struct vm_area_struct *vma,
				 unsigned long addr, void *arg)
{
	struct folio *src = arg;
	struct mm_struct *mm = vma->vm_mm;
	rmap_t rmap = RMAP_NONE;
	swp_entry_t entry;
	spinlock_t *ptl;
	pte_t *ptep;

	ptep = pte_lookup_lock(mm, addr, &ptl, __func__);
	if (!ptep)
		return true;
	entry = pte_to_swp_entry(ptep_get(ptep));
	if (!is_swap_pte(ptep_get(ptep)) || !is_migration_entry(entry) ||
	    swp_offset_pfn(entry) != folio_pfn(src))
		goto unlock;

	if (!is_readable_migration_entry(entry))
		rmap |= RMAP_EXCLUSIVE;
	/* The PTE and its reference appear together: nobody looks in between. */
	set_pte_at(mm, addr, ptep, pte_of_migration_entry(dst, vma, entry));
	page_ref_take_quiet(OWNER_OF_MM(mm), &dst->page, PAGE_REF_MAP, 1, __func__);
	if (folio_test_anon(dst))
		folio_add_anon_rmap_pte(dst, &dst->page, vma, addr, rmap);
	else
		folio_add_file_rmap_pte(dst, &dst->page, vma);
unlock:
	pte_unmap_unlock(ptep, ptl);
	return true;
}

/**
 * remove_migration_ptes() - turn the migration entries of a folio into PTEs.
 * @src: folio that the entries name
 * @dst: folio that the PTEs shall map: @src again, or its copy
 * @flags: RMP_*
 *
 * No notifier is called: nothing was mapped.
 *
 * Context: sleepable; both locked.
 */
void remove_migration_ptes(struct folio *src, struct folio *dst, int flags)
{
	struct rmap_walk_control rwc = {
		.arg = src,
		.rmap_one = remove_migration_pte,
	};

	if (flags & RMP_LOCKED)
		rmap_walk_locked(dst, &rwc);
	else
		rmap_walk(dst, &rwc);
}

/**
 * migration_entry_wait() - sleep until a migration is over.
 * @mm: address space
 * @pmd: page table of @address
 * @address: where a migration entry was seen
 *
 * No reference is taken on the folio, so that waiting never makes the
 * migration fail (D.18).
 *
 * Context: sleepable; takes the PTE lock. Returns at once if the entry is gone.
 */
void migration_entry_wait(struct mm_struct *mm, pmd_t *pmd, unsigned long address)
{
	struct folio *folio = NULL;
	swp_entry_t entry;
	spinlock_t *ptl;
	pte_t *ptep;

	ptep = pte_offset_map_lock(mm, pmd, address, &ptl);
	if (!ptep)
		return;
	entry = pte_to_swp_entry(ptep_get(ptep));
	if (is_swap_pte(ptep_get(ptep)) && is_migration_entry(entry))
		folio = pfn_swap_entry_folio(entry);
	pte_unmap_unlock(ptep, ptl);
	if (folio)
		folio_wait_unlocked(folio, __func__);
}
