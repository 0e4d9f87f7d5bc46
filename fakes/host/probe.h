/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What checks, reports and tests may see of the processes. */
#ifndef FAKES_HOST_PROBE_H
#define FAKES_HOST_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct probe_process {
	char name[32];
	uint64_t memlock_pages;		/* limit in pages; UINT64_MAX unlimited */
	bool cap_ipc_lock;
	uint64_t locked_vm;		/* mm->locked_vm */
	bool mm_gone;
};
bool probe_process(unsigned int process, struct probe_process *ret_process);
unsigned int probe_nr_processes(void);
/* History: the last request of more bytes than kvmalloc() ever gives; 0: none. */
uint64_t probe_alloc_refused(void);
int probe_task_process(unsigned int task);	/* -1: kernel thread */

#endif
