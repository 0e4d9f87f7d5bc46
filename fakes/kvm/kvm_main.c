/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMs and vCPUs: their making and their end.  Stands for virt/kvm/kvm_main.c
 * (kvm_create_vm(), kvm_destroy_vm(), kvm_vm_ioctl_create_vcpu()) and
 * arch/x86/kvm/x86.c (kvm_arch_init_vm(), kvm_arch_destroy_vm()), v6.12
 * (contract G.14, N.2, N.3).
 *
 * Simpler than the kernel: nothing makes private memslots by itself, and who does
 * maps what backs them; a vCPU holds no reference on its VM, because there is no
 * file descriptor that could outlive the VM's.
 */
#include <linux/sched.h>
#include <linux/sched/mm.h>

#include "fakes/kvm/internal.h"
#include "fakes/sev/contents.h"
#include "sim/engine/footprint.h"

static struct kvm_world *make_world(void)
{
	struct kvm_world *w = sim_room(SIM_ROOM_KVM);

	if (w)
		return w;
	w = sim_room_create(SIM_ROOM_KVM, sizeof(*w));

	/* N.2, N.3, N.5: outer before inner. */
	sim_lock_order("kvm_lock", "vcpu_mutex");
	sim_lock_order("kvm_lock", "slots_lock");
	sim_lock_order("slots_lock", "slots_arch_lock");
	sim_lock_order("slots_arch_lock", "mn_invalidate_lock");
	sim_lock_order("slots_lock", "mmu_lock");
	sim_lock_order("vcpu_mutex", "mmap_lock");
	sim_lock_order("kvm_lock", "mmap_lock");
	sim_lock_order("mmap_lock", "mn_invalidate_lock");
	sim_lock_order("mmap_lock", "mmu_lock");
	sim_lock_order("folio_lock", "mmu_lock");
	sim_lock_order("anon_vma", "mmu_lock");
	return w;
}

static void init_locks(struct kvm *kvm)
{
	unsigned int n = kvm->number;

	rwlock_init_class(&kvm->mmu_lock, "mmu_lock", OBJ_LOCK_OF(sim_lock_class("mmu_lock"), n));
	mutex_init_class(&kvm->slots_lock, "slots_lock",
			 OBJ_LOCK_OF(sim_lock_class("slots_lock"), n));
	mutex_init_class(&kvm->slots_arch_lock, "slots_arch_lock",
			 OBJ_LOCK_OF(sim_lock_class("slots_arch_lock"), n));
	mutex_init_class(&kvm->lock, "kvm_lock", OBJ_LOCK_OF(sim_lock_class("kvm_lock"), n));
	spin_lock_init_class(&kvm->mn_invalidate_lock, "mn_invalidate_lock",
			     OBJ_LOCK_OF(sim_lock_class("mn_invalidate_lock"), n));
	spin_lock_init_class(&kvm->arch.tdp_mmu_pages_lock, "tdp_mmu_pages_lock",
			     OBJ_LOCK_OF(sim_lock_class("tdp_mmu_pages_lock"), n));
	sim_srcu_init(&kvm->srcu.srcu, OBJ_LOCK_OF(sim_lock_class("kvm_srcu"), n));
	sim_waitq_init(&kvm->mn_memslots_update_rcuwait.wq, OBJ_OF_KVM(kvm));
	sim_waitq_init(&kvm->slots_published.wq, OBJ_OF_KVM(kvm));
}

static int kvm_arch_init_vm(struct kvm *kvm, unsigned long type, const struct kvm_x86_ops *ops)
{
	int r;

	kvm->arch.vm_type = type;
	kvm->arch.ops = ops;
	INIT_LIST_HEAD(&kvm->arch.tdp_mmu_roots);
	kvm_mmu_init_vm(kvm);
	r = kvm_x86_vm_init(kvm);
	if (r)
		kvm_mmu_uninit_vm(kvm);
	return r;
}

/**
 * kvm_create_vm() - KVM_CREATE_VM
 * @type: KVM_X86_*_VM
 * @ops: the hooks of the design it runs, or NULL for plain KVM
 *
 * Context: thread of the process that will own it; sleepable. The first VM of
 * a world must be made before any task runs.
 * Return: VM with one user, or ERR_PTR: -EINVAL without an mm, or with a design that
 * needs what the profile's kernel has not; -EMFILE past
 * KVM_MAX_VMS, -ENOMEM, or what the design's vm_init said.
 */
struct kvm *kvm_create_vm(unsigned long type, const struct kvm_x86_ops *ops)
{
	struct kvm_world *w = make_world();
	struct kvm_svm *svm;
	struct kvm *kvm;
	int r;

