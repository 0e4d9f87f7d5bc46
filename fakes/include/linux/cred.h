/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/capability.h>
#include <linux/sched.h>
