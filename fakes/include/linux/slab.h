/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmalloc() and friends over the world's allocator.  Memory is short only for
 * what the machine does not have, and where should_failslab() says so.  Flags
 * matter only in that an allocation which may reclaim may sleep.
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

/* Failure injection. Return: true to make the allocation fail. */
bool should_failslab(size_t size, gfp_t flags);

/* A cache is its objects' size; freed objects go where kfree() puts them. */
struct kmem_cache {
	const char *name;
	size_t object_size;
};

void *(kmem_cache_alloc)(struct kmem_cache *s, gfp_t flags);
void (kmem_cache_free)(struct kmem_cache *s, void *p);

#define kmem_cache_alloc(s, g)	(sim_site_set(__func__), (kmem_cache_alloc)(s, g))
#define kmem_cache_zalloc(s, g)	kmem_cache_alloc(s, (g) | __GFP_ZERO)
#define kmem_cache_free(s, p)	(sim_site_set(__func__), (kmem_cache_free)(s, p))
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
