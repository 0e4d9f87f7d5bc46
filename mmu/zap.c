/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who asks for zaps: MMU notifier, memslot updates, the end of the mm; and for
 * less than that, dirty logging (arch/x86/kvm/mmu/mmu.c, v6.12:
 * kvm_unmap_gfn_range(), kvm_age_gfn(), kvm_mmu_zap_all_fast(), kvm_mmu_zap_all(),
 * kvm_arch_flush_shadow_*(), kvm_mmu_slot_remove_write_access(); v6.1:
 * kvm_set_spte_gfn()).
 *
 * Roots vanish as a whole, and with them everything that anybody kept in an
 * SPTE; the pages are none the wiser (H.32). So does 6.1 when a slot is deleted
 * or moved, and 6.12 if the VM's type is the default one (G.12).
 *
 * Simpler than the kernel: nothing is shadowed, so there are no tables of the
 * guest's that would have to go with a slot.
 */
#include <linux/kvm_host.h>

#include "mmutrace.h"
#include "spte.h"
#include "tdp_mmu.h"

/**
 * kvm_unmap_gfn_range() - an MMU notifier window opens over part of a slot.
 * @kvm: the VM
 * @range: the part
 *
 * Context: mmu_lock held exclusively; does not sleep.
 * Return: whether TLBs must be flushed before mmu_lock is released.
 */
bool kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
	lockdep_assert_held_write(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	return kvm_tdp_mmu_unmap_gfn_range(kvm, range, false);
}

/**
 * kvm_age_gfn() - has the guest used this part of a slot (H.33)?
 * @kvm: the VM
 * @range: the part
 *
 * Context: mmu_lock held exclusively; does not sleep.
 * Return: whether it has, since this was last asked.
 */
bool kvm_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	lockdep_assert_held_write(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	return kvm_tdp_mmu_age_gfn_range(kvm, range);
}

/**
 * kvm_set_spte_gfn() - the process maps another page here (H.29).
 * @kvm: the VM
 * @range: one gfn, and what the process's entry will say
 *
 * Context: mmu_lock held exclusively; does not sleep.
 * Return: whether TLBs must be flushed before mmu_lock is released.
 */
bool kvm_set_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	lockdep_assert_held_write(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	return kvm_tdp_mmu_set_spte_gfn(kvm, range);
}

/**
 * kvm_mmu_zap_all_fast() - all translations of the VM go (H.31).
 * @kvm: the VM
 *
 * The roots are made invalid at once and zapped afterwards, so that vCPUs may
 * already be faulting into new ones. All leaves that there were at the time of
 * the call are gone on return.
 *
 * Context: slots_lock held; may yield; takes mmu_lock.
 */
void kvm_mmu_zap_all_fast(struct kvm *kvm)
{
	lockdep_assert_held(&kvm->slots_lock);

	write_lock(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	kvm->arch.mmu_valid_gen = kvm->arch.mmu_valid_gen ? 0 : 1;
	kvm_tdp_mmu_invalidate_all_roots(kvm);
	write_unlock(&kvm->mmu_lock);

	kvm_tdp_mmu_zap_invalidated_roots(kvm);
}

/**
 * kvm_mmu_zap_all() - the mm goes, no vCPU will run again (H.35).
 * @kvm: the VM
 *
 * Context: may yield; takes mmu_lock.
 */
void kvm_mmu_zap_all(struct kvm *kvm)
{
	write_lock(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	kvm_tdp_mmu_zap_all(kvm);
	write_unlock(&kvm->mmu_lock);
}

/**
 * kvm_arch_flush_shadow_memslot() - a slot is INVALID and about to go.
 * @kvm: the VM
 * @slot: the slot
 *
 * All translations of the VM go, or only those of the slot (G.12). Faults that
 * had found the slot valid are over: they held SRCU.
 *
 * Context: slots_lock held; may yield; takes mmu_lock.
 */
void kvm_arch_flush_shadow_memslot(struct kvm *kvm,
				   struct kvm_memory_slot *slot)
{
	struct kvm_gfn_range range = {
		.slot = slot,
		.start = slot->base_gfn,
		.end = slot->base_gfn + slot->npages,
		.may_block = true,
	};

	if (kvm_memslot_flush_zap_all(kvm)) {
		kvm_mmu_zap_all_fast(kvm);
		return;
	}

	write_lock(&kvm->mmu_lock);
	if (kvm_unmap_gfn_range(kvm, &range))
		kvm_flush_remote_tlbs(kvm);
	write_unlock(&kvm->mmu_lock);
}

/**
 * kvm_arch_flush_shadow_all() - the mm or the VM is going away.
 * @kvm: the VM
 *
 * Context: may yield; takes mmu_lock.
 */
void kvm_arch_flush_shadow_all(struct kvm *kvm)
{
	kvm_mmu_zap_all(kvm);
}

/**
 * kvm_mmu_invalidate_mmio_sptes() - MMIO SPTEs are about other slots now (G.8).
 * @kvm: the VM
 * @gen: generation of the slots
 *
 * They know by themselves, but for a generation that comes again because they
 * have no room for all of it: then everything goes.
 *
 * Context: slots_lock held; may yield; takes mmu_lock if so.
 */
void kvm_mmu_invalidate_mmio_sptes(struct kvm *kvm, u64 gen)
{
	WARN_ON_ONCE(gen & KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS);

	/* Each address space counts by itself. */
	gen &= MMIO_SPTE_GEN_MASK & ~(u64)(kvm_arch_nr_memslot_as_ids(kvm) - 1);
	if (!gen)
		kvm_mmu_zap_all_fast(kvm);
}

/**
 * kvm_mmu_slot_remove_write_access() - dirty pages are logged from here on.
 * @kvm: the VM
 * @slot: the slot
 * @start_level: leaves below this level keep what they have
 *
 * A leaf that is not writable any more keeps the mark that it may be, by which
 * the fault of the next write gives it back without a lock.
 *
 * Context: slots_lock held; may yield; takes mmu_lock.
 */
void kvm_mmu_slot_remove_write_access(struct kvm *kvm,
				      const struct kvm_memory_slot *slot,
				      int start_level)
{
	read_lock(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	kvm_tdp_mmu_wrprot_slot(kvm, slot, start_level);
	read_unlock(&kvm->mmu_lock);
}
