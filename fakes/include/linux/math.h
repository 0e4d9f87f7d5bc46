/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H

#include <linux/compiler.h>

#define __ALIGN_KERNEL_MASK(x, m)	(((x) + (m)) & ~(m))
#define ALIGN(x, a)		__ALIGN_KERNEL_MASK(x, (__typeof__(x))(a) - 1)
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)
#define PTR_ALIGN(p, a)		((__typeof__(p))ALIGN((unsigned long)(p), (a)))
#define round_down(x, y)	ALIGN_DOWN(x, y)
#define round_up(x, y)		ALIGN(x, y)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_UP_ULL(n, d)	DIV_ROUND_UP((unsigned long long)(n), (d))
#define roundup(x, y)		((((x) + ((y) - 1)) / (y)) * (y))
#define rounddown(x, y)		((x) - ((x) % (y)))
#define abs(x)			((x) < 0 ? -(x) : (x))
#define div64_u64(a, b)		((u64)(a) / (u64)(b))
#define do_div(n, base)							\
({									\
	u32 __rem = (u64)(n) % (u32)(base);				\
	(n) = (u64)(n) / (u32)(base);					\
	__rem;								\
})

#endif
