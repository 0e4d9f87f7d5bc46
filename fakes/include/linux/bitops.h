/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of longs.  The plain forms are ordinary memory; the atomic ones are
 * steps, because that is where another task may come between.
 */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

#include <linux/math.h>

#define BITS_PER_BYTE		8
#define BITS_PER_LONG		64
#define BITS_PER_LONG_LONG	64
#define BIT(nr)			(1UL << (nr))
#define BIT_ULL(nr)		(1ULL << (nr))
#define BIT_MASK(nr)		(1UL << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr)		((nr) / BITS_PER_LONG)
#define BITS_TO_LONGS(nr)	DIV_ROUND_UP(nr, BITS_PER_LONG)
#define GENMASK(h, l)		((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l)	((~0ULL << (l)) & (~0ULL >> (63 - (h))))

/*
 * arch_*: a bit changes, and nobody watches. For what a lock, or a step of its
 * own, protects.
 */
static inline void arch_set_bit(long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void arch_clear_bit(long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static inline bool arch_test_bit(long nr, const volatile unsigned long *addr)
{
	return addr[BIT_WORD(nr)] & BIT_MASK(nr);
}

static inline bool arch_test_and_set_bit(long nr, volatile unsigned long *addr)
{
	bool old = arch_test_bit(nr, addr);

	arch_set_bit(nr, addr);
	return old;
}

static inline bool arch_test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	bool old = arch_test_bit(nr, addr);

	arch_clear_bit(nr, addr);
	return old;
}

#define __set_bit(nr, addr)		arch_set_bit(nr, addr)
#define __clear_bit(nr, addr)		arch_clear_bit(nr, addr)
#define __test_and_set_bit(nr, addr)	arch_test_and_set_bit(nr, addr)
#define __test_and_clear_bit(nr, addr)	arch_test_and_clear_bit(nr, addr)

/*
 * The atomic forms, and the test that races with them: a step each
 * (fakes/host/instrumented.c), as they are in the kernel what KCSAN looks at.
 */
void (set_bit)(long nr, volatile unsigned long *addr);
void (clear_bit)(long nr, volatile unsigned long *addr);
bool (test_bit)(long nr, const volatile unsigned long *addr);
bool (test_and_set_bit)(long nr, volatile unsigned long *addr);
bool (test_and_clear_bit)(long nr, volatile unsigned long *addr);

void sim_site_set(const char *site);
#define set_bit(nr, a)		(sim_site_set(__func__), (set_bit)(nr, a))
#define clear_bit(nr, a)	(sim_site_set(__func__), (clear_bit)(nr, a))
#define test_bit(nr, a)		(sim_site_set(__func__), (test_bit)(nr, a))
#define test_and_set_bit(nr, a)	(sim_site_set(__func__), (test_and_set_bit)(nr, a))
#define test_and_clear_bit(nr, a) (sim_site_set(__func__), (test_and_clear_bit)(nr, a))
#define test_bit_acquire(nr, addr)	test_bit(nr, addr)
#define clear_bit_unlock(nr, addr)	clear_bit(nr, addr)

static inline unsigned long __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}

static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

#define ffs(x)		__builtin_ffs(x)
#define ilog2(n)	(fls64(n) - 1)
#define is_power_of_2(n) ((n) != 0 && (((n) & ((n) - 1)) == 0))
#define hweight_long(w)	((unsigned long)__builtin_popcountl(w))

/* Next set bit at or after @offset, or @size. */
static inline unsigned long find_next_bit(const unsigned long *addr, unsigned long size,
					  unsigned long offset)
{
	for (; offset < size; offset++) {
		unsigned long word = addr[BIT_WORD(offset)] >> (offset % BITS_PER_LONG);

		if (!word) {
			offset |= BITS_PER_LONG - 1;
			continue;
		}
		offset += __ffs(word);
		return offset < size ? offset : size;
	}
	return size;
}

static inline unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
					       unsigned long offset)
{
	for (; offset < size; offset++)
		if (!arch_test_bit(offset, addr))
			return offset;
	return size;
}

#define find_first_bit(addr, size)	find_next_bit(addr, size, 0)
#define find_first_zero_bit(addr, size)	find_next_zero_bit(addr, size, 0)
#define for_each_set_bit(bit, addr, size)				\
	for ((bit) = find_first_bit(addr, size); (bit) < (size);	\
	     (bit) = find_next_bit(addr, size, (bit) + 1))

#endif
