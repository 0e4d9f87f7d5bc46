/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#include <linux/compiler.h>

#define min(x, y)							\
({									\
	__typeof__(x) __mx = (x);					\
	__typeof__(y) __my = (y);					\
	__mx < __my ? __mx : __my;					\
})
#define max(x, y)							\
({									\
	__typeof__(x) __mx = (x);					\
	__typeof__(y) __my = (y);					\
	__mx > __my ? __mx : __my;					\
})
#define min3(x, y, z)		min(min(x, y), z)
#define max3(x, y, z)		max(max(x, y), z)
#define min_t(type, x, y)	min((type)(x), (type)(y))
#define max_t(type, x, y)	max((type)(x), (type)(y))
#define clamp(v, lo, hi)	min(max(v, lo), hi)
#define clamp_t(t, v, lo, hi)	min_t(t, max_t(t, v, lo), hi)
#define swap(a, b)							\
do {									\
	__typeof__(a) __swp = (a);					\
	(a) = (b);							\
	(b) = __swp;							\
} while (0)

#endif
