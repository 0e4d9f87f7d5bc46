/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_MMDEBUG_H
#define _LINUX_MMDEBUG_H

#include <linux/bug.h>

struct page;
void dump_page(const struct page *page, const char *reason);

#endif
