/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "eager": user space registers guest memory and all of it is pinned at
 * once (arch/x86/kvm/svm/sev.c, v5.8 to v6.14: sev_pin_memory(),
 * sev_mem_enc_register_region(), sev_mem_enc_unregister_region(),
 * sev_vm_destroy(); contract F.2 to F.6, I.1 to I.4, profile P0 of 0.5).
 *
 * A region is pinned with FOLL_WRITE, as a short-lived pin, and kept pinned for
 * as long as it is registered, often the VM's whole life. Regions are user
 * space addresses: they know nothing of memslots, and unregistering takes no
 * SPTE away. What is charged is a counter of the VM, judged by the limit of
 * whoever calls.
 *
 * Known faults: H-02, pins that live long but were not taken as long-term
 * ones, so that they sit in CMA and ZONE_MOVABLE; H-28, the counter is the
 * VM's, so that two VMs of one process may pin twice the limit; H-38, memory
 * that is remapped under a registered address is not pinned.
 */
#include <linux/kvm_host.h>
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <asm/cacheflush.h>
#include <asm/page.h>
#include <asm/smp.h>
#include <svm/svm.h>

#include "designs.h"
#include "eager.h"

unsigned long sev_range_npages(unsigned long uaddr, unsigned long ulen)
{
	unsigned long first = uaddr >> PAGE_SHIFT;
	unsigned long last = (uaddr + ulen - 1) >> PAGE_SHIFT;

	return last - first + 1;
}

static struct page **sev_alloc_pages(unsigned long npages)
{
	unsigned long size = npages * sizeof(struct page *);

	if (size > PAGE_SIZE)
		return __vmalloc(size, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	return kzalloc(size, GFP_KERNEL_ACCOUNT);
}

/*
 * Pin and charge a range. Whatever goes wrong with the pin is -ENOMEM (F.5).
 * Return: the pages, or ERR_PTR with nothing pinned and nothing charged.
 */
struct page **sev_pin_memory(struct kvm *kvm, unsigned long uaddr,
			     unsigned long ulen, unsigned long *n,
			     unsigned int flags)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	unsigned long npages, locked, lock_limit;
	struct page **pages;
	int npinned;

	lockdep_assert_held(&kvm->lock);

	if (ulen == 0 || uaddr + ulen < uaddr)
		return ERR_PTR(-EINVAL);
	npages = sev_range_npages(uaddr, ulen);
	if (npages > INT_MAX)
		return ERR_PTR(-EINVAL);

	locked = sev->pages_locked + npages;
	lock_limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	if (locked > lock_limit && !capable(CAP_IPC_LOCK)) {
		pr_err("SEV: RLIMIT_MEMLOCK allows %lu pages, not %lu.\n",
		       lock_limit, locked);
		return ERR_PTR(-ENOMEM);
	}

	pages = sev_alloc_pages(npages);
	if (!pages)
		return ERR_PTR(-ENOMEM);

	npinned = pin_user_pages_fast(uaddr, npages, flags, pages);
	if (npinned != npages) {
		pr_err("SEV: %lu pages asked for, %d pinned.\n", npages,
		       npinned);
		if (npinned > 0)
			unpin_user_pages(pages, npinned);
		kvfree(pages);
		return ERR_PTR(-ENOMEM);
	}

	*n = npages;
	sev->pages_locked = locked;
	return pages;
}

void sev_unpin_memory(struct kvm *kvm, struct page **pages,
		      unsigned long npages)
{
	unpin_user_pages(pages, npages);
	kvfree(pages);
	to_kvm_sev_info(kvm)->pages_locked -= npages;
}

/* The host's lines must not be written over what the guest will encrypt. */
void sev_clflush_pages(struct page *pages[], unsigned long npages)
{
	unsigned long i;

	for (i = 0; i < npages; i++)
		clflush_cache_range(page_address(pages[i]), PAGE_SIZE);
}

/* Whoever mirrors another VM's guest has no say in where its memory is. */
static bool is_mirroring_enc_context(struct kvm *kvm)
{
	return to_kvm_sev_info(kvm)->enc_context_owner;
}

static int sev_check_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	if (!sev_guest(kvm))
		return -ENOTTY;
	if (is_mirroring_enc_context(kvm))
		return -EINVAL;
	if (range->addr > ULONG_MAX || range->size > ULONG_MAX)
		return -EINVAL;
	return 0;
}

/* Return: a region that holds nothing yet, or ERR_PTR: @range is refused. */
static struct enc_region *sev_alloc_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	struct enc_region *region;
	int ret;

	ret = sev_check_region(kvm, range);
	if (ret)
		return ERR_PTR(ret);

	region = kzalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);
	if (!region)
		return ERR_PTR(-ENOMEM);
	region->uaddr = range->addr;
	region->size = range->size;
	return region;
}

