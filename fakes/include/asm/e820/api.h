/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The firmware's map of memory: whatever has a page descriptor is RAM. */
#ifndef _ASM_E820_API_H
#define _ASM_E820_API_H

#include <linux/types.h>

enum e820_type {
	E820_TYPE_RAM = 1,
	E820_TYPE_RESERVED = 2,
};

/* Asked only about page frames without a descriptor. */
static inline bool e820__mapped_raw_any(u64 start, u64 end, enum e820_type type)
{
	return type == E820_TYPE_RESERVED;
}

#endif
