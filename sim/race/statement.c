/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The statements of a race: each is one call into the kernel, as the thread
 * that carries it out would make it.
 */
#include <linux/cma.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/kvm.h>
#include <linux/memory_hotplug.h>
#include <linux/migrate.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>

#include "fakes/build.h"
#include "fakes/fault.h"
#include "fakes/mm/access.h"
#include "fakes/mm/migrate_range.h"
#include "fakes/sev/contents.h"
#include "mmu/mmu.h"
#include "sim/core/alloc.h"
#include "sim/race/actor_private.h"

/*
 * The VM behind a file descriptor, as a system call has it: held as long as that
 * lasts. That is only done where somebody may close it, or all statements about a
 * VM would have to do with one another.
 */
static struct kvm *vm_get(int number)
{
	u32 bit = number < 0 ? 0 : 1U << number;
	struct kvm *kvm = number < 0 ? NULL : kvm_find(number);

	if (!(actors()->may_close & bit))
		return kvm;
	if (!kvm || actors()->closed & bit)
		return NULL;
	kvm_get_kvm(kvm);
	return kvm;
}

static void vm_put(struct kvm *kvm)
{
	if (kvm && actors()->may_close & (1U << kvm->number))
		kvm_put_kvm(kvm);
}

/* No step: who closes a file and who looks it up do not meet in between. */
static long close_vm(const struct actor_op *op)
{
	struct kvm *kvm = kvm_find(op->vm);

	if (!kvm || actors()->closed & (1U << op->vm))
		return -EBADF;
	actors()->closed |= 1U << op->vm;
	actor_gmem_close(op->vm);
	kvm_put_kvm(kvm);
	return 0;
}

/* A value that no one wrote before: who, and the how many-th. */
static u16 fresh_value(struct actor_state *a)
{
	return (a->id + 1) << 10 | (++a->touches & 0x3ff);
}

static void write_page(uint64_t pfn, void *arg)
{
	sev_host_write(pfn, *(u16 *)arg);
}

static void read_page(uint64_t pfn, void *arg)
{
	sev_host_read(pfn);
}

static long touch(struct actor_state *a, const struct actor_op *op, bool write)
{
	long err = 0;
	u64 i;

	for (i = 0; !err && i < op->npages; i++) {
		u16 value = fresh_value(a);

		err = user_access(op->addr + i * PAGE_SIZE, write,
				  write ? write_page : read_page, &value);
	}
	return err;
}

struct kvm_vcpu *actor_vcpu(const struct actor_state *a, struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	int i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (vcpu->vcpu_id == a->what.vcpu)
			return vcpu;
	}
	return ERR_PTR(-ENOENT);
}

static struct kvm_vcpu *find_vcpu(const struct actor_state *a, struct kvm *kvm)
{
	struct kvm_vcpu *vcpu = actor_vcpu(a, kvm);

	/* The thread makes what it is to run. */
	return IS_ERR(vcpu) ? kvm_vm_ioctl_create_vcpu(kvm, a->what.vcpu) : vcpu;
}

/* Its VM stays: nobody closes one whose faults are asynchronous. */
static long async_pf(const struct actor_op *op)
{
	const struct actor_state *a = actors()->actor[op->child];

	kvm_async_pf_serve(actor_vcpu(a, kvm_find(a->what.vm)));
	return 0;
}

static long fault(struct actor_state *a, struct kvm *kvm, const struct actor_op *op,
		  bool *ret_bounded)
{
	struct kvm_vcpu *vcpu = find_vcpu(a, kvm);
	long ret;

	if (IS_ERR(vcpu))
		return PTR_ERR(vcpu);
	ret = kvm_vcpu_fault(vcpu, op->gfn, op->write, a->what.unroll);
	*ret_bounded = ret == -EAGAIN;
	return ret;
}

static long region(struct kvm *kvm, const struct actor_op *op)
{
	struct kvm_enc_region range = { .addr = op->addr, .size = op->npages * PAGE_SIZE };

	if (op->kind == ACTOR_REGISTER)
		return kvm_vm_ioctl_mem_enc_register_region(kvm, &range);
	return kvm_vm_ioctl_mem_enc_unregister_region(kvm, &range);
}

