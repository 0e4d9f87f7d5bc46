/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of memslots and how to find a slot in one.  Stands for the lookups of
 * include/linux/kvm_host.h and virt/kvm/kvm_main.c, v6.12 (kvm_memslots(),
 * gfn_to_memslot(), kvm_vcpu_gfn_to_memslot(), id_to_memslot()).
 *
 * An address space has two sets. Readers see the active one, under kvm->srcu;
 * an updater changes the other and then swaps them (memslot_update.c).
 *
 * Simpler than the kernel: a set is an array of slots sorted by gfn, where the
 * kernel has a red-black tree by gfn, an interval tree by address and a hash by
 * number, with nodes inside the slot. So a set's array may have to grow; that
 * can not fail here as it can not in the kernel.  A VM's slots are counted in
 * tens, so looking for a number or an address is a walk.
 */
#include <linux/string.h>

#include "fakes/kvm/internal.h"
#include "sim/core/alloc.h"

/* Places that a set begins with. */
#define SET_CAPACITY	4

void kvm_memslots_init(struct kvm *kvm)
{
	unsigned int as_id, i;

	for (as_id = 0; as_id < KVM_MAX_NR_ADDRESS_SPACES; as_id++) {
		for (i = 0; i < 2; i++)
			kvm->__memslots[as_id][i].generation = as_id;
		kvm->memslots[as_id] = &kvm->__memslots[as_id][0];
	}
}

/* G.14, last act: every slot goes, in order of gfn (the kernel's is its hash's). */
void kvm_memslots_free(struct kvm *kvm)
{
	unsigned int as_id, i;

	for (as_id = 0; as_id < kvm_arch_nr_memslot_as_ids(kvm); as_id++) {
		struct kvm_memslots *set = kvm_memslots_locked(kvm, as_id);

		for (i = 0; i < set->nr_slots; i++)
			kvm_free_memslot(kvm, set->slots[i]);
		sim_free(kvm->__memslots[as_id][0].slots);
		sim_free(kvm->__memslots[as_id][1].slots);
	}
}

/**
 * kvm_arch_nr_memslot_as_ids() - how many address spaces a VM has
 * @kvm: the VM
 *
 * Context: any.
 * Return: 2: normal and SMM; 1 where some memory is the guest's own (6.12).
 */
unsigned int kvm_arch_nr_memslot_as_ids(struct kvm *kvm)
{
	return kvm_arch_has_private_mem(kvm) ? 1 : KVM_MAX_NR_ADDRESS_SPACES;
}

struct kvm_memslots *kvm_memslots_locked(struct kvm *kvm, int as_id)
{
	return kvm->memslots[as_id];
}

struct kvm_memslots *kvm_memslots_inactive(struct kvm *kvm, int as_id)
{
	struct kvm_memslots *sets = kvm->__memslots[as_id];

	return kvm->memslots[as_id] == &sets[0] ? &sets[1] : &sets[0];
}

