/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables: four levels, walked and made as mm/memory.c and
 * mm/pgtable-generic.c do, v6.12.  Each last-level table has its own lock.
 *
 * A change of an entry is a step, because GUP-fast and the CPU read entries
 * without the lock; so is such a read (pte_read_step()). Reading under the lock
 * is not.
 *
 * Simpler than the kernel: tables come from the world's allocator, and only an
 * injected failure of the page allocator's keeps them from being made. They are
 * linked without page_table_lock, in one go, because nothing runs in between,
 * and freed only with the address space, where munmap() frees those that it
 * emptied. There is no TLB, so flushing is part of clearing.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/swapops.h>

#include "fakes/mm/internal.h"
#include "sim/engine/store.h"

#undef pte_offset_map_lock
#undef pte_unmap_unlock
#undef set_pte_at
#undef ptep_clear_flush
#undef ptep_get_and_clear

/* A table of any level begins with its entries and its links. */
struct table {
	unsigned long entry[PTRS_PER_PTE];
	void *next;
	unsigned long *up;
};

_Static_assert(offsetof(struct table, next) == offsetof(struct pte_table, next) &&
	       offsetof(struct table, up) == offsetof(struct pte_table, up), "one list");

/* @up: the entry that shall link it, or NULL for the first of an address space. */
static void *new_table(struct mm_struct *mm, size_t size, unsigned long *up)
{
	struct table *table;

	if (up && fault_hit(FAULT_PAGE_ALLOC, "pte_alloc"))
		return NULL;
	table = sim_alloc(size);
	table->next = mm->tables;
	table->up = up;
	mm->tables = table;
	if (up)
		*up = (unsigned long)table;
	return table;
}

void mm_init_pgtables(struct mm_struct *mm)
{
	mm->pgd = new_table(mm, sizeof(struct table), NULL);
}

pmd_t *pmd_lookup(struct mm_struct *mm, unsigned long addr)
{
	pgd_t *pgd = mm->pgd;
	pud_t *puds;
	pmd_t *pmds;

	if (!pgd)
		return NULL;
	puds = (pud_t *)pgd_val(pgd[pgd_index(addr)]);
	if (!puds)
		return NULL;
	pmds = (pmd_t *)pud_val(puds[pud_index(addr)]);
	return pmds ? pmds + pmd_index(addr) : NULL;
}

pmd_t *mm_find_pmd(struct mm_struct *mm, unsigned long address)
{
	pmd_t *pmd = pmd_lookup(mm, address);

	return pmd && pmd_present(*pmd) ? pmd : NULL;
}

pte_t *pte_lookup(struct mm_struct *mm, unsigned long addr)
{
	pmd_t *pmd = pmd_lookup(mm, addr);
	struct pte_table *table = pmd ? pmd_page_table(pmd) : NULL;

	return table ? table->pte + pte_index(addr) : NULL;
}

int pte_alloc_tables(struct mm_struct *mm, unsigned long addr)
{
	struct pte_table *table;
	pgd_t *pgd = pgd_offset(mm, addr);
	pud_t *pud;
	pmd_t *pmd;

	/* What was made on the way to a failure stays, as the kernel's does. */
	if (pgd_none(*pgd) && !new_table(mm, sizeof(struct table), &pgd->pgd))
		return -ENOMEM;
	pud = pud_offset(p4d_offset(pgd, addr), addr);
	if (pud_none(*pud) && !new_table(mm, sizeof(struct table), &pud->pud))
		return -ENOMEM;
	pmd = pmd_offset(pud, addr);
	if (pmd_none(*pmd)) {
		table = new_table(mm, sizeof(*table), &pmd->pmd);
		if (!table)
			return -ENOMEM;
		spin_lock_init_class(&table->ptl, "ptl", OBJ_PTE_OF(mm->id, addr & PMD_MASK));
	}
	return 0;
}

/* The newest first, so that those that a table links have gone before it. */
void free_pgtables(struct mm_struct *mm)
{
	struct table *table, *next;

	for (table = mm->tables; table; table = next) {
		next = table->next;
		if (table->up)
			*table->up = 0;
		/* Nothing is mapped, so its entries are all clear. */
		sim_zero_words(&table->next, (sim_alloc_size(table) -
					      offsetof(struct table, next)) / 8);
		sim_free_zero(table);
	}
	mm->tables = NULL;
	mm->pgd = NULL;
}

pte_t pte_read_step(struct mm_struct *mm, unsigned long addr, pte_t *ptep, const char *site)
{
	pte_t pte;

	sim_step(SIM_READ, OBJ_PTE_OF(mm->id, addr), site);
	pte = ptep_get(ptep);
	return pte;
}

