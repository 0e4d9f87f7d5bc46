/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmalloc() and what warns or dies: mm/slub.c, mm/util.c and kernel/panic.c
 * as far as their callers can tell.  Memory comes from the world's allocator
 * and is never short unless a test says so.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fakes/host/host.h"
#include "sim/core/alloc.h"

#undef kmalloc
#undef kzalloc
#undef kcalloc
#undef kvmalloc
#undef kvcalloc
#undef kmemdup
#undef kfree
#undef kvfree
#undef kmem_cache_alloc
#undef kmem_cache_free

static void *alloc(size_t size, gfp_t flags)
{
	if (flags & __GFP_DIRECT_RECLAIM)
		(might_sleep)();
	if (!size || should_failslab(size, flags))
		return NULL;
	return sim_alloc_tracked(size, sim_site());
}

/* Contents of fresh memory are zero here too: depending on more is a bug. */
void *kmalloc(size_t size, gfp_t flags)
{
	return alloc(size, flags);
}

void *kzalloc(size_t size, gfp_t flags)
{
	return alloc(size, flags);
}

void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return alloc(bytes, flags);
}

void *kvmalloc(size_t size, gfp_t flags)
{
	return alloc(size, flags);
}

void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kcalloc(n, size, flags);
}

void *kmemdup(const void *src, size_t len, gfp_t flags)
{
	void *p = alloc(len, flags);

	if (p)
		memcpy(p, src, len);
	return p;
}

void kfree(const void *p)
{
	sim_free((void *)p);
}

void kvfree(const void *p)
{
	sim_free((void *)p);
}

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags)
{
	return alloc(s->object_size, flags);
}

void kmem_cache_free(struct kmem_cache *s, void *p)
{
	sim_free(p);
}

size_t ksize(const void *p)
{
	return p ? sim_alloc_size(p) : 0;
}

void warn_at(const char *site)
{
	sim_note(SIM_X_WARN, 0, 0, 0, site);
}

_Noreturn void bug_at(const char *site)
{
	sim_fatal(SIM_X_BUG, 0, 0, 0, site);
}
