/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of fakes/kvm share: the room's root object and the seams
 * between VMs, memslots and the notifier.
 */
#ifndef FAKES_KVM_INTERNAL_H
#define FAKES_KVM_INTERNAL_H

#include <linux/kvm_host.h>
#include <svm/svm.h>

#include "fakes/objects.h"
#include "fakes/profile.h"
#include "sim/core/step.h"
#include "sim/core/world.h"

/* More would not fit the fields of sim_obj_t and the keys of fakes/sev. */
#define KVM_MAX_VMS	31

/**
 * struct kvm_number - what a VM number stands for
 * @kvm: the VM, NULL once it is gone
 * @design: name of its hooks
 * @owner: process that created it
 * @sev: it was an SEV guest when it went
 * @bugged: it had met a KVM_BUG_ON when it went
 */
struct kvm_number {
	struct kvm *kvm;
	const char *design;
	unsigned int owner;
	bool sev;
	bool bugged;
};

/**
 * struct kvm_world - the root object of fakes/kvm
 * @nr: VMs ever made; their numbers
 * @pins: some VM's design has patched KVM so that it may pin what it finds
 * @vm: by number
 */
struct kvm_world {
	unsigned int nr;
	bool pins;
	struct kvm_number vm[KVM_MAX_VMS];
};

/* Before the first VM is made: zeroes, for who reads without hooks. */
static __always_inline struct kvm_world *kvm_world(void)
{
	return sim_room_at(SIM_ROOM_KVM);
}

#define OBJ_OF_KVM(kvm)		OBJ_VM_OF((kvm)->number)
#define OBJ_OF_VCPU(vcpu)	OBJ_VCPU_OF((vcpu)->kvm->number, (vcpu)->vcpu_idx)
#define OBJ_OF_SLOT(kvm, slot)	OBJ_SLOT_OF((kvm)->number, kvm_slot_name(slot))

/* 16 bits that tell a VM's slots apart: SMM's have the top bit set. */
static inline u32 kvm_slot_name(const struct kvm_memory_slot *slot)
{
	return (u16)slot->id | (slot->as_id ? 0x8000 : 0);
}

/* --- memslots.c: the sets --- */

/* Two empty sets for each address space. */
void kvm_memslots_init(struct kvm *kvm);
/* The VM is going: free every slot and the sets. */
void kvm_memslots_free(struct kvm *kvm);
/* The active set for its updater, who holds slots_lock; no step. */
struct kvm_memslots *kvm_memslots_locked(struct kvm *kvm, int as_id);
/* The other one, which no reader sees; slots_arch_lock held. */
struct kvm_memslots *kvm_memslots_inactive(struct kvm *kvm, int as_id);
/* Change a set that no reader sees; removing a slot that is not there is a BUG. */
void kvm_memslots_insert(struct kvm_memslots *set, struct kvm_memory_slot *slot);
void kvm_memslots_remove(struct kvm_memslots *set, struct kvm_memory_slot *slot);
/* G.5: does [@start, @end) meet a slot of the set other than @id? */
bool kvm_memslots_overlap(struct kvm_memslots *set, int id, gfn_t start, gfn_t end);

/* --- pfn.c, pfn_pinned.c --- */

/* What becomes of a fault without a page: KVM_PFN_ERR_*; @async as in hva_to_pfn(). */
kvm_pfn_t hva_to_pfn_failed(unsigned long addr, int err, bool *async, bool write_fault);
kvm_pfn_t hva_to_pfn_pinned(unsigned long addr, bool *async, bool write_fault, bool *writable);

/* --- memslot_update.c --- */

/* A slot that nobody sees any more, with all its metadata. May sleep. */
void kvm_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot);

/* --- regions.c --- */

/* User space has registered a range; unregisters it, and has; the VM is going. */
void kvm_region_registered(struct kvm *kvm, const struct kvm_enc_region *range);
void kvm_region_unregistering(struct kvm *kvm, const struct kvm_enc_region *range);
void kvm_region_unregistered(struct kvm *kvm, const struct kvm_enc_region *range, int result);
void kvm_regions_forget(struct kvm *kvm);
/* The guest is another VM's now, and so are they. */
void kvm_regions_moved(struct kvm *to, struct kvm *from);

/* --- mmu_notifier.c --- */

/* Begin and cease to follow the mm's page tables. May sleep. */
int kvm_init_mmu_notifier(struct kvm *kvm);
void kvm_exit_mmu_notifier(struct kvm *kvm);

#endif
