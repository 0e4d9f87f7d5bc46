/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <linux/compiler.h>

#define BUILD_BUG_ON(cond)		_Static_assert(!(cond), #cond)
#define BUILD_BUG_ON_MSG(cond, msg)	_Static_assert(!(cond), msg)
#define BUILD_BUG_ON_INVALID(e)		((void)sizeof((long)(e)))
#define static_assert(expr, ...)	_Static_assert(expr, #expr)

#endif
