/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries that are not present: swap entries (J.9), migration entries (D.9), and
 * those that say that memory is broken (H.12).
 *
 * Layout of our own: bit 62 marks a swap-type entry, bits 57..61 are the type,
 * bits 12..51 the frame, or the slot of the swap device; bits 1 and 2 keep the
 * young and dirty bits of an entry that a migration replaced. Bit 3 is no part
 * of the swap entry: it marks a PTE whose page was exclusive.
 */
#ifndef _LINUX_SWAPOPS_H
#define _LINUX_SWAPOPS_H

#include <linux/mm.h>

#define SWP_MARK		(1UL << 62)
#define SWP_TYPE_SHIFT		57
#define SWP_TYPE_MASK		0x1fUL
#define SWP_MIG_YOUNG		0x2UL
#define SWP_MIG_DIRTY		0x4UL
#define _PAGE_SWP_EXCLUSIVE	0x8UL

enum swp_type {
	SWP_DEVICE,
	SWP_MIGRATION_READ,
	SWP_MIGRATION_READ_EXCLUSIVE,
	SWP_MIGRATION_WRITE,
	SWP_HWPOISON,
};

static inline swp_entry_t swp_entry(unsigned long type, pgoff_t offset)
{
	swp_entry_t e = { SWP_MARK | (type << SWP_TYPE_SHIFT) | (offset << PAGE_SHIFT) };

	return e;
}

static inline unsigned int swp_type(swp_entry_t entry)
{
	return (entry.val >> SWP_TYPE_SHIFT) & SWP_TYPE_MASK;
}

static inline pgoff_t swp_offset_pfn(swp_entry_t entry)
{
	return (entry.val & PTE_PFN_MASK) >> PAGE_SHIFT;
}

#define swp_offset(e)	swp_offset_pfn(e)

static inline int is_swap_pte(pte_t pte)
{
	return !pte_none(pte) && !pte_present(pte);
}

static inline swp_entry_t pte_to_swp_entry(pte_t pte)
{
	swp_entry_t e = { pte_val(pte) & ~_PAGE_SWP_EXCLUSIVE };

	return e;
}

static inline pte_t swp_entry_to_pte(swp_entry_t entry)
{
	return __pte(entry.val);
}

#define pte_swp_mkexclusive(pte)	pte_set_flags(pte, _PAGE_SWP_EXCLUSIVE)
#define pte_swp_clear_exclusive(pte)	pte_clear_flags(pte, _PAGE_SWP_EXCLUSIVE)
#define pte_swp_exclusive(pte)		((pte_val(pte) & _PAGE_SWP_EXCLUSIVE) != 0)

/* Is it anything but a page's place on the swap device? */
static inline int non_swap_entry(swp_entry_t entry)
{
	return swp_type(entry) != SWP_DEVICE;
}

#define make_readable_migration_entry(off)	swp_entry(SWP_MIGRATION_READ, off)
#define make_readable_exclusive_migration_entry(off)			\
	swp_entry(SWP_MIGRATION_READ_EXCLUSIVE, off)
#define make_writable_migration_entry(off)	swp_entry(SWP_MIGRATION_WRITE, off)

static inline int is_migration_entry(swp_entry_t entry)
{
	return (entry.val & SWP_MARK) && swp_type(entry) >= SWP_MIGRATION_READ &&
	       swp_type(entry) <= SWP_MIGRATION_WRITE;
}

static inline int is_writable_migration_entry(swp_entry_t entry)
{
	return swp_type(entry) == SWP_MIGRATION_WRITE;
}

static inline int is_readable_migration_entry(swp_entry_t entry)
{
	return swp_type(entry) == SWP_MIGRATION_READ;
}

static inline int is_readable_exclusive_migration_entry(swp_entry_t entry)
{
	return swp_type(entry) == SWP_MIGRATION_READ_EXCLUSIVE;
}

static inline swp_entry_t make_migration_entry_young(swp_entry_t e)
{
	e.val |= SWP_MIG_YOUNG;
	return e;
}

static inline swp_entry_t make_migration_entry_dirty(swp_entry_t e)
{
	e.val |= SWP_MIG_DIRTY;
	return e;
}

#define is_migration_entry_young(e)	(((e).val & SWP_MIG_YOUNG) != 0)
#define is_migration_entry_dirty(e)	(((e).val & SWP_MIG_DIRTY) != 0)

static inline struct page *pfn_swap_entry_to_page(swp_entry_t entry)
{
	return pfn_to_page(swp_offset_pfn(entry));
}

static inline struct folio *pfn_swap_entry_folio(swp_entry_t entry)
{
	return page_folio(pfn_swap_entry_to_page(entry));
}

#define make_hwpoison_entry(page)	swp_entry(SWP_HWPOISON, page_to_pfn(page))

static inline int is_hwpoison_entry(swp_entry_t entry)
{
	return (entry.val & SWP_MARK) && swp_type(entry) == SWP_HWPOISON;
}

/* D.18: sleep until the folio is unlocked, without a reference on it. */
void migration_entry_wait(struct mm_struct *mm, pmd_t *pmd, unsigned long address);

#endif
