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

/*
 * A lock that stands in the program with its value. It is made when it is first
 * taken: what the world knows of its class is in the world, not here.
 */
#define LOCK_IN_PROGRAM		0xff
#define __LOCK_IN_PROGRAM(name)						\
	{ .lock = { .writer = -1, .type = LOCK_IN_PROGRAM, .obj = (unsigned long)(name) } }

#define DEFINE_SPINLOCK(x)	spinlock_t x = __LOCK_IN_PROGRAM(#x)
#define DEFINE_RAW_SPINLOCK(x)	raw_spinlock_t x = __LOCK_IN_PROGRAM(#x)
#define DEFINE_RWLOCK(x)	rwlock_t x = __LOCK_IN_PROGRAM(#x)
#define DEFINE_MUTEX(x)		struct mutex x = __LOCK_IN_PROGRAM(#x)
#define DECLARE_RWSEM(x)	struct rw_semaphore x = __LOCK_IN_PROGRAM(#x)

#endif
