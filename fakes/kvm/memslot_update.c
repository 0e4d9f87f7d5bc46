/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing memslots.  Stands for virt/kvm/kvm_main.c, v6.12:
 * __kvm_set_memory_region(), kvm_set_memslot(), kvm_invalidate_memslot(),
 * kvm_swap_active_memslots() (contract G.1-G.6, G.9-G.11, G.15).
 *
 * A slot that goes or moves is first published as INVALID, a copy that shares
 * its arch data, and unmapped; then the sets change for good. Each publication
 * waits until no notifier window is open and afterwards for all readers.
 *
 * Simpler than the kernel: the dirty bitmap is there but nobody can ask for it.
 */
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fakes/kvm/internal.h"
#include "fakes/sev/contents.h"

/* The other set gets @new in the place of @old; either may be NULL. */
static void kvm_replace_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
				struct kvm_memory_slot *new)
{
	struct kvm_memslots *set = kvm_memslots_inactive(kvm, old ? old->as_id : new->as_id);

	if (old)
		kvm_memslots_remove(set, old);
	if (new)
		kvm_memslots_insert(set, new);
}

/*
 * G.9: publish the other set. Taken with slots_arch_lock, which is let go
 * before waiting for readers: a reader may be about to take it.
 */
static void kvm_swap_active_memslots(struct kvm *kvm, int as_id)
{
	struct kvm_memslots *slots = kvm_memslots_inactive(kvm, as_id);
	u64 gen;

	slots->generation = kvm_memslots_locked(kvm, as_id)->generation |
			    KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS;

	/* An invalidation looks slots up twice; both times it must see the same. */
	spin_lock(&kvm->mn_invalidate_lock);
	while (kvm->mn_active_invalidate_count) {
		spin_unlock(&kvm->mn_invalidate_lock);
		rcuwait_wait_event(&kvm->mn_memslots_update_rcuwait,
				   !READ_ONCE(kvm->mn_active_invalidate_count),
				   TASK_UNINTERRUPTIBLE);
		spin_lock(&kvm->mn_invalidate_lock);
	}
	sim_step2(SIM_WRITE, OBJ_OF_KVM(kvm), slots->generation & ~(1ULL << 63), 0, __func__);
	if (!as_id)
		sev_guest_slots_change(kvm, kvm_memslots_locked(kvm, as_id), slots);
	WRITE_ONCE(kvm->memslots[as_id], slots);
	sim_waitq_wake(&kvm->slots_published.wq);
	spin_unlock(&kvm->mn_invalidate_lock);

	mutex_unlock(&kvm->slots_arch_lock);
	synchronize_srcu_expedited(&kvm->srcu);

	/* G.8: odd address spaces have odd generations, so that none is used twice. */
	gen = (slots->generation & ~KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS) +
	      kvm_arch_nr_memslot_as_ids(kvm);
	kvm_arch_memslots_updated(kvm, gen);
	slots->generation = gen;
}

/* @new is in the other set already: publish it, then do the same to what was active. */
static void kvm_activate_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
				 struct kvm_memory_slot *new)
{
	kvm_swap_active_memslots(kvm, old ? old->as_id : new->as_id);
	kvm_replace_memslot(kvm, old, new);
}

static void kvm_copy_memslot(struct kvm_memory_slot *dest, const struct kvm_memory_slot *src)
{
	memcpy(dest, src, sizeof(*dest));
}

/*
 * G.10: publish @old's INVALID copy, so that nothing new of it gets mapped,
 * and unmap what is. Enters and leaves with slots_arch_lock held.
 */
static void kvm_invalidate_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
				   struct kvm_memory_slot *invalid_slot)
{
	kvm_copy_memslot(invalid_slot, old);
	invalid_slot->flags |= KVM_MEMSLOT_INVALID;
	kvm_replace_memslot(kvm, old, invalid_slot);
	/* @old stays in the set that becomes inactive: the way back, if it fails. */
	kvm_swap_active_memslots(kvm, old->as_id);

	kvm_arch_flush_shadow_memslot(kvm, old);
	kvm_arch_guest_memory_reclaimed(kvm);

	mutex_lock(&kvm->slots_arch_lock);
	/* What others did to the visible slot's arch data meanwhile counts. */
	memcpy(&old->arch, &invalid_slot->arch, sizeof(old->arch));
}

static int kvm_alloc_dirty_bitmap(struct kvm_memory_slot *slot)
{
	/* Twice the size, as the kernel has it: the second half is scratch space. */
	slot->dirty_bitmap = kvcalloc(2 * BITS_TO_LONGS(slot->npages), sizeof(long), GFP_KERNEL);
	return slot->dirty_bitmap ? 0 : -ENOMEM;
}

