/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asynchronous page faults: what a vCPU would have to wait for is waited for by a
 * kworker, and the vCPU is halted meanwhile. Stands for virt/kvm/async_pf.c, v6.12:
 * kvm_setup_async_pf(), async_pf_execute(), kvm_check_async_pf_completion(),
 * kvm_clear_async_pf_completion_queue(); and of arch/x86/kvm/x86.c
 * kvm_can_do_async_pf(), kvm_find_async_pf_gfn() (contract H.11).
 *
 * The kworker faults the page in and keeps no reference of it. Nothing but a fault
 * of the vCPU's own, once it has been woken, maps the page; by then it may be gone
 * again.
 *
 * A vCPU has them only if some task is its kworker (kvm_async_pf_enable()), as a
 * kernel's has only with a local APIC in the kernel and interrupts on.
 *
 * Simpler than the kernel: guests do not know of asynchronous page faults, so
 * none is told to go on with something else meanwhile, and a halted one is woken
 * by its page alone, by no interrupt or signal; outstanding gfns are in the list
 * of works, not hashed; who frees a work does not wait for the kworker's way out.
 */
#include <linux/gfp.h>
#include <linux/mmap_lock.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "fakes/kvm/internal.h"

#define ASYNC_PF_PER_VCPU	64

#define OBJ_ASYNC_PF(vcpu, name)					\
	OBJ_LOCK_OF(sim_lock_class(name), (vcpu)->kvm->number << 8 | (vcpu)->vcpu_idx)

/**
 * kvm_async_pf_enable() - a kworker will wait in the vCPU's place.
 * @vcpu: that nobody runs yet
 *
 * Context: host.
 */
void kvm_async_pf_enable(struct kvm_vcpu *vcpu)
{
	if (vcpu->async_pf.enabled)
		return;
	vcpu->async_pf.enabled = true;
	INIT_LIST_HEAD(&vcpu->async_pf.queue);
	INIT_LIST_HEAD(&vcpu->async_pf.done);
	INIT_LIST_HEAD(&vcpu->async_pf.works);
	spin_lock_init_class(&vcpu->async_pf.lock, "async_pf_lock",
			     OBJ_ASYNC_PF(vcpu, "async_pf_lock"));
	sim_waitq_init(&vcpu->async_pf.worker.wq, OBJ_ASYNC_PF(vcpu, "async_pf_work"));
	sim_waitq_init(&vcpu->async_pf.wait.wq, OBJ_ASYNC_PF(vcpu, "vcpu_halt"));
}

/* May the vCPU be halted? */
bool kvm_can_do_async_pf(struct kvm_vcpu *vcpu)
{
	return vcpu->async_pf.enabled;
}

/* Is a page of this gfn being brought? Context: the task that runs @vcpu. */
bool kvm_find_async_pf_gfn(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	struct kvm_async_pf *work;

	list_for_each_entry(work, &vcpu->async_pf.queue, queue)
		if (work->arch.gfn == gfn)
			return true;
	return false;
}

/**
 * kvm_setup_async_pf() - leave it to a kworker to bring a page.
 * @vcpu: that needs it
 * @cr2_or_gpa: what it accessed
 * @hva: where that is in the process
 * @arch: what the fault is to be repeated with
 *
 * Context: the task that runs @vcpu; one step, or with memory short none.
 * Return: false if the vCPU must wait for it itself.
 */
bool kvm_setup_async_pf(struct kvm_vcpu *vcpu, gpa_t cr2_or_gpa, unsigned long hva,
			const struct kvm_arch_async_pf *arch)
{
	struct kvm_async_pf *work;

	if (vcpu->async_pf.queued >= ASYNC_PF_PER_VCPU || kvm_is_error_hva(hva))
		return false;
	work = kzalloc(sizeof(*work), GFP_NOWAIT | __GFP_NOWARN);
	if (!work)
		return false;
	work->cr2_or_gpa = cr2_or_gpa;
	work->addr = hva;
	work->arch.gfn = arch->gfn;
	work->arch.error_code = kernel_profile()->kvm_apf_keeps_error ? arch->error_code : 0;
	if (kernel_profile()->kvm_apf_holds_mm) {
		work->mm = vcpu->kvm->mm;
		mmget(work->mm);
	}
	list_add_tail(&work->queue, &vcpu->async_pf.queue);
	vcpu->async_pf.queued++;
	vcpu->arch.apf_halted = true;

	sim_wake_all(&vcpu->async_pf.worker.wq, __func__);
	list_add_tail(&work->work, &vcpu->async_pf.works);
	return true;
}

