/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process's resident memory, as the kernel counts it: search structures,
 * undo log and the pages of the arena that were touched.  Where the kernel
 * does not tell there is no bound.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "sim/explore/memory.h"

static uint64_t resident(struct memory *m)
{
	unsigned long size, pages = 0;
	char text[128];
	ssize_t n;

	if (!m->fd)
		m->fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC) + 1;
	n = m->fd ? pread(m->fd - 1, text, sizeof(text) - 1, 0) : 0;
	if (n <= 0)
		return 0;
	text[n] = '\0';
	return sscanf(text, "%lu %lu", &size, &pages) == 2 ?
	       (uint64_t)pages * sysconf(_SC_PAGESIZE) : 0;
}

bool memory_would_be_over(struct memory *m, uint64_t more)
{
	m->asked = 0;
	return m->limit && resident(m) + more > m->limit;
}

bool memory_measure(struct memory *m)
{
	return memory_would_be_over(m, 0);
}

void memory_close(struct memory *m)
{
	if (m->fd)
		close(m->fd - 1);
	m->fd = 0;
}
