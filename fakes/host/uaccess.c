/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copying between kernel and user space: lib/usercopy.c, v6.12.
 *
 * Simpler than the kernel: what user space points to is the caller's own struct
 * and can be had, unless should_fail_usercopy() says no; never a part of it.
 */
#include <linux/uaccess.h>

#undef copy_from_user
#undef copy_to_user

/**
 * copy_from_user() - copy an argument in.
 * @to: where it goes
 * @from: the caller's struct
 * @n: bytes
 *
 * Context: sleepable. Return: how many bytes were not copied: 0 or @n.
 */
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	if (should_fail_usercopy())
		return n;
	memcpy(to, from, n);
	return 0;
}

/* As copy_from_user(), the other way round. */
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	if (should_fail_usercopy())
		return n;
	memcpy(to, from, n);
	return 0;
}
