/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What compilers make of __atomic_*() and __sync_*() under -fsanitize=thread.
 *
 * The simulated machine is sequentially consistent and one task runs at a
 * time, so each is the plain operation behind the same checks as a store.
 */
#include "sim/engine/engine_private.h"

/* Rare beside plain stores: one for all of them. @pc is code under test. */
static __attribute__((noinline))
void atomic_store_at(uint64_t addr, unsigned int size, uint64_t pc)
{
	if (likely(sim_word_is_live(addr)) && likely((addr & 7) + size <= 8)) {
		if (addr - sim_hot.own_lo >= SIM_STACK_SIZE)
			sim_undo_word(addr);
		return;
	}
	if (unlikely(sim_hot.grain))
		sim_grain_access(addr, size, true, true, pc);
	sim_access_range(addr, size, true);
}

#define atomic_store(addr, size)					\
	atomic_store_at(addr, size, (uint64_t)__builtin_return_address(0))

#define ATOMIC(bits, type)						\
type __tsan_atomic##bits##_load(const volatile type *p, int order);	\
type __tsan_atomic##bits##_load(const volatile type *p, int order)	\
{									\
	(void)order;							\
	SIM_GRAIN(p, sizeof(*p), false, true);			\
	sim_access_range((uint64_t)p, sizeof(*p), false);		\
	return *p;							\
}									\
void __tsan_atomic##bits##_store(volatile type *p, type v, int order);	\
void __tsan_atomic##bits##_store(volatile type *p, type v, int order)	\
{									\
	(void)order;							\
	atomic_store((uint64_t)p, sizeof(*p));				\
	*p = v;								\
}									\
type __tsan_atomic##bits##_exchange(volatile type *p, type v, int order); \
type __tsan_atomic##bits##_exchange(volatile type *p, type v, int order) \
{									\
	type old;							\
									\
	(void)order;							\
	atomic_store((uint64_t)p, sizeof(*p));				\
	old = *p;							\
	*p = v;								\
	return old;							\
}									\
type __tsan_atomic##bits##_compare_exchange_val(volatile type *p,	\
	type expected, type v, int order, int fail_order);		\
type __tsan_atomic##bits##_compare_exchange_val(volatile type *p,	\
	type expected, type v, int order, int fail_order)		\
{									\
	type old;							\
									\
	(void)order;							\
	(void)fail_order;						\
	atomic_store((uint64_t)p, sizeof(*p));				\
	old = *p;							\
	if (old == expected)						\
		*p = v;							\
	return old;							\
}									\
int __tsan_atomic##bits##_compare_exchange_strong(volatile type *p,	\
	type *expected, type v, int order, int fail_order);		\
int __tsan_atomic##bits##_compare_exchange_strong(volatile type *p,	\
	type *expected, type v, int order, int fail_order)		\
{									\
	type old = __tsan_atomic##bits##_compare_exchange_val(p,	\
		*expected, v, order, fail_order);			\
									\
	if (old == *expected)						\
		return 1;						\
	sim_access_range((uint64_t)expected, sizeof(*expected), true);	\
	*expected = old;						\
	return 0;							\
}									\
int __tsan_atomic##bits##_compare_exchange_weak(volatile type *p,	\
	type *expected, type v, int order, int fail_order);		\
int __tsan_atomic##bits##_compare_exchange_weak(volatile type *p,	\
	type *expected, type v, int order, int fail_order)		\
{									\
	return __tsan_atomic##bits##_compare_exchange_strong(p,		\
		expected, v, order, fail_order);			\
}									\
FETCH(bits, type, add, old + v)						\
FETCH(bits, type, sub, old - v)						\
FETCH(bits, type, and, old & v)						\
FETCH(bits, type, or, old | v)						\
FETCH(bits, type, xor, old ^ v)						\
FETCH(bits, type, nand, ~(old & v))

#define FETCH(bits, type, op, expr)					\
type __tsan_atomic##bits##_fetch_##op(volatile type *p, type v, int order); \
type __tsan_atomic##bits##_fetch_##op(volatile type *p, type v, int order) \
{									\
	type old;							\
									\
	(void)order;							\
	atomic_store((uint64_t)p, sizeof(*p));				\
	old = *p;							\
	*p = (type)(expr);						\
	return old;							\
}

ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
	(void)order;
}

void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}
