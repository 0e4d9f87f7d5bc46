/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kernel code expects of its compiler; ordering is sequential here. */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#include <linux/kconfig.h>
#include <linux/types.h>

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __maybe_unused		__attribute__((__unused__))
#define __always_unused		__attribute__((__unused__))
#define __must_check		__attribute__((__warn_unused_result__))
#define __weak			__attribute__((__weak__))
#define __packed		__attribute__((__packed__))
#define __aligned(x)		__attribute__((__aligned__(x)))
#define __printf(a, b)		__attribute__((__format__(printf, a, b)))
#define __pure			__attribute__((__pure__))
#define __cold			__attribute__((__cold__))
#define __noreturn		__attribute__((__noreturn__))
#define fallthrough		__attribute__((__fallthrough__))
#define __user
#define __kernel
#define __iomem
#define __rcu
#define __percpu
#define __force
#define __init
#define __initdata
#define __exit
#define __ro_after_init
#define __read_mostly
#define __sched
#define __acquires(x)
#define __releases(x)
#define __must_hold(x)
#define asmlinkage
#define notrace
/* Accesses that the engine's hooks need not see. */
#define __no_kcsan		__attribute__((__no_sanitize__("thread")))

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	do { *(volatile __typeof__(x) *)&(x) = (v); } while (0)
#define data_race(expr)		(expr)
#define barrier()		do { } while (0)
#define smp_mb()		do { } while (0)
#define smp_rmb()		do { } while (0)
#define smp_wmb()		do { } while (0)
#define smp_mb__before_atomic()	do { } while (0)
#define smp_mb__after_atomic()	do { } while (0)
#define smp_load_acquire(p)	READ_ONCE(*(p))
#define smp_store_release(p, v)	WRITE_ONCE(*(p), v)
#define smp_store_mb(var, v)	WRITE_ONCE(var, v)
#define cpu_relax()		do { } while (0)

/* One access each at access grain, marked; no step at op grain. */
#define xchg(ptr, v)	__atomic_exchange_n(ptr, v, __ATOMIC_SEQ_CST)
#define try_cmpxchg(ptr, oldp, new)					\
	__atomic_compare_exchange_n(ptr, oldp, new, false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
#define cmpxchg(ptr, old, new)						\
({									\
	__typeof__(*(ptr)) __cold_v = (old);				\
	try_cmpxchg(ptr, &__cold_v, new);				\
	__cold_v;							\
})
#define cmpxchg64(p, o, n)	cmpxchg(p, o, n)
#define try_cmpxchg64(p, o, n)	try_cmpxchg(p, o, n)

#define __same_type(a, b)	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)
#define ___PASTE(a, b)		a##b
#define __PASTE(a, b)		___PASTE(a, b)
#define __UNIQUE_ID(prefix)	__PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)
#define EXPORT_SYMBOL(sym)
#define EXPORT_SYMBOL_GPL(sym)

#endif
