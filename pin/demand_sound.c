/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "demand-sound": ours.  Guest memory is pinned when the guest first
 * touches it, in the order that holds under every check:
 *
 *	charge, pin long-term with no reference of one's own, record once or
 *	undo, lock, stale check, map; unpin only after a flush, and only when
 *	the guest can no longer reach the page.
 *
 * What each step is there for:
 *
 * Look first.  A page that is recorded is pinned, and where it may stay: a fault
 *	that comes again (an SPTE may go at any time, H.32, K.29) takes a plain
 *	reference as KVM does, and nothing else.  A second long-term pin could
 *	fail where the first did not (R-06b).  The record is looked at behind the
 *	reference: who changes it has seen another page there, so an invalidation
 *	came between and the stale check will say so (H-35).
 * One at a time.  A lock of the VM's is held from the look to the record. Of two
 *	vCPUs that touch one page the second finds the first one's record; they do
 *	not pin it both, nor keep it from moving (K.15, K.17, H-29).
 * Charge.  Before there is anything to give back, against the process's
 *	locked_vm, where every VM and whatever else it locks counts (H-27, H-28).
 * Pin with no reference of one's own.  Migration wants to find none but its own
 *	(H-03), so what the look took is put back first, by put_page(): KVM's
 *	release would mark the page accessed, and may leave a batch's reference on
 *	it (H.22, H-05).  Before mmu_lock, where one may sleep (H-37).  With
 *	FOLL_WRITE for a read as well: what is pinned is then the process's own
 *	page and neither zeroes nor a page that is shared (H-12, H-24), and stays
 *	so when the process forks (H-10).
 * Look where it lies.  v5.17 takes a pageblock that somebody has just isolated
 *	for none of the CMA area's.
 * Look whether it goes.  v5.17's reclaim asks whether a page is pinned, gives it a
 *	place in the swap cache and unmaps it, all under the page's lock; what has a
 *	place there is not asked about again. What comes back is read-only if it was
 *	read first, and a write then copies it, pinned or not (H-11). So it is pinned,
 *	locked, and seen to be mapped here as the pin found it and in no swap cache:
 *	now whoever locks it later sees the pin first. Else the pin goes, and the next
 *	one finds what the process has then; also where no more than an accessed bit
 *	was cleared under the look.
 * Try again.  Another's short reference makes migration fail (H-04, K.18): so
 *	a few times over.
 * Flush.  What the VMM wrote must not be written back over ciphertext (H-56); and
 *	before the record, as another vCPU may map by that at once.
 * Record once, or undo.  A record stands for one pin and one charge; without
 *	memory for it both go back (H-33, H-54).  It belongs to the VM and to the
 *	address, not to a slot: a slot that moves (R-47, K.19), comes back or
 *	is older than the VM's encryption changes nothing, and two slots of
 *	one address have one record (H-53).
 * get_page().  The fault goes on with a plain reference, which KVM puts in every
 *	outcome (K.9).  If the fault turns out to be stale the pin is in the records
 *	already, and the next one finds it (H-35).
 * At launch too.  What the firmware encrypts is pinned by the same steps before, and
 *	stays so (H-61); also what it receives, which nobody marks as dirty: what is
 *	pinned is not reclaimed, clean or not (H-60).  A guest that moves to another VM
 *	of the process takes its records along; a mirror's faults are its
 *	owner's (H-63).
 * Unpin late.  The page tables show another page at the address, so the old one
 *	has no SPTE any more: it is flushed under the guest's key, then unpinned
 *	(H-38, H-57).  Or a range is unregistered and no slot shows it to the guest.
 *	Or the VM ends.
 *
 * What no design can give, and what this one gives in its place:
 *   H-04	a reference that is held for good keeps a page from moving for good:
 *		the fault fails, leaves no trace, and KVM_RUN may be called again
 *   H-09	so does memory that has room only in ZONE_MOVABLE and CMA
 *   H-38	a page that the VMM takes away is lost to the guest. It stays pinned
 *		and charged until the guest touches the address again, the range is
 *		unregistered, or the VM ends: at most one page for each address
 *   R-55	a move to a VM of another process is refused: the records go by the
 *		address; a mirror there pins for as long as it lives itself
 *   K.31	a pinned page's block may be isolated later: who wants it waits for
 *		the VM to end. But it is in no CMA area and not in ZONE_MOVABLE
 *   H-08	while memory goes offline GUP's long-term loop and the offline's may
 *		keep each other going for as long as chance will have it
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/xarray.h>

