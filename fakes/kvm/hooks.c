/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trampolines: the only callers of a design's hooks.
 *
 * They stand in the place of kvm_x86_call() (arch/x86/include/asm/kvm_host.h,
 * v6.12).  Around each hook they open a scope of the ledger for the VM or the
 * slot on whose behalf the hook works, so that what it takes and leaves behind
 * is known as that slot's; and they tell the trace.  A hook that is not filled
 * costs nothing and counts as success.
 *
 * guest_memory_reclaimed() takes no references, so it has no scope.
 */
#include <linux/mm.h>

#include "fakes/kvm/internal.h"

#define OWNER_OF_KVM(kvm)	SIM_OWNER(OWNER_VM, (kvm)->number)

static sim_owner_t owner_of_slot(struct kvm *kvm, const struct kvm_memory_slot *slot)
{
	if (!slot)
		return OWNER_OF_KVM(kvm);
	return SIM_OWNER(OWNER_SLOT, (kvm->number << 16) | kvm_slot_name(slot));
}

/* Of what a fault leaves behind. */
static sim_owner_t owner_of_pins(struct kvm *kvm, const struct kvm_memory_slot *slot)
{
	if (!kvm->arch.ops->pins_of)
		return owner_of_slot(kvm, slot);
	return OWNER_OF_KVM(kvm->arch.ops->pins_of(kvm));
}

static sim_obj_t hook_obj(enum fake_hook hook, struct kvm *kvm, int vcpu_idx)
{
	return SIM_OBJ(OBJ_HOOK, ((u64)hook << 16) | (kvm->number << 8) | (u8)vcpu_idx);
}

static void hook_enter(sim_obj_t hook, sim_owner_t owner)
{
	sim_scope_open(owner, true);
	sim_note(SIM_HOOK, hook, 0, 0, "kvm_x86_call");
}

static void hook_leave(sim_obj_t hook, s64 result)
{
	sim_note(SIM_HOOK, hook, 1, result, "kvm_x86_call");
	sim_scope_close();
}

/**
 * kvm_x86_vm_init() - the VM is being made
 * @kvm: without vCPUs, slots and notifier
 *
 * Context: caller's; may sleep.
 * Return: 0, or the hook's -errno.
 */
int kvm_x86_vm_init(struct kvm *kvm)
{
	sim_obj_t hook = hook_obj(HOOK_VM_INIT, kvm, 0);
	int r;

	if (!kvm_x86_has(kvm, vm_init))
		return 0;
	hook_enter(hook, OWNER_OF_KVM(kvm));
	r = kvm->arch.ops->vm_init(kvm);
	hook_leave(hook, r);
	return r;
}

/**
 * kvm_x86_vm_destroy() - the VM goes
 * @kvm: without notifier and SPTEs, its slots still there (G.14)
 *
 * Context: nobody else knows the VM; may sleep; kvm->lock is not held (I.4).
 */
void kvm_x86_vm_destroy(struct kvm *kvm)
{
	sim_obj_t hook = hook_obj(HOOK_VM_DESTROY, kvm, 0);

	if (!kvm_x86_has(kvm, vm_destroy))
		return;
	hook_enter(hook, OWNER_OF_KVM(kvm));
	kvm->arch.ops->vm_destroy(kvm);
	hook_leave(hook, 0);
}

/**
 * kvm_x86_register_region() - KVM_MEMORY_ENCRYPT_REG_REGION
 * @kvm: the VM
 * @range: addresses in the caller's mm; nothing about it was checked (I.2)
 *
 * Context: sleepable, no lock held.
 * Return: 0, or the hook's -errno.
 */
int kvm_x86_register_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	sim_obj_t hook = hook_obj(HOOK_REGISTER, kvm, 0);
	int r;

	hook_enter(hook, OWNER_OF_KVM(kvm));
	r = kvm->arch.ops->mem_enc_register_region(kvm, range);
	hook_leave(hook, r);
	return r;
}

