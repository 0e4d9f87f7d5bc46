/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a guest frame number to a page frame with a reference, and back.
 * Stands for virt/kvm/kvm_main.c, v6.12: __gfn_to_pfn_memslot(), hva_to_pfn()
 * and its two halves, kvm_pfn_to_refcounted_page(), kvm_release_pfn_clean()
 * (contract H.1, H.8-H.13, H.15, H.16, H.22).
 *
 * Cut where the kernel cuts, so that the kernel's own text can stand here.
 *
 * Simpler than the kernel: a page without a struct page that a driver has mapped
 * is not looked up (hva_to_pfn_remapped(), H.12): nobody maps any, and it is
 * KVM_PFN_ERR_FAULT.
 */
#include "fakes/kvm/internal.h"
#include <linux/mmap_lock.h>
#include <linux/swap.h>

/* H.9: a writable page without sleeping, if write access is asked for or welcome. */
static bool hva_to_pfn_fast(unsigned long addr, bool write_fault, bool *writable, kvm_pfn_t *pfn)
{
	struct page *page;

	if (!write_fault && !writable)
		return false;
	if (get_user_pages_fast_only(addr, 1, FOLL_WRITE, &page) != 1)
		return false;
	*pfn = page_to_pfn(page);
	if (writable)
		*writable = true;
	return true;
}

/* H.10. Return: 1, or what get_user_pages_unlocked() returned instead. */
static int hva_to_pfn_slow(unsigned long addr, bool *async, bool write_fault, bool interruptible,
			   bool *writable, kvm_pfn_t *pfn)
{
	unsigned int flags = FOLL_HWPOISON;
	struct page *page, *wpage;
	int npages;

	might_sleep();
	if (kernel_profile()->protnone_followed)
		flags |= FOLL_HONOR_NUMA_FAULT;
	if (writable)
		*writable = write_fault;
	if (write_fault)
		flags |= FOLL_WRITE;
	if (async)
		flags |= FOLL_NOWAIT;
	if (interruptible && kernel_profile()->kvm_eintr_is_sigpending)
		flags |= FOLL_INTERRUPTIBLE;

	npages = get_user_pages_unlocked(addr, 1, &page, flags);
	if (npages != 1)
		return npages;

	/* A read fault may be mapped writable if the page turns out to be so. */
	if (!write_fault && writable &&
	    get_user_pages_fast_only(addr, 1, FOLL_WRITE, &wpage) == 1) {
		*writable = true;
		put_page(page);
		page = wpage;
	}
	*pfn = page_to_pfn(page);
	return npages;
}

/* Could the access be made, if only the page were there? */
static bool vma_is_valid(struct vm_area_struct *vma, bool write_fault)
{
	return vma->vm_flags & VM_READ && (!write_fault || vma->vm_flags & VM_WRITE);
}

/*
 * H.12: is it there, but poisoned? Asked by looking for it once more, for
 * writing: so a page that did not come the first time may come now, for nobody.
 */
static bool check_user_page_hwpoison(unsigned long addr)
{
	return get_user_pages(addr, 1, FOLL_HWPOISON | FOLL_WRITE, NULL) == -EHWPOISON;
}

/* H.11, H.12: there is no page; is it worth to try again, and to wait for it? */
kvm_pfn_t hva_to_pfn_failed(unsigned long addr, int err, bool *async, bool write_fault)
{
	kvm_pfn_t pfn = KVM_PFN_ERR_FAULT;
	struct vm_area_struct *vma;

	if (err == -EINTR && kernel_profile()->kvm_eintr_is_sigpending)
		return KVM_PFN_ERR_SIGPENDING;

	mmap_read_lock(current->mm);
	if (err == -EHWPOISON || (!async && check_user_page_hwpoison(addr))) {
		pfn = KVM_PFN_ERR_HWPOISON;
	} else {
		vma = vma_lookup(current->mm, addr);
		if (vma && !(vma->vm_flags & (VM_IO | VM_PFNMAP)) && async &&
		    vma_is_valid(vma, write_fault))
			*async = true;
	}
	mmap_read_unlock(current->mm);
	return pfn;
}

