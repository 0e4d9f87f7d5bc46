/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes as checks, reports and tests see them: reading only, no steps, and
 * without hooks (__no_kcsan): what can change says so itself.
 */
#include <linux/capability.h>
#include <linux/limits.h>
#include <linux/pgtable_types.h>

#include "fakes/host/host.h"
#include "sim/engine/footprint.h"

__no_kcsan unsigned int probe_nr_processes(void)
{
	return host_world()->nr_processes;
}

__no_kcsan bool probe_process(unsigned int process, struct probe_process *ret_process)
{
	struct host_world *host = host_world();
	const struct mm_struct *mm;
	const struct process *p;
	unsigned long bytes;
	unsigned int i;

	if (process >= host->nr_processes)
		return false;
	p = host->process[process];
	for (i = 0; i < sizeof(ret_process->name); i++)
		ret_process->name[i] = p->name[i];
	bytes = p->signal.rlim[RLIMIT_MEMLOCK].rlim_cur;
	ret_process->memlock_pages = bytes == RLIM_INFINITY ? U64_MAX : bytes >> PAGE_SHIFT;
	ret_process->cap_ipc_lock = p->cap_effective & BIT_ULL(CAP_IPC_LOCK);
	/* None before a fork. */
	mm = sim_seen(p->mm);
	ret_process->locked_vm = mm ? sim_seen(mm->locked_vm) : 0;
	ret_process->mm_gone = !mm || sim_seen(mm->mm_users.counter) == 0;
	return true;
}

uint64_t probe_alloc_refused(void)
{
	return host_history()->refused_bytes;
}

int probe_task_process(unsigned int task)
{
	return task < SIM_MAX_TASKS ? host_world()->task[task].process : -1;
}
