/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page flags (A.20) and their accessors.  Plain stores, no steps: the flags
 * that races are about (PG_lru, PG_locked) are changed inside primitives that
 * are steps.  PG_swapcache counts only together with PG_swapbacked, and
 * PG_anon_exclusive (A.21) borrows PG_owner_2 as in v6.12.
 */
#ifndef _LINUX_PAGE_FLAGS_H
#define _LINUX_PAGE_FLAGS_H

#include <linux/bitops.h>
#include <linux/mm_types.h>

/*
 * Their numbers are not the kernel's. A change of one flag has nothing to do
 * with the others, and steps are known to have nothing to do with one another
 * by the bytes they touch; so flags that different code changes lie in
 * different bytes, and the zone, which never changes, in one of its own.
 */
enum pageflags {
	PG_locked = 0,
	PG_waiters,
	PG_referenced = 8,
	PG_workingset,
	PG_uptodate = 16,
	PG_hwpoison,
	PG_isolated,
	PG_head,
	PG_reserved,
	PG_private,
	PG_dirty = 24,
	PG_writeback,
	PG_lru = 32,
	PG_unevictable,
	PG_mlocked,
	PG_active = 40,
	PG_reclaim,
	PG_swapbacked,
	PG_owner_priv_1,
	PG_owner_2 = 48,
	PG_swapcache = PG_owner_priv_1,
	PG_anon_exclusive = PG_owner_2,
};

/* The zone's number lies at the top of the flags. */
#define ZONES_PGSHIFT		61
#define ZONES_MASK		7UL
#define PAGEFLAGS_MASK		((1UL << 56) - 1)

/* The byte that a flag is in, and the flag there. */
#define PAGE_FLAG_BYTE(flags, nr)	(((u8 *)&(flags))[(nr) / 8])
#define PAGE_FLAG_BIT(nr)		(1U << (nr) % 8)

/* Return: was it set? To set it again, or to clear it again, is no store. */
static inline bool page_flag_set(unsigned long *flags, int nr)
{
	bool old = PAGE_FLAG_BYTE(*flags, nr) & PAGE_FLAG_BIT(nr);

	if (!old)
		PAGE_FLAG_BYTE(*flags, nr) |= PAGE_FLAG_BIT(nr);
	return old;
}

static inline bool page_flag_clear(unsigned long *flags, int nr)
{
	bool old = PAGE_FLAG_BYTE(*flags, nr) & PAGE_FLAG_BIT(nr);

	if (old)
		PAGE_FLAG_BYTE(*flags, nr) &= ~PAGE_FLAG_BIT(nr);
	return old;
}

/* A.13: none of these may be set on a page that is freed. */
#define PAGE_FLAGS_CHECK_AT_FREE					\
	(BIT(PG_lru) | BIT(PG_locked) | BIT(PG_private) |		\
	 BIT(PG_writeback) | BIT(PG_reserved) | BIT(PG_active) |	\
	 BIT(PG_unevictable))

