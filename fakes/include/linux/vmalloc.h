/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/slab.h>

/* No address range of its own: the same memory as kmalloc()'s. May sleep. */
#define vmalloc(s)		kvmalloc(s, GFP_KERNEL)
#define vzalloc(s)		kvmalloc(s, GFP_KERNEL)
#define __vmalloc(s, g)		kvmalloc(s, g)
#define vcalloc(n, s)		kvcalloc(n, s, GFP_KERNEL)
#define vfree(p)		kvfree(p)

#endif
