/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Front ends of a VM's ioctls: who may call, and what user space sees when it
 * may not.  Stands for kvm_vm_ioctl() in virt/kvm/kvm_main.c and the cases of
 * kvm_arch_vm_ioctl() in arch/x86/kvm/x86.c, v6.12 (contract G.1, I.2, M.3).
 *
 * Simpler than the kernel: arguments are pointers that can be read; NULL
 * stands for one that can not, and so does an injected failure.
 */
#include <linux/sched.h>
#include <linux/string.h>

#include "fakes/fault.h"
#include "fakes/kvm/internal.h"
#include "fakes/sev/contents.h"
#include "sim/core/ledger.h"
#include "sim/core/task.h"

/* Before all else: foreign address space, or a VM that is dead. */
static int check_caller(struct kvm *kvm)
{
	return kvm->mm != current->mm || kvm->vm_dead ? -EIO : 0;
}

static bool is_readable(const void *arg, const char *site)
{
	return arg && !fault_hit(FAULT_USERCOPY, site);
}

static void ioctl_enter(struct kvm *kvm, const char *name, u64 arg)
{
	sim_scope_open(SIM_OWNER(OWNER_IOCTL, sim_task_id() + 1), false);
	sim_note(SIM_ENTER, OBJ_OF_KVM(kvm), arg, 0, name);
}

static int ioctl_leave(struct kvm *kvm, const char *name, u64 arg, int r)
{
	sim_note(SIM_LEAVE, OBJ_OF_KVM(kvm), r, arg, name);
	sim_scope_close();
	return r;
}

/**
 * kvm_vm_ioctl_set_memory_region() - KVM_SET_USER_MEMORY_REGION
 * @kvm: the VM
 * @mem: the argument; NULL: cannot be read
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EIO, -EFAULT, or as kvm_set_memory_region().
 */
int kvm_vm_ioctl_set_memory_region(struct kvm *kvm,
				   const struct kvm_userspace_memory_region *mem)
{
	struct kvm_userspace_memory_region2 region;
	int r = check_caller(kvm);

	if (r)
		return r;
	if (!is_readable(mem, __func__))
		return -EFAULT;
	memset(&region, 0, sizeof(region));
	region.slot = mem->slot;
	region.flags = mem->flags;
	region.guest_phys_addr = mem->guest_phys_addr;
	region.memory_size = mem->memory_size;
	region.userspace_addr = mem->userspace_addr;
	/* KVM's own slots are behind those that user space may name. */
	if ((u16)region.slot >= KVM_USER_MEM_SLOTS)
		return -EINVAL;

	ioctl_enter(kvm, __func__, region.slot);
	r = kvm_set_memory_region(kvm, &region);
	return ioctl_leave(kvm, __func__, region.slot, r);
}

/**
 * kvm_vm_ioctl_set_memory_region2() - KVM_SET_USER_MEMORY_REGION2
 * @kvm: the VM
 * @mem: the argument; NULL: cannot be read
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EIO, -EFAULT, or as kvm_set_memory_region().
 */
int kvm_vm_ioctl_set_memory_region2(struct kvm *kvm,
				    const struct kvm_userspace_memory_region2 *mem)
{
	int r = check_caller(kvm);

	if (r)
		return r;
	if (!is_readable(mem, __func__))
		return -EFAULT;
	if ((u16)mem->slot >= KVM_USER_MEM_SLOTS)
		return -EINVAL;

	ioctl_enter(kvm, __func__, mem->slot);
	r = kvm_set_memory_region(kvm, mem);
	return ioctl_leave(kvm, __func__, mem->slot, r);
}

/**
 * kvm_vm_ioctl_create_guest_memfd() - KVM_CREATE_GUEST_MEMFD
 * @kvm: the VM
 * @args: the argument; NULL: cannot be read
 *
 * Context: sleepable, no lock held.
 * Return: file descriptor; -EIO, -EFAULT, -EINVAL, -ENOMEM.
 */
