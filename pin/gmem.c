/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "gmem": guest_memfd, which took the place of pinning for SNP guests in v6.8
 * (a7800aa80ea4; arch/x86/kvm/svm/sev.c, v6.12: sev_gmem_prepare(),
 * sev_gmem_invalidate()).
 *
 * Nothing is pinned. A guest's private memory is that of a file which nobody can map
 * and whose folios nobody moves or reclaims (virt/kvm/guest_memfd.c); a fault takes
 * them from there, and the reference that it holds meanwhile is put when it is done.
 * So nothing is held that could be leaked, charged or given back twice, and there is
 * no record. What the VMM does to its own mapping reaches only what the guest shares.
 *
 * All that is left to SVM is to tell the machine whose a page is, and to write back
 * its cache lines before it is somebody else's.
 *
 * What its VMM does (sim/race/gmem.c): it makes a file for each slot, says that the
 * slot is private from the beginning, and closes the file with the slot or the VM.
 * Memory that a race registers it does not register, since there is nothing to pin:
 * QEMU has it so. KVM's own handler would pin what is shared.
 *
 * Simpler than the kernel: SNP_LAUNCH_UPDATE, with kvm_gmem_populate(), is not there:
 * all memory comes by faults; no RMP (fakes/sev/snp.c), so nothing is found to be
 * assigned already; the guest never means shared memory; order 0.
 *
 * Known faults, kept:
 *   H-08	memory offlining takes such a folio, which is on the LRU, for one that
 *		can be moved, and goes on trying until a signal ends it
 *   H-16	6.12 has an MMU notifier of the VMM's mapping zap what is private, too,
 *		although it is not about that
 *   H-38	a hole punched in what the guest did not give back: its data is lost, as
 *		with MADV_DONTNEED, and it finds zeroes (on hardware it is told)
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>

#include <asm/cacheflush.h>
#include <asm/page.h>
#include <asm/sev.h>
#include <svm/svm.h>

#include "designs.h"
#include "slot_pins.h"

static int sev_gmem_prepare(struct kvm *kvm, kvm_pfn_t pfn, gfn_t gfn,
			    int max_order)
{
	if (!sev_snp_guest(kvm))
		return 0;
	return rmp_make_private(pfn, gfn << PAGE_SHIFT, PG_LEVEL_4K,
				to_kvm_sev_info(kvm)->asid, false);
}

/* Notifiers flush nothing of it, so that this is the place. */
static void sev_gmem_invalidate(kvm_pfn_t start, kvm_pfn_t end)
{
	kvm_pfn_t pfn;

	for (pfn = start; pfn < end; pfn++) {
		if (WARN_ON_ONCE(rmp_make_shared(pfn, PG_LEVEL_4K)))
			continue;
		clflush_cache_range(__va(pfn << PAGE_SHIFT), PAGE_SIZE);
	}
}

const struct kvm_x86_ops gmem_ops = {
	.name = "gmem",
	.private_mem = true,
	.vm_destroy = sev_vm_destroy_caches,
	.mem_enc_register_region = sev_ignore_region,
	.mem_enc_unregister_region = sev_ignore_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
	.gmem_prepare = sev_gmem_prepare,
	.gmem_invalidate = sev_gmem_invalidate,
};
