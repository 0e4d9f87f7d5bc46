/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Error numbers of the x86-64 ABI, and the kernel's internal ones. */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H

#define EPERM		1
#define ENOENT		2
#define ESRCH		3
#define EINTR		4
#define EIO		5
#define ENXIO		6
#define E2BIG		7
#define EBADF		9
#define EAGAIN		11
#define EWOULDBLOCK	EAGAIN
#define ENOMEM		12
#define EACCES		13
#define EFAULT		14
#define EBUSY		16
#define EEXIST		17
#define EXDEV		18
#define ENODEV		19
#define EINVAL		22
#define EMFILE		24
#define ENOTTY		25
#define ENOSPC		28
#define ERANGE		34
#define EDEADLK		35
#define ENOSYS		38
#define EREMOTEIO	121
#define EOVERFLOW	75
#define ENOBUFS		105
#define EALREADY	114
#define EMLINK		31
#define EOPNOTSUPP	95
#define EHWPOISON	133
#define ERESTARTSYS	512
#define ENOTSUPP	524

#define MAX_ERRNO	4095

#endif