/**
 * hva_to_pfn() - find the page at an address of the caller's mm
 * @addr: address
 * @atomic: must not sleep
 * @interruptible: signals may interrupt it
 * @async: NULL, or where to say that a page could come, if it were waited for
 * @write_fault: it is to be written
 * @writable: NULL, or where to say whether it may be mapped writable
 *
 * Context: sleepable unless @atomic; not under mmu_lock or mmap_lock.
 * Return: page frame with one plain reference (H.13); or KVM_PFN_ERR_* and none.
 */
kvm_pfn_t hva_to_pfn(unsigned long addr, bool atomic, bool interruptible, bool *async,
		     bool write_fault, bool *writable)
{
	sim_obj_t obj = OBJ_PTE_OF(current->mm->id, addr);
	kvm_pfn_t pfn = KVM_PFN_ERR_FAULT;
	int npages = 1;

	BUG_ON(atomic && async);

	sim_note(SIM_ENTER, obj, write_fault, 0, __func__);
	if (!hva_to_pfn_fast(addr, write_fault, writable, &pfn) && !atomic) {
		npages = hva_to_pfn_slow(addr, async, write_fault, interruptible, writable, &pfn);
		if (npages != 1)
			pfn = hva_to_pfn_failed(addr, npages, async, write_fault);
	}
	sim_note(SIM_LEAVE, obj, npages == 1 ? (s64)pfn : npages, write_fault, __func__);
	return pfn;
}

/* Address of @gfn for reading or writing; an error hva if it may not be. */
static unsigned long gfn_to_hva_access(const struct kvm_memory_slot *slot, gfn_t gfn, bool write)
{
	if (!slot || slot->flags & KVM_MEMSLOT_INVALID)
		return KVM_HVA_ERR_BAD;
	if (write && memslot_is_readonly(slot))
		return KVM_HVA_ERR_RO_BAD;
	return __gfn_to_hva_memslot(slot, gfn);
}

/**
 * __gfn_to_pfn_memslot() - find the page of a guest frame (H.8)
 * @slot: where @gfn lies, or NULL
 * @gfn: frame number
 * @atomic: must not sleep
 * @interruptible: signals may interrupt it
 * @async: the page may come later, or NULL
 * @write_fault: the guest writes
 * @writable: NULL, or where to say whether it may be mapped writable
 * @hva: NULL, or where the address goes (an error hva too)
 *
 * Context: kvm->srcu read side, else as hva_to_pfn().
 * Return: page frame with one plain reference; or KVM_PFN_ERR_* or
 * KVM_PFN_NOSLOT, and none.
 */
kvm_pfn_t __gfn_to_pfn_memslot(const struct kvm_memory_slot *slot, gfn_t gfn, bool atomic,
			       bool interruptible, bool *async, bool write_fault, bool *writable,
			       hva_t *hva)
{
	unsigned long addr = gfn_to_hva_access(slot, gfn, write_fault);

	if (hva)
		*hva = addr;
	if (kvm_is_error_hva(addr)) {
		if (writable)
			*writable = false;
		return addr == KVM_HVA_ERR_RO_BAD ? KVM_PFN_ERR_RO_FAULT : KVM_PFN_NOSLOT;
	}
	if (writable && memslot_is_readonly(slot)) {
		*writable = false;
		writable = NULL;
	}

	if (memslot_is_encrypted(slot))
		return hva_to_pfn_pinned(addr, async, write_fault, writable);
	return hva_to_pfn(addr, atomic, interruptible, async, write_fault, writable);
}

