/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of Intel's extended page tables (Intel SDM volume 3, 29.3). The modelled
 * processor is AMD's; KVM's common code names both formats.
 */
#ifndef _ASM_X86_VMX_H
#define _ASM_X86_VMX_H

#include <linux/types.h>

#define VMX_EPT_READABLE_MASK		(1ull << 0)
#define VMX_EPT_WRITABLE_MASK		(1ull << 1)
#define VMX_EPT_EXECUTABLE_MASK		(1ull << 2)
#define VMX_EPT_RWX_MASK		(7ull << 0)
#define VMX_EPT_MT_EPTE_SHIFT		3
#define VMX_EPT_MT_MASK			(7ull << VMX_EPT_MT_EPTE_SHIFT)
#define VMX_EPT_IPAT_BIT		(1ull << 6)
#define VMX_EPT_ACCESS_BIT		(1ull << 8)
#define VMX_EPT_DIRTY_BIT		(1ull << 9)
#define VMX_EPT_SUPPRESS_VE_BIT		(1ull << 63)
/* What no entry may say: writable or executable, but not readable. */
#define VMX_EPT_MISCONFIG_WX_VALUE	(VMX_EPT_WRITABLE_MASK | VMX_EPT_EXECUTABLE_MASK)

#endif
