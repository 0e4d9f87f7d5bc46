/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables: four levels of 512 entries, encoded as on x86-64.
 *
 * Simpler than the kernel: tables come from the world's allocator and not from
 * the page allocator, so an entry above the last level holds an address and
 * not a frame number.  The last level's table carries its lock (the split
 * ptlock of v6.12's struct ptdesc).
 */
#ifndef _LINUX_PGTABLE_H
#define _LINUX_PGTABLE_H

#include <linux/mm_types.h>

#define _PAGE_PRESENT	0x001UL
#define _PAGE_RW	0x002UL
#define _PAGE_USER	0x004UL
#define _PAGE_ACCESSED	0x020UL
#define _PAGE_DIRTY	0x040UL
#define _PAGE_PSE	0x080UL
#define _PAGE_PROTNONE	0x100UL
#define _PAGE_SPECIAL	0x200UL
#define PTE_PFN_MASK	0x000ffffffffff000UL

#define __pte(x)	((pte_t) { (x) })
#define __pgprot(x)	((pgprot_t) { (x) })
#define pte_val(x)	((x).pte)
#define pmd_val(x)	((x).pmd)
#define pud_val(x)	((x).pud)
#define p4d_val(x)	((x).p4d)
#define pgd_val(x)	((x).pgd)
#define pgprot_val(x)	((x).pgprot)

struct pte_table {
	pte_t pte[PTRS_PER_PTE];
	void *next;		/* mm_struct.tables */
	unsigned long *up;	/* the entry that links it */
	spinlock_t ptl;
};

static inline int pte_none(pte_t pte)
{
	return !pte.pte;
}

static inline int pte_present(pte_t pte)
{
	return (pte.pte & (_PAGE_PRESENT | _PAGE_PROTNONE)) != 0;
}

static inline int pte_protnone(pte_t pte)
{
	return (pte.pte & (_PAGE_PRESENT | _PAGE_PROTNONE)) == _PAGE_PROTNONE;
}

/* A level-1 entry is never a large one. */
static inline bool pte_huge(pte_t pte)
{
	return false;
}

static inline int pte_write(pte_t pte)
{
	return (pte.pte & _PAGE_RW) != 0;
}

static inline int pte_dirty(pte_t pte)
{
	return (pte.pte & _PAGE_DIRTY) != 0;
}

static inline int pte_young(pte_t pte)
{
	return (pte.pte & _PAGE_ACCESSED) != 0;
}

static inline int pte_special(pte_t pte)
{
	return (pte.pte & _PAGE_SPECIAL) != 0;
}

static inline int pte_devmap(pte_t pte)
{
	return 0;
}

static inline bool pte_access_permitted(pte_t pte, bool write)
{
	unsigned long need = _PAGE_PRESENT | _PAGE_USER | (write ? _PAGE_RW : 0);

	return (pte.pte & need) == need;
}

static inline int pte_same(pte_t a, pte_t b)
{
	return a.pte == b.pte;
}

static inline unsigned long pte_pfn(pte_t pte)
{
	return (pte.pte & PTE_PFN_MASK) >> PAGE_SHIFT;
}

static inline pte_t pfn_pte(unsigned long pfn, pgprot_t prot)
{
	return __pte((pfn << PAGE_SHIFT) | pgprot_val(prot));
}

static inline pte_t pte_set_flags(pte_t pte, unsigned long set)
{
	return __pte(pte.pte | set);
}

static inline pte_t pte_clear_flags(pte_t pte, unsigned long clear)
{
	return __pte(pte.pte & ~clear);
}

#define pte_mkwrite(pte, vma)	pte_set_flags(pte, _PAGE_RW)
#define pte_mkdirty(pte)	pte_set_flags(pte, _PAGE_DIRTY)
#define pte_mkyoung(pte)	pte_set_flags(pte, _PAGE_ACCESSED)
#define pte_mkspecial(pte)	pte_set_flags(pte, _PAGE_SPECIAL)
#define pte_wrprotect(pte)	pte_clear_flags(pte, _PAGE_RW)
#define pte_mkold(pte)		pte_clear_flags(pte, _PAGE_ACCESSED)
#define pte_mkclean(pte)	pte_clear_flags(pte, _PAGE_DIRTY)
#define pte_soft_dirty(pte)	0
#define pte_page(pte)		pfn_to_page(pte_pfn(pte))
#define mk_pte(page, prot)	pfn_pte(page_to_pfn(page), prot)

