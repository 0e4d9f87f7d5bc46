/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Roots of the TDP tables (arch/x86/kvm/mmu/tdp_mmu.c, v6.12).
 *
 * One root serves all vCPUs of a VM that have the same role; vCPUs of another
 * role use another root over the same memslots, so that one gfn is mapped by
 * several SPTEs, none of which knows of the others.
 *
 * A valid root has a reference of the MMU's own. Making it invalid hands that
 * reference to whoever zaps the root; vCPUs keep theirs until they notice.
 */
#include <linux/kvm_host.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "mmutrace.h"
#include "tdp_mmu.h"

/**
 * kvm_mmu_init_tdp_mmu() - a new VM has no roots.
 * @kvm: the VM
 *
 * Context: nobody else knows the VM.
 */
void kvm_mmu_init_tdp_mmu(struct kvm *kvm)
{
	INIT_LIST_HEAD(&kvm->arch.tdp_mmu_roots);
	atomic64_set(&kvm->arch.tdp_mmu_pages, 0);
}

/**
 * kvm_mmu_uninit_tdp_mmu() - zap and free every root of a VM that goes.
 * @kvm: the VM; its vCPUs have no roots any more
 *
 * Context: nobody else knows the VM; takes mmu_lock.
 */
void kvm_mmu_uninit_tdp_mmu(struct kvm *kvm)
{
	kvm_tdp_mmu_invalidate_all_roots(kvm);
	kvm_tdp_mmu_zap_invalidated_roots(kvm);

	WARN_ON(atomic64_read(&kvm->arch.tdp_mmu_pages));
	WARN_ON(!list_empty(&kvm->arch.tdp_mmu_roots));
	rcu_barrier();
}

static void tdp_mmu_free_root_rcu(struct rcu_head *head)
{
	struct kvm_mmu_page *root = container_of(head, struct kvm_mmu_page,
						 rcu_head);

	kfree(root->spt);
	kfree(root);
}

/**
 * kvm_tdp_mmu_put_root() - drop a reference to a root.
 * @kvm: the VM
 * @root: the root
 *
 * Context: mmu_lock held, or nobody else knows the VM.
 */
void kvm_tdp_mmu_put_root(struct kvm *kvm, struct kvm_mmu_page *root)
{
	if (!refcount_dec_and_test(&root->tdp_mmu_root_count))
		return;

	/* The MMU's own reference goes last, and only from invalid roots. */
	KVM_BUG_ON(!root->role.invalid, kvm);

	spin_lock(&kvm->arch.tdp_mmu_pages_lock);
	list_del_rcu(&root->link);
	spin_unlock(&kvm->arch.tdp_mmu_pages_lock);
	atomic64_dec(&kvm->arch.tdp_mmu_pages);
	call_rcu(&root->rcu_head, tdp_mmu_free_root_rcu);
}

static struct kvm_mmu_page *tdp_mmu_get_root(struct kvm *kvm,
					     union kvm_mmu_page_role role)
{
	struct kvm_mmu_page *root;

	list_for_each_entry_rcu(root, &kvm->arch.tdp_mmu_roots, link) {
		if (root->role.word != role.word)
			continue;
		refcount_inc(&root->tdp_mmu_root_count);
		return root;
	}
	return NULL;
}

/* An empty root: one reference for the vCPU, one for the MMU. */
static struct kvm_mmu_page *tdp_mmu_new_root(struct kvm_vcpu *vcpu,
					     union kvm_mmu_page_role role)
{
	struct kvm_mmu_page *root = kzalloc(sizeof(*root), GFP_ATOMIC);

	if (!root)
		return NULL;
	root->spt = mmu_memory_cache_alloc(vcpu);
	root->role = role;
	refcount_set(&root->tdp_mmu_root_count, 2);
	return root;
}

/* Another vCPU may have added it since it was looked for. */
static struct kvm_mmu_page *tdp_mmu_add_root(struct kvm_vcpu *vcpu,
					     union kvm_mmu_page_role role)
{
	struct kvm *kvm = vcpu->kvm;
	struct kvm_mmu_page *root;

	spin_lock(&kvm->arch.tdp_mmu_pages_lock);
	root = tdp_mmu_get_root(kvm, role);
	if (!root) {
		root = tdp_mmu_new_root(vcpu, role);
		if (root) {
			/* The newest is zapped first. */
			list_add_rcu(&root->link, &kvm->arch.tdp_mmu_roots);
			atomic64_inc(&kvm->arch.tdp_mmu_pages);
		}
	}
	spin_unlock(&kvm->arch.tdp_mmu_pages_lock);
	return root;
}

/**
 * kvm_tdp_mmu_alloc_root() - load the root of a vCPU's role.
 * @vcpu: that has none loaded
 *
 * Context: vcpu->mutex held, its caches topped up. Takes mmu_lock.
 * Return: 0 or -ENOMEM.
 */
int kvm_tdp_mmu_alloc_root(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;
	struct kvm_mmu *mmu = vcpu->arch.mmu;
	struct kvm_mmu_page *root;

	kvm_mmu_lock_roots(kvm);
	trace_kvm_mmu_locked(kvm);
	root = tdp_mmu_get_root(kvm, mmu->root_role);
	if (!root)
		root = tdp_mmu_add_root(vcpu, mmu->root_role);
	if (root)
		mmu->root.hpa = (hpa_t)(unsigned long)root->spt;
	kvm_mmu_unlock_roots(kvm);
	return root ? 0 : -ENOMEM;
}

/**
 * kvm_tdp_mmu_invalidate_all_roots() - no fault may use today's roots again.
 * @kvm: the VM
 *
 * Faults that share mmu_lock later find their root invalid and start over
 * (H.17); the entries still map until somebody zaps them.
 *
 * Context: mmu_lock held exclusively (or the VM is known to nobody), and
 * slots_lock, which covers the zapping to come.
 */
void kvm_tdp_mmu_invalidate_all_roots(struct kvm *kvm)
{
	struct kvm_mmu_page *root;

	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link) {
		if (root->role.invalid)
			continue;
		root->tdp_mmu_scheduled_root_to_zap = true;
		root->role.invalid = true;
	}
}