static int kvm_prepare_memory_region(struct kvm *kvm, const struct kvm_memory_slot *old,
				     struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	bool fresh_bitmap = false;
	int r;

	if (change != KVM_MR_DELETE && new->flags & KVM_MEM_LOG_DIRTY_PAGES) {
		if (old && old->dirty_bitmap) {
			new->dirty_bitmap = old->dirty_bitmap;
		} else {
			r = kvm_alloc_dirty_bitmap(new);
			if (r)
				return r;
			fresh_bitmap = true;
		}
	}
	r = kvm_arch_prepare_memory_region(kvm, old, new, change);
	if (r && fresh_bitmap) {
		kvfree(new->dirty_bitmap);
		new->dirty_bitmap = NULL;
	}
	return r;
}

void kvm_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	if (slot->flags & KVM_MEM_GUEST_MEMFD)
		kvm_gmem_unbind(slot);
	kvfree(slot->dirty_bitmap);
	kvm_arch_free_memslot(kvm, slot);
	kfree(slot);
}

static void kvm_commit_memory_region(struct kvm *kvm, struct kvm_memory_slot *old,
				     const struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	if (change == KVM_MR_DELETE)
		kvm->nr_memslot_pages -= old->npages;
	else if (change == KVM_MR_CREATE)
		kvm->nr_memslot_pages += new->npages;

	kvm_arch_commit_memory_region(kvm, old, new, change);

	switch (change) {
	case KVM_MR_CREATE:
		break;
	case KVM_MR_DELETE:
		kvm_free_memslot(kvm, old);
		break;
	case KVM_MR_MOVE:
	case KVM_MR_FLAGS_ONLY:
		if (old->dirty_bitmap && !new->dirty_bitmap)
			kvfree(old->dirty_bitmap);
		/* The struct alone: what it points to is @new's now, or gone. */
		kfree(old);
		break;
	}
}

/* @invalid_slot, for DELETE and MOVE, is what is published now. */
static void kvm_install_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
				struct kvm_memory_slot *new, struct kvm_memory_slot *invalid_slot)
{
	kvm_replace_memslot(kvm, old, new);
	kvm_activate_memslot(kvm, invalid_slot ? invalid_slot : old, new);
}

/**
 * kvm_set_memslot() - carry a change out
 * @kvm: the VM
 * @old: slot as it was, NULL for KVM_MR_CREATE
 * @new: slot as it will be, NULL for KVM_MR_DELETE
 * @change: which
 *
 * Context: slots_lock held. Sleeps: two SRCU waits for DELETE and MOVE, else
 * one; waits for open notifier windows at each publication.
 * Return: 0 and @old is gone; or -ENOMEM or the arch's errno, then @old stands
 * (but unmapped, if it was to be moved) and @new is the caller's to free.
 */
static int kvm_set_memslot(struct kvm *kvm, struct kvm_memory_slot *old,
			   struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	struct kvm_memory_slot *invalid_slot = NULL;
	int r;

	mutex_lock(&kvm->slots_arch_lock);
	if (change == KVM_MR_DELETE || change == KVM_MR_MOVE) {
		invalid_slot = kzalloc(sizeof(*invalid_slot), GFP_KERNEL);
		if (!invalid_slot) {
			mutex_unlock(&kvm->slots_arch_lock);
			return -ENOMEM;
		}
		kvm_invalidate_memslot(kvm, old, invalid_slot);
	}

	r = kvm_prepare_memory_region(kvm, old, new, change);
	if (!r) {
		kvm_install_memslot(kvm, old, new, invalid_slot);
		kfree(invalid_slot);
		kvm_commit_memory_region(kvm, old, new, change);
		return 0;
	}

	if (invalid_slot) {
		/* @old is still in the other set; publishing lets the lock go. */
		kvm_activate_memslot(kvm, invalid_slot, old);
		kfree(invalid_slot);
	} else {
		mutex_unlock(&kvm->slots_arch_lock);
	}
	return r;
}

/* G.2, in the kernel's order. */
static int check_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem)
{
	int as_id = mem->slot >> 16, id = (u16)mem->slot;
	u32 flags = KVM_MEM_LOG_DIRTY_PAGES;

	if (kvm_arch_has_private_mem(kvm))
		flags |= KVM_MEM_GUEST_MEMFD;
	if (mem->flags & KVM_MEM_GUEST_MEMFD)
		flags &= ~KVM_MEM_LOG_DIRTY_PAGES;
	else if (kvm_arch_has_readonly_mem(kvm))
		flags |= KVM_MEM_READONLY;
	if (mem->flags & ~flags)
		return -EINVAL;
	if (mem->memory_size & ~PAGE_MASK)
		return -EINVAL;
	if (mem->flags & KVM_MEM_GUEST_MEMFD &&
	    (mem->guest_memfd_offset & ~PAGE_MASK ||
	     mem->guest_memfd_offset + mem->memory_size < mem->guest_memfd_offset))
		return -EINVAL;
	if (mem->guest_phys_addr & ~PAGE_MASK)
		return -EINVAL;
	if (mem->userspace_addr & ~PAGE_MASK || !access_ok(mem->userspace_addr, mem->memory_size))
		return -EINVAL;
	if (as_id >= kvm_arch_nr_memslot_as_ids(kvm) || id >= KVM_MEM_SLOTS_NUM)
		return -EINVAL;
	if (mem->guest_phys_addr + mem->memory_size < mem->guest_phys_addr)
		return -EINVAL;
	if (mem->memory_size >> PAGE_SHIFT > KVM_MEM_MAX_NR_PAGES)
		return -EINVAL;
	return 0;
}