	sev_world_init();
	if (!current->mm || (ops && ops->private_mem && !kernel_profile()->kvm_vm_types))
		return ERR_PTR(-EINVAL);
	if (w->nr == KVM_MAX_VMS)
		return ERR_PTR(-EMFILE);
	svm = kzalloc(sizeof(*svm), GFP_KERNEL);
	if (!svm)
		return ERR_PTR(-ENOMEM);
	kvm = &svm->kvm;
	kvm->number = w->nr++;
	w->vm[kvm->number].kvm = kvm;
	w->vm[kvm->number].design = ops ? ops->name : NULL;
	w->vm[kvm->number].owner = current->mm->id;
	w->pins |= ops && ops->kvm_pins;

	init_locks(kvm);
	mmgrab(current->mm);
	kvm->mm = current->mm;
	refcount_set(&kvm->users_count, 1);
	INIT_LIST_HEAD(&svm->sev_info.regions_list);
	INIT_LIST_HEAD(&svm->sev_info.mirror_vms);
	INIT_LIST_HEAD(&svm->sev_info.mirror_entry);
	INIT_LIST_HEAD(&kvm->enc_regions);
	INIT_LIST_HEAD(&kvm->private_gfns);
	kvm_memslots_init(kvm);

	r = kvm_arch_init_vm(kvm, type, ops);
	if (r)
		goto err;
	r = kvm_init_mmu_notifier(kvm);
	if (r) {
		kvm_x86_vm_destroy(kvm);
		kvm_mmu_uninit_vm(kvm);
		goto err;
	}
	return kvm;
err:
	w->vm[kvm->number].kvm = NULL;
	mmdrop(kvm->mm);
	kfree(svm);
	return ERR_PTR(r);
}

static void kvm_destroy_vcpus(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	int i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		kvm_clear_async_pf_completion_queue(vcpu);
		kvm_mmu_unload(vcpu);
	}
	kvm_for_each_vcpu(i, vcpu, kvm) {
		kvm_mmu_destroy(vcpu);
		kvm->vcpus[i] = NULL;
		kfree(vcpu);
	}
	atomic_set(&kvm->online_vcpus, 0);
}

/*
 * KVM's own slots, while there is a process to unmap what backs them. Nobody
 * else knows the VM any more: the lock is only taken where there is a slot.
 */
static void delete_private_memslots(struct kvm *kvm)
{
	struct kvm_userspace_memory_region2 none = { 0 };
	unsigned int i;

	if (current->mm != kvm->mm)
		return;
	for (i = 0; i < KVM_PRIVATE_MEM_SLOTS; i++) {
		none.slot = KVM_USER_MEM_SLOTS + i;
		if (id_to_memslot(kvm_memslots_locked(kvm, 0), none.slot))
			kvm_set_memory_region(kvm, &none);
	}
}

static void kvm_arch_destroy_vm(struct kvm *kvm)
{
	delete_private_memslots(kvm);
	/* L.16: which of the two goes first. */
	if (!kernel_profile()->vm_destroy_after_vcpus)
		kvm_x86_vm_destroy(kvm);
	kvm_destroy_vcpus(kvm);
	if (kernel_profile()->vm_destroy_after_vcpus)
		kvm_x86_vm_destroy(kvm);
	kvm_mmu_uninit_vm(kvm);
}

/*
 * G.14: notifier (zaps everything), design and vCPUs, slots. So what a design
 * has hung on slots goes after all SPTEs are gone and after vm_destroy().
 */
static void kvm_destroy_vm(struct kvm *kvm)
{
	struct kvm_number *n = &kvm_world()->vm[kvm->number];
	bool mirror = to_kvm_sev_info(kvm)->enc_context_owner;
	struct mm_struct *mm = kvm->mm;

	sim_note(SIM_ENTER, OBJ_OF_KVM(kvm), 0, 0, __func__);
	n->sev = sev_guest(kvm);
	kvm_exit_mmu_notifier(kvm);
	kvm_arch_destroy_vm(kvm);
	kvm_memslots_free(kvm);
	sev_vm_gone(kvm, mirror);
	kvm_regions_forget(kvm);
	kvm_free_mem_attributes(kvm);
	n->bugged = kvm->vm_bugged;
	n->kvm = NULL;
	sim_note(SIM_LEAVE, OBJ_OF_KVM(kvm), 0, 0, __func__);
	kfree(to_kvm_svm(kvm));
	mmdrop(mm);
}

/**
 * kvm_get_kvm() - one more user
 * @kvm: VM that has one
 *
 * Context: any.
 */
void kvm_get_kvm(struct kvm *kvm)
{
	refcount_inc(&kvm->users_count);
}