#include <asm/cacheflush.h>
#include <asm/page.h>
#include <asm/smp.h>
#include <svm/svm.h>

#include "designs.h"
#include "eager.h"

/* Each of them has migration try ten times. */
#define SEV_PIN_TRIES	3

static unsigned long sev_pin_index(hva_t hva)
{
	return hva >> PAGE_SHIFT;
}

/*
 * A mirror runs its owner's guest, and what it touches must stay for as long as
 * that is there: so it is the owner's, if they have one process.
 */
static struct kvm *sev_pins_of(struct kvm *kvm)
{
	struct kvm *owner = to_kvm_sev_info(kvm)->enc_context_owner;

	return owner && owner->mm == kvm->mm ? owner : kvm;
}

static int sev_pins_init(struct kvm *kvm)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);

	mutex_init(&sev->pins_lock);
	xa_init(&sev->pins);
	return 0;
}

/* As KVM does it, its errors included. */
static void sev_find_pfn(struct kvm_memory_slot *slot, gfn_t gfn, bool write,
			 kvm_pfn_t *pfn, bool *map_writable)
{
	*pfn = __gfn_to_pfn_memslot(slot, gfn, false, false, NULL, write,
				    map_writable, NULL);
}

/* Put what sev_find_pfn() took, and nothing on the way to the active list. */
static void sev_put_pfn(kvm_pfn_t pfn)
{
	struct page *page = kvm_pfn_to_refcounted_page(pfn);

	if (page)
		put_page(page);
}

/*
 * Is the page at @hva recorded? Then, or if there is no page but an error of
 * KVM's, *@pfn is what a fault goes on with.
 */
static bool sev_find_pinned(struct kvm_sev_info *sev,
			    struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
			    bool write, kvm_pfn_t *pfn, bool *map_writable)
{
	unsigned long index = sev_pin_index(hva);

	if (!xa_load(&sev->pins, index))
		return false;
	sev_find_pfn(slot, gfn, write, pfn, map_writable);
	if (is_error_noslot_pfn(*pfn))
		return true;
	if (xa_load(&sev->pins, index) == pfn_to_page(*pfn))
		return true;
	sev_put_pfn(*pfn);
	return false;
}

/* May @page be held for good where it lies? No isolated block tells. */
static bool sev_page_placed(struct page *page)
{
	return !is_migrate_isolate(get_pageblock_migratetype(page)) &&
	       is_longterm_pinnable_page(page);
}

/*
 * Is what was pinned still @hva's, with the same right to write, and not on its way
 * out to swap? The lock keeps reclaim from being between its question and its
 * deed. (folio_free_swap() is not exported to modules yet.)
 */
static bool sev_page_stays(hva_t hva, unsigned int flags, struct page *page)
{
	struct folio *folio = page_folio(page);
	struct page *now = NULL;

	folio_lock(folio);
	folio_wait_writeback(folio);
	if ((!folio_test_swapcache(folio) || folio_free_swap(folio)) &&
	    get_user_pages_fast_only(hva, 1, flags & FOLL_WRITE, &now) == 1)
		put_page(now);
	folio_unlock(folio);
	return now == page;
}

/*
 * As pin_user_pages_fast(), but what it pins stays. Whoever was in the way has got
 * on meanwhile: no need to count.
 */
static int sev_pin_staying_page(hva_t hva, unsigned int flags,
				struct page **page)
{
	int npinned;

