/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a VMM does for a guest whose private memory is a guest_memfd's: it makes a
 * file for each memslot, all of it private from the beginning, and remembers which;
 * and closes it when the slot is deleted, or with the VM.
 */
#include <linux/fs.h>
#include <linux/kvm.h>

#include "sim/core/alloc.h"
#include "sim/race/actor_private.h"

/* Of which slot it is, and what the VMM knows of that. */
struct actor_gmem {
	unsigned int vm;
	u32 slot;
	gfn_t gfn;
	u64 npages;
	int fd;
	struct actor_gmem *next;
};

static struct actor_gmem **find_slot(unsigned int vm, u32 slot)
{
	struct actor_gmem **at = &actors()->gmem;

	while (*at && ((*at)->vm != vm || (*at)->slot != slot))
		at = &(*at)->next;
	return at;
}

static void forget(struct actor_gmem **at)
{
	struct actor_gmem *g = *at;

	*at = g->next;
	close_fd(g->fd);
	sim_free(g);
}

static int new_file(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem)
{
	const struct kvm_create_guest_memfd args = { .size = mem->memory_size };
	int fd = kvm_vm_ioctl_create_guest_memfd(kvm, &args);
	struct actor_gmem *g;

	if (fd < 0)
		return fd;
	g = sim_alloc(sizeof(*g));
	g->vm = kvm->number;
	g->slot = mem->slot;
	g->gfn = mem->guest_phys_addr >> PAGE_SHIFT;
	g->npages = mem->memory_size >> PAGE_SHIFT;
	g->fd = fd;
	g->next = actors()->gmem;
	actors()->gmem = g;
	return 0;
}

static long create_slot(struct kvm *kvm, struct kvm_userspace_memory_region2 *mem)
{
	const struct kvm_memory_attributes private = {
		.address = mem->guest_phys_addr,
		.size = mem->memory_size,
		.attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE,
	};
	struct actor_gmem **at = find_slot(kvm->number, mem->slot);
	bool made = !*at;
	long r;

	if (made) {
		r = new_file(kvm, mem);
		if (r)
			return r;
		at = find_slot(kvm->number, mem->slot);
	}
	mem->flags |= KVM_MEM_GUEST_MEMFD;
	mem->guest_memfd = (*at)->fd;
	r = kvm_vm_ioctl_set_memory_region2(kvm, mem);
	if (!r)
		return kvm_vm_ioctl_set_mem_attributes(kvm, &private);
	if (made)
		forget(find_slot(kvm->number, mem->slot));
	return r;
}

long actor_gmem_slot(struct kvm *kvm, const struct kvm_userspace_memory_region *region)
{
	struct kvm_userspace_memory_region2 mem = {
		.slot = region->slot,
		.flags = region->flags,
		.guest_phys_addr = region->guest_phys_addr,
		.memory_size = region->memory_size,
		.userspace_addr = region->userspace_addr,
	};
	struct actor_gmem **at;
	long r;

	if (mem.memory_size)
		return create_slot(kvm, &mem);
	r = kvm_vm_ioctl_set_memory_region2(kvm, &mem);
	at = find_slot(kvm->number, mem.slot);
	if (!r && *at)
		forget(at);
	return r;
}

void actor_gmem_close(unsigned int vm)
{
	struct actor_gmem **at = &actors()->gmem;

	while (*at) {
		if ((*at)->vm == vm)
			forget(at);
		else
			at = &(*at)->next;
	}
}

long actor_gmem_punch(struct kvm *kvm, gfn_t gfn)
{
	const struct actor_gmem *g;

	for (g = actors()->gmem; g; g = g->next)
		if (g->vm == kvm->number && gfn - g->gfn < g->npages)
			return ksys_fallocate(g->fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE,
					      (gfn - g->gfn) << PAGE_SHIFT, PAGE_SIZE);
	return -EBADF;
}

long actor_gmem_convert(struct kvm *kvm, gfn_t gfn, bool private)
{
	const struct kvm_memory_attributes attrs = {
		.address = gfn << PAGE_SHIFT,
		.size = PAGE_SIZE,
		.attributes = private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0,
	};

	return kvm_vm_ioctl_set_mem_attributes(kvm, &attrs);
}