int kvm_vm_ioctl_create_guest_memfd(struct kvm *kvm, const struct kvm_create_guest_memfd *args)
{
	int r = check_caller(kvm);

	if (r)
		return r;
	if (!is_readable(args, __func__))
		return -EFAULT;
	ioctl_enter(kvm, __func__, args->size);
	r = kvm_gmem_create(kvm, args);
	return ioctl_leave(kvm, __func__, args->size, r);
}

/**
 * kvm_vm_ioctl_set_mem_attributes() - KVM_SET_MEMORY_ATTRIBUTES
 * @kvm: the VM
 * @attrs: the argument; NULL: cannot be read
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EIO, -EFAULT, -EINVAL, -ENOMEM.
 */
int kvm_vm_ioctl_set_mem_attributes(struct kvm *kvm, const struct kvm_memory_attributes *attrs)
{
	int r = check_caller(kvm);

	if (r)
		return r;
	if (!is_readable(attrs, __func__))
		return -EFAULT;
	ioctl_enter(kvm, __func__, attrs->address >> PAGE_SHIFT);
	r = kvm_set_mem_attributes(kvm, attrs);
	return ioctl_leave(kvm, __func__, attrs->address >> PAGE_SHIFT, r);
}

/**
 * kvm_vm_ioctl_mem_enc_register_region() - KVM_MEMORY_ENCRYPT_REG_REGION
 * @kvm: the VM
 * @range: the argument; NULL: cannot be read
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EIO, -EFAULT, -ENOTTY without such a hook, or as the hook.
 */
int kvm_vm_ioctl_mem_enc_register_region(struct kvm *kvm, const struct kvm_enc_region *range)
{
	struct kvm_enc_region region;
	int r = check_caller(kvm);

	if (r)
		return r;
	if (!is_readable(range, __func__))
		return -EFAULT;
	if (!kvm_x86_has(kvm, mem_enc_register_region))
		return -ENOTTY;
	region.addr = range->addr;
	region.size = range->size;

	ioctl_enter(kvm, __func__, region.addr);
	r = kvm_x86_register_region(kvm, &region);
	if (!r)
		kvm_region_registered(kvm, &region);
	return ioctl_leave(kvm, __func__, region.addr, r);
}

/**
 * kvm_vm_ioctl_mem_enc_unregister_region() - KVM_MEMORY_ENCRYPT_UNREG_REGION
 * @kvm: the VM
 * @range: the argument; NULL: cannot be read
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EIO, -EFAULT, -ENOTTY without such a hook, or as the hook.
 */
int kvm_vm_ioctl_mem_enc_unregister_region(struct kvm *kvm, const struct kvm_enc_region *range)
{
	struct kvm_enc_region region;
	int r = check_caller(kvm);

	if (r)
		return r;
	if (!is_readable(range, __func__))
		return -EFAULT;
	if (!kvm_x86_has(kvm, mem_enc_unregister_region))
		return -ENOTTY;
	region.addr = range->addr;
	region.size = range->size;

	ioctl_enter(kvm, __func__, region.addr);
	kvm_region_unregistering(kvm, &region);
	r = kvm_x86_unregister_region(kvm, &region);
	kvm_region_unregistered(kvm, &region, r);
	return ioctl_leave(kvm, __func__, region.addr, r);
}

/* A command of KVM_MEMORY_ENCRYPT_OP: what is common to those about memory. */
static int enc_op(struct kvm *kvm, const void *arg, hva_t uaddr, unsigned long len,
		  const char *name, int (*run)(struct kvm *kvm, hva_t uaddr, unsigned long len),
		  bool writes)
{
	int r = check_caller(kvm);

	if (r)
		return r;
	ioctl_enter(kvm, name, uaddr);
	mutex_lock(&kvm->lock);
	if (to_kvm_sev_info(kvm)->enc_context_owner)
		r = -EINVAL;
	else if (!sev_guest(kvm) || !kvm->arch.ops)
		r = -ENOTTY;
	else if (!is_readable(arg, name))
		r = -EFAULT;
	else if (sev_snp_guest(kvm))
		r = -EPERM;
	else
		r = run(kvm, uaddr, len);
	if (!r && writes)
		sev_guest_expect(kvm, uaddr, len);
	mutex_unlock(&kvm->lock);
	return ioctl_leave(kvm, name, uaddr, r);
}

