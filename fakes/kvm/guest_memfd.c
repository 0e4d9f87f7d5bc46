/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that KVM gives a guest and no process can map.  Stands for
 * virt/kvm/guest_memfd.c, v6.12: kvm_gmem_create(), kvm_gmem_bind(),
 * kvm_gmem_get_pfn(), kvm_gmem_punch_hole(), kvm_gmem_release() and what they
 * call (contract D.14, G.2, G.4, H.14, O.8).
 *
 * The object is a file of one VM. Its folios are its page cache's, so they stay
 * without anybody's reference, and they can neither be reclaimed nor moved. A
 * memslot is bound to a part of it as long as the slot lives; a fault asks the slot
 * for the folio. Nothing else finds one: no VMA, no PTE, no GUP. Only the file
 * itself takes one away, when a hole is punched or the file ends, and then tells
 * KVM as an MMU notifier would.
 *
 * The file holds the VM, not the VM the file: a slot's pointer is cleared when the
 * file ends, and until then gives a reference only if there still is one.
 *
 * Simpler than the kernel: the slots that are bound are a list, by offset, not an
 * entry for each page; a file has one VM; no folio is poisoned; fallocate() only
 * punches holes, for memory is there when it is first used; no KVM_GMEM populate.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "fakes/kvm/guest_memfd.h"
#include "fakes/kvm/internal.h"
#include "fakes/kvm/probe.h"
#include "fakes/sev/contents.h"

/**
 * struct kvm_gmem - what KVM knows of the file
 * @kvm: whose memory it is; the file's reference on it
 * @bindings: kvm_memory_slot.gmem.link of the slots that have a part of it, by
 *	offset; the file's invalidate_lock
 */
struct kvm_gmem {
	struct kvm *kvm;
	struct list_head bindings;
};

static pgoff_t kvm_gmem_get_index(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	return gfn - slot->base_gfn + slot->gmem.pgoff;
}

static bool slot_meets(const struct kvm_memory_slot *slot, pgoff_t start, pgoff_t end)
{
	return slot->gmem.pgoff < end && start < slot->gmem.pgoff + slot->npages;
}

/* Pages [start, end) of the file are about to go: as a notifier's start (H.26). */
static void kvm_gmem_invalidate_begin(struct kvm_gmem *gmem, pgoff_t start, pgoff_t end)
{
	bool flush = false, found_memslot = false;
	struct kvm *kvm = gmem->kvm;
	struct kvm_memory_slot *slot;

	list_for_each_entry(slot, &gmem->bindings, gmem.link) {
		pgoff_t pgoff = slot->gmem.pgoff;
		struct kvm_gfn_range range = {
			.start = slot->base_gfn + max(pgoff, start) - pgoff,
			.end = slot->base_gfn + min(pgoff + slot->npages, end) - pgoff,
			.slot = slot,
			.may_block = true,
		};

		if (!slot_meets(slot, start, end))
			continue;
		if (!found_memslot) {
			found_memslot = true;
			sim_note(SIM_NOTIFY_START, OBJ_OF_KVM(kvm), 0, -1, __func__);
			write_lock(&kvm->mmu_lock);
			kvm_mmu_invalidate_begin(kvm);
		}
		kvm_mmu_invalidate_range_add(kvm, range.start, range.end);
		flush |= kvm_unmap_gfn_range(kvm, &range);
	}
	if (flush)
		kvm_flush_remote_tlbs(kvm);
	if (found_memslot)
		write_unlock(&kvm->mmu_lock);
}

/* They are gone. The same slots are bound as then: the caller saw to that. */
static void kvm_gmem_invalidate_end(struct kvm_gmem *gmem, pgoff_t start, pgoff_t end)
{
	struct kvm *kvm = gmem->kvm;
	struct kvm_memory_slot *slot;
	bool found_memslot = false;

	list_for_each_entry(slot, &gmem->bindings, gmem.link)
		found_memslot |= slot_meets(slot, start, end);
	if (!found_memslot)
		return;
	write_lock(&kvm->mmu_lock);
	kvm_mmu_invalidate_end(kvm);
	sim_note(SIM_NOTIFY_END, OBJ_OF_KVM(kvm), 0, -1, __func__);
	write_unlock(&kvm->mmu_lock);
}