/* G.4: what user space wants of the slot. Return: 0, -EINVAL, or 1: nothing. */
static int classify(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem,
		    const struct kvm_memory_slot *old, enum kvm_mr_change *ret_change)
{
	unsigned long npages = mem->memory_size >> PAGE_SHIFT;

	if (!old) {
		if (kvm->nr_memslot_pages + npages < kvm->nr_memslot_pages)
			return -EINVAL;
		*ret_change = KVM_MR_CREATE;
		return 0;
	}
	/* Such a slot never changes. */
	if (mem->flags & KVM_MEM_GUEST_MEMFD)
		return -EINVAL;
	if (mem->userspace_addr != old->userspace_addr || npages != old->npages ||
	    (mem->flags ^ old->flags) & (KVM_MEM_READONLY | KVM_MEM_GUEST_MEMFD))
		return -EINVAL;
	if (mem->guest_phys_addr >> PAGE_SHIFT != old->base_gfn)
		*ret_change = KVM_MR_MOVE;
	else if (mem->flags != old->flags)
		*ret_change = KVM_MR_FLAGS_ONLY;
	else
		return 1;
	return 0;
}

static int delete_memslot(struct kvm *kvm, struct kvm_memory_slot *old)
{
	if (!old)
		return -EINVAL;
	if (WARN_ON_ONCE(kvm->nr_memslot_pages < old->npages))
		return -EIO;
	return kvm_set_memslot(kvm, old, NULL, KVM_MR_DELETE);
}

/* With its private memory, if it is to have any. */
static int set_new_memslot(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem,
			   struct kvm_memory_slot *old, struct kvm_memory_slot *new,
			   enum kvm_mr_change change)
{
	bool gmem = mem->flags & KVM_MEM_GUEST_MEMFD;
	int r = 0;

	if (gmem)
		r = kvm_gmem_bind(kvm, new, mem->guest_memfd, mem->guest_memfd_offset);
	if (r)
		return r;
	r = kvm_set_memslot(kvm, old, new, change);
	if (r && gmem)
		kvm_gmem_unbind(new);
	return r;
}

/**
 * __kvm_set_memory_region() - create, delete, move or change a memslot
 * @kvm: the VM
 * @mem: what user space (or KVM itself, for a private slot) asks for
 *
 * Context: slots_lock held. Sleeps.
 * Return: 0; -EINVAL, -EBADF, -EEXIST, -ENOMEM, -EIO, or the design's hook's errno.
 */
int __kvm_set_memory_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem)
{
	struct kvm_memory_slot *old, *new;
	struct kvm_memslots *slots;
	enum kvm_mr_change change;
	int r;

	r = check_region(kvm, mem);
	if (r)
		return r;

	slots = kvm_memslots_locked(kvm, mem->slot >> 16);
	old = id_to_memslot(slots, (u16)mem->slot);
	if (!mem->memory_size)
		return delete_memslot(kvm, old);

	r = classify(kvm, mem, old, &change);
	if (r)
		return r < 0 ? r : 0;

	if (change != KVM_MR_FLAGS_ONLY) {
		gfn_t base = mem->guest_phys_addr >> PAGE_SHIFT;

		if (kvm_memslots_overlap(slots, (u16)mem->slot, base,
					 base + (mem->memory_size >> PAGE_SHIFT)))
			return -EEXIST;
	}

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->as_id = mem->slot >> 16;
	new->id = (u16)mem->slot;
	new->base_gfn = mem->guest_phys_addr >> PAGE_SHIFT;
	new->npages = mem->memory_size >> PAGE_SHIFT;
	new->flags = mem->flags;
	new->userspace_addr = mem->userspace_addr;

	r = set_new_memslot(kvm, mem, old, new, change);
	if (r)
		kfree(new);
	return r;
}

/**
 * kvm_set_memory_region() - __kvm_set_memory_region() with its lock
 * @kvm: the VM
 * @mem: what user space asks for
 *
 * Context: sleepable; no SRCU read side, kvm->lock may be held.
 * Return: as there.
 */
int kvm_set_memory_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem)
{
	int r;

	mutex_lock(&kvm->slots_lock);
	r = __kvm_set_memory_region(kvm, mem);
	mutex_unlock(&kvm->slots_lock);
	return r;
}
