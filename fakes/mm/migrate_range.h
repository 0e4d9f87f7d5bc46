/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moving part of an address space on somebody's wish: a race's "migrate". */
#ifndef FAKES_MM_MIGRATE_RANGE_H
#define FAKES_MM_MIGRATE_RANGE_H

#include <linux/types.h>

struct mm_struct;

long migrate_user_range(struct mm_struct *mm, unsigned long start,
			unsigned long nr_pages, int place);

#endif