#define PAGE_FLAG(uname, lname)						\
static inline bool folio_test_##lname(const struct folio *folio)	\
{									\
	return PAGE_FLAG_BYTE(folio->flags, PG_##lname) &		\
	       PAGE_FLAG_BIT(PG_##lname);				\
}									\
static inline void folio_set_##lname(struct folio *folio)		\
{									\
	page_flag_set(&folio->flags, PG_##lname);			\
}									\
static inline void folio_clear_##lname(struct folio *folio)		\
{									\
	page_flag_clear(&folio->flags, PG_##lname);			\
}									\
static inline bool folio_test_set_##lname(struct folio *folio)		\
{									\
	return page_flag_set(&folio->flags, PG_##lname);		\
}									\
static inline bool folio_test_clear_##lname(struct folio *folio)	\
{									\
	return page_flag_clear(&folio->flags, PG_##lname);		\
}									\
static inline int Page##uname(const struct page *page)			\
{									\
	return !!(PAGE_FLAG_BYTE(page->flags, PG_##lname) &		\
		  PAGE_FLAG_BIT(PG_##lname));				\
}									\
static inline void SetPage##uname(struct page *page)			\
{									\
	page_flag_set(&page->flags, PG_##lname);			\
}									\
static inline void ClearPage##uname(struct page *page)			\
{									\
	page_flag_clear(&page->flags, PG_##lname);			\
}									\
static inline bool TestSetPage##uname(struct page *page)		\
{									\
	return page_flag_set(&page->flags, PG_##lname);			\
}									\
static inline bool TestClearPage##uname(struct page *page)		\
{									\
	return page_flag_clear(&page->flags, PG_##lname);		\
}

PAGE_FLAG(Locked, locked)
PAGE_FLAG(Waiters, waiters)
PAGE_FLAG(Referenced, referenced)
PAGE_FLAG(Uptodate, uptodate)
PAGE_FLAG(Dirty, dirty)
PAGE_FLAG(LRU, lru)
PAGE_FLAG(Active, active)
PAGE_FLAG(Workingset, workingset)
PAGE_FLAG(Reserved, reserved)
PAGE_FLAG(Private, private)
PAGE_FLAG(Writeback, writeback)
PAGE_FLAG(Head, head)
PAGE_FLAG(Reclaim, reclaim)
PAGE_FLAG(SwapBacked, swapbacked)
PAGE_FLAG(Unevictable, unevictable)
PAGE_FLAG(Mlocked, mlocked)
PAGE_FLAG(HWPoison, hwpoison)
PAGE_FLAG(Isolated, isolated)
PAGE_FLAG(AnonExclusive, anon_exclusive)

#define __folio_set_locked(folio)	folio_set_locked(folio)
#define __folio_clear_locked(folio)	folio_clear_locked(folio)
#define __folio_set_swapbacked(folio)	folio_set_swapbacked(folio)
#define __folio_set_uptodate(folio)	folio_set_uptodate(folio)
#define folio_mark_uptodate(folio)	folio_set_uptodate(folio)
#define __SetPageUptodate(page)		SetPageUptodate(page)

static inline bool folio_test_swapcache(const struct folio *folio)
{
	return folio_test_swapbacked(folio) &&
	       (PAGE_FLAG_BYTE(folio->flags, PG_swapcache) & PAGE_FLAG_BIT(PG_swapcache));
}

static inline void folio_set_swapcache(struct folio *folio)
{
	page_flag_set(&folio->flags, PG_swapcache);
}

static inline void folio_clear_swapcache(struct folio *folio)
{
	page_flag_clear(&folio->flags, PG_swapcache);
}

static inline bool folio_test_large(const struct folio *folio)
{
	return folio_test_head(folio);
}

static inline bool folio_test_hugetlb(const struct folio *folio)
{
	return false;
}

static inline int PageHuge(const struct page *page)
{
	return 0;
}

static inline int PageCompound(const struct page *page)
{
	return PageHead(page);
}

static inline int PageTail(const struct page *page)
{
	return 0;
}

static inline int PageTransHuge(const struct page *page)
{
	return PageHead(page);
}

static inline int PageTransCompound(const struct page *page)
{
	return PageHead(page);
}

/* A.23: what ->mapping points to, in its two low bits. */
#define PAGE_MAPPING_ANON	0x1UL
#define PAGE_MAPPING_MOVABLE	0x2UL
#define PAGE_MAPPING_KSM	(PAGE_MAPPING_ANON | PAGE_MAPPING_MOVABLE)
#define PAGE_MAPPING_FLAGS	(PAGE_MAPPING_ANON | PAGE_MAPPING_MOVABLE)

static inline bool folio_test_anon(const struct folio *folio)
{
	return (unsigned long)folio->mapping & PAGE_MAPPING_ANON;
}

static inline int PageAnon(const struct page *page)
{
	return (unsigned long)page->mapping & PAGE_MAPPING_ANON;
}

static inline bool folio_test_ksm(const struct folio *folio)
{
	return ((unsigned long)folio->mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_KSM;
}

static inline int PageKsm(const struct page *page)
{
	return ((unsigned long)page->mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_KSM;
}

static inline bool __folio_test_movable(const struct folio *folio)
{
	return ((unsigned long)folio->mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_MOVABLE;
}

static inline int __PageMovable(const struct page *page)
{
	return ((unsigned long)page->mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_MOVABLE;
}

/* Which free list an unused page is on. */
enum page_free_type {
	PAGE_IN_USE,
	PAGE_IN_BUDDY,		/* head of a free block, its order in ->private */
	PAGE_IN_PCP,
};

static inline int PageBuddy(const struct page *page)
{
	return page->_free_type == PAGE_IN_BUDDY;
}

static inline unsigned int buddy_order(const struct page *page)
{
	return page->private;
}

#endif
