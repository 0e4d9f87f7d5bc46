/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What others may see of VMs and slots (fakes/kvm/probe.h). No steps.
 *
 * Checks look here after every other step, so what only reads is spared the
 * hooks (__no_kcsan) and says itself what it sees; but for the counts that no
 * check asks for: vCPUs and invalidations. A result is the caller's own, never
 * in the world.
 */
#include "fakes/kvm/internal.h"
#include "fakes/kvm/probe.h"
#include "sim/engine/footprint.h"

__no_kcsan unsigned int probe_nr_vms(void)
{
	return kvm_world()->nr;
}

static __no_kcsan void probe_living(struct kvm *kvm, struct probe_vm *ret)
{
	const struct kvm_memslots *set;
	unsigned int as_id;

	ret->sev = sev_guest(kvm);
	ret->dead = sim_seen(kvm->vm_dead);
	ret->bugged = sim_seen(kvm->vm_bugged);
	for (as_id = 0; as_id < kvm_arch_nr_memslot_as_ids(kvm); as_id++) {
		set = sim_seen(kvm->memslots[as_id]);
		ret->nr_slots += sim_seen(set->nr_slots);
	}
	ret->nr_vcpus = atomic_read(&kvm->online_vcpus);
	ret->invalidate_seq = kvm->mmu_invalidate_seq;
	ret->invalidate_in_progress = kvm->mmu_invalidate_in_progress;
	ret->active_invalidates = kvm->mn_active_invalidate_count;
}

/**
 * probe_vm() - a VM as it is, or what is left to say about one that is gone
 * @vm: number
 * @ret_vm: result
 *
 * Return: false if there never was such a VM.
 */
__no_kcsan bool probe_vm(unsigned int vm, struct probe_vm *ret_vm)
{
	const struct kvm_number *n;

	if (vm >= probe_nr_vms())
		return false;
	n = &kvm_world()->vm[vm];
	ret_vm->owner = n->owner;
	ret_vm->design = n->design;
	ret_vm->sev = n->sev;
	ret_vm->dead = true;
	ret_vm->destroyed = !sim_seen(n->kvm);
	ret_vm->bugged = n->bugged;
	ret_vm->nr_slots = 0;
	ret_vm->nr_vcpus = 0;
	ret_vm->invalidate_seq = 0;
	ret_vm->invalidate_in_progress = 0;
	ret_vm->active_invalidates = 0;
	if (n->kvm)
		probe_living(n->kvm, ret_vm);
	return true;
}

/**
 * probe_slot() - a slot of the active sets
 * @vm: number of the VM
 * @i: counts the slots in order of their gfn, SMM's behind the normal ones
 * @ret_slot: result
 *
 * Return: false past the last.
 */
__no_kcsan bool probe_slot(unsigned int vm, unsigned int i, struct probe_slot *ret_slot)
{
	struct kvm *kvm = kvm_find(vm);
	const struct kvm_memory_slot *slot;
	struct kvm_memslots *set;
	unsigned int as_id;

	if (!kvm)
		return false;
	for (as_id = 0; as_id < kvm_arch_nr_memslot_as_ids(kvm); as_id++) {
		set = sim_seen(kvm->memslots[as_id]);
		if (i >= sim_seen(set->nr_slots)) {
			i -= set->nr_slots;
			continue;
		}
		slot = sim_seen(set->slots[i]);
		ret_slot->id = slot->id | slot->as_id << 16;
		ret_slot->base_gfn = slot->base_gfn;
		ret_slot->npages = slot->npages;
		ret_slot->userspace_addr = slot->userspace_addr;
		ret_slot->invalid = sim_seen(slot->flags) & KVM_MEMSLOT_INVALID;
		ret_slot->readonly = slot->flags & KVM_MEM_READONLY;
		return true;
	}
	return false;
}
