/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MMU of a VM and of a vCPU: caches, roots, coming and going
 * (arch/x86/kvm/mmu/mmu.c, v6.12).
 *
 * A vCPU takes the tables that a fault may need before it takes mmu_lock, since
 * nothing can be allocated with a sleep under it: one for each level.
 *
 * Simpler than the kernel: always the TDP MMU with four levels, no shadow
 * paging, no nested guests; a vCPU's role is a number that the race gave it and
 * never changes; obsolete roots are noticed when the vCPU next enters the
 * guest, not by a request that kicks it.
 */
#include <linux/kvm_host.h>
#include <linux/slab.h>

#include "mmutrace.h"
#include "tdp_mmu.h"

/**
 * mmu_topup_memory_caches() - make sure that a fault finds its tables.
 * @vcpu: that is about to fault
 *
 * Context: vcpu->mutex held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int mmu_topup_memory_caches(struct kvm_vcpu *vcpu)
{
	return kvm_mmu_topup_memory_cache(&vcpu->arch.mmu_shadow_page_cache,
					  PT64_ROOT_4LEVEL);
}

/**
 * mmu_free_memory_caches() - give back what a vCPU did not use.
 * @vcpu: that goes
 *
 * Context: nobody runs the vCPU.
 */
void mmu_free_memory_caches(struct kvm_vcpu *vcpu)
{
	kvm_mmu_free_memory_cache(&vcpu->arch.mmu_shadow_page_cache);
}

/**
 * mmu_memory_cache_alloc() - take an empty table.
 * @vcpu: whose cache
 *
 * Context: any; does not sleep.
 * Return: the table; the cache was topped up, so there is one.
 */
u64 *mmu_memory_cache_alloc(struct kvm_vcpu *vcpu)
{
	return kvm_mmu_memory_cache_alloc(&vcpu->arch.mmu_shadow_page_cache);
}

/**
 * kvm_mmu_root() - the root that a vCPU runs on.
 * @vcpu: the vCPU
 *
 * Context: vcpu->mutex held; the vCPU's reference keeps the root.
 * Return: the root, or NULL if none is loaded.
 */
struct kvm_mmu_page *kvm_mmu_root(struct kvm_vcpu *vcpu)
{
	hpa_t hpa = vcpu->arch.mmu->root.hpa;
	struct kvm_mmu_page *root;

	if (hpa == INVALID_PAGE)
		return NULL;
	list_for_each_entry_rcu(root, &vcpu->kvm->arch.tdp_mmu_roots, link)
		if ((hpa_t)(unsigned long)root->spt == hpa)
			return root;
	BUG();
}

/**
 * kvm_mmu_load() - give a vCPU its root.
 * @vcpu: that has none
 *
 * Context: vcpu->mutex held; may sleep; takes mmu_lock.
 * Return: 0 or -ENOMEM.
 */
int kvm_mmu_load(struct kvm_vcpu *vcpu)
{
	int r = mmu_topup_memory_caches(vcpu);

	if (r)
		return r;
	return kvm_tdp_mmu_alloc_root(vcpu);
}

/**
 * kvm_mmu_unload() - take a vCPU's root away.
 * @vcpu: the vCPU
 *
 * Context: vcpu->mutex held or nobody runs it; takes mmu_lock.
 */
void kvm_mmu_unload(struct kvm_vcpu *vcpu)
{
	struct kvm_mmu_page *root = kvm_mmu_root(vcpu);

	if (!root)
		return;
	kvm_mmu_lock_roots(vcpu->kvm);
	trace_kvm_mmu_locked(vcpu->kvm);
	vcpu->arch.mmu->root.hpa = INVALID_PAGE;
	kvm_tdp_mmu_put_root(vcpu->kvm, root);
	kvm_mmu_unlock_roots(vcpu->kvm);
}

/**
 * kvm_mmu_reload() - what a vCPU does before it enters the guest.
 * @vcpu: the vCPU
 *
 * Context: vcpu->mutex held; may sleep; takes mmu_lock if there is anything to
 * do.
 * Return: 0 or -ENOMEM.
 */
int kvm_mmu_reload(struct kvm_vcpu *vcpu)
{
	struct kvm_mmu_page *root = kvm_mmu_root(vcpu);

	if (root && !root->role.invalid)
		return 0;
	kvm_mmu_unload(vcpu);
	return kvm_mmu_load(vcpu);
}

/**
 * kvm_mmu_create() - the MMU's part of a new vCPU.
 * @vcpu: the vCPU; its variant of the role may be set later, before it runs
 *
 * The caches are filled here already, where the kernel waits for the first
 * fault: no race is about that.
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM with nothing left behind.
 */
int kvm_mmu_create(struct kvm_vcpu *vcpu)
{
	struct kvm_mmu *mmu = &vcpu->arch.root_mmu;
	int r;

	vcpu->arch.mmu = mmu;
	mmu->root.hpa = INVALID_PAGE;
	mmu->root_role.level = PT64_ROOT_4LEVEL;
	mmu->root_role.direct = 1;
	r = mmu_topup_memory_caches(vcpu);
	if (r)
		mmu_free_memory_caches(vcpu);
	return r;
}

/**
 * kvm_mmu_destroy() - the MMU's part of a vCPU goes.
 * @vcpu: nobody runs it
 *
 * Context: may sleep; takes mmu_lock.
 */
void kvm_mmu_destroy(struct kvm_vcpu *vcpu)
{
	kvm_mmu_unload(vcpu);
	mmu_free_memory_caches(vcpu);
}

/**
 * kvm_mmu_init_vm() - the MMU's part of a new VM.
 * @kvm: the VM
 *
 * Context: nobody else knows the VM.
 */
void kvm_mmu_init_vm(struct kvm *kvm)
{
	trace_kvm_mmu_init();
	kvm_mmu_init_tdp_mmu(kvm);
}

/**
 * kvm_mmu_uninit_vm() - the MMU's part of a VM goes.
 * @kvm: the VM; its vCPUs have no roots any more
 *
 * Context: nobody else knows the VM; takes mmu_lock.
 */
void kvm_mmu_uninit_vm(struct kvm *kvm)
{
	kvm_mmu_uninit_tdp_mmu(kvm);
}
