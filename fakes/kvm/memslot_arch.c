/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86's part of a memslot change: which blocks may be mapped huge, and the
 * design's metadata.  Stands for arch/x86/kvm/x86.c, v6.12:
 * kvm_alloc_memslot_metadata(), kvm_arch_prepare_memory_region(),
 * kvm_arch_commit_memory_region(), kvm_arch_free_memslot().  The design's two
 * hooks sit where RFC v0 put them (hazards 1.3): last in either direction.
 *
 * Simpler than the kernel: no reverse maps (the TDP MMU needs none); nothing that
 * dirty logging had split is put together again.
 */
#include <linux/string.h>

#include "fakes/kvm/internal.h"

#define MAX_GFN		((1ULL << (KVM_MAX_GPA_BITS - PAGE_SHIFT)) - 1)

/**
 * kvm_arch_has_private_mem() - may it have memory that the host can not map?
 * @kvm: the VM
 *
 * fakes/kvm/guest_memfd.c has it.
 *
 * Context: any.
 * Return: whether its type says so.
 */
bool kvm_arch_has_private_mem(struct kvm *kvm)
{
	return (kvm->arch.vm_type == KVM_X86_SW_PROTECTED_VM ||
		kvm->arch.vm_type == KVM_X86_SNP_VM) && kernel_profile()->kvm_vm_types;
}

/**
 * kvm_arch_has_readonly_mem() - may its slots be read-only?
 * @kvm: the VM
 *
 * A write to one is emulated, which takes a look at registers: 6.12 knows by the
 * VM's type that it will have none.
 *
 * Context: any.
 * Return: whether they may.
 */
bool kvm_arch_has_readonly_mem(struct kvm *kvm)
{
	return !kernel_profile()->kvm_vm_types || (kvm->arch.vm_type != KVM_X86_SEV_ES_VM &&
						   kvm->arch.vm_type != KVM_X86_SNP_VM);
}

/**
 * kvm_memslot_flush_zap_all() - does a slot that goes take all mappings along?
 * @kvm: the VM
 *
 * arch/x86/kvm/mmu/mmu.c, v6.12: kvm_arch_flush_shadow_memslot() asks; before,
 * nobody did (G.12).  The quirk that says so for VMs of the default type is on.
 *
 * Context: any.
 * Return: whether it does; else only those of the slot go.
 */
bool kvm_memslot_flush_zap_all(struct kvm *kvm)
{
	return !kernel_profile()->kvm_vm_types || kvm->arch.vm_type == KVM_X86_DEFAULT_VM;
}

/* Blocks of @level that the slot touches. */
static unsigned long slot_lpages(const struct kvm_memory_slot *slot, int level)
{
	return gfn_to_index(slot->base_gfn + slot->npages - 1, slot->base_gfn, level) + 1;
}

static void free_lpage_info(struct kvm_memory_slot *slot)
{
	int i;

	for (i = 0; i < KVM_NR_PAGE_SIZES - 1; i++) {
		kvfree(slot->arch.lpage_info[i]);
		slot->arch.lpage_info[i] = NULL;
	}
}

/* G.13: a block may be mapped huge if it lies in the slot as a whole and is aligned alike. */
static int alloc_lpage_info(struct kvm_memory_slot *slot, int level)
{
	unsigned long mask = KVM_PAGES_PER_HPAGE(level) - 1;
	unsigned long blocks = slot_lpages(slot, level), i;
	struct kvm_lpage_info *info;

	info = kvcalloc(blocks, sizeof(*info), GFP_KERNEL);
	if (!info)
		return -ENOMEM;
	slot->arch.lpage_info[level - 2] = info;
	if (slot->base_gfn & mask)
		info[0].disallow_lpage = 1;
	if ((slot->base_gfn + slot->npages) & mask)
		info[blocks - 1].disallow_lpage = 1;
	if ((slot->base_gfn ^ (slot->userspace_addr >> PAGE_SHIFT)) & mask) {
		for (i = 0; i < blocks; i++)
			info[i].disallow_lpage = 1;
	}
	return 0;
}

