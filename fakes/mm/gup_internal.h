/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of GUP share.  The functions are the kernel's own (mm/gup.c)
 * and have v6.12's signatures, so that a real one can take the place of ours.
 */
#ifndef FAKES_MM_GUP_INTERNAL_H
#define FAKES_MM_GUP_INTERNAL_H

#include "fakes/mm/internal.h"

/* gup_pin.c */
int try_grab_folio(struct folio *folio, int refs, unsigned int flags);
struct folio *try_grab_folio_fast(struct page *page, int refs, unsigned int flags);
void gup_put_folio(struct folio *folio, int refs, unsigned int flags);

/* gup_slow.c */
long __get_user_pages_locked(struct mm_struct *mm, unsigned long start,
			     unsigned long nr_pages, struct page **pages,
			     int *locked, unsigned int flags);
bool gup_must_unshare(struct vm_area_struct *vma, unsigned int flags,
		      struct page *page);

/* gup_longterm.c */
long __gup_longterm_locked(struct mm_struct *mm, unsigned long start,
			   unsigned long nr_pages, struct page **pages,
			   int *locked, unsigned int gup_flags);
long check_and_migrate_movable_pages(unsigned long nr_pages, struct page **pages);

/* gup_fast.c */
int gup_fast_fallback(unsigned long start, unsigned long nr_pages,
		      unsigned int gup_flags, struct page **pages);

/* E.12: this mm had a page pinned once; never taken back. */
static inline void mm_set_has_pinned_flag(struct mm_struct *mm)
{
	if (!(mm->flags & 1UL << MMF_HAS_PINNED))
		mm->flags |= 1UL << MMF_HAS_PINNED;
}

#endif