	while ((npinned = pin_user_pages_fast(hva, 1, flags, page)) == 1) {
		if (sev_page_stays(hva, flags, *page))
			break;
		unpin_user_page(*page);
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return npinned;
}

/* Return: 0 and one pin, or -errno and none. */
static int sev_pin_user_page(hva_t hva, unsigned int flags, struct page **page)
{
	int tries, npinned = -EFAULT;

	for (tries = 0; tries < SEV_PIN_TRIES; tries++) {
		npinned = sev_pin_staying_page(hva, flags, page);
		if (npinned == 1) {
			if (sev_page_placed(*page))
				return 0;
			unpin_user_page(*page);
			npinned = -EAGAIN;
		}
		if (npinned != -ENOMEM && npinned != -EBUSY &&
		    npinned != -EAGAIN)
			break;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return npinned < 0 ? npinned : -EFAULT;
}

/*
 * The record of @index goes, and with it one pin and its charge; the guest does
 * not reach the page any more, and its lines are written back.
 */
static void sev_unrecord_pin(struct kvm *kvm, unsigned long index)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);

	unpin_user_page(xa_erase(&sev->pins, index));
	sev->nr_pins--;
	account_locked_vm(kvm->mm, 1, false);
}

/* Another page is at the address than the one recorded: that is out of reach. */
static void sev_drop_stale_pin(struct kvm *kvm, unsigned long index)
{
	struct page *page = xa_load(&to_kvm_sev_info(kvm)->pins, index);

	if (!page)
		return;
	sev_flush_page(kvm, page_to_pfn(page));
	sev_unrecord_pin(kvm, index);
}

/*
 * Charge, pin, record. A record of the address must not be there.
 * Return: 0 and *@page, or -errno with nothing left behind.
 */
static int sev_pin_and_record(struct kvm *kvm, hva_t hva, unsigned int flags,
			      struct page **page)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	void *old;
	int r;

	lockdep_assert_held(&sev->pins_lock);

	r = account_locked_vm(kvm->mm, 1, true);
	if (r)
		return r;
	r = sev_pin_user_page(hva, flags, page);
	if (r)
		goto uncharge;
	/* Whoever finds the record goes by it, without a lock. */
	clflush_cache_range(page_address(*page), PAGE_SIZE);
	old = xa_store(&sev->pins, sev_pin_index(hva), *page,
		       GFP_KERNEL_ACCOUNT);
	if (xa_is_err(old)) {
		r = xa_err(old);
		goto unpin;
	}
	WARN_ON_ONCE(old);
	sev->nr_pins++;
	return 0;

unpin:
	unpin_user_page(*page);
uncharge:
	account_locked_vm(kvm->mm, 1, false);
	return r;
}

/* pins_lock is held. Return: 0 and what the fault goes on with, or -errno. */
static int sev_faultin_locked(struct kvm *kvm, struct kvm_memory_slot *slot,
			      gfn_t gfn, hva_t hva, bool write, kvm_pfn_t *pfn,
			      bool *map_writable)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	unsigned int flags = FOLL_LONGTERM;
	struct page *page;
	int r;

	/* Another vCPU may have been quicker. */
	if (sev_find_pinned(sev, slot, gfn, hva, write, pfn, map_writable))
		return 0;
	sev_drop_stale_pin(kvm, sev_pin_index(hva));

	if (!memslot_is_readonly(slot))
		flags |= FOLL_WRITE;
	r = sev_pin_and_record(kvm, hva, flags, &page);
	if (r == -EFAULT && !write && flags & FOLL_WRITE) {
		/* Perhaps the VMM itself may not write there. */
		flags = FOLL_LONGTERM;
		r = sev_pin_and_record(kvm, hva, flags, &page);
	}
	if (r)
		return r;

	get_page(page);
	*pfn = page_to_pfn(page);
	*map_writable = flags & FOLL_WRITE;
	return 0;
}

/* There is no page to pin: what would KVM have said? Not "take it unpinned". */
static int sev_faultin_failed(struct kvm_memory_slot *slot, gfn_t gfn,
			      bool write, kvm_pfn_t *pfn, bool *map_writable)
{
	sev_find_pfn(slot, gfn, write, pfn, map_writable);
	if (is_error_noslot_pfn(*pfn))
		return 0;
	sev_put_pfn(*pfn);
	return -EFAULT;
}

