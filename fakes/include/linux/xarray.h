/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sparse arrays of pointers (lib/xarray.c): fakes/host/xarray.c.
 *
 * Simpler than the kernel: no marks, no multi-index entries, no entries that are
 * values.
 */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/types.h>

struct xa_entry;

/**
 * struct xarray - pointers by number
 * @entry: those that are not NULL, sorted by number
 * @nr: how many
 * @capacity: how many @entry has room for
 */
struct xarray {
	struct xa_entry *entry;
	unsigned long nr, capacity;
};

/* An errno in disguise, in the place of an entry. */
#define XA_ERROR(errno)		((void *)(((unsigned long)(errno) << 2) | 2))

static inline bool xa_is_err(const void *entry)
{
	return ((unsigned long)entry & 3) == 2 &&
	       (long)entry >= (long)XA_ERROR(-MAX_ERRNO);
}

static inline int xa_err(void *entry)
{
	return xa_is_err(entry) ? (int)((long)entry >> 2) : 0;
}

void xa_init(struct xarray *xa);
void xa_destroy(struct xarray *xa);
bool xa_empty(const struct xarray *xa);
void *xa_load(struct xarray *xa, unsigned long index);
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
/* First entry of *@index to @max, whose number goes to *@index; or NULL. */
void *xa_first(const struct xarray *xa, unsigned long *index, unsigned long max);

/* The loop may erase the entry that it is at. */
#define xa_for_each_range(xa, index, item, start, last)			\
	for ((index) = (start), (item) = xa_first(xa, &(index), last);	\
	     (item);							\
	     (item) = (index)++ < (last) ? xa_first(xa, &(index), last) : NULL)
#define xa_for_each(xa, index, item)					\
	xa_for_each_range(xa, index, item, 0, ULONG_MAX)

#endif