/**
 * kvm_x86_unregister_region() - KVM_MEMORY_ENCRYPT_UNREG_REGION
 * @kvm: the VM
 * @range: must equal a registered one (I.3)
 *
 * Context: sleepable, no lock held.
 * Return: 0, or the hook's -errno.
 */
int kvm_x86_unregister_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	sim_obj_t hook = hook_obj(HOOK_UNREGISTER, kvm, 0);
	int r;

	hook_enter(hook, OWNER_OF_KVM(kvm));
	r = kvm->arch.ops->mem_enc_unregister_region(kvm, range);
	hook_leave(hook, r);
	return r;
}

/**
 * kvm_x86_guest_memory_reclaimed() - pages are about to leave the guest
 * @kvm: the VM
 *
 * Context: sleepable, no lock of KVM's but perhaps slots_lock.
 */
void kvm_x86_guest_memory_reclaimed(struct kvm *kvm)
{
	if (kvm_x86_has(kvm, guest_memory_reclaimed))
		kvm->arch.ops->guest_memory_reclaimed(kvm);
}

/**
 * kvm_x86_alloc_memslot_metadata() - a slot is being created or moved
 * @kvm: the VM
 * @old: the slot as it was, NULL when it is new
 * @new: the slot as it will be, its arch data zero but for lpage_info
 *
 * Context: slots_lock and slots_arch_lock held; may sleep.
 * Return: 0, or the hook's -errno, with nothing left in @new.
 */
int kvm_x86_alloc_memslot_metadata(struct kvm *kvm, const struct kvm_memory_slot *old,
				   struct kvm_memory_slot *new)
{
	sim_obj_t hook = hook_obj(HOOK_ALLOC_METADATA, kvm, 0);
	int r;

	if (!kvm_x86_has(kvm, alloc_memslot_metadata))
		return 0;
	hook_enter(hook, owner_of_slot(kvm, new));
	r = kvm->arch.ops->alloc_memslot_metadata(kvm, old, new);
	hook_leave(hook, r);
	return r;
}

/**
 * kvm_x86_free_memslot() - a slot's arch data goes
 * @kvm: the VM
 * @slot: no reader can see it any more, and nothing of it is mapped
 *
 * Context: slots_lock held, or the VM is going; may sleep (N.7).
 */
void kvm_x86_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	sim_obj_t hook = hook_obj(HOOK_FREE_MEMSLOT, kvm, 0);

	if (!kvm_x86_has(kvm, free_memslot))
		return;
	hook_enter(hook, owner_of_slot(kvm, slot));
	kvm->arch.ops->free_memslot(kvm, slot);
	hook_leave(hook, 0);
}

/*
 * One plain reference of the hook's becomes KVM's: the ledger would otherwise
 * take KVM's put for one on behalf of somebody else. A design that hands over
 * something that is no plain reference gets no help: KVM's put will find none.
 */
static bool take_out_of_scope(kvm_pfn_t pfn)
{
	struct page *page = kvm_pfn_to_refcounted_page(pfn);

	return page && sim_ref_drop(&page->_refs, OBJ_PAGE_OF(pfn), PAGE_REF_GET, 1,
				    "kvm_x86_faultin_pfn") == 1;
}

/**
 * kvm_x86_faultin_pfn() - the design finds the page frame instead of KVM
 * @vcpu: faulting vCPU
 * @slot: where @gfn lies
 * @gfn: frame number that the guest wants
 * @hva: its address in the VM's mm
 * @write: whether it wants to write
 * @pfn: where the page frame goes
 * @map_writable: whether it may be mapped writable
 *
 * Context: kvm->srcu read side, sleepable. Only if the hook is there.
 * Return: 0 and *@pfn with one plain reference for KVM, or -errno.
 */
