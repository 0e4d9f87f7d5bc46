/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of SNP guests (arch/x86/include/asm/sev.h): fakes/sev/snp.c. */
#ifndef _ASM_X86_SEV_H
#define _ASM_X86_SEV_H

#include <asm/pgtable_types.h>
#include <linux/types.h>

int rmp_make_private(u64 pfn, u64 gpa, enum pg_level level, u32 asid, bool immutable);
int rmp_make_shared(u64 pfn, enum pg_level level);

#endif