/* Index of the first slot that begins behind @gfn. */
static unsigned int first_behind(const struct kvm_memslots *set, gfn_t gfn)
{
	unsigned int low = 0, high = set->nr_slots;

	while (low < high) {
		unsigned int mid = (low + high) / 2;

		if (set->slots[mid]->base_gfn > gfn)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static void grow(struct kvm_memslots *set)
{
	unsigned int capacity = set->capacity ? set->capacity * 2 : SET_CAPACITY;
	struct kvm_memory_slot **slots = sim_alloc(capacity * sizeof(*slots));
	unsigned int i;

	for (i = 0; i < set->nr_slots; i++)
		slots[i] = set->slots[i];
	sim_free(set->slots);
	set->slots = slots;
	set->capacity = capacity;
}

void kvm_memslots_insert(struct kvm_memslots *set, struct kvm_memory_slot *slot)
{
	unsigned int at, i;

	if (set->nr_slots == set->capacity)
		grow(set);
	at = first_behind(set, slot->base_gfn);
	for (i = set->nr_slots; i > at; i--)
		set->slots[i] = set->slots[i - 1];
	set->slots[at] = slot;
	set->nr_slots++;
}

void kvm_memslots_remove(struct kvm_memslots *set, struct kvm_memory_slot *slot)
{
	unsigned int i;

	for (i = 0; i < set->nr_slots && set->slots[i] != slot; i++)
		;
	BUG_ON(i == set->nr_slots);
	set->nr_slots--;
	for (; i < set->nr_slots; i++)
		set->slots[i] = set->slots[i + 1];
	set->slots[i] = NULL;
}

bool kvm_memslots_overlap(struct kvm_memslots *set, int id, gfn_t start, gfn_t end)
{
	struct kvm_memory_slot *slot;
	unsigned int i;

	kvm_for_each_memslot(slot, i, set) {
		if (slot->id != id && slot->base_gfn < end &&
		    start < slot->base_gfn + slot->npages)
			return true;
	}
	return false;
}

/**
 * __kvm_memslots() - the set that readers see
 * @kvm: the VM
 * @as_id: address space
 *
 * Context: kvm->srcu read side or slots_lock. Reading the pointer is a step,
 * but for an address space that never had a slot: there is nothing to miss.
 * Return: the set; valid until the caller leaves SRCU.
 */
struct kvm_memslots *__kvm_memslots(struct kvm *kvm, int as_id)
{
	if (kvm->__memslots[as_id][0].slots || kvm->__memslots[as_id][1].slots)
		sim_step(SIM_READ, OBJ_OF_KVM(kvm), "kvm_memslots");
	return kvm->memslots[as_id];
}

/**
 * kvm_memslots() - __kvm_memslots() of the normal address space
 * @kvm: the VM
 *
 * Context: kvm->srcu read side or slots_lock. A step.
 * Return: the set.
 */
struct kvm_memslots *kvm_memslots(struct kvm *kvm)
{
	return __kvm_memslots(kvm, 0);
}

/**
 * id_to_memslot() - the slot of a number
 * @slots: a set
 * @id: number
 *
 * Context: whoever holds the set.
 * Return: slot, or NULL.
 */
struct kvm_memory_slot *id_to_memslot(struct kvm_memslots *slots, int id)
{
	struct kvm_memory_slot *slot;
	unsigned int i;

	kvm_for_each_memslot(slot, i, slots) {
		if (slot->id == id)
			return slot;
	}
	return NULL;
}

/**
 * __gfn_to_memslot() - the slot that holds a gfn
 * @slots: a set
 * @gfn: frame number
 *
 * Context: whoever holds the set.
 * Return: slot, INVALID ones too; NULL if none.
 */
struct kvm_memory_slot *__gfn_to_memslot(struct kvm_memslots *slots, gfn_t gfn)
{
	unsigned int i = first_behind(slots, gfn);
	struct kvm_memory_slot *slot;

	if (!i)
		return NULL;
	slot = slots->slots[i - 1];
	return gfn - slot->base_gfn < slot->npages ? slot : NULL;
}

/**
 * gfn_to_memslot() - the slot that holds a gfn of the normal address space
 * @kvm: the VM
 * @gfn: frame number
 *
 * Context: kvm->srcu read side or slots_lock. A step.
 * Return: slot, INVALID ones too; NULL if none.
 */
struct kvm_memory_slot *gfn_to_memslot(struct kvm *kvm, gfn_t gfn)
{
	return __gfn_to_memslot(kvm_memslots(kvm), gfn);
}

/**
 * kvm_vcpu_gfn_to_memslot() - the same, remembering the last answer (G.8a)
 * @vcpu: who asks; its address space decides
 * @gfn: frame number
 *
 * Context: kvm->srcu read side, by the task that runs @vcpu. A step.
 * Return: slot, INVALID ones too; NULL if none.
 */
struct kvm_memory_slot *kvm_vcpu_gfn_to_memslot(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	struct kvm_memslots *slots =
		__kvm_memslots(vcpu->kvm, vcpu->arch.root_mmu.root_role.smm);
	struct kvm_memory_slot *slot = vcpu->last_used_slot;

	/* Of another generation, the slot may be freed: do not look at it. */
	if (slots->generation != vcpu->last_used_slot_gen) {
		vcpu->last_used_slot = NULL;
		vcpu->last_used_slot_gen = slots->generation;
		slot = NULL;
	}
	if (slot && gfn - slot->base_gfn < slot->npages)
		return slot;
	slot = __gfn_to_memslot(slots, gfn);
	if (slot)
		vcpu->last_used_slot = slot;
	return slot;
}

/**
 * gfn_to_hva_memslot() - address of a page of a slot, for reading
 * @slot: slot, or NULL
 * @gfn: frame number within it
 *
 * Context: kvm->srcu read side.
 * Return: address, or KVM_HVA_ERR_BAD without a valid slot.
 */
unsigned long gfn_to_hva_memslot(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	if (!slot || slot->flags & KVM_MEMSLOT_INVALID)
		return KVM_HVA_ERR_BAD;
	return __gfn_to_hva_memslot(slot, gfn);
}

/**
 * gfn_to_hva() - address of a guest page, for reading
 * @kvm: the VM
 * @gfn: frame number
 *
 * Context: kvm->srcu read side. A step.
 * Return: address, or KVM_HVA_ERR_BAD.
 */
unsigned long gfn_to_hva(struct kvm *kvm, gfn_t gfn)
{
	return gfn_to_hva_memslot(gfn_to_memslot(kvm, gfn), gfn);
}
