/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Atomic counters.  No step at op grain: a counter that races are about (a
 * page's _refcount, KVM's invalidate counters) has a step of its own in the fake
 * that owns it.  One access each at access grain.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/compiler.h>

#include "sim/engine/footprint.h"

static inline int atomic_read(const atomic_t *a)
{
	return READ_ONCE(a->counter);
}

static inline void atomic_set(atomic_t *a, int i)
{
	WRITE_ONCE(a->counter, i);
}

static inline int atomic_add_return(int i, atomic_t *a)
{
	return __atomic_add_fetch(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_fetch_add(int i, atomic_t *a)
{
	return __atomic_fetch_add(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_xchg(atomic_t *a, int i)
{
	return __atomic_exchange_n(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline int atomic_cmpxchg(atomic_t *a, int old, int new)
{
	return cmpxchg(&a->counter, old, new);
}

static inline bool atomic_try_cmpxchg(atomic_t *a, int *old, int new)
{
	int was = atomic_cmpxchg(a, *old, new);

	if (was == *old)
		return true;
	*old = was;
	return false;
}

static inline bool atomic_add_unless(atomic_t *a, int i, int unless)
{
	int old = READ_ONCE(a->counter);

	while (old != unless) {
		if (try_cmpxchg(&a->counter, &old, old + i))
			return true;
	}
	return false;
}

/* Who does not ask for the value has nothing to do with others who add. */
static inline void atomic_add(int i, atomic_t *a)
{
	sim_add_begin(a);
	a->counter += i;
	sim_add_end();
}

#define atomic_sub(i, a)			atomic_add(-(i), a)
#define atomic_sub_return(i, a)		atomic_add_return(-(i), a)
#define atomic_inc(a)			atomic_add(1, a)
#define atomic_dec(a)			atomic_add(-1, a)
#define atomic_inc_return(a)		atomic_add_return(1, a)
#define atomic_dec_return(a)		atomic_add_return(-1, a)
#define atomic_dec_and_test(a)		(atomic_add_return(-1, a) == 0)
#define atomic_sub_and_test(i, a)	(atomic_add_return(-(i), a) == 0)
#define atomic_add_negative(i, a)	(atomic_add_return(i, a) < 0)
#define atomic_inc_not_zero(a)		atomic_add_unless(a, 1, 0)
#define atomic_read_acquire(a)		atomic_read(a)
#define atomic_set_release(a, i)		atomic_set(a, i)

static inline s64 atomic64_read(const atomic64_t *a)
{
	return READ_ONCE(a->counter);
}

static inline void atomic64_set(atomic64_t *a, s64 i)
{
	WRITE_ONCE(a->counter, i);
}

static inline s64 atomic64_add_return(s64 i, atomic64_t *a)
{
	return __atomic_add_fetch(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_fetch_add(s64 i, atomic64_t *a)
{
	return __atomic_fetch_add(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_fetch_and(s64 i, atomic64_t *a)
{
	return __atomic_fetch_and(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_xchg(atomic64_t *a, s64 i)
{
	return __atomic_exchange_n(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline s64 atomic64_cmpxchg(atomic64_t *a, s64 old, s64 new)
{
	return cmpxchg(&a->counter, old, new);
}

static inline bool atomic64_try_cmpxchg(atomic64_t *a, s64 *old, s64 new)
{
	s64 was = atomic64_cmpxchg(a, *old, new);

	if (was == *old)
		return true;
	*old = was;
	return false;
}

static inline bool atomic64_add_unless(atomic64_t *a, s64 i, s64 unless)
{
	s64 old = READ_ONCE(a->counter);

	while (old != unless) {
		if (try_cmpxchg(&a->counter, &old, old + i))
			return true;
	}
	return false;
}

static inline void atomic64_add(s64 i, atomic64_t *a)
{
	sim_add_begin(a);
	a->counter += i;
	sim_add_end();
}

#define atomic64_sub(i, a)			atomic64_add(-(i), a)
#define atomic64_sub_return(i, a)		atomic64_add_return(-(i), a)
#define atomic64_inc(a)			atomic64_add(1, a)
#define atomic64_dec(a)			atomic64_add(-1, a)
#define atomic64_inc_return(a)		atomic64_add_return(1, a)
#define atomic64_dec_return(a)		atomic64_add_return(-1, a)
#define atomic64_dec_and_test(a)		(atomic64_add_return(-1, a) == 0)
#define atomic64_sub_and_test(i, a)	(atomic64_add_return(-(i), a) == 0)
#define atomic64_add_negative(i, a)	(atomic64_add_return(i, a) < 0)
#define atomic64_inc_not_zero(a)		atomic64_add_unless(a, 1, 0)
#define atomic64_read_acquire(a)		atomic64_read(a)
#define atomic64_set_release(a, i)		atomic64_set(a, i)

static inline long atomic_long_read(const atomic_long_t *a)
{
	return READ_ONCE(a->counter);
}

static inline void atomic_long_set(atomic_long_t *a, long i)
{
	WRITE_ONCE(a->counter, i);
}

static inline long atomic_long_add_return(long i, atomic_long_t *a)
{
	return __atomic_add_fetch(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline long atomic_long_fetch_add(long i, atomic_long_t *a)
{
	return __atomic_fetch_add(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline long atomic_long_xchg(atomic_long_t *a, long i)
{
	return __atomic_exchange_n(&a->counter, i, __ATOMIC_SEQ_CST);
}

static inline long atomic_long_cmpxchg(atomic_long_t *a, long old, long new)
{
	return cmpxchg(&a->counter, old, new);
}

static inline bool atomic_long_try_cmpxchg(atomic_long_t *a, long *old, long new)
{
	long was = atomic_long_cmpxchg(a, *old, new);

	if (was == *old)
		return true;
	*old = was;
	return false;
}

static inline bool atomic_long_add_unless(atomic_long_t *a, long i, long unless)
{
	long old = READ_ONCE(a->counter);

	while (old != unless) {
		if (try_cmpxchg(&a->counter, &old, old + i))
			return true;
	}
	return false;
}

#define atomic_long_add(i, a)			((void)atomic_long_add_return(i, a))
#define atomic_long_sub(i, a)			((void)atomic_long_add_return(-(i), a))
#define atomic_long_sub_return(i, a)		atomic_long_add_return(-(i), a)
#define atomic_long_inc(a)			((void)atomic_long_add_return(1, a))
#define atomic_long_dec(a)			((void)atomic_long_add_return(-1, a))
#define atomic_long_inc_return(a)		atomic_long_add_return(1, a)
#define atomic_long_dec_return(a)		atomic_long_add_return(-1, a)
#define atomic_long_dec_and_test(a)		(atomic_long_add_return(-1, a) == 0)
#define atomic_long_sub_and_test(i, a)	(atomic_long_add_return(-(i), a) == 0)
#define atomic_long_add_negative(i, a)	(atomic_long_add_return(i, a) < 0)
#define atomic_long_inc_not_zero(a)		atomic_long_add_unless(a, 1, 0)
#define atomic_long_read_acquire(a)		atomic_long_read(a)
#define atomic_long_set_release(a, i)		atomic_long_set(a, i)

#endif
