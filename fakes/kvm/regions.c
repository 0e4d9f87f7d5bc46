/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What user space has registered as encrypted memory, as the front ends of the
 * ioctls have seen it succeed.  Models nothing of the kernel, where only the
 * design knows: it is for checks, of designs whose records nobody can read.
 */
#include <linux/list.h>

#include "fakes/kvm/internal.h"
#include "fakes/kvm/probe.h"
#include "sim/core/alloc.h"

struct region {
	struct list_head list;
	struct kvm_enc_region range;
	bool leaving;		/* being unregistered: perhaps unpinned by now */
};

void kvm_region_registered(struct kvm *kvm, const struct kvm_enc_region *range)
{
	struct region *r = sim_alloc(sizeof(*r));

	r->range.addr = range->addr;
	r->range.size = range->size;
	list_add_tail(&r->list, &kvm->enc_regions);
}

static void forget(struct region *r)
{
	list_del(&r->list);
	sim_free(r);
}

/* The oldest of several that are the same (I.3), or NULL. */
static struct region *find(struct kvm *kvm, const struct kvm_enc_region *range, bool leaving)
{
	struct region *r;

	list_for_each_entry(r, &kvm->enc_regions, list) {
		if (r->range.addr == range->addr && r->range.size == range->size &&
		    r->leaving == leaving)
			return r;
	}
	return NULL;
}

void kvm_region_unregistering(struct kvm *kvm, const struct kvm_enc_region *range)
{
	struct region *r = find(kvm, range, false);

	if (r)
		r->leaving = true;
}

void kvm_region_unregistered(struct kvm *kvm, const struct kvm_enc_region *range, int result)
{
	struct region *r = find(kvm, range, true);

	if (r && result)
		r->leaving = false;
	else if (r)
		forget(r);
}

void kvm_regions_forget(struct kvm *kvm)
{
	struct region *r, *next;

	list_for_each_entry_safe(r, next, &kvm->enc_regions, list)
		forget(r);
}

void kvm_regions_moved(struct kvm *to, struct kvm *from)
{
	list_splice_tail_init(&from->enc_regions, &to->enc_regions);
}

/**
 * probe_registered() - may the guest's memory be expected to be pinned?
 * @vm: number
 * @hva: address of a page in the VM's process
 *
 * Return: whether the page, or a part of it, lies in a registered range.
 */
bool probe_registered(unsigned int vm, uint64_t hva)
{
	struct kvm *kvm = kvm_find(vm);
	struct region *r;

	if (!kvm)
		return false;
	list_for_each_entry(r, &kvm->enc_regions, list) {
		uint64_t first = r->range.addr & PAGE_MASK;

		if (!r->leaving && hva >= first && hva < r->range.addr + r->range.size)
			return true;
	}
	return false;
}