static int kvm_gmem_punch_hole(struct file *file, loff_t offset, loff_t len)
{
	pgoff_t start = offset >> PAGE_SHIFT, end = (offset + len) >> PAGE_SHIFT;
	struct kvm_gmem *gmem = file->private_data;

	sim_note(SIM_ENTER, OBJ_FILE_OF(file->mapping.id, start), end - start, 0, __func__);
	filemap_invalidate_lock(&file->mapping);
	kvm_gmem_invalidate_begin(gmem, start, end);
	truncate_inode_pages_range(&file->mapping, offset, offset + len - 1);
	kvm_gmem_invalidate_end(gmem, start, end);
	filemap_invalidate_unlock(&file->mapping);
	sim_note(SIM_LEAVE, OBJ_FILE_OF(file->mapping.id, start), 0, 0, __func__);
	return 0;
}

static int kvm_gmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	if (mode != (FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	if ((offset | len) & ~PAGE_MASK)
		return -EINVAL;
	return kvm_gmem_punch_hole(file, offset, len);
}

/* The last reference to the file is gone; its folios go afterwards. */
static int kvm_gmem_release(struct file *file)
{
	struct kvm_gmem *gmem = file->private_data;
	struct kvm *kvm = gmem->kvm;
	struct kvm_memory_slot *slot;

	/* No slot comes or goes meanwhile. */
	mutex_lock(&kvm->slots_lock);
	filemap_invalidate_lock(&file->mapping);
	list_for_each_entry(slot, &gmem->bindings, gmem.link) {
		/* Its VMM takes it away. */
		sev_guest_forget(kvm, slot->base_gfn, slot->base_gfn + slot->npages, true);
		WRITE_ONCE(slot->gmem.file, NULL);
	}
	kvm_gmem_invalidate_begin(gmem, 0, -1UL);
	kvm_gmem_invalidate_end(gmem, 0, -1UL);
	filemap_invalidate_unlock(&file->mapping);
	mutex_unlock(&kvm->slots_lock);

	kfree(gmem);
	kvm_put_kvm(kvm);
	return 0;
}

static void kvm_gmem_free_folio(struct address_space *mapping, struct folio *folio)
{
	const struct kvm_x86_ops *ops = mapping->i_private_data;
	kvm_pfn_t pfn = folio_pfn(folio);

	if (ops && ops->gmem_invalidate)
		ops->gmem_invalidate(pfn, pfn + (1UL << folio_order(folio)));
}

static const struct address_space_operations kvm_gmem_aops = {
	.free_folio = kvm_gmem_free_folio,
};

static const struct file_operations kvm_gmem_fops = {
	.release = kvm_gmem_release,
	.fallocate = kvm_gmem_fallocate,
};

static struct file *kvm_gmem_new_file(struct kvm *kvm, struct kvm_gmem *gmem, pgoff_t nr)
{
	struct file *file = file_new(nr);
	struct address_space *mapping = &file->mapping;

	sim_lock_order("slots_lock", "invalidate_lock");
	sim_lock_order("invalidate_lock", "folio_lock");
	sim_lock_order("invalidate_lock", "mmu_lock");
	rwsem_init_class(&mapping->invalidate_lock, "invalidate_lock",
			 OBJ_FILE_OF(mapping->id, 0));
	mapping->a_ops = &kvm_gmem_aops;
	/* It outlives the VM. */
	mapping->i_private_data = (void *)kvm->arch.ops;
	mapping_set_gfp_mask(mapping, GFP_HIGHUSER);
	mapping_set_inaccessible(mapping);
	file->f_op = &kvm_gmem_fops;
	file->private_data = gmem;
	return file;
}

/**
 * kvm_gmem_create() - KVM_CREATE_GUEST_MEMFD
 * @kvm: whose guest may have it
 * @args: size in bytes, and flags, of which there are none
 *
 * Context: sleepable, a thread of the VM's process.
 * Return: file descriptor; -EINVAL, -ENOMEM.
 */
int kvm_gmem_create(struct kvm *kvm, const struct kvm_create_guest_memfd *args)
{
	struct kvm_gmem *gmem;

	if (args->flags)
		return -EINVAL;
	if (!args->size || (s64)args->size < 0 || args->size & ~PAGE_MASK)
		return -EINVAL;
	gmem = kzalloc(sizeof(*gmem), GFP_KERNEL);
	if (!gmem)
		return -ENOMEM;
	kvm_get_kvm(kvm);
	gmem->kvm = kvm;
	INIT_LIST_HEAD(&gmem->bindings);
	return mm_open(current->mm, kvm_gmem_new_file(kvm, gmem, args->size >> PAGE_SHIFT));
}

/* Return: -EINVAL if another slot has some of it. */
static int bind(struct kvm_gmem *gmem, struct file *file, struct kvm_memory_slot *slot,
		pgoff_t start)
{
	struct list_head *before = &gmem->bindings;
	struct kvm_memory_slot *other;

	list_for_each_entry(other, &gmem->bindings, gmem.link) {
		if (slot_meets(other, start, start + slot->npages))
			return -EINVAL;
		if (other->gmem.pgoff < start)
			before = &other->gmem.link;
	}
	slot->gmem.pgoff = start;
	list_add(&slot->gmem.link, before);
	WRITE_ONCE(slot->gmem.file, file);
	return 0;
}

/**
 * kvm_gmem_bind() - a new slot gets its private memory.
 * @kvm: the VM
 * @slot: not visible yet
 * @fd: of a guest_memfd
 * @offset: where in it the slot begins, in bytes
 *
 * Context: slots_lock held.
 * Return: 0; -EBADF; -EINVAL: not of this VM, not aligned, too long, or somebody
 * else's.
 */
int kvm_gmem_bind(struct kvm *kvm, struct kvm_memory_slot *slot, unsigned int fd, u64 offset)
{
	u64 size = (u64)slot->npages << PAGE_SHIFT;
	struct file *file = fget(fd);
	struct kvm_gmem *gmem;
	int r = -EINVAL;

	if (!file)
		return -EBADF;
	if (file->f_op != &kvm_gmem_fops)
		goto out;
	gmem = file->private_data;
	if (gmem->kvm != kvm || offset & ~PAGE_MASK ||
	    offset + size > (u64)file_nr_pages(file) << PAGE_SHIFT)
		goto out;
	filemap_invalidate_lock(&file->mapping);
	r = bind(gmem, file, slot, offset >> PAGE_SHIFT);
	filemap_invalidate_unlock(&file->mapping);
out:
	fput(file);
	return r;
}

/**
 * kvm_gmem_unbind() - a slot that nobody sees any more gives its part back.
 * @slot: the slot; its file may have ended
 *
 * Context: slots_lock held, or the VM is going.
 */
void kvm_gmem_unbind(struct kvm_memory_slot *slot)
{
	struct file *file = slot->gmem.file;

	if (!file)
		return;
	file = get_file_active(&slot->gmem.file);
	if (file)
		filemap_invalidate_lock(&file->mapping);
	list_del(&slot->gmem.link);
	WRITE_ONCE(slot->gmem.file, NULL);
	if (!file)
		return;
	filemap_invalidate_unlock(&file->mapping);
	fput(file);
}

/* A folio that the guest has not seen: it finds zeroes, and the design has its say. */
static int kvm_gmem_prepare_folio(struct kvm *kvm, gfn_t gfn, struct folio *folio)
{
	int r = 0;

	clear_highpage(&folio->page);
	if (kvm_x86_has(kvm, gmem_prepare))
		r = kvm->arch.ops->gmem_prepare(kvm, folio_pfn(folio), gfn, folio_order(folio));
	if (!r)
		folio_mark_uptodate(folio);
	return r;
}

/* Is the slot bound there still? It is, unless the file has ended or KVM is wrong. */
static int check_binding(struct file *file, struct kvm_memory_slot *slot)
{
	if (READ_ONCE(slot->gmem.file) == file)
		return 0;
	WARN_ON_ONCE(slot->gmem.file);
	return -EFAULT;
}

/**
 * kvm_gmem_get_pfn() - the folio of a private gfn (H.14).
 * @kvm: the VM
 * @slot: bound to a guest_memfd
 * @gfn: in the slot
 * @pfn: where its frame goes
 * @max_order: NULL, or where it is said how large a mapping of it may be
 *
 * Context: kvm->srcu read side, no mmu_lock; sleepable.
 * Return: 0, and one plain reference on the folio; -EFAULT: the file has ended;
 * -ENOMEM; or what the design's gmem_prepare said.
 */
int kvm_gmem_get_pfn(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn, kvm_pfn_t *pfn,
		     int *max_order)
{
	struct folio *folio;
	struct file *file;
	int r;

	sim_note(SIM_ENTER, OBJ_OF_SLOT(kvm, slot), gfn, 0, __func__);

	sim_step(SIM_READ, OBJ_OF_SLOT(kvm, slot), __func__);
	file = get_file_active(&slot->gmem.file);
	r = -EFAULT;
	if (!file)
		goto out_note;
	r = check_binding(file, slot);
	if (r)
		goto out;
	folio = filemap_grab_folio(&file->mapping, kvm_gmem_get_index(slot, gfn));
	if (IS_ERR(folio)) {
		r = PTR_ERR(folio);
		goto out;
	}
	*pfn = folio_pfn(folio);
	if (max_order)
		*max_order = 0;
	if (!folio_test_uptodate(folio))
		r = kvm_gmem_prepare_folio(kvm, gfn, folio);
	folio_unlock(folio);
	if (r < 0)
		folio_put(folio);
out:
	fput(file);
out_note:
	sim_note(SIM_LEAVE, OBJ_OF_SLOT(kvm, slot), r ?: (s64)*pfn, 0, __func__);
	return r;
}

/* No step, no reference: for who looks from outside. */
bool kvm_gmem_peek(const struct kvm_memory_slot *slot, gfn_t gfn, u64 *ret_pfn)
{
	const struct file *file = slot->gmem.file;
	const struct folio *folio;

	if (!file)
		return false;
	folio = file->mapping.i_pages[kvm_gmem_get_index(slot, gfn)];
	if (folio)
		*ret_pfn = folio_pfn(folio);
	return folio;
}

/* The slot of a gfn that is private, or NULL. With the hooks, as few look here. */
static const struct kvm_memory_slot *private_slot(unsigned int vm, gfn_t gfn)
{
	struct kvm *kvm = kvm_find(vm);

	if (!kvm || !kvm_arch_has_private_mem(kvm) || !kvm_gfn_is_private(kvm, gfn))
		return NULL;
	return __gfn_to_memslot(kvm_memslots_locked(kvm, 0), gfn);
}

bool probe_private(unsigned int vm, uint64_t gfn)
{
	return private_slot(vm, gfn);
}

/* By the page, since a slot forgets its file before that has told KVM. */
bool probe_private_has(unsigned int vm, uint64_t gfn, uint64_t pfn)
{
	const struct kvm_memory_slot *slot = private_slot(vm, gfn);
	const struct folio *folio = page_folio(pfn_to_page(pfn));
	const struct address_space *mapping = folio_mapping((struct folio *)folio);

	return slot && mapping && mapping_inaccessible(mapping) &&
	       folio->index == kvm_gmem_get_index(slot, gfn) &&
	       (!slot->gmem.file || mapping == &slot->gmem.file->mapping);
}
