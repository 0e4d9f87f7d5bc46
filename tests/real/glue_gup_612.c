/* SPDX-License-Identifier: GPL-2.0-or-later */
/* v6.12's __gup_longterm_locked() in the place of the model's: the same call. */
#include "fakes/mm/gup_internal.h"
#include "tests/real/real_world.h"

long gup_longterm_locked_612(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			     struct page **pages, int *locked, unsigned int gup_flags);

long __gup_longterm_locked(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			   struct page **pages, int *locked, unsigned int gup_flags)
{
	real_called();
	return gup_longterm_locked_612(mm, start, nr_pages, pages, locked, gup_flags);
}
