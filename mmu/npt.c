/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor's side of nested paging: what happens between two exits of a
 * vCPU. No kernel function stands behind this; it is the page table walk of
 * the AMD64 architecture manual, volume 2, "Nested Paging".
 *
 * A guest's access and the walk that permits it are one event: there is no TLB
 * that could remember an entry after it was zapped (which is what flushing it
 * before mmu_lock is released amounts to). The walk sets accessed and dirty
 * bits, without any lock.
 *
 * Simpler than the machine: no C-bit; all memory of an SEV guest is private
 * and carries its key. An SNP guest's faults say so (svm.c: npf_interception()).
 */
#include <linux/kvm_host.h>
#include <svm/svm.h>

#include "mmu_internal.h"
#include "mmutrace.h"
#include "spte.h"

/* The leaf entry for @gfn, or NULL if the walk ends above it. */
static u64 *npt_walk(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	hpa_t hpa = vcpu->arch.mmu->root.hpa;
	u64 *pt = (u64 *)(unsigned long)hpa;
	int level = PT64_ROOT_4LEVEL;
	u64 *sptep;

	if (hpa == INVALID_PAGE)
		return NULL;
	for (;;) {
		sptep = &pt[spte_index(gfn, level)];
		if (!(READ_ONCE(*sptep) & PT_PRESENT_MASK))
			return NULL;
		if (is_last_spte(*sptep, level))
			return sptep;
		pt = spte_to_child_pt(*sptep, level);
		level--;
	}
}

/* The entry that permits the access, or NULL and the fault's error code. */
static u64 *npt_permitted(struct kvm_vcpu *vcpu, gfn_t gfn, bool write,
			  u64 *ret_error_code)
{
	u64 *sptep = npt_walk(vcpu, gfn);

	bool reserved = sptep && is_mmio_spte(*sptep);

	if (sptep && !reserved && (!write || is_writable_pte(*sptep)))
		return sptep;
	*ret_error_code = PFERR_USER_MASK |
			  (write ? PFERR_WRITE_MASK : 0) |
			  (sev_snp_guest(vcpu->kvm) ? PFERR_PRIVATE_ACCESS : 0) |
			  (sptep ? PFERR_PRESENT_MASK : 0) |
			  (reserved ? PFERR_RSVD_MASK : 0);
	return NULL;
}

/**
 * npt_guest_access() - the guest reads or writes a page.
 * @vcpu: that is in the guest
 * @gfn: the page
 * @write: it writes
 * @ret_error_code: PFERR_* of the fault, if it is one
 *
 * Context: no lock needed. A step if the page looks mapped; may yield before
 * it looks again and acts.
 * Return: true if the access was made, false for a fault.
 */
bool npt_guest_access(struct kvm_vcpu *vcpu, gfn_t gfn, bool write,
		      u64 *ret_error_code)
{
	u64 *sptep = npt_permitted(vcpu, gfn, write, ret_error_code);

	if (!sptep)
		return false;

	trace_kvm_guest_access(vcpu, gfn, write);
	sptep = npt_permitted(vcpu, gfn, write, ret_error_code);
	if (!sptep)
		return false;

	*sptep |= PT_ACCESSED_MASK | (write ? PT_DIRTY_MASK : 0);
	if (write)
		sev_guest_write(vcpu->kvm, gfn, spte_to_pfn(*sptep));
	else
		sev_guest_read(vcpu->kvm, gfn, spte_to_pfn(*sptep));
	return true;
}
