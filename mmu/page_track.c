/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guest pages to which writes are watched (arch/x86/kvm/mmu/page_track.c, v6.12:
 * __kvm_write_track_add_gfn(), __kvm_write_track_remove_gfn(),
 * kvm_write_track_add_gfn(), kvm_write_track_remove_gfn(),
 * kvm_gfn_is_write_tracked(), kvm_page_track_free_memslot(); contract H.4).
 *
 * Such a page is mapped, but never writable: every write to it is somebody's
 * to hear of, so that no fault can put it right, and it is emulated.
 *
 * Simpler than the kernel: a slot's counters come with its first watched page,
 * not with the first of the VM; nobody is told of a write, because nothing
 * emulates one; no larger mapping has to be kept away.
 */
#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "mmutrace.h"
#include "page_track.h"
#include "tdp_mmu.h"

static unsigned short *write_track(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	return &slot->arch.gfn_write_track[gfn - slot->base_gfn];
}

/**
 * kvm_gfn_is_write_tracked() - is somebody to hear of writes to the page?
 * @slot: where it is, or NULL
 * @gfn: the page
 *
 * Context: any. No step: who says so takes the right to write away afterwards,
 * under mmu_lock.
 * Return: whether.
 */
bool kvm_gfn_is_write_tracked(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	return slot && slot->arch.gfn_write_track && *write_track(slot, gfn);
}

/* The slot with its counters, under slots_lock. */
static struct kvm_memory_slot *tracked_slot(struct kvm *kvm, gfn_t gfn)
{
	struct kvm_memory_slot *slot = gfn_to_memslot(kvm, gfn);

	if (!slot)
		return ERR_PTR(-EINVAL);
	if (!slot->arch.gfn_write_track)
		slot->arch.gfn_write_track = kvcalloc(slot->npages,
				sizeof(*slot->arch.gfn_write_track),
				GFP_KERNEL_ACCOUNT);
	return slot->arch.gfn_write_track ? slot : ERR_PTR(-ENOMEM);
}

/**
 * kvm_write_track_add_gfn() - watch writes to a page from here on.
 * @kvm: the VM
 * @gfn: the page
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EINVAL where no slot is; -ENOMEM.
 */
int kvm_write_track_add_gfn(struct kvm *kvm, gfn_t gfn)
{
	struct kvm_memory_slot *slot;
	int r = 0;

	mutex_lock(&kvm->slots_lock);
	slot = tracked_slot(kvm, gfn);
	if (IS_ERR(slot)) {
		r = PTR_ERR(slot);
		goto out;
	}
	write_lock(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	++*write_track(slot, gfn);
	if (kvm_tdp_mmu_write_protect_gfn(kvm, slot, gfn, PG_LEVEL_4K))
		kvm_flush_remote_tlbs(kvm);
	write_unlock(&kvm->mmu_lock);
out:
	mutex_unlock(&kvm->slots_lock);
	return r;
}

/**
 * kvm_write_track_remove_gfn() - one who watched does not any more.
 * @kvm: the VM
 * @gfn: the page; may be written by the next fault, if nobody else does
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EINVAL where no slot is, -ENOENT if nobody watched.
 */
int kvm_write_track_remove_gfn(struct kvm *kvm, gfn_t gfn)
{
	struct kvm_memory_slot *slot;
	int r = 0;

	mutex_lock(&kvm->slots_lock);
	slot = gfn_to_memslot(kvm, gfn);
	if (!slot)
		r = -EINVAL;
	else if (!kvm_gfn_is_write_tracked(slot, gfn))
		r = -ENOENT;
	else
		--*write_track(slot, gfn);
	mutex_unlock(&kvm->slots_lock);
	return r;
}

/**
 * kvm_page_track_free_memslot() - the counters of a slot go.
 * @slot: no longer visible
 *
 * Context: slots_lock held, or the VM is going.
 */
void kvm_page_track_free_memslot(struct kvm_memory_slot *slot)
{
	if (!slot->arch.gfn_write_track)
		return;
	kvfree(slot->arch.gfn_write_track);
	slot->arch.gfn_write_track = NULL;
}
