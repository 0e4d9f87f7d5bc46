/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building a machine: what the host calls before any task runs.  Only fixed
 * width types, so that both sides can include it.
 */
#ifndef FAKES_BUILD_H
#define FAKES_BUILD_H

#include <stdbool.h>
#include <stdint.h>

struct kernel_profile;

enum build_zone {
	BUILD_ZONE_NORMAL,
	BUILD_ZONE_MOVABLE,
	BUILD_ZONE_CMA,		/* pageblocks of type MIGRATE_CMA */
};

struct build_machine {
	const struct kernel_profile *profile;
	uint64_t normal_bytes;		/* multiples of 4 MiB (the largest buddy block) */
	uint64_t movable_bytes;
	uint64_t cma_bytes;		/* lies inside cma_in */
	enum build_zone cma_in;
	uint64_t swap_bytes;		/* of the swap device; 0: there is none */
};

/* fakes/mm: after sim_world_init(). Return: 0 or -errno. */
int build_machine(const struct build_machine *m);

struct build_process {
	const char *name;		/* copied */
	uint64_t memlock_bytes;		/* soft RLIMIT_MEMLOCK; UINT64_MAX unlimited */
	bool cap_ipc_lock;
	bool unborn;			/* no address space before process_fork() */
};

/* fakes/host: a process with an empty address space. Return: number, or -errno. */
int build_process(const struct build_process *p);

/**
 * build_map() - mmap() of private anonymous memory, nothing faulted in.
 * @process: number
 * @addr: page-aligned address
 * @bytes: multiple of 4 KiB
 * @place: where its pages land when they are faulted in as movable memory (an
 *         allocation from which PF_MEMALLOC_PIN took the movability ignores it)
 */
int build_map(unsigned int process, uint64_t addr, uint64_t bytes, enum build_zone place);

/* The same of memory that is shared with children: MAP_SHARED of a memfd of its own. */
int build_map_shmem(unsigned int process, uint64_t addr, uint64_t bytes, enum build_zone place);

/*
 * The process's address space goes, if it has not gone: exit_mmap(). From a
 * task it may sleep.
 */
void process_exit(unsigned int process);

/**
 * process_fork() - fork(2) of the running task.
 * @child: a process that was built unborn
 *
 * It gets a copy of the caller's address space, and its limits and capabilities;
 * its threads start. Context: sleepable. Return: 0; -ENOMEM; -EEXIST if it was
 * forked before.
 */
int process_fork(unsigned int child);

/*
 * A thread of @process begins: it waits until the process is there. Return: false
 * if it will never be.
 */
bool process_join(int process);

/* Make simulated task @task a thread of @process (-1: a kernel thread). */
int build_thread(unsigned int task, int process);

/* The host's own context becomes a thread of @process (unit tests, set-up). */
void build_host_thread(int process);

#endif
