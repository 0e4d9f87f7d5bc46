/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * v6.1's __gup_longterm_locked() in the place of the model's. It has no
 * @locked: mmap_lock is held by the caller and stays so (E.16). What may let it
 * go does not come this way in v6.1.
 */
#include "fakes/mm/gup_internal.h"
#include "tests/real/real_world.h"

struct vm_area_struct;

long gup_longterm_locked_61(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			    struct page **pages, struct vm_area_struct **vmas,
			    unsigned int gup_flags);
long get_user_pages_locked_61(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			      struct page **pages, struct vm_area_struct **vmas, int *locked,
			      unsigned int flags);

long get_user_pages_locked_61(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			      struct page **pages, struct vm_area_struct **vmas, int *locked,
			      unsigned int flags)
{
	int held = 1;

	BUG_ON(vmas || locked);
	return __get_user_pages_locked(mm, start, nr_pages, pages, &held, flags);
}

long __gup_longterm_locked(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			   struct page **pages, int *locked, unsigned int gup_flags)
{
	if (gup_flags & FOLL_UNLOCKABLE) {
		BUG_ON(gup_flags & FOLL_LONGTERM);
		return __get_user_pages_locked(mm, start, nr_pages, pages, locked, gup_flags);
	}
	BUG_ON(!*locked);
	real_called();
	return gup_longterm_locked_61(mm, start, nr_pages, pages, NULL, gup_flags);
}
