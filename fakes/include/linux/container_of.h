/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#include <linux/compiler.h>

#define container_of(ptr, type, member)					\
({									\
	void *__mptr = (void *)(ptr);					\
	((type *)((char *)__mptr - offsetof(type, member)));		\
})
#define typeof_member(T, m)	__typeof__(((T *)0)->m)

#endif