static int kvm_alloc_memslot_metadata(struct kvm *kvm, const struct kvm_memory_slot *old,
				      struct kvm_memory_slot *new)
{
	int level, r = 0;

	/* A moved slot starts anew; the old one's data goes when it is freed. */
	memset(&new->arch, 0, sizeof(new->arch));
	for (level = PG_LEVEL_2M; !r && level <= KVM_MAX_HUGEPAGE_LEVEL; level++)
		r = alloc_lpage_info(new, level);
	if (!r)
		r = kvm_x86_alloc_memslot_metadata(kvm, old, new);
	if (r)
		free_lpage_info(new);
	return r;
}

/**
 * kvm_arch_prepare_memory_region() - make the arch data of a slot to be
 * @kvm: the VM
 * @old: the slot as it was, NULL for KVM_MR_CREATE
 * @new: the slot as it will be, NULL for KVM_MR_DELETE
 * @change: what happens to it
 *
 * Context: slots_lock and slots_arch_lock held.
 * Return: 0, -EINVAL beyond the largest gfn, -ENOMEM, or what the design's
 * hook said; nothing is left behind then, and the free hook will not run (G.15).
 */
int kvm_arch_prepare_memory_region(struct kvm *kvm, const struct kvm_memory_slot *old,
				   struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	switch (change) {
	case KVM_MR_CREATE:
	case KVM_MR_MOVE:
		if (new->base_gfn + new->npages - 1 > MAX_GFN)
			return -EINVAL;
		return kvm_alloc_memslot_metadata(kvm, old, new);
	case KVM_MR_FLAGS_ONLY:
		memcpy(&new->arch, &old->arch, sizeof(old->arch));
		return 0;
	case KVM_MR_DELETE:
		break;
	}
	return 0;
}

/* A slot whose pages get logged now: who maps them writable must not go on so. */
static void kvm_mmu_slot_apply_flags(struct kvm *kvm, const struct kvm_memory_slot *old,
				     const struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	/* Elsewhere nothing is mapped; and a read-only slot not writable. */
	if (change != KVM_MR_FLAGS_ONLY || memslot_is_readonly(new))
		return;
	if (kvm_slot_dirty_track_enabled(old) || !kvm_slot_dirty_track_enabled(new))
		return;
	kvm_mmu_slot_remove_write_access(kvm, new, PG_LEVEL_4K);
	kvm_flush_remote_tlbs(kvm);
}

/**
 * kvm_arch_commit_memory_region() - the change is done
 * @kvm: the VM
 * @old: the slot as it was; for KVM_MR_MOVE its arch data goes here (G.11)
 * @new: the slot as it is now
 * @change: what happened to it
 *
 * Context: slots_lock held, slots_arch_lock not.
 */
void kvm_arch_commit_memory_region(struct kvm *kvm, struct kvm_memory_slot *old,
				   const struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	kvm_mmu_slot_apply_flags(kvm, old, new, change);
	if (change == KVM_MR_MOVE)
		kvm_arch_free_memslot(kvm, old);
}

/**
 * kvm_arch_free_memslot() - free a slot's arch data
 * @kvm: the VM
 * @slot: no longer visible
 *
 * Context: slots_lock held, or the VM is going. May sleep.
 */
void kvm_arch_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	free_lpage_info(slot);
	kvm_page_track_free_memslot(slot);
	kvm_x86_free_memslot(kvm, slot);
}

/**
 * kvm_arch_memslots_updated() - readers see other slots than before
 * @kvm: the VM
 * @gen: the generation that these are about to get
 *
 * The kernel kicks all vCPUs as well, for what they cache in guest memory.
 *
 * Context: slots_lock held, slots_arch_lock not. May sleep.
 */
void kvm_arch_memslots_updated(struct kvm *kvm, u64 gen)
{
	kvm_mmu_invalidate_mmio_sptes(kvm, gen);
}