/**
 * gfn_to_pfn() - find the page of a guest frame, for writing
 * @kvm: the VM
 * @gfn: frame number
 *
 * Context: kvm->srcu read side, sleepable.
 * Return: as __gfn_to_pfn_memslot().
 */
kvm_pfn_t gfn_to_pfn(struct kvm *kvm, gfn_t gfn)
{
	return __gfn_to_pfn_memslot(gfn_to_memslot(kvm, gfn), gfn, false, false, NULL, true, NULL,
				    NULL);
}

/**
 * kvm_pfn_to_refcounted_page() - the page whose count goes with a frame (H.16)
 * @pfn: frame
 *
 * Context: any.
 * Return: its page; NULL if there is none or it is not counted.
 */
struct page *kvm_pfn_to_refcounted_page(kvm_pfn_t pfn)
{
	struct page *page;

	if (!pfn_valid(pfn))
		return NULL;
	page = pfn_to_page(pfn);
	if (!PageReserved(page) || is_zero_pfn(pfn) || is_zone_device_page(page))
		return page;
	return NULL;
}

/**
 * kvm_is_reserved_pfn() - is the frame one that is not counted?
 * @pfn: frame
 *
 * The question as it was put before v6.1. The zero page is reserved but counted
 * (A.24, K.13).
 *
 * Context: any.
 * Return: true if it is memory but reserved, or no memory at all.
 */
bool kvm_is_reserved_pfn(kvm_pfn_t pfn)
{
	return !kvm_pfn_to_refcounted_page(pfn);
}

static bool is_ad_tracked(const struct page *page)
{
	return !PageReserved(page);
}

/**
 * kvm_set_pfn_accessed() - the guest used it
 * @pfn: frame; an error is worth a warning
 *
 * Context: any; the page may enter a per-CPU batch, which takes a reference.
 */
void kvm_set_pfn_accessed(kvm_pfn_t pfn)
{
	if (WARN_ON(is_error_noslot_pfn(pfn)))
		return;
	if (pfn_valid(pfn) && is_ad_tracked(pfn_to_page(pfn)))
		mark_page_accessed(pfn_to_page(pfn));
}

/**
 * kvm_set_pfn_dirty() - the guest wrote it
 * @pfn: frame; an error is worth a warning
 *
 * Context: any.
 */
void kvm_set_pfn_dirty(kvm_pfn_t pfn)
{
	if (WARN_ON(is_error_noslot_pfn(pfn)))
		return;
	if (pfn_valid(pfn) && is_ad_tracked(pfn_to_page(pfn)))
		SetPageDirty(pfn_to_page(pfn));
}

/* H.22: the page that goes with a frame that hva_to_pfn() gave; NULL: none is to be put. */
static struct page *page_to_release(kvm_pfn_t pfn)
{
	return is_error_noslot_pfn(pfn) ? NULL : kvm_pfn_to_refcounted_page(pfn);
}

/**
 * kvm_release_pfn_clean() - give back what hva_to_pfn() took (H.22)
 * @pfn: frame, or an error: nothing then
 *
 * Where a design has patched KVM so that it pins itself (RFC v1, 1/9), what looks
 * pinned is unpinned, in all VMs: a guess (H-22).
 *
 * Context: any, not under mmu_lock by custom.
 */
void kvm_release_pfn_clean(kvm_pfn_t pfn)
{
	struct page *page = page_to_release(pfn);

	if (!page)
		return;
	kvm_set_pfn_accessed(pfn);
	if (kvm_world()->pins && page_maybe_dma_pinned(page))
		unpin_user_page(page);
	else
		put_page(page);
}

/**
 * kvm_release_pfn_dirty() - the same for a page that was written
 * @pfn: frame, or an error: nothing then
 *
 * Context: any.
 */
void kvm_release_pfn_dirty(kvm_pfn_t pfn)
{
	if (!page_to_release(pfn))
		return;
	kvm_set_pfn_dirty(pfn);
	kvm_release_pfn_clean(pfn);
}