/**
 * kvm_put_kvm() - one user less; the VM goes with the last
 * @kvm: VM
 *
 * Context: sleepable, no lock of the VM's held.
 */
void kvm_put_kvm(struct kvm *kvm)
{
	if (refcount_dec_and_test(&kvm->users_count))
		kvm_destroy_vm(kvm);
}

/**
 * kvm_find() - the VM of a number
 * @number: counted from 0 in order of creation
 *
 * Context: any.
 * Return: VM, or NULL if there never was one or it is gone.
 */
__no_kcsan struct kvm *kvm_find(unsigned int number)
{
	const struct kvm_world *w = kvm_world();

	return number < w->nr ? sim_seen(w->vm[number].kvm) : NULL;
}

/**
 * kvm_vm_dead() - every ioctl fails from here on (I.10)
 * @kvm: the VM
 *
 * Context: any.
 */
void kvm_vm_dead(struct kvm *kvm)
{
	kvm->vm_dead = true;
}

/**
 * kvm_vm_bugged() - KVM has met a fault of its own
 * @kvm: the VM
 *
 * Context: any.
 */
void kvm_vm_bugged(struct kvm *kvm)
{
	kvm->vm_bugged = true;
	kvm_vm_dead(kvm);
}

static struct kvm_vcpu *find_vcpu(struct kvm *kvm, u32 id)
{
	struct kvm_vcpu *vcpu;
	int i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (vcpu->vcpu_id == id)
			return vcpu;
	}
	return NULL;
}

static struct kvm_vcpu *alloc_vcpu(struct kvm *kvm, u32 id)
{
	struct kvm_vcpu *vcpu = kzalloc(sizeof(*vcpu), GFP_KERNEL);
	int r;

	if (!vcpu)
		return ERR_PTR(-ENOMEM);
	vcpu->kvm = kvm;
	vcpu->vcpu_id = id;
	r = kvm_mmu_create(vcpu);
	if (r) {
		kfree(vcpu);
		return ERR_PTR(r);
	}
	return vcpu;
}

/**
 * kvm_vm_ioctl_create_vcpu() - KVM_CREATE_VCPU
 * @kvm: the VM
 * @id: what user space calls it
 *
 * Context: sleepable; takes kvm->lock.
 * Return: vCPU, or ERR_PTR: -EIO (G.1), -EINVAL for a bad number or too many,
 * -EEXIST, -ENOMEM.
 */
struct kvm_vcpu *kvm_vm_ioctl_create_vcpu(struct kvm *kvm, u32 id)
{
	struct kvm_vcpu *vcpu;
	bool full;

	if (kvm->mm != current->mm || kvm->vm_dead)
		return ERR_PTR(-EIO);
	if (id >= KVM_MAX_VCPUS)
		return ERR_PTR(-EINVAL);

	mutex_lock(&kvm->lock);
	full = kvm->created_vcpus >= KVM_MAX_VCPUS;
	if (!full)
		kvm->created_vcpus++;
	mutex_unlock(&kvm->lock);
	if (full)
		return ERR_PTR(-EINVAL);

	vcpu = alloc_vcpu(kvm, id);

	mutex_lock(&kvm->lock);
	if (!IS_ERR(vcpu) && find_vcpu(kvm, id)) {
		kvm_mmu_destroy(vcpu);
		kfree(vcpu);
		vcpu = ERR_PTR(-EEXIST);
	}
	if (IS_ERR(vcpu)) {
		kvm->created_vcpus--;
	} else {
		vcpu->vcpu_idx = atomic_read(&kvm->online_vcpus);
		mutex_init_class(&vcpu->mutex, "vcpu_mutex", OBJ_OF_VCPU(vcpu));
		kvm->vcpus[vcpu->vcpu_idx] = vcpu;
		atomic_set(&kvm->online_vcpus, vcpu->vcpu_idx + 1);
	}
	mutex_unlock(&kvm->lock);
	return vcpu;
}

/**
 * kvm_vcpu_srcu_read_lock() - the vCPU may look at memslots
 * @vcpu: vCPU
 *
 * Context: the task that runs @vcpu. A step.
 */
void kvm_vcpu_srcu_read_lock(struct kvm_vcpu *vcpu)
{
	vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);
}

/**
 * kvm_vcpu_srcu_read_unlock() - it will not look at what it found any more
 * @vcpu: vCPU
 *
 * Context: the task that runs @vcpu. A step.
 */
void kvm_vcpu_srcu_read_unlock(struct kvm_vcpu *vcpu)
{
	srcu_read_unlock(&vcpu->kvm->srcu, vcpu->srcu_idx);
}
