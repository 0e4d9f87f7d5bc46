/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How hard migration may try, and what it is done for: names and order as in
 * include/linux/migrate_mode.h, v6.12.  6.1's MIGRATE_SYNC_NO_COPY is not
 * modelled: only one driver used it.
 */
#ifndef _LINUX_MIGRATE_MODE_H
#define _LINUX_MIGRATE_MODE_H

enum migrate_mode {
	MIGRATE_ASYNC,		/* never sleeps on a lock */
	MIGRATE_SYNC_LIGHT,	/* may sleep, but not for writeback */
	MIGRATE_SYNC,		/* may sleep for anything */
};

enum migrate_reason {
	MR_COMPACTION,
	MR_MEMORY_FAILURE,
	MR_MEMORY_HOTPLUG,
	MR_SYSCALL,
	MR_MEMPOLICY_MBIND,
	MR_NUMA_MISPLACED,
	MR_CONTIG_RANGE,
	MR_LONGTERM_PIN,
	MR_DEMOTION,
	MR_DAMON,
	MR_TYPES
};

#endif
