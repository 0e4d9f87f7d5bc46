/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Caches of objects that a fault must not have to allocate under mmu_lock.
 * Stands for virt/kvm/kvm_main.c, v6.12: kvm_mmu_topup_memory_cache(),
 * kvm_mmu_memory_cache_alloc(), kvm_mmu_free_memory_cache().
 *
 * Simpler than the kernel: every object is a zeroed page and a cache has room
 * for a fixed number of them; an empty cache is a BUG, there is no last resort.
 */
#include <linux/gfp.h>

#include "fakes/kvm/internal.h"
#include "sim/core/alloc.h"

/**
 * kvm_mmu_topup_memory_cache() - make sure that so many objects are there
 * @mc: cache
 * @min: how many
 *
 * Context: sleepable.
 * Return: 0 or -ENOMEM.
 */
int kvm_mmu_topup_memory_cache(struct kvm_mmu_memory_cache *mc, int min)
{
	int n = mc->nobjs;

	for (; n < min; n++) {
		void *obj = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);

		if (!obj)
			return -ENOMEM;
		mc->objects[n] = obj;
		mc->nobjs = n + 1;
	}
	return 0;
}

/**
 * kvm_mmu_memory_cache_alloc() - take an object
 * @mc: cache; not empty
 *
 * Context: any.
 * Return: a page of zeroes.
 */
void *kvm_mmu_memory_cache_alloc(struct kvm_mmu_memory_cache *mc)
{
	int n = mc->nobjs;
	void *obj;

	BUG_ON(!n);
	obj = mc->objects[--n];
	mc->objects[n] = NULL;
	mc->nobjs = n;
	return obj;
}

/**
 * kvm_mmu_free_memory_cache() - give back what was not taken
 * @mc: cache; empty afterwards
 *
 * Context: any.
 */
void kvm_mmu_free_memory_cache(struct kvm_mmu_memory_cache *mc)
{
	int n = mc->nobjs;

	mc->nobjs = 0;
	while (n) {
		/* Nobody has written to it. */
		sim_free_zero(mc->objects[--n]);
		mc->objects[n] = NULL;
	}
}
