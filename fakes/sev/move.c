/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intra-host migration: a guest goes from one VM to another of the same host.
 * Stands for sev_vm_move_enc_context_from(), sev_check_source_vcpus() and
 * sev_migrate_from() in arch/x86/kvm/svm/sev.c, v6.1 and v6.12 (contract I.10,
 * K.22, R-55).
 *
 * Key, ASID, regions and what they are charged move as they are; no limit is
 * asked again. The source is no SEV guest any more and dead. What hangs on its
 * memslots stays there: nothing of those is looked at, in either VM.
 *
 * Simpler than the kernel: no cgroup is charged; of SEV-ES the number of vCPUs is
 * compared, their state is not there; the source as in mirror.c.
 */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/kvm_host.h>
#include <linux/mutex.h>

#include "fakes/profile.h"
#include "fakes/sev/internal.h"

static int check_vms(struct kvm *kvm, struct kvm *source)
{
	const struct kernel_profile *p = kernel_profile();

	if (p->kvm_vm_types && kvm->arch.vm_type != source->arch.vm_type)
		return -EINVAL;
	if (sev_guest(kvm) || !sev_guest(source) || sev_snp_guest(source))
		return -EINVAL;
	/* Mirrors live on the ASID that the source is about to lose. */
	if (!p->sev_mirrors_move && !list_empty(&to_kvm_sev_info(source)->mirror_vms))
		return -EBUSY;
	return 0;
}

static bool is_vcpu_on_its_way(struct kvm *kvm)
{
	return kvm->created_vcpus != atomic_read(&kvm->online_vcpus);
}

static int check_vcpus(struct kvm *kvm, struct kvm *source)
{
	if (is_vcpu_on_its_way(source) || is_vcpu_on_its_way(kvm))
		return -EBUSY;
	if (sev_es_guest(source) &&
	    atomic_read(&source->online_vcpus) != atomic_read(&kvm->online_vcpus))
		return -EINVAL;
	return 0;
}

/* Those that mirror the source mirror the destination now. */
static void move_mirrors(struct kvm *kvm, struct kvm *source)
{
	struct kvm_sev_info *dst = to_kvm_sev_info(kvm);
	struct kvm_sev_info *src = to_kvm_sev_info(source);
	struct kvm_sev_info *mirror;

	list_splice_tail_init(&src->mirror_vms, &dst->mirror_vms);
	list_for_each_entry(mirror, &dst->mirror_vms, mirror_entry) {
		kvm_get_kvm(kvm);
		/* Not the last one: the caller has the source, too. */
		kvm_put_kvm(source);
		mirror->enc_context_owner = kvm;
	}
}

/* The source may be a mirror itself: its owner has another one now. */
static void move_owner(struct kvm_sev_info *dst, struct kvm_sev_info *src)
{
	struct kvm *owner = src->enc_context_owner;

	if (!owner)
		return;
	dst->enc_context_owner = owner;
	src->enc_context_owner = NULL;
	list_del(&src->mirror_entry);
	list_add_tail(&dst->mirror_entry, &to_kvm_sev_info(owner)->mirror_vms);
}

/* For the ledger: what the source's regions have pinned is the destination's. */
static void hand_over_pins(struct kvm *kvm, struct kvm *source)
{
	sim_owner_t from = SIM_OWNER(OWNER_VM, source->number);
	sim_owner_t to = SIM_OWNER(OWNER_VM, kvm->number);
	struct sim_ref_info info;
	uint64_t cursor = 0;
	sim_obj_t obj;

	while (sim_ref_next(&cursor, &obj, &info))
		if (info.owner == from && SIM_OBJ_CLASS(obj) == OBJ_PAGE)
			sim_ref_reown(&pfn_to_page(SIM_OBJ_ID(obj))->_refs, from, to);
}

static void migrate(struct kvm *kvm, struct kvm *source)
{
	struct kvm_sev_info *dst = to_kvm_sev_info(kvm);
	struct kvm_sev_info *src = to_kvm_sev_info(source);

	dst->active = true;
	dst->asid = src->asid;
	dst->handle = src->handle;
	dst->pages_locked = src->pages_locked;
	dst->es_active = src->es_active;

	src->asid = 0;
	src->active = false;
	src->handle = 0;
	src->pages_locked = 0;
	src->es_active = false;

	list_splice_tail_init(&src->regions_list, &dst->regions_list);
	hand_over_pins(kvm, source);
	sev_guest_moved(kvm, source);
	kvm_regions_moved(kvm, source);

	mutex_lock(sev_mirror_lock());
	move_mirrors(kvm, source);
	move_owner(dst, src);
	mutex_unlock(sev_mirror_lock());
}

static int migrate_locked(struct kvm *kvm, struct kvm *source)
{
	int r = sev_lock_vcpus_for_migration(kvm);

	if (r)
		return r;
	r = sev_lock_vcpus_for_migration(source);
	if (r)
		goto unlock;
	r = check_vcpus(kvm, source);
	if (!r)
		r = kvm_x86_move_enc_context(kvm, source);
	if (!r) {
		migrate(kvm, source);
		kvm_vm_dead(source);
	}
	sev_unlock_vcpus_for_migration(source);
unlock:
	sev_unlock_vcpus_for_migration(kvm);
	return r;
}

/**
 * sev_vm_move_enc_context_from() - KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM
 * @kvm: where the guest goes; not an SEV guest yet
 * @source: where it is, dead afterwards; or NULL: not a VM's file descriptor
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EBADF; -EINVAL: the same VM, types or guests that do not go
 * together; -EBUSY: one of them has to do with another move or copy, or a vCPU is
 * being made; -EINTR: killed.
 */
int sev_vm_move_enc_context_from(struct kvm *kvm, struct kvm *source)
{
	int r;

	if (!source)
		return -EBADF;
	r = sev_lock_two_vms(kvm, source);
	if (r)
		return r;
	r = check_vms(kvm, source);
	if (!r)
		r = migrate_locked(kvm, source);
	sev_unlock_two_vms(kvm, source);
	return r;
}
