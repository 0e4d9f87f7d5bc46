/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ASM_X86_SMP_H
#define _ASM_X86_SMP_H

#include "sim/core/step.h"

/* Write back and invalidate every cache. Waits for all CPUs. */
int (wbinvd_on_all_cpus)(void);
#define wbinvd_on_all_cpus()	(sim_site_set(__func__), (wbinvd_on_all_cpus)())

#endif
