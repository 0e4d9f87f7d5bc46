/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages, references, VMAs and faults.  What crosses the room's border is out
 * of line, behind a macro that says who calls.
 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/mmap_lock.h>
#include <linux/mmdebug.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

/* --- pages, frames, folios --- */

unsigned long page_to_pfn(const struct page *page);
struct page *pfn_to_page(unsigned long pfn);
bool pfn_valid(unsigned long pfn);
/* As pfn_to_page(), for scanners: NULL for no page, and never allocated ones may be read. */
struct page *pfn_to_online_page(unsigned long pfn);

#define page_folio(p)		((struct folio *)(p))
#define folio_page(folio, n)	(&(folio)->page + (n))
#define folio_pfn(folio)	page_to_pfn(&(folio)->page)
#define compound_head(p)	((struct page *)(p))
#define nth_page(page, n)	((page) + (n))
#define page_to_nid(page)	0
#define folio_nid(folio)	0
#define pfn_folio(pfn)		page_folio(pfn_to_page(pfn))

static inline unsigned int folio_order(const struct folio *folio)
{
	return 0;
}

static inline long folio_nr_pages(const struct folio *folio)
{
	return 1L << folio_order(folio);
}

static inline unsigned int compound_order(struct page *page)
{
	return folio_order(page_folio(page));
}

static inline unsigned long page_size(struct page *page)
{
	return PAGE_SIZE << compound_order(page);
}

static inline unsigned long thp_nr_pages(struct page *page)
{
	return 1;
}

static inline size_t folio_page_idx(const struct folio *folio, const struct page *page)
{
	return page - &folio->page;
}

static inline enum zone_type page_zonenum(const struct page *page)
{
	return PAGE_FLAG_BYTE(page->flags, ZONES_PGSHIFT) >> ZONES_PGSHIFT % 8;
}

static inline enum zone_type folio_zonenum(const struct folio *folio)
{
	return page_zonenum(&folio->page);
}

static inline bool is_zone_movable_page(const struct page *page)
{
	return page_zonenum(page) == ZONE_MOVABLE;
}

static inline bool folio_is_zone_movable(const struct folio *folio)
{
	return folio_zonenum(folio) == ZONE_MOVABLE;
}

static inline bool is_zone_device_page(const struct page *page)
{
	return page_zonenum(page) == ZONE_DEVICE;
}

static inline bool folio_is_device_coherent(const struct folio *folio)
{
	return false;
}

struct zone *page_zone(const struct page *page);
struct zone *folio_zone(const struct folio *folio);
int get_pageblock_migratetype(const struct page *page);
bool is_migrate_cma_folio_block(const struct folio *folio);
#define is_migrate_cma_page(page) is_migrate_cma(get_pageblock_migratetype(page))
#define is_migrate_cma_folio(folio, pfn) is_migrate_cma_page(&(folio)->page)

/* B.12. */
bool folio_is_longterm_pinnable(struct folio *folio);
bool is_longterm_pinnable_page(struct page *page);
#if PINSIM_KVER < 519
#define is_pinnable_page(page)	is_longterm_pinnable_page(page)
#endif

extern unsigned long zero_page_pfn(void);
struct page *zero_page(void);
#define ZERO_PAGE(vaddr)	zero_page()
#define my_zero_pfn(addr)	zero_page_pfn()
#define is_zero_pfn(pfn)	((pfn) == zero_page_pfn())
#define is_zero_page(page)	((page) == zero_page())
#define is_zero_folio(folio)	is_zero_page(&(folio)->page)
#define is_huge_zero_page(page)	false

/* --- references --- */

void (get_page)(struct page *page);
void (put_page)(struct page *page);
bool (try_get_page)(struct page *page);
void (folio_get)(struct folio *folio);
void (folio_put)(struct folio *folio);
void (folio_put_refs)(struct folio *folio, int refs);

#define get_page(p)		(sim_site_set(__func__), (get_page)(p))
#define put_page(p)		(sim_site_set(__func__), (put_page)(p))
#define try_get_page(p)		(sim_site_set(__func__), (try_get_page)(p))
#define folio_get(f)		(sim_site_set(__func__), (folio_get)(f))
#define folio_put(f)		(sim_site_set(__func__), (folio_put)(f))
#define folio_put_refs(f, n)	(sim_site_set(__func__), (folio_put_refs)(f, n))
#define get_page_unless_zero(p)	folio_try_get(page_folio(p))

#define GUP_PIN_COUNTING_BIAS	(1U << 10)

/* A.9: pins counted beside the references; a small folio has no room for that. */
static inline bool folio_has_pincount(const struct folio *folio)
{
	return folio_order(folio) > 0;
}

/* v6.1's name for where a large folio has it. */
static inline atomic_t *folio_pincount_ptr(struct folio *folio)
{
	return &folio->_pincount;
}

/* A.5: stored minus one. */
static inline int folio_mapcount(const struct folio *folio)
{
	return atomic_read(&folio->_mapcount) + 1;
}

static inline int page_mapcount(const struct page *page)
{
	return atomic_read(&page->_mapcount) + 1;
}