/**
 * kvm_vm_ioctl_launch_update() - KVM_SEV_LAUNCH_UPDATE_DATA
 * @kvm: the VM
 * @data: the argument; NULL: cannot be read
 *
 * Context: sleepable, no lock held; the hook runs under kvm->lock.
 * Return: 0; -EIO, -EINVAL for a mirror, -ENOTTY for no SEV guest or no design,
 * -EFAULT, -EPERM for an SNP guest, that has a command of its own; or as the hook.
 */
int kvm_vm_ioctl_launch_update(struct kvm *kvm, const struct kvm_sev_launch_update_data *data)
{
	return enc_op(kvm, data, data ? data->uaddr : 0, data ? data->len : 0, __func__,
		      kvm_x86_launch_update, true);
}

/**
 * kvm_vm_ioctl_send_update() - KVM_SEV_SEND_UPDATE_DATA
 * @kvm: the VM
 * @data: the argument; NULL: cannot be read
 *
 * Context and return: as kvm_vm_ioctl_launch_update().
 */
int kvm_vm_ioctl_send_update(struct kvm *kvm, const struct kvm_sev_transport_data *data)
{
	return enc_op(kvm, data, data ? data->guest_uaddr : 0, data ? data->guest_len : 0,
		      __func__, kvm_x86_send_update, false);
}

/**
 * kvm_vm_ioctl_receive_update() - KVM_SEV_RECEIVE_UPDATE_DATA
 * @kvm: the VM
 * @data: the argument; NULL: cannot be read
 *
 * Context and return: as kvm_vm_ioctl_launch_update().
 */
int kvm_vm_ioctl_receive_update(struct kvm *kvm, const struct kvm_sev_transport_data *data)
{
	return enc_op(kvm, data, data ? data->guest_uaddr : 0, data ? data->guest_len : 0,
		      __func__, kvm_x86_receive_update, true);
}

/*
 * KVM_ENABLE_CAP with a VM's file descriptor, which nobody can close under it.
 * Only SVM has such capabilities: here, a VM that runs a design.
 */
static int enable_enc_context(struct kvm *kvm, struct kvm *source, const char *name,
			      int (*take)(struct kvm *kvm, struct kvm *source))
{
	int r = check_caller(kvm);

	if (r)
		return r;
	if (fault_hit(FAULT_USERCOPY, name))
		return -EFAULT;
	if (!kvm->arch.ops)
		return -EINVAL;
	ioctl_enter(kvm, name, source ? source->number : -1);
	if (source)
		kvm_get_kvm(source);
	r = take(kvm, source);
	if (source)
		kvm_put_kvm(source);
	return ioctl_leave(kvm, name, -1, r);
}

/**
 * kvm_vm_ioctl_copy_enc_context_from() - KVM_CAP_VM_COPY_ENC_CONTEXT_FROM
 * @kvm: the VM, becomes a mirror
 * @source: of which one; NULL: not a VM's file descriptor
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EIO, -EFAULT, or as sev_vm_copy_enc_context_from().
 */
int kvm_vm_ioctl_copy_enc_context_from(struct kvm *kvm, struct kvm *source)
{
	return enable_enc_context(kvm, source, __func__, sev_vm_copy_enc_context_from);
}

/**
 * kvm_vm_ioctl_move_enc_context_from() - KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM
 * @kvm: the VM, gets the guest
 * @source: whose it is; NULL: not a VM's file descriptor
 *
 * Context: sleepable, no lock held.
 * Return: 0; -EIO, -EFAULT, or as sev_vm_move_enc_context_from().
 */
int kvm_vm_ioctl_move_enc_context_from(struct kvm *kvm, struct kvm *source)
{
	return enable_enc_context(kvm, source, __func__, sev_vm_move_enc_context_from);
}