static int sev_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot,
			   gfn_t gfn, hva_t hva, bool write, kvm_pfn_t *pfn,
			   bool *map_writable)
{
	struct kvm *kvm = sev_pins_of(vcpu->kvm);
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	int r;

	/* No encrypted memory; or a write that KVM will not let through. */
	if (!sev_guest(kvm) || (write && memslot_is_readonly(slot))) {
		sev_find_pfn(slot, gfn, write, pfn, map_writable);
		return 0;
	}
	if (sev_find_pinned(sev, slot, gfn, hva, write, pfn, map_writable))
		return 0;

	r = mutex_lock_killable(&sev->pins_lock);
	if (!r) {
		r = sev_faultin_locked(kvm, slot, gfn, hva, write, pfn,
				       map_writable);
		mutex_unlock(&sev->pins_lock);
	}
	if (r == -EINTR) {
		*pfn = KVM_PFN_ERR_SIGPENDING;
		return 0;
	}
	if (r == -EFAULT)
		return sev_faultin_failed(slot, gfn, write, pfn, map_writable);
	return r;
}

static struct enc_region *sev_find_region(struct kvm_sev_info *sev,
					  struct kvm_enc_region *range)
{
	struct enc_region *region;

	list_for_each_entry(region, &sev->regions_list, list)
		if (region->uaddr == range->addr && region->size == range->size)
			return region;
	return NULL;
}

/* Registering pins nothing, but says that the VMM means the range to stay. */
static int sev_register_locked(struct kvm *kvm, struct kvm_enc_region *range)
{
	struct enc_region *region;

	if (!sev_guest(kvm))
		return -ENOTTY;
	if (to_kvm_sev_info(kvm)->enc_context_owner)
		return -EINVAL;
	if (!range->size || range->addr + range->size < range->addr)
		return -EINVAL;

	region = kzalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);
	if (!region)
		return -ENOMEM;
	region->uaddr = range->addr;
	region->size = range->size;
	list_add_tail(&region->list, &to_kvm_sev_info(kvm)->regions_list);
	return 0;
}

static int sev_register_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	int r;

	mutex_lock(&kvm->lock);
	r = sev_register_locked(kvm, range);
	mutex_unlock(&kvm->lock);
	return r;
}

static bool sev_is_registered(struct kvm_sev_info *sev, hva_t hva)
{
	struct enc_region *region;

	list_for_each_entry(region, &sev->regions_list, list)
		if (hva + PAGE_SIZE > region->uaddr &&
		    hva < region->uaddr + region->size)
			return true;
	return false;
}

/* Is there a slot by which the guest reaches @hva? slots_lock is held. */
static bool sev_is_in_slot(struct kvm *kvm, hva_t hva)
{
	struct kvm_memory_slot *slot;
	unsigned int as_id, i;

	for (as_id = 0; as_id < kvm_arch_nr_memslot_as_ids(kvm); as_id++)
		kvm_for_each_memslot_in_hva_range(slot, i,
				__kvm_memslots(kvm, as_id), hva, hva)
			return true;
	return false;
}

/*
 * The VMM wants a range back: what no slot shows to the guest, and no other
 * region has, is unpinned. The rest stays for as long as the VM does.
 */
static void sev_unpin_region(struct kvm *kvm, hva_t first, hva_t last)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	unsigned long index;
	struct page *page;

	mutex_lock(&kvm->slots_lock);
	mutex_lock(&sev->pins_lock);
	wbinvd_on_all_cpus();
	xa_for_each_range(&sev->pins, index, page, sev_pin_index(first),
			  sev_pin_index(last)) {
		hva_t hva = (hva_t)index << PAGE_SHIFT;

		if (!sev_is_in_slot(kvm, hva) &&
		    !sev_is_registered(sev, hva) &&
		    list_empty(&sev->mirror_vms))
			sev_unrecord_pin(kvm, index);
		cond_resched();
	}
	mutex_unlock(&sev->pins_lock);
	mutex_unlock(&kvm->slots_lock);
}

