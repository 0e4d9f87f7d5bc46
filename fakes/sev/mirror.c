/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mirrors: a VM that runs another one's guest, with its key, over memslots of its
 * own.  Stands for sev_vm_copy_enc_context_from() and the mirrors' part of
 * sev_vm_destroy() in arch/x86/kvm/svm/sev.c, v6.12 (contract I.4, I.9).
 *
 * A mirror holds a reference on the VM that it mirrors, its owner, so the owner's
 * ASID and regions live as long as any mirror. It has no regions itself.
 *
 * Simpler than the kernel: no SEV-ES state to copy; the source is a VM, not a
 * file descriptor, and NULL stands for one that is no VM's.
 */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "fakes/sev/internal.h"

bool is_mirroring_enc_context(struct kvm *kvm)
{
	return to_kvm_sev_info(kvm)->enc_context_owner;
}

/* Whoever is a guest already, has vCPUs, or would mirror a mirror, may not. */
static bool may_mirror(struct kvm *kvm, struct kvm *source)
{
	return !sev_guest(kvm) && sev_guest(source) && !sev_snp_guest(source) &&
	       !is_mirroring_enc_context(source) && !kvm->created_vcpus;
}

static void copy_enc_context(struct kvm *kvm, struct kvm *source)
{
	struct kvm_sev_info *mirror = to_kvm_sev_info(kvm);
	struct kvm_sev_info *owner = to_kvm_sev_info(source);

	mutex_lock(sev_mirror_lock());
	kvm_get_kvm(source);
	list_add_tail(&mirror->mirror_entry, &owner->mirror_vms);
	mirror->enc_context_owner = source;
	mutex_unlock(sev_mirror_lock());

	mirror->active = true;
	mirror->asid = owner->asid;
	mirror->fd = owner->fd;
	mirror->es_active = owner->es_active;
	mirror->need_init = false;
	mirror->handle = owner->handle;
}

/**
 * sev_vm_copy_enc_context_from() - KVM_CAP_VM_COPY_ENC_CONTEXT_FROM
 * @kvm: becomes the mirror
 * @source: SEV guest, or NULL: not a VM's file descriptor
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EBADF; -EINVAL: the same VM, or see above; -EBUSY: one of them has
 * to do with another move or copy; -EINTR: killed.
 */
int sev_vm_copy_enc_context_from(struct kvm *kvm, struct kvm *source)
{
	int r;

	if (!source)
		return -EBADF;
	r = sev_lock_two_vms(kvm, source);
	if (r)
		return r;
	if (may_mirror(kvm, source))
		copy_enc_context(kvm, source);
	else
		r = -EINVAL;
	sev_unlock_two_vms(kvm, source);
	return r;
}

/**
 * sev_release_mirror() - the end of a VM, as far as it mirrors another
 * @kvm: SEV guest that goes
 *
 * A VM that others mirror cannot go: they hold it.
 *
 * Context: sleepable, no lock held. May be the end of the owner, too.
 * Return: whether @kvm was a mirror, that has nothing else to give back.
 */
bool sev_release_mirror(struct kvm *kvm)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	struct kvm *owner;

	WARN_ON(!list_empty(&sev->mirror_vms));
	if (!is_mirroring_enc_context(kvm))
		return false;

	mutex_lock(sev_mirror_lock());
	owner = sev->enc_context_owner;
	list_del(&sev->mirror_entry);
	sev->enc_context_owner = NULL;
	mutex_unlock(sev_mirror_lock());
	/* Not under the lock: the owner may be a mirror of nobody, but it takes it. */
	kvm_put_kvm(owner);
	return true;
}

/**
 * sev_vm_gone() - what a design's vm_destroy() has left
 * @kvm: VM that goes
 * @mirror: it was a mirror before that hook
 *
 * A mirror's ASID is its owner's, that of any other guest is free again.
 *
 * Context: as sev_release_mirror().
 */
void sev_vm_gone(struct kvm *kvm, bool mirror)
{
	if (!mirror)
		sev_asid_free(to_kvm_sev_info(kvm));
	else if (is_mirroring_enc_context(kvm))
		sev_release_mirror(kvm);
}