static inline bool folio_mapped(const struct folio *folio)
{
	return folio_mapcount(folio) >= 1;
}

static inline bool page_mapped(const struct page *page)
{
	return page_mapcount(page) >= 1;
}

/* A.3: references that the kernel itself accounts for. */
int folio_expected_ref_count(const struct folio *folio);
/* A.10: exact only while nobody holds 1024 plain references. */
bool folio_maybe_dma_pinned(struct folio *folio);
#define page_maybe_dma_pinned(page)	folio_maybe_dma_pinned(page_folio(page))

struct address_space *folio_mapping(struct folio *folio);

bool (folio_mark_dirty)(struct folio *folio);
bool (set_page_dirty)(struct page *page);
int (set_page_dirty_lock)(struct page *page);
#define folio_mark_dirty(f)	(sim_site_set(__func__), (folio_mark_dirty)(f))
#define set_page_dirty(p)	(sim_site_set(__func__), (set_page_dirty)(p))
#define set_page_dirty_lock(p)	(sim_site_set(__func__), (set_page_dirty_lock)(p))

/* --- address spaces --- */

#define VM_NONE		0x00000000UL
#define VM_READ		0x00000001UL
#define VM_WRITE	0x00000002UL
#define VM_EXEC		0x00000004UL
#define VM_SHARED	0x00000008UL
#define VM_MAYREAD	0x00000010UL
#define VM_MAYWRITE	0x00000020UL
#define VM_MAYEXEC	0x00000040UL
#define VM_MAYSHARE	0x00000080UL
#define VM_PFNMAP	0x00000400UL
#define VM_LOCKED	0x00002000UL
#define VM_IO		0x00004000UL
#define VM_DONTCOPY	0x00020000UL
#define VM_HUGETLB	0x00400000UL

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr);
#define find_extend_vma(mm, addr)	vma_lookup(mm, addr)
#define gup_vma_lookup(mm, addr)	vma_lookup(mm, addr)
#define find_vma_intersection(mm, s, e)	vma_intersection(mm, s, e)
struct vm_area_struct *vma_intersection(struct mm_struct *mm, unsigned long start,
					unsigned long end);

static inline bool vma_is_anonymous(const struct vm_area_struct *vma)
{
	return !vma->vm_ops;
}

static inline bool vma_is_secretmem(const struct vm_area_struct *vma)
{
	return false;
}

static inline bool vma_is_fsdax(const struct vm_area_struct *vma)
{
	return false;
}

static inline bool vma_is_accessible(const struct vm_area_struct *vma)
{
	return vma->vm_flags & (VM_READ | VM_WRITE | VM_EXEC);
}

static inline bool is_vm_hugetlb_page(const struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_HUGETLB;
}

static inline bool is_cow_mapping(vm_flags_t flags)
{
	return (flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
}

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

static inline pgoff_t linear_page_index(const struct vm_area_struct *vma, unsigned long addr)
{
	return ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
}

struct pt_regs;
vm_fault_t (handle_mm_fault)(struct vm_area_struct *vma, unsigned long address,
			     unsigned int flags, struct pt_regs *regs);
#define handle_mm_fault(v, a, f, r) (sim_site_set(__func__), (handle_mm_fault)(v, a, f, r))

#define MADV_DONTNEED	4
#define MADV_DONTFORK	10
#define MADV_DOFORK	11
#define MADV_PAGEOUT	21

int vm_munmap(unsigned long start, size_t len);
int vm_madvise(unsigned long start, size_t len, int behavior);
int vm_mremap(unsigned long old, size_t len, unsigned long new);
int do_munmap(struct mm_struct *mm, unsigned long start, size_t len);
void exit_mmap(struct mm_struct *mm);
struct mm_struct *mm_alloc(void);
void zap_page_range_single(struct vm_area_struct *vma, unsigned long address,
			   unsigned long size, void *details);

/* F.7 */
int (account_locked_vm)(struct mm_struct *mm, unsigned long pages, bool inc);
int __account_locked_vm(struct mm_struct *mm, unsigned long pages, bool inc,
			struct task_struct *task, bool bypass_rlim);
#define account_locked_vm(mm, n, inc) (sim_site_set(__func__), (account_locked_vm)(mm, n, inc))

/*
 * Where the kernel would see a page's bytes. Only a name for the page: there
 * are no bytes, and whoever looks makes a wild access.
 */
#define PAGE_OFFSET	0xffff888000000000UL
#define __pa(x)		((unsigned long)(x) - PAGE_OFFSET)
#define __va(x)		((void *)((unsigned long)(x) + PAGE_OFFSET))

static inline void *page_address(const struct page *page)
{
	return __va(page_to_pfn(page) << PAGE_SHIFT);
}

static inline void *pfn_to_kaddr(unsigned long pfn)
{
	return __va(pfn << PAGE_SHIFT);
}

static inline bool access_ok_range(unsigned long addr, unsigned long size)
{
	return size <= TASK_SIZE_MAX && addr <= TASK_SIZE_MAX - size;
}

#if __has_include(<linux/gup.h>)
#include <linux/gup.h>
#endif

#endif