/* KVM_MEMORY_ENCRYPT_OP, with one of the commands that are about memory. */
static long update(struct kvm *kvm, const struct actor_op *op)
{
	struct kvm_sev_launch_update_data launch = {
		.uaddr = op->addr,
		.len = op->npages * PAGE_SIZE,
	};
	struct kvm_sev_transport_data data = {
		.guest_uaddr = op->addr,
		.guest_len = op->npages * PAGE_SIZE,
	};

	if (op->kind == ACTOR_SEND_UPDATE)
		return kvm_vm_ioctl_send_update(kvm, &data);
	if (op->kind == ACTOR_RECEIVE_UPDATE)
		return kvm_vm_ioctl_receive_update(kvm, &data);
	return kvm_vm_ioctl_launch_update(kvm, &launch);
}

static long prefault(struct actor_state *a, struct kvm *kvm, const struct actor_op *op)
{
	struct kvm_vcpu *vcpu = find_vcpu(a, kvm);

	return IS_ERR(vcpu) ? PTR_ERR(vcpu) : kvm_vcpu_pre_fault_memory(vcpu, op->gfn);
}

static long take_context(struct kvm *kvm, const struct actor_op *op)
{
	struct kvm *source = vm_get(op->vm);
	long ret;

	if (op->kind == ACTOR_COPY_CONTEXT)
		ret = kvm_vm_ioctl_copy_enc_context_from(kvm, source);
	else
		ret = kvm_vm_ioctl_move_enc_context_from(kvm, source);
	vm_put(source);
	return ret;
}

static long memslot(struct kvm *kvm, const struct actor_op *op)
{
	struct kvm_userspace_memory_region mem = {
		.slot = op->slot,
		.flags = (op->readonly ? KVM_MEM_READONLY : 0) |
			 (op->log ? KVM_MEM_LOG_DIRTY_PAGES : 0),
		.guest_phys_addr = op->gfn << PAGE_SHIFT,
		.memory_size = op->kind == ACTOR_SLOT_SET ? op->npages * PAGE_SIZE : 0,
		.userspace_addr = op->addr,
	};

	if (kvm_arch_has_private_mem(kvm))
		return actor_gmem_slot(kvm, &mem);
	return kvm_vm_ioctl_set_memory_region(kvm, &mem);
}

/* What is asked of the task's own VM. */
static long vm_statement(struct actor_state *a, const struct actor_op *op, bool *ret_bounded)
{
	struct kvm *kvm = vm_get(a->what.vm);
	long ret = -EINVAL;

	if (!kvm)
		return a->what.vm >= 0 && actors()->closed & (1U << a->what.vm) ? -EBADF : -EIO;
	switch ((enum actor_op_kind)op->kind) {
	case ACTOR_FAULT:
		ret = fault(a, kvm, op, ret_bounded);
		break;
	case ACTOR_REGISTER:
	case ACTOR_UNREGISTER:
		ret = region(kvm, op);
		break;
	case ACTOR_LAUNCH_UPDATE:
	case ACTOR_SEND_UPDATE:
	case ACTOR_RECEIVE_UPDATE:
		ret = update(kvm, op);
		break;
	case ACTOR_PREFAULT:
		ret = prefault(a, kvm, op);
		break;
	case ACTOR_COPY_CONTEXT:
	case ACTOR_MOVE_CONTEXT:
		ret = take_context(kvm, op);
		break;
	case ACTOR_SLOT_SET:
	case ACTOR_SLOT_DELETE:
		ret = memslot(kvm, op);
		break;
	case ACTOR_PUNCH_HOLE:
		ret = actor_gmem_punch(kvm, op->gfn);
		break;
	case ACTOR_MAKE_PRIVATE:
	case ACTOR_MAKE_SHARED:
		ret = actor_gmem_convert(kvm, op->gfn, op->kind == ACTOR_MAKE_PRIVATE);
		break;
	default:
		break;
	}
	vm_put(kvm);
	return ret;
}

static long migrate(const struct actor_op *op)
{
	static const int places[] = {
		[ACTOR_ZONE_ANY] = -1,
		[ACTOR_ZONE_NORMAL] = BUILD_ZONE_NORMAL,
		[ACTOR_ZONE_MOVABLE] = BUILD_ZONE_MOVABLE,
		[ACTOR_ZONE_CMA] = BUILD_ZONE_CMA,
	};

	return migrate_user_range(current->mm, op->addr, op->npages, places[op->zone]);
}

