/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory types: all memory is write-back. */
#ifndef _ASM_X86_MEMTYPE_H
#define _ASM_X86_MEMTYPE_H

#include <linux/types.h>

static inline bool pat_enabled(void)
{
	return true;
}

static inline bool pat_pfn_immune_to_uc_mtrr(unsigned long pfn)
{
	return false;
}

#endif
