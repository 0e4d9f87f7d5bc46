/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests that change what a mapping is. */
#include <linux/mm.h>

#include "fakes/mm/internal.h"
#include "tests/fakes/vma_world.h"

void vw_change(uint64_t addr, enum vw_kind how)
{
	static const struct { vm_flags_t set, clear; } change[] = {
		[VW_IO] = { VM_IO, 0 },
		[VW_PFNMAP] = { VM_PFNMAP, 0 },
		[VW_NO_WRITE] = { 0, VM_WRITE },
		[VW_NO_READ] = { 0, VM_READ | VM_WRITE },
		[VW_WRITE_ONLY] = { 0, VM_READ },
		[VW_NO_MAYWRITE] = { 0, VM_WRITE | VM_MAYWRITE },
		[VW_NO_MAYREAD] = { 0, VM_READ | VM_WRITE | VM_MAYREAD },
		[VW_SHARED_NO_WRITE] = { VM_SHARED | VM_MAYSHARE, VM_WRITE },
		[VW_READ_WRITE] = { 0, 0 },
	};
	struct vm_area_struct *vma = vma_lookup(process_mm(0), addr);

	vma->vm_flags = (vma->vm_flags | change[how].set) & ~change[how].clear;
}
