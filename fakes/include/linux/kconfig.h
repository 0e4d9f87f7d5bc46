/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the modelled kernel is configured with, and which kernel code that is
 * compiled against these headers was written for.
 *
 * Options that are not here are off. CONFIG_DEBUG_VM is one of them, though the
 * fakes have its checks: code under test would bring more of them than there
 * are functions for.
 */
#ifndef _LINUX_KCONFIG_H
#define _LINUX_KCONFIG_H

/* Version of the headers' signatures, as 601 or 612: where kernels differ. */
#ifndef PINSIM_KVER
#define PINSIM_KVER	612
#endif

#define CONFIG_64BIT		1
#define CONFIG_CMA		1
#define CONFIG_COMPACTION	1
#define CONFIG_KVM		1
#define CONFIG_KVM_AMD_SEV	1
#define CONFIG_MIGRATION	1
#define CONFIG_MMU		1
#define CONFIG_MMU_NOTIFIER	1
#define CONFIG_SMP		1
#define CONFIG_X86		1
#define CONFIG_X86_64		1
/* GUP-fast has had two names. */
#define CONFIG_HAVE_FAST_GUP	1
#define CONFIG_HAVE_GUP_FAST	1

/*
 * An option that is on is 1, one that is off is a word without meaning: only
 * the former makes a name that is a macro, which moves 1 to second place.
 */
#define __KCONFIG_1			0,
#define __kconfig_second(a, b, ...)	b
#define __kconfig_join(v)		__kconfig_second(__KCONFIG_##v 1, 0, 0)
#define __kconfig_value(v)		__kconfig_join(v)

#define IS_ENABLED(option)		__kconfig_value(option)
#define IS_BUILTIN(option)		__kconfig_value(option)
#define IS_MODULE(option)		0
#define IS_REACHABLE(option)		__kconfig_value(option)

#endif