/* User pages without write permission; VM_WRITE adds _PAGE_RW by hand (COW). */
#define PAGE_SHARED	__pgprot(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_RW)
#define PAGE_READONLY	__pgprot(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED)

/* Entries of the upper levels: the next table's address, or 0. */
#define pgd_none(e)	(!pgd_val(e))
#define p4d_none(e)	(!p4d_val(e))
#define pud_none(e)	(!pud_val(e))
#define pmd_none(e)	(!pmd_val(e))
#define pgd_present(e)	(!pgd_none(e))
#define p4d_present(e)	(!p4d_none(e))
#define pud_present(e)	(!pud_none(e))
#define pmd_present(e)	(!pmd_none(e))
#define pud_leaf(e)	((pud_val(e) & _PAGE_PSE) != 0)
#define pmd_leaf(e)	((pmd_val(e) & _PAGE_PSE) != 0)
#define pmd_trans_huge(e)	pmd_leaf(e)
#define pmd_devmap(e)	0
#define pmd_bad(e)	0
#define pud_bad(e)	0

#define pgd_index(a)	(((a) >> PGDIR_SHIFT) & (PTRS_PER_PTE - 1))
#define pud_index(a)	(((a) >> PUD_SHIFT) & (PTRS_PER_PTE - 1))
#define pmd_index(a)	(((a) >> PMD_SHIFT) & (PTRS_PER_PTE - 1))
#define pte_index(a)	(((a) >> PAGE_SHIFT) & (PTRS_PER_PTE - 1))

#define pgd_offset(mm, a)	((mm)->pgd + pgd_index(a))
#define p4d_offset(pgd, a)	((p4d_t *)(pgd))
#define pud_offset(p4d, a)	((pud_t *)p4d_val(*(p4d)) + pud_index(a))
#define pmd_offset(pud, a)	((pmd_t *)pud_val(*(pud)) + pmd_index(a))
#define pte_offset_kernel(pmd, a) (((struct pte_table *)pmd_val(*(pmd)))->pte + pte_index(a))
#define pte_offset_map(pmd, a)	pte_offset_kernel(pmd, a)
#define pte_unmap(pte)		do { (void)(pte); } while (0)
#define pmd_page_table(pmd)	((struct pte_table *)pmd_val(*(pmd)))

#define pgd_addr_end(a, end)	addr_end(a, end, PGDIR_SIZE)
#define pud_addr_end(a, end)	addr_end(a, end, PUD_SIZE)
#define pmd_addr_end(a, end)	addr_end(a, end, PMD_SIZE)

static inline unsigned long addr_end(unsigned long addr, unsigned long end, unsigned long size)
{
	unsigned long next = (addr + size) & ~(size - 1);

	return next - 1 < end - 1 ? next : end;
}

/* Reading an entry is free; as a step of its own it is pte_read_step(). */
static inline pte_t ptep_get(pte_t *ptep)
{
	return __pte(READ_ONCE(ptep->pte));
}

/*
 * Kernel interface that walks, locks and changes (fakes/mm/pgtable.c).
 * pte_offset_map_lock() returns NULL where there is no table.
 */
pmd_t *mm_find_pmd(struct mm_struct *mm, unsigned long address);
pte_t *(pte_offset_map_lock)(struct mm_struct *mm, pmd_t *pmd, unsigned long addr,
			     spinlock_t **ptlp);
void (pte_unmap_unlock)(pte_t *pte, spinlock_t *ptl);
spinlock_t *pte_lockptr(struct mm_struct *mm, pmd_t *pmd);
void (set_pte_at)(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte);
pte_t (ptep_clear_flush)(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep);
pte_t (ptep_get_and_clear)(struct mm_struct *mm, unsigned long addr, pte_t *ptep);

void sim_site_set(const char *site);
#define pte_offset_map_lock(m, pmd, a, p)				\
	(sim_site_set(__func__), (pte_offset_map_lock)(m, pmd, a, p))
#define pte_unmap_unlock(pte, ptl) (sim_site_set(__func__), (pte_unmap_unlock)(pte, ptl))
#define set_pte_at(m, a, p, v)	(sim_site_set(__func__), (set_pte_at)(m, a, p, v))
#define ptep_clear_flush(v, a, p) (sim_site_set(__func__), (ptep_clear_flush)(v, a, p))
#define ptep_get_and_clear(m, a, p) (sim_site_set(__func__), (ptep_get_and_clear)(m, a, p))
#define update_mmu_cache(vma, addr, ptep)	do { } while (0)

#endif
