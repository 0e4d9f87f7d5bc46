/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated kernel has no log: what code under test prints goes nowhere. */
#ifndef _LINUX_PRINTK_H
#define _LINUX_PRINTK_H

#include <linux/compiler.h>

static inline __printf(1, 2) int no_printk(const char *fmt, ...)
{
	return 0;
}

#define KERN_ERR
#define KERN_WARNING
#define KERN_INFO
#ifndef pr_fmt
#define pr_fmt(fmt)			fmt
#endif
#define printk(fmt, ...)		no_printk(fmt, ##__VA_ARGS__)
#define pr_err(fmt, ...)		no_printk(fmt, ##__VA_ARGS__)
#define pr_warn(fmt, ...)		no_printk(fmt, ##__VA_ARGS__)
#define pr_info(fmt, ...)		no_printk(fmt, ##__VA_ARGS__)
#define pr_debug(fmt, ...)		no_printk(fmt, ##__VA_ARGS__)
#define pr_err_ratelimited(fmt, ...)	no_printk(fmt, ##__VA_ARGS__)
#define pr_warn_ratelimited(fmt, ...)	no_printk(fmt, ##__VA_ARGS__)
#define pr_err_once(fmt, ...)		no_printk(fmt, ##__VA_ARGS__)
#define pr_warn_once(fmt, ...)		no_printk(fmt, ##__VA_ARGS__)

#endif
