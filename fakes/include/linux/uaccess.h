/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arguments from user space.  Ioctls of the simulated machine get pointers to
 * the caller's own structs, so copying them never faults unless it is asked to.
 */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H

#include <linux/mm.h>
#include <linux/string.h>

#define access_ok(addr, size)	access_ok_range((unsigned long)(addr), size)
#define untagged_addr(addr)	(addr)

/* Failure injection. Return: true to make the copy fail. */
bool should_fail_usercopy(void);

unsigned long (copy_from_user)(void *to, const void __user *from, unsigned long n);
unsigned long (copy_to_user)(void __user *to, const void *from, unsigned long n);

#define copy_from_user(to, from, n)	(sim_site_set(__func__), (copy_from_user)(to, from, n))
#define copy_to_user(to, from, n)	(sim_site_set(__func__), (copy_to_user)(to, from, n))

#endif
