/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of the commands of SEV as RFC v0 and v1 pin it (arch/x86/kvm/svm/sev.c
 * there): sev_alloc_pages(), carved out by v0 5/6 and v1 7/9, sev_pin_memory()
 * with it, and the way through the MMU of v0 6/6 and v1 9/9.
 *
 * Known faults, all kept:
 *   R-34	where there is no memory for the array the carved-out half says NULL,
 *		and the other looks for an error pointer
 *   H-43	the MMU's way holds kvm->srcu while it maps, and maps again and again
 *		in a slot that is about to go
 */
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <svm/svm.h>

#include "eager.h"
#include "rfc_memory.h"

#define PFERR_WRITE	(1ULL << 1)
#define PFERR_USER	(1ULL << 2)

/* Return: an array for the range's pages, NULL, or ERR_PTR. */
static struct page **sev_alloc_pages(struct kvm_sev_info *sev, hva_t uaddr,
				     unsigned long ulen, unsigned long *n)
{
	unsigned long npages, size, lock_limit;

	if (ulen == 0 || uaddr + ulen < uaddr)
		return ERR_PTR(-EINVAL);
	npages = sev_range_npages(uaddr, ulen);
	if (npages > INT_MAX)
		return ERR_PTR(-EINVAL);

	lock_limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	if (sev->pages_locked + npages > lock_limit && !capable(CAP_IPC_LOCK)) {
		pr_err("SEV: RLIMIT_MEMLOCK allows %lu pages, not %lu.\n",
		       lock_limit, sev->pages_locked + npages);
		return ERR_PTR(-ENOMEM);
	}

	*n = npages;
	size = npages * sizeof(struct page *);
	if (size > PAGE_SIZE)
		return __vmalloc(size, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	return kzalloc(size, GFP_KERNEL_ACCOUNT);
}

struct page **sev_rfc_pin_memory(struct kvm *kvm, hva_t uaddr,
				 unsigned long ulen, unsigned long *n,
				 unsigned int flags)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	unsigned long npages = 0;
	struct page **pages;
	int npinned;

	lockdep_assert_held(&kvm->lock);

	pages = sev_alloc_pages(sev, uaddr, ulen, &npages);
	if (IS_ERR(pages))
		return pages;

	npinned = pin_user_pages_fast(uaddr, npages, flags, pages);
	if (npinned != npages) {
		pr_err("SEV: %lu pages asked for, %d pinned.\n", npages, npinned);
		if (npinned > 0)
			unpin_user_pages(pages, npinned);
		kvfree(pages);
		return ERR_PTR(-ENOMEM);
	}
	*n = npages;
	sev->pages_locked += npages;
	return pages;
}

bool sev_rfc_mmu_usable(struct kvm *kvm)
{
	return atomic_read(&kvm->online_vcpus) > 0;
}

int sev_rfc_map_page(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot,
		     hva_t hva, struct page **page)
{
	gfn_t gfn = slot->base_gfn + ((hva - slot->userspace_addr) >> PAGE_SHIFT);
	u64 error_code = PFERR_USER;
	kvm_pfn_t pfn;

	if (signal_pending(current))
		return -EINTR;
	cond_resched();

	if (!memslot_is_readonly(slot))
		error_code |= PFERR_WRITE;
	pfn = kvm_mmu_map_tdp_page(vcpu, gfn << PAGE_SHIFT, error_code, PG_LEVEL_4K);
	if (is_error_noslot_pfn(pfn))
		return -EFAULT;
	/* Without a reference: the hook has pinned it. */
	*page = pfn_to_page(pfn);
	return 0;
}

/* All of it with the first vCPU's root, which is loaded for it. */
static int sev_map_with_vcpu(struct kvm_vcpu *vcpu, hva_t uaddr, unsigned long ulen,
			     struct page **pages, unsigned long npages,
			     sev_rfc_walk_fn walk)
{
	int ret;

	kvm_vcpu_srcu_read_lock(vcpu);
	ret = kvm_mmu_load(vcpu);
	if (!ret) {
		ret = walk(vcpu, uaddr & PAGE_MASK, uaddr + ulen - 1, pages, npages);
		kvm_mmu_unload(vcpu);
	}
	kvm_vcpu_srcu_read_unlock(vcpu);
	return ret;
}

struct page **sev_rfc_pin_memory_in_mmu(struct kvm *kvm, hva_t uaddr,
					unsigned long ulen, unsigned long *n,
					sev_rfc_walk_fn walk)
{
	struct kvm_vcpu *vcpu = kvm_get_vcpu(kvm, 0);
	struct page **pages;
	int ret = -EINTR;

	pages = sev_alloc_pages(to_kvm_sev_info(kvm), uaddr, ulen, n);
	if (IS_ERR(pages))
		return pages;
	if (!mutex_lock_killable(&vcpu->mutex)) {
		ret = sev_map_with_vcpu(vcpu, uaddr, ulen, pages, *n, walk);
		mutex_unlock(&vcpu->mutex);
	}
	if (!ret)
		return pages;
	kvfree(pages);
	return ERR_PTR(ret);
}
