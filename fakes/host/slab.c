/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmalloc() and what warns or dies: mm/slub.c, mm/util.c and kernel/panic.c
 * as far as their callers can tell.  Memory comes from the world's allocator
 * and is never short unless a test says so, or more is asked for than the
 * machine has.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "fakes/host/host.h"
#include "fakes/mm/internal.h"
#include "sim/core/alloc.h"

#undef kmalloc
#undef kzalloc
#undef kcalloc
#undef kvmalloc
#undef __vmalloc
#undef kvcalloc
#undef kmemdup
#undef kfree
#undef kvfree
#undef kmem_cache_alloc
#undef kmem_cache_free

/* The buddy's largest block is what kmalloc() can have. */
#define KMALLOC_MAX_SIZE	(4UL << 20)
#define LARGE			(1UL << 20)

/* Asked for once more than kvmalloc() ever gives, which is a bug (mm/util.c, v6.12). */
static bool is_insane(size_t size, gfp_t flags)
{
	if (size <= INT_MAX)
		return false;
	if (!(flags & __GFP_NOWARN))
		warn_at(sim_site());
	host_history()->refused_bytes = size;
	return true;
}

/* More than the machine has, with all that is allocated so far? */
static bool is_too_much(size_t size)
{
	uint64_t live = 0;
	u64 ram;

	if (size < LARGE)
		return false;
	ram = mm_world()->nr_pages * PAGE_SIZE;
	sim_alloc_live(&live);
	return size > ram || live > ram - size;
}

static void *alloc(size_t size, gfp_t flags)
{
	if (flags & __GFP_DIRECT_RECLAIM)
		(might_sleep)();
	if (!size || is_too_much(size) || should_failslab(size, flags))
		return NULL;
	/* What is charged to the VMM's cgroup: KVM's own tables are not asked for here. */
	if (flags & __GFP_ACCOUNT && sim_scope_is_hook())
		return sim_alloc_tracked_hook(size, sim_site());
	return sim_alloc_tracked(size, sim_site());
}

/* Contents of fresh memory are zero here too: depending on more is a bug. */
void *kmalloc(size_t size, gfp_t flags)
{
	if (size > KMALLOC_MAX_SIZE) {
		if (!(flags & __GFP_NOWARN))
			warn_at(sim_site());
		return NULL;
	}
	return alloc(size, flags);
}

void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags);
}

void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kmalloc(bytes, flags);
}

void *kvmalloc(size_t size, gfp_t flags)
{
	return is_insane(size, flags) ? NULL : alloc(size, flags);
}

/* What vmalloc() itself gives is bounded by what there is alone. */
void *__vmalloc(unsigned long size, gfp_t flags)
{
	return alloc(size, flags);
}

void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return (kvmalloc)(bytes, flags);
}

void *kmemdup(const void *src, size_t len, gfp_t flags)
{
	void *p = kmalloc(len, flags);

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
