/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sparse arrays of pointers.  Stands for lib/xarray.c, v6.12: xa_load(),
 * xa_store(), xa_erase(), xa_find() as far as a caller can tell who brings a lock
 * of its own where it matters.
 *
 * Simpler than the kernel: entries in a sorted array, not in a tree of nodes, so
 * that the same entries are the same bytes whoever stored first; no lock of its
 * own and so no step; memory is asked for when the array must grow.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "fakes/host/host.h"

struct xa_entry {
	unsigned long index;
	void *item;
};

#define XA_FIRST_CAPACITY	8

/* Place of the first entry whose number is @index or more. */
static unsigned long place_of(const struct xarray *xa, unsigned long index)
{
	unsigned long low = 0, high = xa->nr;

	while (low < high) {
		unsigned long mid = (low + high) / 2;

		if (xa->entry[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool holds(const struct xarray *xa, unsigned long place, unsigned long index)
{
	return place < xa->nr && xa->entry[place].index == index;
}

/**
 * xa_init() - begin with nothing
 * @xa: array
 *
 * Context: any.
 */
void xa_init(struct xarray *xa)
{
	xa->entry = NULL;
	xa->nr = 0;
	xa->capacity = 0;
}

/**
 * xa_destroy() - forget every entry
 * @xa: array; what the entries point to is the caller's
 *
 * Context: nobody else uses it.
 */
void xa_destroy(struct xarray *xa)
{
	kvfree(xa->entry);
	xa_init(xa);
}

/**
 * xa_empty() - is there no entry?
 * @xa: array
 *
 * Context: any. Return: whether there is none.
 */
bool xa_empty(const struct xarray *xa)
{
	return !xa->nr;
}

/**
 * xa_load() - look an entry up
 * @xa: array
 * @index: its number
 *
 * Context: any. Return: the entry, or NULL.
 */
void *xa_load(struct xarray *xa, unsigned long index)
{
	unsigned long place = place_of(xa, index);

	return holds(xa, place, index) ? xa->entry[place].item : NULL;
}

static bool grow(struct xarray *xa, gfp_t gfp)
{
	unsigned long capacity = xa->capacity ? xa->capacity * 2 : XA_FIRST_CAPACITY;
	struct xa_entry *entry = kvmalloc(capacity * sizeof(*entry), gfp);

	if (!entry)
		return false;
	if (xa->nr)
		memcpy(entry, xa->entry, xa->nr * sizeof(*entry));
	kvfree(xa->entry);
	xa->entry = entry;
	xa->capacity = capacity;
	return true;
}

/**
 * xa_store() - put an entry in its place
 * @xa: array
 * @index: its number
 * @item: entry; NULL: as xa_erase()
 * @gfp: how to ask for memory
 *
 * Context: as @gfp says; stores of others are the caller's to keep out.
 * Return: what stood there; XA_ERROR(-ENOMEM), and nothing changed.
 */
void *xa_store(struct xarray *xa, unsigned long index, void *item, gfp_t gfp)
{
	unsigned long place = place_of(xa, index), i;
	void *old;

	if (!item)
		return xa_erase(xa, index);
	if (holds(xa, place, index)) {
		old = xa->entry[place].item;
		xa->entry[place].item = item;
		return old;
	}
	if (xa->nr == xa->capacity && !grow(xa, gfp))
		return XA_ERROR(-ENOMEM);
	for (i = xa->nr; i > place; i--) {
		xa->entry[i].index = xa->entry[i - 1].index;
		xa->entry[i].item = xa->entry[i - 1].item;
	}
	xa->entry[place].index = index;
	xa->entry[place].item = item;
	xa->nr++;
	return NULL;
}

/**
 * xa_erase() - take an entry out
 * @xa: array
 * @index: its number
 *
 * Context: any; stores of others are the caller's to keep out.
 * Return: the entry, or NULL if there was none.
 */
void *xa_erase(struct xarray *xa, unsigned long index)
{
	unsigned long place = place_of(xa, index), i;
	void *old;

	if (!holds(xa, place, index))
		return NULL;
	old = xa->entry[place].item;
	xa->nr--;
	for (i = place; i < xa->nr; i++) {
		xa->entry[i].index = xa->entry[i + 1].index;
		xa->entry[i].item = xa->entry[i + 1].item;
	}
	xa->entry[xa->nr].index = 0;
	xa->entry[xa->nr].item = NULL;
	return old;
}

/**
 * xa_first() - where a walk begins or goes on
 * @xa: array
 * @index: first number that counts; the entry's number when there is one
 * @max: last number that counts
 *
 * Context: any. Return: the entry, or NULL.
 */
void *xa_first(const struct xarray *xa, unsigned long *index, unsigned long max)
{
	unsigned long place = place_of(xa, *index);

	if (place == xa->nr || xa->entry[place].index > max)
		return NULL;
	*index = xa->entry[place].index;
	return xa->entry[place].item;
}
