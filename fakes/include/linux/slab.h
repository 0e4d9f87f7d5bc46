/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmalloc() and friends over the world's allocator.  Memory is never short; a
 * test that wants it to be wraps should_failslab().  Flags matter only in
 * that an allocation which may reclaim may sleep.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/gfp_types.h>
#include <linux/kernel.h>

void *(kmalloc)(size_t size, gfp_t flags);
void *(kzalloc)(size_t size, gfp_t flags);
void *(kcalloc)(size_t n, size_t size, gfp_t flags);
void *(kvmalloc)(size_t size, gfp_t flags);
void *(kvcalloc)(size_t n, size_t size, gfp_t flags);
void *(kmemdup)(const void *src, size_t len, gfp_t flags);
void (kfree)(const void *p);
void (kvfree)(const void *p);
size_t ksize(const void *p);

/* Seam for failure injection. Return: true to make the allocation fail. */
bool should_failslab(size_t size, gfp_t flags);

#define kmalloc(s, g)		(sim_site_set(__func__), (kmalloc)(s, g))
#define kzalloc(s, g)		(sim_site_set(__func__), (kzalloc)(s, g))
#define kcalloc(n, s, g)	(sim_site_set(__func__), (kcalloc)(n, s, g))
#define kmalloc_array(n, s, g)	kcalloc(n, s, g)
#define kvmalloc(s, g)		(sim_site_set(__func__), (kvmalloc)(s, g))
#define kvzalloc(s, g)		kvmalloc(s, g)
#define kvcalloc(n, s, g)	(sim_site_set(__func__), (kvcalloc)(n, s, g))
#define kvmalloc_array(n, s, g)	kvcalloc(n, s, g)
#define __vcalloc(n, s, g)	kvcalloc(n, s, g)
#define kmemdup(p, l, g)	(sim_site_set(__func__), (kmemdup)(p, l, g))
#define kfree(p)		(sim_site_set(__func__), (kfree)(p))
#define kvfree(p)		(sim_site_set(__func__), (kvfree)(p))
#define kfree_rcu(p, member)	kfree(p)

#endif