/* The page is there, or cannot be had; either way the vCPU finds out itself. */
static void async_pf_execute(struct kvm_vcpu *vcpu, struct kvm_async_pf *work)
{
	struct mm_struct *mm = vcpu->kvm->mm, *held = work->mm;
	int locked = 1;

	might_sleep();
	if (held || mmget_not_zero(mm)) {
		mmap_read_lock(mm);
		get_user_pages_remote(mm, work->addr, 1, FOLL_WRITE, NULL, &locked);
		if (locked)
			mmap_read_unlock(mm);
		if (!held)
			mmput(mm);
	}

	spin_lock(&vcpu->async_pf.lock);
	work->mm = NULL;
	list_add_tail(&work->link, &vcpu->async_pf.done);
	spin_unlock(&vcpu->async_pf.lock);
	/* From here on it is the vCPU's to free. */
	sim_wake_all(&vcpu->async_pf.wait.wq, __func__);
	if (held)
		mmput(held);
}

/**
 * kvm_async_pf_serve() - be the vCPU's kworker, as long as it runs.
 * @vcpu: whose faults are asynchronous
 *
 * Context: a task of its own; sleeps.
 */
void kvm_async_pf_serve(struct kvm_vcpu *vcpu)
{
	struct kvm_async_pf *work;

	for (;;) {
		while (list_empty(&vcpu->async_pf.works) && !vcpu->async_pf.over)
			sim_wait(&vcpu->async_pf.worker.wq, __func__);
		if (list_empty(&vcpu->async_pf.works))
			return;
		work = list_first_entry(&vcpu->async_pf.works, struct kvm_async_pf, work);
		list_del_init(&work->work);
		async_pf_execute(vcpu, work);
	}
}

/**
 * kvm_async_pf_over() - the task that runs a vCPU is done.
 * @vcpu: whose faults were asynchronous
 *
 * Context: that task. A step.
 */
void kvm_async_pf_over(struct kvm_vcpu *vcpu)
{
	sim_wake_all(&vcpu->async_pf.worker.wq, __func__);
	vcpu->async_pf.over = true;
}

/**
 * kvm_vcpu_halt() - wait for a page, if the vCPU has been halted.
 * @vcpu: the vCPU
 *
 * Context: the task that runs @vcpu; no SRCU. Sleeps.
 */
void kvm_vcpu_halt(struct kvm_vcpu *vcpu)
{
	if (!vcpu->arch.apf_halted)
		return;
	while (list_empty(&vcpu->async_pf.done))
		sim_wait(&vcpu->async_pf.wait.wq, __func__);
	vcpu->arch.apf_halted = false;
}

/**
 * kvm_check_async_pf_completion() - fault again where a page has been brought.
 * @vcpu: the vCPU
 *
 * Context: the task that runs @vcpu; kvm->srcu read side if any is outstanding.
 */
void kvm_check_async_pf_completion(struct kvm_vcpu *vcpu)
{
	struct kvm_async_pf *work;

	while (!list_empty(&vcpu->async_pf.done)) {
		spin_lock(&vcpu->async_pf.lock);
		work = list_first_entry(&vcpu->async_pf.done, struct kvm_async_pf, link);
		list_del(&work->link);
		spin_unlock(&vcpu->async_pf.lock);

		kvm_arch_async_page_ready(vcpu, work);
		list_del(&work->queue);
		vcpu->async_pf.queued--;
		kfree(work);
	}
}

/* The vCPU goes, and nobody will bring what is still outstanding. */
void kvm_clear_async_pf_completion_queue(struct kvm_vcpu *vcpu)
{
	struct kvm_async_pf *work, *next;

	if (!vcpu->async_pf.enabled)
		return;
	list_for_each_entry_safe(work, next, &vcpu->async_pf.queue, queue) {
		if (work->mm)
			mmput(work->mm);
		kfree(work);
	}
}
