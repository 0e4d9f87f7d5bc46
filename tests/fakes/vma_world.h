/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of mappings that a race cannot make, for tests of who must refuse them. */
#ifndef TESTS_FAKES_VMA_WORLD_H
#define TESTS_FAKES_VMA_WORLD_H

#include <stdint.h>

/* The flags of process 0's VMA at @addr, as mprotect() and drivers make them. */
enum vw_kind {
	VW_IO,
	VW_PFNMAP,
	VW_NO_WRITE,		/* read-only, private */
	VW_NO_READ,		/* PROT_NONE */
	VW_WRITE_ONLY,
	VW_NO_MAYWRITE,	/* read-only for ever */
	VW_NO_MAYREAD,	/* PROT_NONE for ever */
	VW_SHARED_NO_WRITE,
	VW_READ_WRITE,	/* as it is made */
};
void vw_change(uint64_t addr, enum vw_kind how);

#endif
