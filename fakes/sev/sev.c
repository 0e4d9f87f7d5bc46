/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is common to all pinning designs of SEV guests: being one, its ASID and
 * handle, and the flush when guest memory is reclaimed.  Stands for parts of
 * arch/x86/kvm/svm/sev.c, v6.12: sev_guest(), sev_guest_init(),
 * sev_asid_free(), sev_guest_memory_reclaimed() (contract I.11, H.30).
 *
 * Simpler than the kernel: an ASID may be used again at once (the kernel flushes
 * first); no SEV-ES state; of SNP only where private memory lies (snp.c).
 */
#include <asm/smp.h>

#include "fakes/profile.h"
#include "fakes/sev/internal.h"

/* ASIDs are the bits of a word; 0 is the host's. */
#define SEV_MAX_ASID	63

void sev_world_init(void)
{
	if (!sev_world())
		sim_room_create(SIM_ROOM_SEV, sizeof(struct sev_world));
}

/**
 * sev_guest() - does the VM run with encrypted memory?
 * @kvm: the VM
 *
 * Context: any.
 * Return: true once sev_guest_init() succeeded.
 */
bool sev_guest(struct kvm *kvm)
{
	return to_kvm_sev_info(kvm)->active;
}

/**
 * sev_es_guest() - with encrypted registers as well?
 * @kvm: the VM
 *
 * Context: any.
 * Return: true for an SEV-ES guest.
 */
bool sev_es_guest(struct kvm *kvm)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);

	return sev->es_active && sev->active;
}

/**
 * sev_region_locked() - how the kernel of the time registers a region
 *
 * Context: any.
 * Return: true if all of it is under kvm->lock; false if the arguments are
 * looked at before, and the caches written back behind it (I.1, H-58).
 */
bool sev_region_locked(void)
{
	/* A test may have no machine: then as it is now. */
	return !sim_room(SIM_ROOM_MM) || kernel_profile()->sev_region_locked;
}

static unsigned int sev_asid_new(void)
{
	u64 *asids = &sev_world()->asids;
	unsigned int asid;

	for (asid = 1; asid <= SEV_MAX_ASID; asid++) {
		if (!(*asids & (1ULL << asid))) {
			*asids |= 1ULL << asid;
			return asid;
		}
	}
	return 0;
}

/**
 * sev_guest_init() - KVM_SEV_INIT and LAUNCH_START: make the VM an SEV guest
 * @kvm: VM without vCPUs
 *
 * Context: sleepable; takes kvm->lock.
 * Return: 0; -EINVAL if it has vCPUs or is one already; -EBUSY without a free
 * ASID.
 */
int sev_guest_init(struct kvm *kvm)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	int r = 0;

	mutex_lock(&kvm->lock);
	if (kvm->created_vcpus || sev->active) {
		r = -EINVAL;
		goto out;
	}
	sev->asid = sev_asid_new();
	if (!sev->asid) {
		r = -EBUSY;
		goto out;
	}
	/* A key of its own. It goes where the guest goes (I.9, I.10). */
	sev->handle = kvm->number + 1;
	sev->es_active = kvm->arch.vm_type == KVM_X86_SEV_ES_VM ||
			 kvm->arch.vm_type == KVM_X86_SNP_VM;
	sev->active = true;
out:
	mutex_unlock(&kvm->lock);
	return r;
}

/**
 * sev_asid_free() - the guest is gone
 * @sev: its state; without an ASID nothing happens
 *
 * Context: any.
 */
void sev_asid_free(struct kvm_sev_info *sev)
{
	if (!sev->asid)
		return;
	sev_world()->asids &= ~(1ULL << sev->asid);
	sev->asid = 0;
}

/**
 * sev_unbind_asid() - DEACTIVATE and DECOMMISSION: the firmware forgets the guest
 * @kvm: the VM
 * @handle: the firmware's name for it
 *
 * Nothing asks the firmware for a guest afterwards, so there is nothing that it
 * would have to refuse. Context: sleepable.
 */
void sev_unbind_asid(struct kvm *kvm, unsigned int handle)
{
	WARN_ON_ONCE(handle > KVM_MAX_VMS);
}

/**
 * snp_guest_req_cleanup() - what an SNP guest's requests left behind
 * @kvm: an SNP guest: none is modelled that has any
 *
 * Context: sleepable.
 */
void snp_guest_req_cleanup(struct kvm *kvm)
{
	WARN_ON_ONCE(!sev_snp_guest(kvm));
}

/**
 * snp_decommission_context() - give an SNP guest's context page back
 * @kvm: an SNP guest: none is modelled
 *
 * Context: sleepable. Return: -EINVAL.
 */
int snp_decommission_context(struct kvm *kvm)
{
	WARN_ON_ONCE(!sev_snp_guest(kvm));
	return -EINVAL;
}

/**
 * sev_guest_memory_reclaimed() - pages of the guest go to somebody else (I.11)
 * @kvm: the VM
 *
 * Lines that are dirty under the guest's key must not be written back over
 * what the next owner writes. The kernel does not know which lines, so it
 * empties every cache of every CPU. Of an SNP guest it only comes by here what is
 * the VMM's, and no guest's key was ever used for.
 *
 * Context: sleepable. A step for an SEV guest.
 */
void sev_guest_memory_reclaimed(struct kvm *kvm)
{
	if (!sev_guest(kvm) || sev_snp_guest(kvm))
		return;
	wbinvd_on_all_cpus();
}
