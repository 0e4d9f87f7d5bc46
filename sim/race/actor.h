/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Actors: simulated tasks that carry out a race's statements, one kernel call
 * (or one guest access) each.  The host lays the statements out with plain
 * numbers; the world side executes them.
 */
#ifndef SIM_RACE_ACTOR_H
#define SIM_RACE_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

enum actor_op_kind {
	ACTOR_TOUCH,
	ACTOR_READ,
	ACTOR_FAULT,
	ACTOR_REGISTER,
	ACTOR_UNREGISTER,
	ACTOR_LAUNCH_UPDATE,
	ACTOR_SEND_UPDATE,
	ACTOR_RECEIVE_UPDATE,
	ACTOR_PREFAULT,
	ACTOR_COPY_CONTEXT,
	ACTOR_MOVE_CONTEXT,
	ACTOR_CLOSE,
	ACTOR_HOLD,
	ACTOR_RELEASE,
	ACTOR_PIN,
	ACTOR_UNPIN,
	ACTOR_MIGRATE,
	ACTOR_CMA_ALLOC,
	ACTOR_OFFLINE,
	ACTOR_SIGNAL,
	ACTOR_KILL,
	ACTOR_ASYNC_PF,
	ACTOR_MUNMAP,
	ACTOR_MREMAP,
	ACTOR_DONTNEED,
	ACTOR_PAGEOUT,
	ACTOR_DONTFORK,
	ACTOR_FORK,
	ACTOR_EXIT,
	ACTOR_SLOT_SET,		/* create, move, change */
	ACTOR_SLOT_DELETE,
	ACTOR_PUNCH_HOLE,
	ACTOR_MAKE_PRIVATE,
	ACTOR_MAKE_SHARED,
	ACTOR_DRAIN,
	ACTOR_FAIL,
};

enum actor_zone { ACTOR_ZONE_ANY, ACTOR_ZONE_NORMAL, ACTOR_ZONE_MOVABLE, ACTOR_ZONE_CMA };

/**
 * struct actor_op - one statement
 * @kind: enum actor_op_kind
 * @write: fault, pin
 * @longterm: pin
 * @unchecked: hold: @more is not looked at
 * @more: hold: references on each page besides the first
 * @zone: migrate: enum actor_zone
 * @addr: first user address
 * @npages: how many pages from there; cma_alloc: how many
 * @gfn: fault, prefault, slot, punch_hole, make_private, make_shared
 * @slot: slot number
 * @readonly: slot: KVM_MEM_READONLY
 * @log: slot: KVM_MEM_LOG_DIRTY_PAGES
 * @fault: fail: enum fault_point
 * @nth: fail: see struct fault_order
 * @times: fail: likewise
 * @to: mremap: first address of the new place
 * @child: fork: process that begins; signal, kill, async_pf: number
 *	of the task
 * @vm: copy_context, move_context, close: which other VM
 */
struct actor_op {
	uint8_t kind;
	bool write;
	bool longterm;
	bool unchecked;
	uint8_t zone;
	uint8_t fault;
	uint32_t slot;
	uint64_t addr;
	uint64_t npages;
	uint64_t gfn;
	bool readonly;
	bool log;
	uint64_t nth;
	uint64_t times;
	uint32_t more;
	uint64_t to;
	uint32_t child;
	uint32_t vm;
};

struct actor {
	const char *name;
	unsigned int cpu;
	int process;		/* -1: a kernel thread */
	int vm;			/* -1: none */
	unsigned int vcpu;	/* of that VM; made when it first runs, if it is not there */
	uint32_t unroll;	/* re-entries of one fault */
	const struct actor_op *ops;
	unsigned int nr_ops;
};

/* The actors' root. Context: host, once a machine is built. */
void actors_init(void);

/* Some statement closes the VM: it may go under others. Context: host. */
void actor_may_close(unsigned int vm);

/*
 * The faults of the vCPU that the task runs are asynchronous: another task's
 * ACTOR_ASYNC_PF. Context: host, when all actors are there. Return: 0, or -ENOENT if
 * there is no such vCPU.
 */
int actor_async_pf(unsigned int task);

/* Return: the task's number, or -errno. */
int actor_create(const struct actor *a);

/* Run one statement on the host's own stack, as a thread of @process. */
long actor_do(const struct actor *a, const struct actor_op *op);

/*
 * Create the task that takes everything down: what statements still hold,
 * LRU batches, the VMs, the address spaces.
 */
int actor_create_teardown(void);

struct actor_result {
	bool done;
	bool bounded;		/* a fault met @unroll */
	long value;
};
/* Statement @i of @task. Return: false past the last. */
bool actor_result(unsigned int task, unsigned int i, struct actor_result *ret);

/* How often a fault of any actor was re-entered; the host's watcher counts. */
void actor_note_retry(void);
uint64_t actor_retries(void);

/*
 * Where pages have been, kept in the world so that it goes back with it. The
 * host's watcher tells: @pfn became mapped at @addr, or took over the contents
 * of frame @from by migration.
 */
void actor_note_map(unsigned int process, uint64_t addr, uint64_t pfn);
void actor_note_moved(uint64_t from, uint64_t pfn);
/* The frame last seen at @addr, or UINT64_MAX if there never was one. */
uint64_t actor_last_pfn(unsigned int process, uint64_t addr);
/* What lay in frame @pfn last. Return: false if nothing that was noted. */
bool actor_page_origin(uint64_t pfn, unsigned int *ret_process, uint64_t *ret_addr,
		       unsigned int *ret_moves);

#endif
