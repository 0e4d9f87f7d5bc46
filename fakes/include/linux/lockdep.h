/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lock assertions: a task that does not hold what it must is a WARN. */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/bug.h>

#include "sim/core/lock.h"

struct lock_class_key {
	char unused;
};

#define lockdep_is_held(l)	sim_lock_held_any(&(l)->lock)
#define lockdep_assert(cond)	((void)WARN_ON(!(cond)))
#define lockdep_assert_held(l)	lockdep_assert(lockdep_is_held(l))
#define lockdep_assert_held_write(l)	lockdep_assert(sim_lock_held(&(l)->lock))
#define lockdep_assert_held_read(l)	lockdep_assert_held(l)
#define lockdep_assert_not_held(l)	lockdep_assert(!lockdep_is_held(l))
#define lockdep_set_class(l, key)	do { } while (0)

#endif
