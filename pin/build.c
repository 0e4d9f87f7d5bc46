/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a VM for a race or a test: KVM_CREATE_VM, KVM_SEV_INIT and
 * KVM_CREATE_VCPU, as a VMM calls them.
 */
#include <linux/kvm_host.h>
#include <linux/sched.h>
#include <svm/svm.h>

#include "pin/build.h"
#include "pin/designs.h"

static int build_vcpus(struct kvm *kvm, const struct build_vm *v)
{
	struct kvm_vcpu *vcpu;
	unsigned int i;

	for (i = 0; i < v->nr_vcpus; i++) {
		vcpu = kvm_vm_ioctl_create_vcpu(kvm, i);
		if (IS_ERR(vcpu))
			return PTR_ERR(vcpu);
		if (v->roles)
			vcpu->arch.mmu->root_role.variant = v->roles[i];
	}
	return 0;
}

/* KVM_SEV_INIT, or what takes its place. */
static int build_context(struct kvm *kvm, const struct build_vm *v)
{
	if (!v->sev || v->no_context)
		return 0;
	if (v->mirror)
		return kvm_vm_ioctl_copy_enc_context_from(kvm, kvm_find(v->mirrors));
	return sev_guest_init(kvm);
}

static unsigned long vm_type(const struct build_vm *v,
			     const struct kvm_x86_ops *ops)
{
	if (!v->sev)
		return KVM_X86_DEFAULT_VM;
	return ops && ops->private_mem ? KVM_X86_SNP_VM : KVM_X86_SEV_VM;
}

int build_vm(const struct build_vm *v)
{
	const struct kvm_x86_ops *ops = NULL;
	struct kvm *kvm;
	int r = 0;

	if (current->process != (int)v->owner)
		return -EINVAL;
	if (v->design) {
		ops = pin_design_ops(v->design);
		if (!ops)
			return -ENOENT;
	}

	kvm = kvm_create_vm(vm_type(v, ops), ops);
	if (IS_ERR(kvm))
		return PTR_ERR(kvm);
	if (!v->sev_later)
		r = build_context(kvm, v);
	if (!r && !v->sev_later)
		r = build_vcpus(kvm, v);
	if (r) {
		kvm_put_kvm(kvm);
		return r;
	}
	return kvm->number;
}

int build_vm_sev(unsigned int vm, const struct build_vm *v)
{
	struct kvm *kvm = kvm_find(vm);
	int r;

	if (!kvm)
		return -ENOENT;
	r = build_context(kvm, v);
	return r ? r : build_vcpus(kvm, v);
}
