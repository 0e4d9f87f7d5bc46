/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes and their threads: what kernel/fork.c, kernel/cred.c and
 * kernel/capability.c give to the code that is modelled here. Of fork() what is
 * not the address space (fakes/mm/fork.c): a child's threads start by it.
 *
 * A simulated task becomes a thread of a process with build_thread(); until
 * then, and for kernel threads, it has no address space and every capability.
 * The host's own context is a thread too, so that unit tests can call kernel
 * code without a task.
 */
#include <linux/capability.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "fakes/host/host.h"
#include "sim/core/alloc.h"

static void name_copy(char *to, const char *from, size_t size)
{
	size_t i;

	for (i = 0; from && from[i] && i + 1 < size; i++)
		to[i] = from[i];
	to[i] = '\0';
}

static void make_kthread(struct task_struct *task, int pid)
{
	task->pid = pid;
	task->tgid = pid;
	task->flags = PF_KTHREAD;
	task->mm = NULL;
	task->signal = NULL;
	task->cap_effective = ~0ULL;
	task->process = -1;
}

/* Called when the machine is built. */
void host_init(void)
{
	struct host_world *host = sim_room_create(SIM_ROOM_HOST, sizeof(*host));
	unsigned int i;

	for (i = 0; i < SIM_MAX_TASKS; i++)
		make_kthread(&host->task[i], i + 1);
	make_kthread(&host->init_task, 0);
	sim_host_set_private(&host->init_task);
}

struct task_struct *get_current(void)
{
	struct task_struct *task = sim_task_private();
	int id;

	if (task)
		return task;
	id = sim_task_id();
	return id < 0 ? &host_world()->init_task : &host_world()->task[id];
}

/**
 * build_process() - make a process with an empty address space.
 * @p: its name, limit in bytes and capability
 *
 * Context: host. Return: its number from 0; -E2BIG past the 64th.
 */
int build_process(const struct build_process *p)
{
	struct host_world *host = host_world();
	unsigned int id = host->nr_processes;
	struct process *process;
	unsigned int i;

	if (id >= MAX_PROCESSES)
		return -E2BIG;
	/* The machine's own: processes stay, also when they are done. */
	process = sim_alloc(sizeof(*process));
	name_copy(process->name, p->name, sizeof(process->name));
	for (i = 0; i < RLIM_NLIMITS; i++) {
		process->signal.rlim[i].rlim_cur = RLIM_INFINITY;
		process->signal.rlim[i].rlim_max = RLIM_INFINITY;
	}
	process->signal.rlim[RLIMIT_MEMLOCK].rlim_cur = p->memlock_bytes;
	process->cap_effective = p->cap_ipc_lock ? BIT_ULL(CAP_IPC_LOCK) : 0;
	process->unborn = p->unborn;
	sim_waitq_init(&process->waitq, SIM_OBJ(OBJ_MM, id));
	if (!p->unborn)
		process->mm = mm_create(id);
	host->process[id] = process;
	host->nr_processes++;
	return id;
}

static struct process *process_find(unsigned int id)
{
	struct host_world *host = host_world();

	return id < host->nr_processes ? host->process[id] : NULL;
}

struct mm_struct *process_mm(unsigned int id)
{
	struct process *process = process_find(id);

	return process ? process->mm : NULL;
}

int build_map(unsigned int process, uint64_t addr, uint64_t bytes, enum build_zone place)
{
	struct mm_struct *mm = process_mm(process);

	return mm ? mm_map_anon(mm, addr, bytes, place) : -ESRCH;
}

int build_map_shmem(unsigned int process, uint64_t addr, uint64_t bytes, enum build_zone place)
{
	struct mm_struct *mm = process_mm(process);

	return mm ? mm_map_shmem(mm, addr, bytes, place) : -ESRCH;
}

static void make_thread(struct task_struct *task, int process)
{
	struct process *p = process < 0 ? NULL : process_find(process);

	if (!p) {
		make_kthread(task, task->pid);
		return;
	}
	task->flags = 0;
	task->tgid = 1000 + process;
	task->mm = p->mm;
	task->active_mm = p->mm;
	task->signal = &p->signal;
	task->cap_effective = p->cap_effective;
	task->process = process;
	name_copy(task->comm, p->name, sizeof(task->comm));
}

int build_thread(unsigned int task, int process)
{
	struct host_world *host = host_world();

	if (task >= SIM_MAX_TASKS || (process >= 0 && !process_find(process)))
		return -ESRCH;
	make_thread(&host->task[task], process);
	sim_task_set_private(task, &host->task[task]);
	return 0;
}

void build_host_thread(int process)
{
	struct host_world *host = host_world();

	make_thread(&host->init_task, process);
	sim_host_set_private(&host->init_task);
}

bool capable(int cap)
{
	return current->cap_effective & BIT_ULL(cap);
}

unsigned long task_rlimit(const struct task_struct *task, unsigned int limit)
{
	return task->signal ? task->signal->rlim[limit].rlim_cur : RLIM_INFINITY;
}

unsigned long rlimit(unsigned int limit)
{
	return task_rlimit(current, limit);
}

int process_fork(unsigned int child)
{
	struct process *p = process_find(child);
	unsigned int i;

	if (!p || !p->unborn || p->failed)
		return -EEXIST;
	p->mm = dup_mm(current->mm, child);
	p->failed = !p->mm;
	p->unborn = p->failed;
	for (i = 0; i < RLIM_NLIMITS; i++) {
		p->signal.rlim[i].rlim_cur = current->signal->rlim[i].rlim_cur;
		p->signal.rlim[i].rlim_max = current->signal->rlim[i].rlim_max;
	}
	p->cap_effective = current->cap_effective;
	sim_wake_all(&p->waitq, __func__);
	return p->failed ? -ENOMEM : 0;
}

bool process_join(int process)
{
	struct process *p = process < 0 ? NULL : process_find(process);
	struct task_struct *task = current;

	if (!p || (p->mm && task->mm == p->mm))
		return true;
	while (p->unborn && !p->failed)
		sim_wait(&p->waitq, __func__);
	if (p->failed)
		return false;
	make_thread(task, process);
	return true;
}

/* End of a process, a child's or for teardown: its address space goes (F: mm_users). */
void process_exit(unsigned int id)
{
	struct mm_struct *mm = process_mm(id);

	if (mm && atomic_read(&mm->mm_users) > 0)
		mmput(mm);
}