int kvm_x86_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
			bool write, kvm_pfn_t *pfn, bool *map_writable)
{
	struct kvm *kvm = vcpu->kvm;
	sim_obj_t hook = hook_obj(HOOK_FAULTIN, kvm, vcpu->vcpu_idx);
	bool handed_over;
	int r;

	hook_enter(hook, owner_of_pins(kvm, slot));
	r = kvm->arch.ops->faultin_pfn(vcpu, slot, gfn, hva, write, pfn, map_writable);
	handed_over = !r && !is_error_noslot_pfn(*pfn) && take_out_of_scope(*pfn);
	hook_leave(hook, r);
	if (handed_over) {
		struct page *page = pfn_to_page(*pfn);

		sim_ref_take(&page->_refs, OBJ_PAGE_OF(*pfn), PAGE_REF_GET, 1,
			     "kvm_x86_faultin_pfn");
	}
	return r;
}

/**
 * kvm_x86_pin_pfn() - the design pins what KVM has found
 * @vcpu: faulting vCPU
 * @slot: where @gfn lies
 * @gfn: frame number that the guest wants
 * @hva: its address in the VM's mm
 * @pfn: what KVM's own GET found; that reference is still held
 * @write: whether the guest wants to write
 * @level: size that it may be mapped with
 *
 * Context: kvm->srcu read side, sleepable, before mmu_lock.
 * Return: 0, or the hook's -errno, which ends the fault.
 */
int kvm_x86_pin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
		    kvm_pfn_t pfn, bool write, enum pg_level level)
{
	struct kvm *kvm = vcpu->kvm;
	sim_obj_t hook = hook_obj(HOOK_PIN_PFN, kvm, vcpu->vcpu_idx);
	int r;

	if (!kvm_x86_has(kvm, pin_pfn))
		return 0;
	hook_enter(hook, owner_of_slot(kvm, slot));
	r = kvm->arch.ops->pin_pfn(vcpu, slot, gfn, hva, pfn, write, level);
	hook_leave(hook, r);
	return r;
}

/**
 * kvm_x86_pin_spte() - a present leaf SPTE has been written (RFC v0)
 * @kvm: the VM
 * @gfn: first frame number that it maps
 * @level: its size
 * @pfn: what it maps
 *
 * Context: mmu_lock held, atomic: must not sleep. The SPTE is visible already.
 */
void kvm_x86_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	sim_obj_t hook = hook_obj(HOOK_PIN_SPTE, kvm, 0);
	struct kvm_memory_slot *slot;

	if (!kvm_x86_has(kvm, pin_spte))
		return;
	/* For the ledger's sake only, so not a step: the hook looks up its own. */
	slot = __gfn_to_memslot(kvm_memslots_locked(kvm, 0), gfn);
	hook_enter(hook, owner_of_slot(kvm, slot));
	kvm->arch.ops->pin_spte(kvm, gfn, level, pfn);
	hook_leave(hook, 0);
}

/**
 * kvm_x86_pin_new_spte() - a leaf SPTE is about to be written (RFC of 2020)
 * @vcpu: that faulted
 * @gfn: first frame number that it will map
 * @level: its size
 * @pfn: what it will map; KVM's own reference is still held
 *
 * Context: mmu_lock held exclusively, atomic: must not sleep.
 * Return: whether the SPTE is pinned; then kvm_x86_drop_pinned_spte() follows.
 */
bool kvm_x86_pin_new_spte(struct kvm_vcpu *vcpu, gfn_t gfn, int level, kvm_pfn_t pfn)
{
	struct kvm *kvm = vcpu->kvm;
	sim_obj_t hook = hook_obj(HOOK_PIN_NEW_SPTE, kvm, vcpu->vcpu_idx);
	bool pinned;

	if (!kvm_x86_has(kvm, pin_new_spte))
		return false;
	/* It goes with the SPTE, and that need not go with the slot. */
	hook_enter(hook, OWNER_OF_KVM(kvm));
	pinned = kvm->arch.ops->pin_new_spte(vcpu, gfn, level, pfn);
	hook_leave(hook, pinned);
	return pinned;
}