spinlock_t *pte_lockptr(struct mm_struct *mm, pmd_t *pmd)
{
	return &pmd_page_table(pmd)->ptl;
}

/* The entry of @addr in @table, if there is one, with the lock held. */
static pte_t *lock_table(struct pte_table *table, unsigned long addr, spinlock_t **ret_ptl,
			 const char *site)
{
	if (!table)
		return NULL;
	*ret_ptl = &table->ptl;
	sim_lock(&table->ptl.lock, site);
	return table->pte + pte_index(addr);
}

/**
 * pte_offset_map_lock() - lock the table that an entry is in.
 * @mm: address space
 * @pmd: entry that links the table
 * @addr: address
 * @ptlp: where the lock goes
 *
 * Context: any; the caller is atomic until pte_unmap_unlock().
 * Return: the entry, or NULL and no lock where there is no table.
 */
pte_t *pte_offset_map_lock(struct mm_struct *mm, pmd_t *pmd, unsigned long addr,
			   spinlock_t **ptlp)
{
	return lock_table(pmd_page_table(pmd), addr, ptlp, sim_site());
}

void pte_unmap_unlock(pte_t *pte, spinlock_t *ptl)
{
	sim_unlock(&ptl->lock, sim_site());
}

pte_t *pte_lookup_lock(struct mm_struct *mm, unsigned long addr, spinlock_t **ret_ptl,
		       const char *site)
{
	pmd_t *pmd = pmd_lookup(mm, addr);

	return pmd ? lock_table(pmd_page_table(pmd), addr, ret_ptl, site) : NULL;
}

pte_t *pte_lookup_mapping(struct folio *folio, struct vm_area_struct *vma, unsigned long addr,
			  spinlock_t **ret_ptl, const char *site)
{
	pte_t *ptep = pte_lookup_lock(vma->vm_mm, addr, ret_ptl, site);

	if (!ptep)
		return NULL;
	if (pte_present(ptep_get(ptep)) && pte_pfn(ptep_get(ptep)) == folio_pfn(folio))
		return ptep;
	sim_site_set(site);
	(pte_unmap_unlock)(ptep, *ret_ptl);
	return NULL;
}

/**
 * set_pte_at() - write an entry.
 * @mm: address space
 * @addr: address
 * @ptep: its entry
 * @pte: new value: present, a migration or swap entry, or nothing
 *
 * Context: the table's lock held. One step.
 */
void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte)
{
	sim_obj_t obj = OBJ_PTE_OF(mm->id, addr);
	const char *site = sim_site();

	if (pte_present(pte))
		sim_step2(SIM_MAP, obj, pte_pfn(pte), pte_write(pte), site);
	else if (pte_none(pte))
		sim_step2(SIM_UNMAP, obj, -1, 0, site);
	else if (is_migration_entry(pte_to_swp_entry(pte)))
		sim_step2(SIM_MIGRATION, obj, swp_offset_pfn(pte_to_swp_entry(pte)), 0, site);
	else
		sim_step2(SIM_WRITE, obj, swp_offset(pte_to_swp_entry(pte)), 0, site);
	ptep->pte = pte_val(pte);
}

static pte_t clear_entry(struct mm_struct *mm, unsigned long addr, pte_t *ptep, const char *site)
{
	pte_t old;

	sim_step2(SIM_UNMAP, OBJ_PTE_OF(mm->id, addr),
		  pte_present(*ptep) ? (s64)pte_pfn(*ptep) : -1, 0, site);
	old = ptep_get(ptep);
	ptep->pte = 0;
	return old;
}

/**
 * ptep_clear_flush() - clear an entry and flush the TLB.
 * @vma: mapping
 * @addr: address
 * @ptep: its entry
 *
 * Context: the table's lock held. One step.
 * Return: what it was, with the dirty bit as the CPU left it.
 */
pte_t ptep_clear_flush(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep)
{
	return clear_entry(vma->vm_mm, addr, ptep, sim_site());
}

bool ptep_clear_young(struct mm_struct *mm, unsigned long addr, pte_t *ptep, const char *site)
{
	bool young;

	sim_step2(SIM_WRITE, OBJ_PTE_OF(mm->id, addr), 0, 0, site);
	young = pte_young(*ptep);
	if (young)
		ptep->pte &= ~_PAGE_ACCESSED;
	return young;
}

pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	return clear_entry(mm, addr, ptep, sim_site());
}
