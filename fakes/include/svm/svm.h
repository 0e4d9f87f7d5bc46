/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What SVM adds to a VM: the state of SEV (arch/x86/kvm/svm/svm.h, v6.12).
 *
 * Simpler than the kernel: of SEV-ES and SNP only that a guest is one; the firmware's
 * handle is a number, and the guest's key.
 */
#ifndef __SVM_SVM_H
#define __SVM_SVM_H

#include <linux/capability.h>
#include <linux/highmem.h>
#include <linux/kvm_host.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>

#include <asm/cacheflush.h>
#include <asm/cpufeature.h>
#include <asm/smp.h>

/**
 * struct kvm_sev_info - SEV's part of a VM
 * @active: it is an SEV guest
 * @es_active: with encrypted register state
 * @need_init: created as an SEV type, KVM_SEV_INIT2 not done
 * @asid: tag of its memory in the caches, counted from 1
 * @handle: the firmware's name for it
 * @fd: SEV device; always 0 here
 * @pages_locked: pages that registered regions and commands have pinned (F.2);
 *	kvm->lock
 * @regions_list: registered regions, newest last; kvm->lock
 * @enc_context_owner: the VM that this one mirrors, or NULL; sev_mirror_lock
 * @mirror_vms: VMs that mirror this one; sev_mirror_lock
 * @mirror_entry: in the list of the one that it mirrors
 * @pins_lock: the design demand-sound's: one page is being pinned at a time
 * @pins: its pages by their address in the VM's process; @pins_lock to change
 * @nr_pins: how many
 * @migration_in_progress: it is one of two that sev_lock_two_vms() has
 * @reserve: for fields of other patches
 */
struct kvm_sev_info {
	bool active;
	bool es_active;
	bool need_init;
	unsigned int asid;
	unsigned int handle;
	int fd;
	unsigned long pages_locked;
	struct list_head regions_list;
	struct kvm *enc_context_owner;
	struct list_head mirror_vms;
	struct list_head mirror_entry;
	struct mutex pins_lock;
	struct xarray pins;
	unsigned long nr_pins;
	atomic_t migration_in_progress;
#ifdef PINSIM_FIELDS_kvm_sev_info
	PINSIM_RESERVE(11, PINSIM_FIELDS_kvm_sev_info)
#else
	unsigned long reserve[11];
#endif
};

struct kvm_svm {
	struct kvm kvm;
	struct kvm_sev_info sev_info;
};

static inline struct kvm_svm *to_kvm_svm(struct kvm *kvm)
{
	return container_of(kvm, struct kvm_svm, kvm);
}

static inline struct kvm_sev_info *to_kvm_sev_info(struct kvm *kvm)
{
	return &to_kvm_svm(kvm)->sev_info;
}

/* --- common to all designs: fakes/sev/sev.c --- */

bool sev_guest(struct kvm *kvm);
bool sev_es_guest(struct kvm *kvm);

/* One whose private memory is a guest_memfd's; fakes/kvm/guest_memfd.c. */
static inline bool sev_snp_guest(struct kvm *kvm)
{
	return kvm->arch.vm_type == KVM_X86_SNP_VM && sev_guest(kvm);
}

int sev_guest_init(struct kvm *kvm);
bool sev_region_locked(void);
void sev_asid_free(struct kvm_sev_info *sev);
void sev_unbind_asid(struct kvm *kvm, unsigned int handle);
void snp_guest_req_cleanup(struct kvm *kvm);
int snp_decommission_context(struct kvm *kvm);
void sev_guest_memory_reclaimed(struct kvm *kvm);
void sev_flush_page(struct kvm *kvm, kvm_pfn_t pfn);

/*
 * --- KVM_SEV_*_UPDATE_DATA, unless a design has its own: pin/launch.c ---
 *
 * Not by the kernel's name, which has them static and with other arguments.
 */

int sev_vm_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
int sev_vm_send_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
int sev_vm_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len);

/* RFC v0's, for a slot whose hook pins what is mapped: pin/demand_ref_launch.c. */
int sev_rfc_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
int sev_rfc_send_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
int sev_rfc_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len);

/* --- one guest, several VMs: fakes/sev/mirror.c and move.c --- */

int sev_vm_copy_enc_context_from(struct kvm *kvm, struct kvm *source);
int sev_vm_move_enc_context_from(struct kvm *kvm, struct kvm *source);
bool sev_release_mirror(struct kvm *kvm);
void sev_vm_gone(struct kvm *kvm, bool mirror);

/*
 * The guest's own access to the page that @gfn is mapped to, with its key if it
 * is an SEV guest. Neither is a step: the walk that led here was.
 */
void sev_guest_write(struct kvm *kvm, gfn_t gfn, kvm_pfn_t pfn);
/* Return: what stands there, 0 for zeroes, -1 if it is not the guest's to read. */
int sev_guest_read(struct kvm *kvm, gfn_t gfn, kvm_pfn_t pfn);

#endif
