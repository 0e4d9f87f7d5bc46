/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vCPU thread's loop around one access of its guest (arch/x86/kvm/x86.c,
 * v6.12: vcpu_run() and vcpu_enter_guest(), reduced to their part in a fault).
 *
 * vcpu->mutex is held for the whole of KVM_RUN, kvm->srcu only while the thread
 * is out of the guest; so a memslot update that waits for readers waits for one
 * fault, not for a loop of them.
 */
#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>

#include "mmu_internal.h"
#include "mmutrace.h"

/* Does a fault's outcome let the guest go on without its access? */
static bool vcpu_fault_is_final(int r)
{
	return r < 0 || r == RET_PF_EMULATE;
}

/* Wait for what somebody else brings, and fault on what is there (H.11). */
static void vcpu_async_pf(struct kvm_vcpu *vcpu)
{
	if (!vcpu->async_pf.queued)
		return;
	kvm_vcpu_halt(vcpu);
	kvm_vcpu_srcu_read_lock(vcpu);
	kvm_check_async_pf_completion(vcpu);
	kvm_vcpu_srcu_read_unlock(vcpu);
}

static int vcpu_run(struct kvm_vcpu *vcpu, gfn_t gfn, bool write,
		    unsigned int max_reentries)
{
	unsigned int faults = 0;
	u64 error_code = 0;
	int r = RET_PF_FIXED;

	for (;;) {
		int err;

		/* KVM_REQ_VM_DEAD: it may have died while this waited its turn. */
		if (vcpu->kvm->vm_dead)
			return -EIO;
		vcpu_async_pf(vcpu);
		err = kvm_mmu_reload(vcpu);
		if (err)
			return err;
		if (npt_guest_access(vcpu, gfn, write, &error_code))
			return 0;
		if (faults++ > max_reentries)
			return -EAGAIN;
		if (faults > 1) {
			trace_kvm_reenter(vcpu, gfn, r, faults - 1);
			kvm_vcpu_wait_for_slots(vcpu, gfn);
		}

		kvm_vcpu_srcu_read_lock(vcpu);
		r = kvm_mmu_handle_fault(vcpu, gfn << PAGE_SHIFT, error_code);
		kvm_vcpu_srcu_read_unlock(vcpu);
		if (vcpu_fault_is_final(r))
			return r < 0 ? r : 0;
		/* Whoever has a signal does not enter the guest again. */
		if (signal_pending(current))
			return -EINTR;
	}
}

/**
 * kvm_vcpu_fault() - run a vCPU until its guest has made one access.
 * @vcpu: the vCPU
 * @gfn: page that the guest accesses
 * @write: it writes
 * @max_reentries: how many faults beyond the first are taken
 *
 * As hardware does it: the access is tried first, and after every fault again;
 * a translation that is gone by then makes another fault.
 *
 * Context: a thread of the VM's process, no lock held; may sleep.
 * Return: 0 when the access was made (or has no memory to go to and would be
 * emulated), the errno that ends KVM_RUN, or -EAGAIN if @max_reentries was not
 * enough: no errno of KVM_RUN's.
 */
int kvm_vcpu_fault(struct kvm_vcpu *vcpu, gfn_t gfn, bool write,
		   unsigned int max_reentries)
{
	struct kvm *kvm = vcpu->kvm;
	int r;

	if (kvm->mm != current->mm || kvm->vm_dead)
		return -EIO;

	mutex_lock(&vcpu->mutex);
	r = vcpu_run(vcpu, gfn, write, max_reentries);
	mutex_unlock(&vcpu->mutex);
	return r;
}
