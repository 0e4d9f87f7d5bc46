/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ioctls of registered memory with every argument, for region_errno_test.c. */
#ifndef TESTS_PIN_REGION_WORLD_H
#define TESTS_PIN_REGION_WORLD_H

#include <stdbool.h>
#include <stdint.h>

struct kvm;

enum rw_ioctl { RW_REGISTER, RW_UNREGISTER };

struct rw_range {
	uint64_t addr, size;
};

struct kvm *rw_kvm(unsigned int vm);
/* KVM_MEMORY_ENCRYPT_{UN,}REG_REGION; @range NULL: cannot be read. */
int rw_ioctl(enum rw_ioctl which, unsigned int vm, const struct rw_range *range);
/* The calling process's, from now on. */
void rw_memlock(uint64_t bytes, bool cap_ipc_lock);
void rw_vm_dead(unsigned int vm);

/* What fails at the next ioctl, each once; it is still to come, or it came. */
enum rw_later {
	RW_NOTHING,
	RW_USERCOPY = 1,
	RW_REGION = 2,		/* the first thing that is allocated */
	RW_ARRAY = 4,		/* the second */
	RW_PAGE = 8,		/* a page of user memory */
	RW_KILLED = 16,
};
void rw_fail(unsigned int later);
/* It does not any more. Return: how many did. */
unsigned int rw_failed(void);

#endif