/**
 * kvm_x86_drop_pinned_spte() - an SPTE that was pinned is gone (RFC of 2020)
 * @kvm: the VM
 * @gfn: first frame number that it was about
 * @level: its size
 * @pfn: what it has mapped last
 *
 * Context: mmu_lock held, atomic: must not sleep.
 */
void kvm_x86_drop_pinned_spte(struct kvm *kvm, gfn_t gfn, int level, kvm_pfn_t pfn)
{
	sim_obj_t hook = hook_obj(HOOK_DROP_PINNED_SPTE, kvm, 0);

	if (!kvm_x86_has(kvm, drop_pinned_spte))
		return;
	hook_enter(hook, OWNER_OF_KVM(kvm));
	kvm->arch.ops->drop_pinned_spte(kvm, gfn, level, pfn);
	hook_leave(hook, 0);
}

/**
 * kvm_x86_launch_update() - KVM_SEV_LAUNCH_UPDATE_DATA, the design's or KVM's own
 * @kvm: the VM
 * @uaddr: first byte, in the caller's mm
 * @len: bytes
 *
 * Context: kvm->lock held; sleepable.
 * Return: 0, or the hook's -errno.
 */
int kvm_x86_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	sim_obj_t hook = hook_obj(HOOK_LAUNCH_UPDATE, kvm, 0);
	int r;

	hook_enter(hook, OWNER_OF_KVM(kvm));
	if (kvm_x86_has(kvm, launch_update))
		r = kvm->arch.ops->launch_update(kvm, uaddr, len);
	else
		r = sev_vm_launch_update(kvm, uaddr, len);
	hook_leave(hook, r);
	return r;
}

/**
 * kvm_x86_send_update() - KVM_SEV_SEND_UPDATE_DATA, the design's or KVM's own
 * @kvm: the VM
 * @uaddr: first byte, in the caller's mm
 * @len: bytes
 *
 * Context: kvm->lock held; sleepable.
 * Return: 0, or the hook's -errno.
 */
int kvm_x86_send_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	sim_obj_t hook = hook_obj(HOOK_SEND_UPDATE, kvm, 0);
	int r;

	hook_enter(hook, OWNER_OF_KVM(kvm));
	if (kvm_x86_has(kvm, send_update))
		r = kvm->arch.ops->send_update(kvm, uaddr, len);
	else
		r = sev_vm_send_update(kvm, uaddr, len);
	hook_leave(hook, r);
	return r;
}

/**
 * kvm_x86_receive_update() - KVM_SEV_RECEIVE_UPDATE_DATA, the design's or KVM's own
 * @kvm: the VM
 * @uaddr: first byte, in the caller's mm
 * @len: bytes
 *
 * Context: kvm->lock held; sleepable.
 * Return: 0, or the hook's -errno.
 */
int kvm_x86_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	sim_obj_t hook = hook_obj(HOOK_RECEIVE_UPDATE, kvm, 0);
	int r;

	hook_enter(hook, OWNER_OF_KVM(kvm));
	if (kvm_x86_has(kvm, receive_update))
		r = kvm->arch.ops->receive_update(kvm, uaddr, len);
	else
		r = sev_vm_receive_update(kvm, uaddr, len);
	hook_leave(hook, r);
	return r;
}

/**
 * kvm_x86_move_enc_context() - a guest goes from one VM to another (I.10)
 * @kvm: where it goes
 * @source: where it is
 *
 * It takes no references, so it has no scope: the ledger's owners change with the
 * guest (fakes/sev/move.c).
 *
 * Context: both VMs' locks held, no vCPU of either runs; sleepable.
 * Return: 0, or the hook's -errno, and nothing has moved.
 */
int kvm_x86_move_enc_context(struct kvm *kvm, struct kvm *source)
{
	if (!kvm_x86_has(source, move_enc_context))
		return 0;
	/* What one design has kept says nothing to another. */
	if (kvm->arch.ops != source->arch.ops)
		return -EINVAL;
	return source->arch.ops->move_enc_context(kvm, source);
}
