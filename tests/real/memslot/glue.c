/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's change of memslots in the place of the model's memslot_update.c.
 * The rest of the model reads a set's array: it gets and loses a slot when the
 * kernel's hash of numbers does.
 */
#include <linux/kvm_host.h>

#include "fakes/kvm/internal.h"
#include "fakes/sev/contents.h"
#include "tests/real/memslot/glue.h"
#include "tests/real/real_world.h"

/* A fault that planted_test.py has to be told of; 0: none. */
#ifndef PLANT
#define PLANT 0
#endif

/* v6.1's take a shorter struct with the same beginning. */
int real_kvm_set_memory_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem);
int real___kvm_set_memory_region(struct kvm *kvm,
				 const struct kvm_userspace_memory_region2 *mem);
void real_kvm_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot);

int __kvm_set_memory_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem)
{
	if (sim_task_id() >= 0)
		real_called();
	return real___kvm_set_memory_region(kvm, mem);
}

int kvm_set_memory_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem)
{
	if (sim_task_id() >= 0)
		real_called();
	return real_kvm_set_memory_region(kvm, mem);
}

void kvm_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	real_kvm_free_memslot(kvm, slot);
}

void real_slot_added(struct kvm_memslots *set, struct kvm_memory_slot *slot)
{
	kvm_memslots_insert(set, slot);
}

void real_slot_removed(struct kvm_memslots *set, struct kvm_memory_slot *slot)
{
	/* 1: it is to be found for ever. */
	if (PLANT != 1)
		kvm_memslots_remove(set, slot);
}

void real_publish(struct kvm *kvm, int as_id, struct kvm_memslots *set)
{
	sim_step2(SIM_WRITE, OBJ_OF_KVM(kvm), set->generation & ~(1ULL << 63), 0,
		  "kvm_swap_active_memslots");
	if (!as_id)
		sev_guest_slots_change(kvm, kvm_memslots_locked(kvm, as_id), set);
	WRITE_ONCE(kvm->memslots[as_id], set);
	sim_waitq_wake(&kvm->slots_published.wq);
}
