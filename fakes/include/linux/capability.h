/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_CAPABILITY_H
#define _LINUX_CAPABILITY_H

#include <linux/types.h>

#define CAP_IPC_LOCK	14
#define CAP_SYS_ADMIN	21

/* Does the running task have the capability? True for kernel threads. */
bool capable(int cap);

#endif
