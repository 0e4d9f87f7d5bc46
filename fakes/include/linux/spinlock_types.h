/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's locks as types: each is one of the core's locks. */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H

#include <linux/types.h>

#include "sim/core/lock.h"

typedef struct spinlock {
	struct sim_lock lock;
} spinlock_t;

typedef struct raw_spinlock {
	struct sim_lock lock;
} raw_spinlock_t;

typedef struct {
	struct sim_lock lock;
} rwlock_t;

struct mutex {
	struct sim_lock lock;
};

struct rw_semaphore {
	struct sim_lock lock;
};

#endif