static int sev_unregister_locked(struct kvm *kvm, struct kvm_enc_region *range)
{
	struct enc_region *region;

	if (!sev_guest(kvm))
		return -ENOTTY;
	if (to_kvm_sev_info(kvm)->enc_context_owner)
		return -EINVAL;
	region = sev_find_region(to_kvm_sev_info(kvm), range);
	if (!region)
		return -EINVAL;

	list_del(&region->list);
	sev_unpin_region(kvm, region->uaddr, region->uaddr + region->size - 1);
	kfree(region);
	return 0;
}

static int sev_unregister_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	int r;

	mutex_lock(&kvm->lock);
	r = sev_unregister_locked(kvm, range);
	mutex_unlock(&kvm->lock);
	return r;
}

/* A page is pinned for good before it is encrypted, not from the first fault on. */
static int sev_pin_for_launch(struct kvm *kvm, hva_t hva)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	struct page *page, *old;
	int r;

	r = mutex_lock_killable(&sev->pins_lock);
	if (r)
		return r;
	old = xa_load(&sev->pins, sev_pin_index(hva));
	if (old && get_user_pages_fast(hva, 1, FOLL_WRITE, &page) == 1) {
		put_page(page);
		if (page != old) {
			sev_drop_stale_pin(kvm, sev_pin_index(hva));
			old = NULL;
		}
	}
	if (!old)
		r = sev_pin_and_record(kvm, hva, FOLL_LONGTERM | FOLL_WRITE,
				       &page);
	mutex_unlock(&sev->pins_lock);
	return r;
}

/* As with KVM's own pins, -ENOMEM is whatever kept one from being had (M.3). */
static int sev_pin_range(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	hva_t hva;

	if (!len || uaddr + len < uaddr)
		return -EINVAL;
	for (hva = uaddr & PAGE_MASK; hva < uaddr + len; hva += PAGE_SIZE) {
		if (sev_pin_for_launch(kvm, hva))
			return -ENOMEM;
	}
	return 0;
}

static int sev_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	int r = sev_pin_range(kvm, uaddr, len);

	return r ? r : sev_vm_launch_update(kvm, uaddr, len);
}

static int sev_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	int r = sev_is_one_page(uaddr, len) ? sev_pin_range(kvm, uaddr, len) : -EINVAL;

	return r ? r : sev_vm_receive_update(kvm, uaddr, len);
}

/* The records go by the address, so they are good in the same process only. */
static int sev_move_pins(struct kvm *kvm, struct kvm *source)
{
	struct kvm_sev_info *dst = to_kvm_sev_info(kvm);
	struct kvm_sev_info *src = to_kvm_sev_info(source);

	if (kvm->mm != source->mm)
		return -EINVAL;
	mutex_lock(&src->pins_lock);
	memcpy(&dst->pins, &src->pins, sizeof(dst->pins));
	xa_init(&src->pins);
	dst->nr_pins = src->nr_pins;
	src->nr_pins = 0;
	mutex_unlock(&src->pins_lock);
	return 0;
}

/* No SPTE is left, and nobody who could make one. */
static void sev_vm_destroy(struct kvm *kvm)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	struct enc_region *region, *next;
	unsigned long index;
	struct page *page;

	if (!sev_guest(kvm) && xa_empty(&sev->pins))
		return;
	if (xa_empty(&sev->pins) && sev_release_mirror(kvm))
		return;
	wbinvd_on_all_cpus();
	xa_for_each(&sev->pins, index, page) {
		sev_unrecord_pin(kvm, index);
		cond_resched();
	}
	xa_destroy(&sev->pins);
	list_for_each_entry_safe(region, next, &sev->regions_list, list) {
		list_del(&region->list);
		kfree(region);
	}
	sev_release_mirror(kvm);
}

const struct kvm_x86_ops demand_sound_ops = {
	.name = "demand-sound",
	.pins_of = sev_pins_of,
	.vm_init = sev_pins_init,
	.vm_destroy = sev_vm_destroy,
	.mem_enc_register_region = sev_register_region,
	.mem_enc_unregister_region = sev_unregister_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
	.faultin_pfn = sev_faultin_pfn,
	.launch_update = sev_launch_update,
	.receive_update = sev_receive_update,
	.move_enc_context = sev_move_pins,
};
