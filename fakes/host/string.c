/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking through memory: lib/string.c, v6.12.  The engine does it, as it does
 * memset() and its like: one access, however many words were looked at.
 */
#include <linux/string.h>

#include "sim/engine/store.h"

/**
 * memchr_inv() - the first byte that is something else.
 * @start: where to begin
 * @c: byte
 * @bytes: how many to look at
 *
 * Context: any; no step.
 * Return: where it is, or NULL if all are @c.
 */
void *memchr_inv(const void *start, int c, size_t bytes)
{
	return sim_find_other_byte(start, c, bytes);
}
