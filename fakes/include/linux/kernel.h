/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/types.h>

#define ARRAY_SIZE(arr)		(sizeof(arr) / sizeof((arr)[0]))
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))
#define lower_32_bits(n)	((u32)(n))
#define IS_ENABLED(option)	0

/* Complain if the running task may not sleep (sleep-in-atomic). */
void (might_sleep)(void);
#define might_sleep()		(sim_site_set(__func__), (might_sleep)())
#define might_sleep_if(cond)	do { if (cond) might_sleep(); } while (0)
#define cond_resched()		0
void sim_site_set(const char *site);

#endif
