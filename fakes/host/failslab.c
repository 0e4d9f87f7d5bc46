/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Failing allocations: mm/failslab.c, v6.12: should_failslab().  In a file of
 * its own because the linker's --wrap only catches calls from another one.
 *
 * Simpler than the kernel: no allocation fails unless a test puts its own
 * function here.
 */
#include <linux/slab.h>

/**
 * should_failslab() - is this allocation to fail?
 * @size: bytes
 * @flags: GFP_*
 *
 * Context: any.
 * Return: false.
 */
bool should_failslab(size_t size, gfp_t flags)
{
	return false;
}
