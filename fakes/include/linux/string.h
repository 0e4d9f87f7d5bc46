/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The three that compilers call unasked go through the engine's checks. */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H

#include <linux/types.h>

void *memset(void *s, int c, size_t n);
void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);

void *memchr_inv(const void *start, int c, size_t bytes);

#endif
