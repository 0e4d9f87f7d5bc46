/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which gfns of a VM are private: KVM_SET_MEMORY_ATTRIBUTES.  Stands for
 * virt/kvm/kvm_main.c, v6.12: kvm_vm_set_mem_attributes(), kvm_handle_gfn_range(),
 * kvm_range_has_memory_attributes(); and kvm_arch_pre_set_memory_attributes() of
 * arch/x86/kvm/mmu/mmu.c.
 *
 * Whether a gfn's memory is the guest's own or what its VMM has mapped is a word of
 * the VM's, not of a slot's. It changes inside an invalidation of the gfn, so that a
 * fault that read the old one starts over before it maps anything (O.8).
 *
 * Simpler than the kernel: stretches of private gfns, sorted, in the place of an
 * entry for each gfn; all of a call is one step; nothing is mapped larger than 4 KiB,
 * so there is nothing to be said of what is mixed.
 */
#include <linux/kvm_host.h>
#include <linux/slab.h>

#include "fakes/kvm/internal.h"
#include "fakes/sev/contents.h"

/* Gfns [start, end) that are private, in kvm->private_gfns. */
struct private_gfns {
	struct list_head link;
	gfn_t start, end;
};

static u64 kvm_supported_mem_attributes(struct kvm *kvm)
{
	return kvm_arch_has_private_mem(kvm) ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0;
}

/* No step: for who looks from outside, or changes them. */
bool kvm_gfn_is_private(const struct kvm *kvm, gfn_t gfn)
{
	const struct private_gfns *p;

	list_for_each_entry(p, &kvm->private_gfns, link)
		if (gfn >= p->start && gfn < p->end)
			return true;
	return false;
}

/**
 * kvm_mem_is_private() - is a gfn's memory the guest's own?
 * @kvm: the VM
 * @gfn: the gfn
 *
 * Context: any; a step where the VM can have such memory at all.
 * Return: whether it is.
 */
bool kvm_mem_is_private(struct kvm *kvm, gfn_t gfn)
{
	if (!kvm_arch_has_private_mem(kvm))
		return false;
	sim_step(SIM_READ, OBJ_OF_KVM(kvm), __func__);
	return kvm_gfn_is_private(kvm, gfn);
}

/* Do all of [start, end) say so already? */
static bool range_is(const struct kvm *kvm, gfn_t start, gfn_t end, bool private)
{
	const struct private_gfns *p;

	list_for_each_entry(p, &kvm->private_gfns, link) {
		if (p->end <= start || p->start >= end)
			continue;
		if (!private)
			return false;
		if (p->start > start)
			return false;
		start = p->end;
		if (start >= end)
			return true;
	}
	return !private;
}

static void free_stretch(struct private_gfns *p)
{
	list_del(&p->link);
	kfree(p);
}

/* Nothing of [start, end) is private; @spare for what is left behind a gap. */
static void clear_range(struct kvm *kvm, gfn_t start, gfn_t end, struct private_gfns **spare)
{
	struct private_gfns *p, *next;

	list_for_each_entry_safe(p, next, &kvm->private_gfns, link) {
		if (p->end <= start || p->start >= end)
			continue;
		if (p->start < start && p->end > end) {
			(*spare)->start = end;
			(*spare)->end = p->end;
			list_add(&(*spare)->link, &p->link);
			*spare = NULL;
			p->end = start;
		} else if (p->start < start) {
			p->end = start;
		} else if (p->end > end) {
			p->start = end;
		} else {
			free_stretch(p);
		}
	}
}

static void add_range(struct kvm *kvm, gfn_t start, gfn_t end, struct private_gfns **spare)
{
	struct list_head *before = &kvm->private_gfns;
	struct private_gfns *p;

	list_for_each_entry(p, &kvm->private_gfns, link)
		if (p->start < start)
			before = &p->link;
	(*spare)->start = start;
	(*spare)->end = end;
	list_add(&(*spare)->link, before);
	*spare = NULL;
}

static void set_range(struct kvm *kvm, gfn_t start, gfn_t end, bool private,
		      struct private_gfns **spare)
{
	sim_step2(SIM_WRITE, OBJ_OF_KVM(kvm), start, private, "kvm_vm_set_mem_attributes");
	/* The guest asked for it: what it wrote is not lost by anybody else's fault. */
	sev_guest_forget(kvm, start, end, !private);
	if (private) {
		struct private_gfns *gap = NULL;

		/* What is private already becomes a part of it, so no gap comes about. */
		if (!range_is(kvm, start, end, false))
			clear_range(kvm, start, end, &gap);
		add_range(kvm, start, end, spare);
	} else {
		clear_range(kvm, start, end, spare);
	}
}

/* Begin or end an invalidation of [start, end), if a slot has some of it. */
static void handle_gfn_range(struct kvm *kvm, gfn_t start, gfn_t end, bool begin)
{
	bool locked = false, flush = false;
	struct kvm_memory_slot *slot;
	unsigned int i;

	kvm_for_each_memslot(slot, i, __kvm_memslots(kvm, 0)) {
		struct kvm_gfn_range range = {
			.slot = slot,
			.start = max(start, slot->base_gfn),
			.end = min(end, slot->base_gfn + slot->npages),
			.may_block = true,
		};

		if (range.start >= range.end)
			continue;
		if (!locked) {
			locked = true;
			write_lock(&kvm->mmu_lock);
			if (begin)
				kvm_mmu_invalidate_begin(kvm);
			else
				kvm_mmu_invalidate_end(kvm);
		}
		if (!begin)
			continue;
		kvm_mmu_invalidate_range_add(kvm, range.start, range.end);
		flush |= kvm_unmap_gfn_range(kvm, &range);
	}
	if (flush)
		kvm_flush_remote_tlbs(kvm);
	if (locked)
		write_unlock(&kvm->mmu_lock);
}

static int kvm_vm_set_mem_attributes(struct kvm *kvm, gfn_t start, gfn_t end, bool private)
{
	struct private_gfns *spare;
	int r = 0;

	mutex_lock(&kvm->slots_lock);
	if (range_is(kvm, start, end, private))
		goto out;
	/* Half-way through nothing may fail. */
	spare = kzalloc(sizeof(*spare), GFP_KERNEL);
	if (!spare) {
		r = -ENOMEM;
		goto out;
	}
	handle_gfn_range(kvm, start, end, true);
	set_range(kvm, start, end, private, &spare);
	handle_gfn_range(kvm, start, end, false);
	kfree(spare);
out:
	mutex_unlock(&kvm->slots_lock);
	return r;
}

int kvm_set_mem_attributes(struct kvm *kvm, const struct kvm_memory_attributes *attrs)
{
	u64 size = attrs->size;

	if (attrs->flags || attrs->attributes & ~kvm_supported_mem_attributes(kvm))
		return -EINVAL;
	if (!size || attrs->address + size < attrs->address)
		return -EINVAL;
	if ((attrs->address | size) & ~PAGE_MASK)
		return -EINVAL;
	return kvm_vm_set_mem_attributes(kvm, attrs->address >> PAGE_SHIFT,
					 (attrs->address + size) >> PAGE_SHIFT,
					 attrs->attributes);
}

void kvm_free_mem_attributes(struct kvm *kvm)
{
	while (!list_empty(&kvm->private_gfns))
		free_stretch(list_first_entry(&kvm->private_gfns, struct private_gfns, link));
}
