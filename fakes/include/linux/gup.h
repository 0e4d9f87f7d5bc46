/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * get_user_pages() and its family: the part of include/linux/mm.h and
 * mm_types.h that code under test calls to take references on user pages, with
 * v6.12's signatures and flag values; what is written for an older kernel is
 * served by its signatures.  Included by <linux/mm.h>.
 *
 * Each function is out of line under its own name, so that a test can wrap it;
 * the macro of the same name first says who calls, for the ledger.
 */
#ifndef _LINUX_GUP_H
#define _LINUX_GUP_H

#include <linux/bits.h>
#include <linux/kconfig.h>
#include <linux/types.h>

#include "sim/core/step.h"

struct folio;
struct mm_struct;
struct page;

enum {
	/* what callers may ask for */
	FOLL_WRITE		= 1 << 0,
	FOLL_GET		= 1 << 1,
	FOLL_DUMP		= 1 << 2,
	FOLL_FORCE		= 1 << 3,
	FOLL_NOWAIT		= 1 << 4,
	FOLL_NOFAULT		= 1 << 5,
	FOLL_HWPOISON		= 1 << 6,
	FOLL_ANON		= 1 << 7,
	FOLL_LONGTERM		= 1 << 8,
	FOLL_SPLIT_PMD		= 1 << 9,
	FOLL_PCI_P2PDMA		= 1 << 10,
	FOLL_INTERRUPTIBLE	= 1 << 11,
	FOLL_HONOR_NUMA_FAULT	= 1 << 12,
	/* what the functions below add themselves */
	FOLL_TOUCH		= 1 << 16,
	FOLL_TRIED		= 1 << 17,
	FOLL_REMOTE		= 1 << 18,
	FOLL_PIN		= 1 << 19,
	FOLL_FAST_ONLY		= 1 << 20,
	FOLL_UNLOCKABLE		= 1 << 21,
};

/* One FOLL_PIN of a small folio in units of its reference count. */
#define GUP_PIN_COUNTING_BIAS	(1U << 10)

long get_user_pages(unsigned long start, unsigned long nr_pages,
		    unsigned int gup_flags, struct page **pages);
long get_user_pages_remote(struct mm_struct *mm, unsigned long start,
			   unsigned long nr_pages, unsigned int gup_flags,
			   struct page **pages, int *locked);
long get_user_pages_unlocked(unsigned long start, unsigned long nr_pages,
			     struct page **pages, unsigned int gup_flags);
int get_user_pages_fast(unsigned long start, int nr_pages,
			unsigned int gup_flags, struct page **pages);
int get_user_pages_fast_only(unsigned long start, int nr_pages,
			     unsigned int gup_flags, struct page **pages);

long pin_user_pages(unsigned long start, unsigned long nr_pages,
		    unsigned int gup_flags, struct page **pages);
long pin_user_pages_remote(struct mm_struct *mm, unsigned long start,
			   unsigned long nr_pages, unsigned int gup_flags,
			   struct page **pages, int *locked);
long pin_user_pages_unlocked(unsigned long start, unsigned long nr_pages,
			     struct page **pages, unsigned int gup_flags);
int pin_user_pages_fast(unsigned long start, int nr_pages,
			unsigned int gup_flags, struct page **pages);
/* Until v6.3. */
int pin_user_pages_fast_only(unsigned long start, int nr_pages,
			     unsigned int gup_flags, struct page **pages);

void unpin_user_page(struct page *page);
void unpin_user_pages(struct page **pages, unsigned long npages);
void unpin_user_pages_dirty_lock(struct page **pages, unsigned long npages,
				 bool make_dirty);
void unpin_user_page_range_dirty_lock(struct page *page, unsigned long npages,
				      bool make_dirty);
void unpin_user_folio(struct folio *folio, unsigned long npages);
void unpin_folio(struct folio *folio);
void unpin_folios(struct folio **folios, unsigned long nfolios);
void folio_add_pin(struct folio *folio);

static inline bool get_user_page_fast_only(unsigned long addr,
					   unsigned int gup_flags,
					   struct page **pagep)
{
	return get_user_pages_fast_only(addr, 1, gup_flags, pagep) == 1;
}

#define __gup_call(fn, ...)	(sim_site_set(__func__), (fn)(__VA_ARGS__))

/* Until v6.4 four functions told the VMAs, too, to who asked for them. */
#if PINSIM_KVER < 605
struct vm_area_struct;
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);

static inline long __gup_tell_vmas(long got, struct mm_struct *mm, unsigned long start,
				   struct vm_area_struct **vmas)
{
	long i;

	for (i = 0; vmas && i < got; i++)
		vmas[i] = find_vma(mm, start + i * PAGE_SIZE);
	return got;
}

#define get_user_pages(s, n, f, p, v)					\
	__gup_tell_vmas(__gup_call(get_user_pages, s, n, f, p), current->mm, s, v)
#define get_user_pages_remote(m, s, n, f, p, v, l)			\
	__gup_tell_vmas(__gup_call(get_user_pages_remote, m, s, n, f, p, l), m, s, v)
#define pin_user_pages(s, n, f, p, v)					\
	__gup_tell_vmas(__gup_call(pin_user_pages, s, n, f, p), current->mm, s, v)
#define pin_user_pages_remote(m, s, n, f, p, v, l)			\
	__gup_tell_vmas(__gup_call(pin_user_pages_remote, m, s, n, f, p, l), m, s, v)
#define pin_user_pages_fast_only(...) __gup_call(pin_user_pages_fast_only, __VA_ARGS__)
#else
#define get_user_pages(...)	__gup_call(get_user_pages, __VA_ARGS__)
#define get_user_pages_remote(...) __gup_call(get_user_pages_remote, __VA_ARGS__)
#define pin_user_pages(...)	__gup_call(pin_user_pages, __VA_ARGS__)
#define pin_user_pages_remote(...) __gup_call(pin_user_pages_remote, __VA_ARGS__)
#endif
#define get_user_pages_unlocked(...) __gup_call(get_user_pages_unlocked, __VA_ARGS__)
#define get_user_pages_fast(...) __gup_call(get_user_pages_fast, __VA_ARGS__)
#define get_user_pages_fast_only(...) __gup_call(get_user_pages_fast_only, __VA_ARGS__)
#define pin_user_pages_unlocked(...) __gup_call(pin_user_pages_unlocked, __VA_ARGS__)
#define pin_user_pages_fast(...) __gup_call(pin_user_pages_fast, __VA_ARGS__)
#define unpin_user_page(...)	__gup_call(unpin_user_page, __VA_ARGS__)
#define unpin_user_pages(...)	__gup_call(unpin_user_pages, __VA_ARGS__)
#define unpin_user_pages_dirty_lock(...) __gup_call(unpin_user_pages_dirty_lock, __VA_ARGS__)
#define unpin_user_page_range_dirty_lock(...) \
	__gup_call(unpin_user_page_range_dirty_lock, __VA_ARGS__)
#define unpin_user_folio(...)	__gup_call(unpin_user_folio, __VA_ARGS__)
#define unpin_folio(...)	__gup_call(unpin_folio, __VA_ARGS__)
#define unpin_folios(...)	__gup_call(unpin_folios, __VA_ARGS__)
#define folio_add_pin(...)	__gup_call(folio_add_pin, __VA_ARGS__)

#endif