static long allocate_cma(const struct actor_op *op)
{
	struct page *page = cma_alloc(dev_get_cma_area(), op->npages, 0, true);
	struct actors *all = actors();
	struct actor_cma *got;

	if (!page)
		return -ENOMEM;
	got = sim_alloc(sizeof(*got));
	got->page = page;
	got->npages = op->npages;
	got->next = all->cma;
	all->cma = got;
	return 0;
}

void actor_release_cma(void)
{
	struct actors *all = actors();

	while (all->cma) {
		struct actor_cma *got = all->cma;

		all->cma = got->next;
		cma_release(dev_get_cma_area(), got->page, got->npages);
		sim_free(got);
	}
}

/* Tasks have their numbers from build_thread(), which counts from 1. */
static long send_signal(const struct actor_op *op)
{
	return send_sig(op->kind == ACTOR_KILL ? SIGKILL : SIGTERM,
			find_task_by_vpid(op->child + 1), 0);
}

static void fail(const struct actor_op *op)
{
	const struct fault_order order = {
		.point = op->fault,
		.nth = op->nth,
		.times = op->times,
	};

	fault_inject(&order);
}

static long system_call(struct actor_state *a, const struct actor_op *op, bool *ret_bounded)
{
	switch ((enum actor_op_kind)op->kind) {
	case ACTOR_TOUCH:
		return touch(a, op, true);
	case ACTOR_READ:
		return touch(a, op, false);
	case ACTOR_FAULT:
	case ACTOR_REGISTER:
	case ACTOR_UNREGISTER:
	case ACTOR_LAUNCH_UPDATE:
	case ACTOR_SEND_UPDATE:
	case ACTOR_RECEIVE_UPDATE:
	case ACTOR_PREFAULT:
	case ACTOR_COPY_CONTEXT:
	case ACTOR_MOVE_CONTEXT:
	case ACTOR_SLOT_SET:
	case ACTOR_SLOT_DELETE:
	case ACTOR_PUNCH_HOLE:
	case ACTOR_MAKE_PRIVATE:
	case ACTOR_MAKE_SHARED:
		return vm_statement(a, op, ret_bounded);
	case ACTOR_CLOSE:
		return close_vm(op);
	case ACTOR_HOLD:
	case ACTOR_PIN:
		return actor_grip(a, op);
	case ACTOR_RELEASE:
	case ACTOR_UNPIN:
		return actor_let_go(a, op);
	case ACTOR_MIGRATE:
		return migrate(op);
	case ACTOR_CMA_ALLOC:
		return allocate_cma(op);
	case ACTOR_OFFLINE:
		return memory_block_offline_at(current->mm, op->addr);
	case ACTOR_SIGNAL:
	case ACTOR_KILL:
		return send_signal(op);
	case ACTOR_ASYNC_PF:
		return async_pf(op);
	case ACTOR_MUNMAP:
		return vm_munmap(op->addr, op->npages * PAGE_SIZE);
	case ACTOR_MREMAP:
		return vm_mremap(op->addr, op->npages * PAGE_SIZE, op->to);
	case ACTOR_DONTNEED:
		return vm_madvise(op->addr, op->npages * PAGE_SIZE, MADV_DONTNEED);
	case ACTOR_PAGEOUT:
		return vm_madvise(op->addr, op->npages * PAGE_SIZE, MADV_PAGEOUT);
	case ACTOR_DONTFORK:
		return vm_madvise(op->addr, op->npages * PAGE_SIZE, MADV_DONTFORK);
	case ACTOR_FORK:
		return process_fork(op->child);
	case ACTOR_EXIT:
		process_exit(a->what.process);
		return 0;
	case ACTOR_DRAIN:
		lru_add_drain_all();
		return 0;
	case ACTOR_FAIL:
		fail(op);
		return 0;
	}
	return -EINVAL;
}

/**
 * actor_statement() - carry out one statement.
 * @a: who
 * @op: what
 * @ret_bounded: set if a fault met the unroll bound
 *
 * Context: the actor's task, or the host for the set-up. May yield and sleep.
 * Return: what the kernel's function returns: 0, a negative errno, or for
 * migrate the number of pages left behind.
 */
long actor_statement(struct actor_state *a, const struct actor_op *op, bool *ret_bounded)
{
	long ret = system_call(a, op, ret_bounded);

	task_work_run();
	return ret;
}
