/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/slab.h>

/* No address range of its own: the same memory as kmalloc()'s. May sleep. */
void *(__vmalloc)(unsigned long size, gfp_t flags);

#define __vmalloc(s, g)		(sim_site_set(__func__), (__vmalloc)(s, g))
#define vmalloc(s)		__vmalloc(s, GFP_KERNEL)
#define vzalloc(s)		__vmalloc(s, GFP_KERNEL)
#define vcalloc(n, s)		kvcalloc(n, s, GFP_KERNEL)
#define vfree(p)		kvfree(p)

#endif
