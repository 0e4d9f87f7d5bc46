/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/kconfig.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/types.h>

#define ARRAY_SIZE(arr)		(sizeof(arr) / sizeof((arr)[0]))
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))
#define lower_32_bits(n)	((u32)(n))

/* Complain if the running task may not sleep (sleep-in-atomic). */
void (might_sleep)(void);
#define might_sleep()		(sim_site_set(__func__), (might_sleep)())
#define might_sleep_if(cond)	do { if (cond) might_sleep(); } while (0)

/* A task may be preempted at every step anyway. */
static inline int cond_resched(void)
{
	return 0;
}

void sim_site_set(const char *site);

#endif