/* Pinned and remembered, with kvm->lock held; or freed. */
static int sev_add_region(struct kvm *kvm, struct enc_region *region, unsigned int flags)
{
	int ret;

	region->pages = sev_pin_memory(kvm, region->uaddr, region->size,
				       &region->npages, flags);
	if (IS_ERR(region->pages)) {
		ret = PTR_ERR(region->pages);
		kfree(region);
		return ret;
	}

	/* Inside the lock: unregistering frees the array (H-58). */
	if (sev_region_locked())
		sev_clflush_pages(region->pages, region->npages);

	list_add_tail(&region->list, &to_kvm_sev_info(kvm)->regions_list);
	return 0;
}

static int sev_register_locked(struct kvm *kvm, struct kvm_enc_region *range,
			       unsigned int flags)
{
	struct enc_region *region = sev_alloc_region(kvm, range);

	if (IS_ERR(region))
		return PTR_ERR(region);
	return sev_add_region(kvm, region, flags);
}

/*
 * As it was until March 2024, known from its time and not read in a tree (?):
 * nothing holds the region while its pages are flushed, and whoever unregisters
 * it frees it (H-58). Nor is it asked again whether the VM is a guest once the
 * lock is had: one that has moved away meanwhile gets a region, which nobody
 * unpins, because the end of a VM that is no guest looks at none.
 */
static int sev_register_flush_later(struct kvm *kvm,
				    struct kvm_enc_region *range,
				    unsigned int flags)
{
	struct enc_region *region = sev_alloc_region(kvm, range);
	int ret;

	if (IS_ERR(region))
		return PTR_ERR(region);

	mutex_lock(&kvm->lock);
	ret = sev_add_region(kvm, region, flags);
	mutex_unlock(&kvm->lock);

	if (!ret)
		sev_clflush_pages(region->pages, region->npages);
	return ret;
}

/**
 * eager_register_region() - pin and remember a range.
 * @kvm: VM
 * @range: user space addresses
 * @flags: FOLL_* of the pin
 *
 * Context: takes kvm->lock; sleeps.
 * Return: 0; -ENOTTY: no SEV guest; -EINVAL: a mirror, or no range; -ENOMEM: not pinned,
 * for whatever reason.
 */
int eager_register_region(struct kvm *kvm, struct kvm_enc_region *range,
			  unsigned int flags)
{
	int ret;

	if (!sev_region_locked())
		return sev_register_flush_later(kvm, range, flags);

	mutex_lock(&kvm->lock);
	ret = sev_register_locked(kvm, range, flags);
	mutex_unlock(&kvm->lock);
	return ret;
}

static int sev_mem_enc_register_region(struct kvm *kvm,
				       struct kvm_enc_region *range)
{
	return eager_register_region(kvm, range, FOLL_WRITE);
}

static struct enc_region *find_enc_region(struct kvm *kvm,
					  struct kvm_enc_region *range)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	struct enc_region *region;

	list_for_each_entry(region, &sev->regions_list, list)
		if (region->uaddr == range->addr &&
		    region->size == range->size)
			return region;
	return NULL;
}

static void __unregister_enc_region(struct kvm *kvm, struct enc_region *region)
{
	sev_unpin_memory(kvm, region->pages, region->npages);
	list_del(&region->list);
	kfree(region);
}

static int sev_unregister_locked(struct kvm *kvm, struct kvm_enc_region *range)
{
	struct enc_region *region;

	if (!sev_guest(kvm))
		return -ENOTTY;
	region = find_enc_region(kvm, range);
	if (!region)
		return -EINVAL;

	/* The guest's lines go before its pages do. */
	wbinvd_on_all_cpus();
	__unregister_enc_region(kvm, region);
	return 0;
}

/**
 * eager_unregister_region() - unpin and forget a range.
 * @kvm: VM
 * @range: exactly as it was registered; the oldest of several
 *
 * Context: takes kvm->lock; sleeps.
 * Return: 0; -ENOTTY: no SEV guest; -EINVAL: a mirror, or not
 * registered.
 */
int eager_unregister_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	int ret;

	if (is_mirroring_enc_context(kvm))
		return -EINVAL;

	mutex_lock(&kvm->lock);
	ret = sev_unregister_locked(kvm, range);
	mutex_unlock(&kvm->lock);
	return ret;
}

/**
 * eager_vm_destroy() - unpin every region.
 * @kvm: VM that goes
 *
 * Context: nobody else uses the VM, no lock; sleeps.
 */
void eager_vm_destroy(struct kvm *kvm)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	struct enc_region *region, *next;

	if (!sev_guest(kvm) || sev_release_mirror(kvm))
		return;

	wbinvd_on_all_cpus();
	list_for_each_entry_safe(region, next, &sev->regions_list, list)
		__unregister_enc_region(kvm, region);
}

const struct kvm_x86_ops eager_ops = {
	.name = "eager",
	.vm_destroy = eager_vm_destroy,
	.mem_enc_register_region = sev_mem_enc_register_region,
	.mem_enc_unregister_region = eager_unregister_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
};
