/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What building the machine needs of the contiguous memory allocator. */
#ifndef FAKES_MM_CMA_INTERNAL_H
#define FAKES_MM_CMA_INTERNAL_H

void cma_init_area(unsigned long base_pfn, unsigned long count);

#endif
