/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of region_errno_test.c. */
#include <linux/capability.h>
#include <linux/kvm_host.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "fakes/fault.h"
#include "fakes/kvm/internal.h"
#include "tests/pin/region_world.h"

struct kvm *rw_kvm(unsigned int vm)
{
	return kvm_find(vm);
}

int rw_ioctl(enum rw_ioctl which, unsigned int vm, const struct rw_range *range)
{
	struct kvm_enc_region region, *arg = NULL;

	if (range) {
		region.addr = range->addr;
		region.size = range->size;
		arg = &region;
	}
	if (which == RW_REGISTER)
		return kvm_vm_ioctl_mem_enc_register_region(kvm_find(vm), arg);
	return kvm_vm_ioctl_mem_enc_unregister_region(kvm_find(vm), arg);
}

void rw_memlock(uint64_t bytes, bool cap_ipc_lock)
{
	current->signal->rlim[RLIMIT_MEMLOCK].rlim_cur = bytes;
	current->cap_effective = cap_ipc_lock ? 1ULL << CAP_IPC_LOCK : 0;
}

void rw_vm_dead(unsigned int vm)
{
	kvm_vm_dead(kvm_find(vm));
}

void rw_fail(unsigned int later)
{
	static const struct fault_order orders[] = {
		{ FAULT_USERCOPY, 1, 1 },
		{ FAULT_SLAB, 1, 1 },
		{ FAULT_SLAB, 2, 1 },
		{ FAULT_PAGE_ALLOC, 1, 1 },
		{ FAULT_FATAL_SIGNAL, 1, 1 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (later & 1 << i)
			fault_inject(&orders[i]);
}

unsigned int rw_failed(void)
{
	fault_inject_off();
	return probe_failures();
}
