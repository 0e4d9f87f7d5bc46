/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking memory out of use while the machine runs (include/linux/memory_hotplug.h,
 * and of include/linux/memory.h what a write to .../memoryN/state needs; v6.12).
 */
#ifndef _LINUX_MEMORY_HOTPLUG_H
#define _LINUX_MEMORY_HOTPLUG_H

#include <linux/mmzone.h>

struct memory_group;
struct mm_struct;

int offline_pages(unsigned long start_pfn, unsigned long nr_pages, struct zone *zone,
		  struct memory_group *group);

/*
 * "echo offline > /sys/devices/system/memory/memoryN/state" for the block that a
 * process's page lies in now.
 */
int memory_block_offline_at(struct mm_struct *mm, unsigned long addr);

#endif
