/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model of a .race file: what the parser makes and the runner builds a
 * world from.
 *
 * One struct race owns everything below it. Arrays are plain C arrays with a
 * count beside them, in the order of the file; references between objects are
 * indices into those arrays, resolved and checked before the parser returns.
 * So a reader of the model never meets a dangling name, a page outside its
 * region or a CPU that the machine lacks.
 *
 * Each object carries the place in the file that a later message should point
 * at. Places and spelling (hex or decimal, 4K or 4096, repeat blocks) are not
 * part of the race: two files that differ only there have equal models.
 */
#ifndef SIM_RACE_MODEL_H
#define SIM_RACE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RACE_PAGE_SIZE		4096ULL
#define RACE_BLOCK_SIZE		(4ULL << 20)	/* the buddy allocator's largest */

/* What a race may ask for. Every limit is named in the error that it gives. */
#define RACE_MAX_FILE		(1U << 20)	/* bytes */
#define RACE_MAX_NAME		63		/* bytes */
#define RACE_MAX_QUESTION	240		/* bytes */
#define RACE_MAX_HAZARDS	32
#define RACE_MAX_CPUS		64
#define RACE_MAX_MEMORY		(1ULL << 40)	/* bytes, all zones */
#define RACE_MAX_SWAP		(16ULL << 20)	/* of the swap device */
#define RACE_MAX_PROCESSES	8
#define RACE_MAX_REGIONS	32		/* maps of all processes */
#define RACE_MAX_POPULATED	(64ULL << 20)	/* bytes, each map */
#define RACE_MAX_VMS		4
#define RACE_MAX_SLOTS		64		/* each VM; ids are below it */
#define RACE_MAX_REGISTERED	64		/* each VM, at build */
#define RACE_MAX_TASKS		16
#define RACE_MAX_STMTS		64		/* each task, repeats unrolled */
#define RACE_MAX_SPAN		4096		/* pages, one statement */
#define RACE_MAX_ROLES		4
#define RACE_MAX_RESULTS	8		/* alternatives after an arrow */
#define RACE_MAX_OPTIONS	4		/* of a design */
#define RACE_MAX_EXPECTS	128
#define RACE_MAX_DEPTH		32		/* of a condition's tree */
#define RACE_MAX_GFN		(1ULL << 36)	/* 48 bits of guest memory */
#define RACE_MAX_ADDR		(1ULL << 47)	/* user half of x86-64 */

/* A kernel profile as a bit, so that a set of them is one word. */
#define RACE_KERNEL_5_17	(1U << 0)
#define RACE_KERNEL_6_1		(1U << 1)
#define RACE_KERNEL_6_12	(1U << 2)
#define RACE_KERNELS_DEFAULT	RACE_KERNEL_6_12

#define RACE_UNLIMITED		UINT64_MAX	/* RLIM_INFINITY */
#define RACE_LAST		(-1)		/* race_term.nth: the last one */

/**
 * struct race_loc - a place in the file
 * @line: counted from 1; 0 says that the file does not spell this item
 * @col: byte in the line, counted from 1
 */
struct race_loc {
	uint32_t line;
	uint32_t col;
};

/**
 * struct race_name - a name and where it stands
 * @s: NUL-terminated, owned by the race
 * @loc: its first character
 */
struct race_name {
	const char *s;
	struct race_loc loc;
};

/**
 * struct race_num - a number and where it stands
 * @v: sizes in bytes, gfns in guest pages, else a count
 * @loc: its first character; line 0 for a default
 */
struct race_num {
	uint64_t v;
	struct race_loc loc;
};

/**
 * enum race_zone - where a page may lie
 * @RACE_ZONE_NONE: of a map: wherever the allocator puts it; of
 *	"migrate": no "to"; of a condition: no page there
 * @RACE_ZONE_NORMAL: ZONE_NORMAL, outside the CMA area
 * @RACE_ZONE_MOVABLE: ZONE_MOVABLE, outside the CMA area
 * @RACE_ZONE_CMA: the CMA area, whichever zone holds it
 */
enum race_zone {
	RACE_ZONE_NONE,
	RACE_ZONE_NORMAL,
	RACE_ZONE_MOVABLE,
	RACE_ZONE_CMA,
};

/**
 * struct race_machine - the hardware and its memory
 * @cpus: simulated CPUs, numbered from 0; each has its own LRU batches
 * @normal: bytes of ZONE_NORMAL, CMA area included; whole pageblocks
 * @movable: bytes of ZONE_MOVABLE, CMA area included; may be 0
 * @cma: bytes of the CMA area at the end of its zone; may be 0
 * @cma_in: the zone that holds the CMA area
 * @swap: bytes of the swap device; may be 0
 *
 * Defaults: 2 CPUs, 64M normal, 64M movable, 16M CMA in normal, no swap. A race that
 * sets one item keeps the defaults of the others.
 */
struct race_machine {
	struct race_num cpus;
	struct race_num normal;
	struct race_num movable;
	struct race_num cma;
	enum race_zone cma_in;
	struct race_num swap;
};

#define RACE_NO_PROCESS		UINT32_MAX

/**
 * struct race_process - an mm with its limits
 * @name: unique among processes, regions, VMs and tasks
 * @memlock: soft RLIMIT_MEMLOCK in bytes (not rounded), or RACE_UNLIMITED,
 *	which is also the default
 * @cap_ipc_lock: its tasks hold CAP_IPC_LOCK
 * @parent_name: of a process that a "fork" makes: whose child it is
 * @parent: its index, smaller than this one's; or RACE_NO_PROCESS. The child has
 *	its parent's maps, limits and capabilities, and none of its own
 */
struct race_process {
	struct race_name name;
	struct race_name parent_name;
	uint32_t parent;
	struct race_num memlock;
	bool cap_ipc_lock;
};

/**
 * struct race_region - one private anonymous mapping
 * @name: unique as above
 * @process: index of the process whose address space holds it
 * @bytes: a multiple of 4K
 * @placement: where its pages are allocated when first touched, whoever
 *	touches them (an unrestricted fault; a task under PF_MEMALLOC_PIN
 *	gets what the kernel would give it)
 * @populated: its pages are present, drained to the LRU and tagged with key 0
 *	before the first task runs
 * @shmem: of a memfd, mapped MAP_SHARED
 * @addr: user address of the first page; chosen at parse time if not given,
 *	so that the world does not depend on the builder
 * @addr_given: the file says "at"
 */
struct race_region {
	struct race_name name;
	uint32_t process;
	struct race_num bytes;
	enum race_zone placement;
	bool populated;
	bool shmem;
	struct race_num addr;
	bool addr_given;
};

/**
 * struct race_range - consecutive pages of one region
 * @name: the region as the file spells it
 * @region: its index
 * @first: first page, counted from the region's start
 * @last: last page, inclusive. A bare region name is page 0 only.
 * @whole: while parsing: "[..]", until the region's size is known
 */
struct race_range {
	struct race_name name;
	uint32_t region;
	uint64_t first;
	uint64_t last;
	bool whole;
};

/* Flags of a memslot. */
#define RACE_SLOT_READONLY	(1U << 0)
#define RACE_SLOT_LOG		(1U << 1)	/* dirty pages */

/**
 * struct race_slot - one memslot
 * @id: slot number, also an index for KVM_SET_USER_MEMORY_REGION
 * @gfn: its first guest frame
 * @range: the owner's pages that back it, one gfn each
 * @flags: RACE_SLOT_*
 */
struct race_slot {
	struct race_num id;
	struct race_num gfn;
	struct race_range range;
	uint32_t flags;
};

/**
 * struct race_vm - a virtual machine
 * @name: unique as above
 * @owner_name: as the file spells it, NULL if left out
 * @owner: index of the process whose mm backs the slots
 * @sev: the guest's memory is encrypted; a design's hooks see only such VMs
 * @context_of: the VM whose guest it mirrors from the start, as the file spells it
 * @mirrors: its index, smaller than this one's
 * @copies: a task makes it a mirror; its vCPUs are made by the tasks that run them
 * @moves: a task moves a guest into it
 * @no_vcpus: its vCPUs are made by the tasks that run them, too
 * @sev_after: how many of its slots are made before KVM_SEV_INIT, or before it is a
 *	mirror
 * @slots: memslots made at build, in this order, none overlapping another
 * @nr_slots: their number
 * @registered: ranges given to KVM_MEMORY_ENCRYPT_REG_REGION at build, by the
 *	owner, after the slots; a failure is reported as the race's own
 * @nr_registered: their number
 */
struct race_vm {
	struct race_name name;
	struct race_name owner_name;
	uint32_t owner;
	bool sev;
	struct race_name context_of;
	uint32_t mirrors;
	bool copies;
	bool moves;
	bool no_vcpus;
	uint32_t sev_after;
	struct race_slot *slots;
	uint32_t nr_slots;
	struct race_range *registered;
	uint32_t nr_registered;
};

/**
 * enum race_op - what a statement does
 * @RACE_OP_TOUCH: the process writes each page: key 0, a new value
 * @RACE_OP_READ: the process reads each page (an untouched one: zero page)
 * @RACE_OP_FAULT: the guest accesses a gfn; re-enters until FIXED, SPURIOUS,
 *	EMULATE or an error
 * @RACE_OP_REGISTER: KVM_MEMORY_ENCRYPT_REG_REGION of the range
 * @RACE_OP_UNREGISTER: KVM_MEMORY_ENCRYPT_UNREG_REGION of the range
 * @RACE_OP_LAUNCH_UPDATE: KVM_SEV_LAUNCH_UPDATE_DATA of the range
 * @RACE_OP_SEND_UPDATE: KVM_SEV_SEND_UPDATE_DATA of the range, a page at most
 * @RACE_OP_RECEIVE_UPDATE: KVM_SEV_RECEIVE_UPDATE_DATA likewise
 * @RACE_OP_PREFAULT: KVM_PRE_FAULT_MEMORY of one gfn
 * @RACE_OP_COPY_CONTEXT: KVM_CAP_VM_COPY_ENC_CONTEXT_FROM race_stmt.vm
 * @RACE_OP_MOVE_CONTEXT: KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM race_stmt.vm
 * @RACE_OP_CLOSE: close() of race_stmt.vm and its vCPUs
 * @RACE_OP_HOLD: a foreign transient plain reference on each present page, as
 *	GUP-fast or a page-cache lookup takes it; -EFAULT if one is absent
 * @RACE_OP_RELEASE: drops what the same task's hold took
 * @RACE_OP_PIN: pin_user_pages_fast() by another actor, no charge
 * @RACE_OP_UNPIN: unpins what the same task's pin took
 * @RACE_OP_MIGRATE: isolate and migrate_pages(SYNC) to race_stmt.zone, or
 *	GFP_HIGHUSER_MOVABLE; result as migrate_pages()
 * @RACE_OP_CMA_ALLOC: cma_alloc() of race_stmt.count pages; 0 or -ENOMEM;
 *	the pages go back at tear-down
 * @RACE_OP_OFFLINE: offline_pages() of the memory block that the page lies in
 * @RACE_OP_SIGNAL: a signal, not SIGKILL, to the thread of race_stmt.target
 * @RACE_OP_KILL: SIGKILL to it
 * @RACE_OP_ASYNC_PF: be the kworker of the vCPU that race_stmt.target runs, until that
 *	task is over
 * @RACE_OP_MUNMAP: munmap() of the range
 * @RACE_OP_MREMAP: mremap() of the range to the place of race_stmt.to, which is
 *	unmapped first
 * @RACE_OP_DONTNEED: madvise(MADV_DONTNEED) of the range
 * @RACE_OP_PAGEOUT: madvise(MADV_PAGEOUT) of the range
 * @RACE_OP_DONTFORK: madvise(MADV_DONTFORK) of the range
 * @RACE_OP_FORK: fork(); the tasks of race_stmt.process begin
 * @RACE_OP_EXIT: the forked process exits, and its only task with it
 * @RACE_OP_SLOT: KVM_SET_USER_MEMORY_REGION, see enum race_slot_change
 * @RACE_OP_PUNCH_HOLE: fallocate(FALLOC_FL_PUNCH_HOLE) of the page in the slot's
 *	guest_memfd
 * @RACE_OP_MAKE_PRIVATE: KVM_SET_MEMORY_ATTRIBUTES: the page is the guest's own
 * @RACE_OP_MAKE_SHARED: the same: it is what the VMM has mapped
 * @RACE_OP_DRAIN: lru_add_drain_all()
 * @RACE_OP_FAIL: from here on calls of this task fail, or may; no result
 * @RACE_NR_OPS: their number
 *
 * Every statement but fail yields a result: 0 or a negative errno (migrate:
 * also the number of pages left behind). A hold or pin that the race never
 * gives back is dropped at tear-down, after the conditions have been judged.
 */
enum race_op {
	RACE_OP_TOUCH,
	RACE_OP_READ,
	RACE_OP_FAULT,
	RACE_OP_REGISTER,
	RACE_OP_UNREGISTER,
	RACE_OP_LAUNCH_UPDATE,
	RACE_OP_SEND_UPDATE,
	RACE_OP_RECEIVE_UPDATE,
	RACE_OP_PREFAULT,
	RACE_OP_COPY_CONTEXT,
	RACE_OP_MOVE_CONTEXT,
	RACE_OP_CLOSE,
	RACE_OP_HOLD,
	RACE_OP_RELEASE,
	RACE_OP_PIN,
	RACE_OP_UNPIN,
	RACE_OP_MIGRATE,
	RACE_OP_CMA_ALLOC,
	RACE_OP_OFFLINE,
	RACE_OP_SIGNAL,
	RACE_OP_KILL,
	RACE_OP_ASYNC_PF,
	RACE_OP_MUNMAP,
	RACE_OP_MREMAP,
	RACE_OP_DONTNEED,
	RACE_OP_PAGEOUT,
	RACE_OP_DONTFORK,
	RACE_OP_FORK,
	RACE_OP_EXIT,
	RACE_OP_SLOT,
	RACE_OP_PUNCH_HOLE,
	RACE_OP_MAKE_PRIVATE,
	RACE_OP_MAKE_SHARED,
	RACE_OP_DRAIN,
	RACE_OP_FAIL,
	RACE_NR_OPS,
};

/**
 * enum race_slot_change - what the VMM wants of a memslot
 * @RACE_SLOT_CREATE: a new one
 * @RACE_SLOT_DELETE: none any more
 * @RACE_SLOT_MOVE: the same memory at another gfn
 * @RACE_SLOT_FLAGS: other flags
 *
 * What KVM makes of it depends on the slots that there are by then.
 */
enum race_slot_change {
	RACE_SLOT_CREATE,
	RACE_SLOT_DELETE,
	RACE_SLOT_MOVE,
	RACE_SLOT_FLAGS,
};

/**
 * struct race_result - one value after an arrow
 * @v: 0, a negative errno, or a count
 * @loc: its place
 */
struct race_result {
	int32_t v;
	struct race_loc loc;
};

/**
 * struct race_stmt - one statement; fields that its op does not use are zero
 * @op: what it does
 * @loc: its first word
 * @range: touch, read, (un)register, launch_, send_ and receive_update, hold, release,
 *	(un)pin, migrate, munmap, mremap, dontneed, dontfork, offline; slot: what backs it,
 *	found by the validation for move and flags
 * @to: mremap: where to; as many pages
 * @child: fork: the process that begins, as the file spells it; signal, kill,
 *	async_pf: the task that it is for
 * @process: fork: its index
 * @target: signal, kill, async_pf: the index of the task
 * @vm: copy_context, move_context, close: the index of the VM
 * @gfn: fault, slot: its first one, found by the validation for flags
 * @write: fault, pin: FOLL_WRITE or a write access
 * @longterm: pin: FOLL_LONGTERM
 * @zone: migrate: the wanted zone, or RACE_ZONE_NONE
 * @count: cma_alloc: pages; hold: references, 0 for one
 * @unchecked: hold: nobody looks whether there are too many
 * @slot: slot: its number
 * @change: slot: what is done to it
 * @slot_flags: slot: RACE_SLOT_*, found by the validation for move
 * @point: fail: the primitive as the file spells it
 * @fault: fail: its enum fault_point (fakes/fault.h)
 * @may: fail: any call may, and both is explored; else @nth does
 * @nth: fail: the how many-th call from here on, from 1
 * @times: fail: how many calls, or RACE_UNLIMITED; if they @may, at most
 * @results: the results that may be seen; any other one does not meet the
 *	race's expectations
 * @nr_results: 0: every result is welcome
 */
struct race_stmt {
	enum race_op op;
	struct race_loc loc;
	struct race_range range;
	struct race_range to;
	struct race_name child;
	uint32_t process;
	uint32_t target;
	uint32_t vm;
	struct race_num gfn;
	bool write;
	bool longterm;
	bool unchecked;
	enum race_zone zone;
	struct race_num count;
	struct race_num slot;
	enum race_slot_change change;
	uint32_t slot_flags;
	struct race_name point;
	uint32_t fault;
	bool may;
	struct race_num nth;
	struct race_num times;
	struct race_result *results;
	uint32_t nr_results;
};

#define RACE_NO_VM	UINT32_MAX

/**
 * struct race_task - one thread, on one CPU for its whole life
 * @name: unique as above
 * @cpu: the CPU it is bound to; two tasks may share one
 * @of: a VM or a process as the file spells it, NULL if left out
 * @process: index of the process it runs in
 * @vm: index of the VM whose ioctls and faults it issues, or RACE_NO_VM
 * @role: MMU role; VMs have one TDP root for each role in use
 * @role_given: the file says "role"
 * @stmts: repeats are unrolled
 * @nr_stmts: their number, at least 1
 */
struct race_task {
	struct race_name name;
	struct race_num cpu;
	struct race_name of;
	uint32_t process;
	uint32_t vm;
	struct race_num role;
	bool role_given;
	struct race_stmt *stmts;
	uint32_t nr_stmts;
};

/**
 * enum race_term_kind - what a condition can look at
 * @RACE_TERM_RESULT: a task's statement result, @op and @nth; a statement
 *	that has not run compares unequal to everything
 * @RACE_TERM_ZONE: where a page lies
 * @RACE_TERM_REFCOUNT: the page's _refcount
 * @RACE_TERM_MAPCOUNT: the page's mapcount
 * @RACE_TERM_PINS: FOLL_PIN references on it, whoever holds them
 * @RACE_TERM_HELD: long-lived references on it, GET or PIN
 * @RACE_TERM_MOVED: its contents were migrated at least once (0 or 1)
 * @RACE_TERM_GUEST: what the guest would read at @gfn
 * @RACE_TERM_LOCKED: pages charged against the process's RLIMIT_MEMLOCK,
 *	by the ledger
 * @RACE_TERM_COUNT: how often something happened; history, not state
 *
 * page(R[i]) is the page that the process maps there; if it maps none now,
 * the last one it did; its zone is "none" if there never was one or it has
 * been freed, and its numbers are 0 then.
 */
enum race_term_kind {
	RACE_TERM_RESULT,
	RACE_TERM_ZONE,
	RACE_TERM_REFCOUNT,
	RACE_TERM_MAPCOUNT,
	RACE_TERM_PINS,
	RACE_TERM_HELD,
	RACE_TERM_MOVED,
	RACE_TERM_GUEST,
	RACE_TERM_LOCKED,
	RACE_TERM_COUNT,
};

/**
 * enum race_guest - what a guest page has become
 * @RACE_GUEST_INTACT: it reads what the guest wrote last, or was never written
 * @RACE_GUEST_GARBAGE: it decrypts to something else
 * @RACE_GUEST_LOST: what the guest wrote is gone: no page, or a fresh one
 */
enum race_guest {
	RACE_GUEST_INTACT,
	RACE_GUEST_GARBAGE,
	RACE_GUEST_LOST,
};

/**
 * enum race_counter - what count() counts, over the whole execution
 * @RACE_COUNT_REFCHECKS: reference checks of migration (K.5: 10)
 * @RACE_COUNT_UNMAPS: unmap cycles of migration (K.5: 2 on 6.12, 10 on 6.1)
 * @RACE_COUNT_INVALIDATIONS: invalidate_range_start calls
 * @RACE_COUNT_RETRIES: fault re-entries because of RET_PF_RETRY
 * @RACE_COUNT_FAILURES: calls that were made to fail
 * @RACE_COUNT_FLUSHES: clflush_cache_range() calls
 * @RACE_NR_COUNTERS: their number
 */
enum race_counter {
	RACE_COUNT_REFCHECKS,
	RACE_COUNT_UNMAPS,
	RACE_COUNT_INVALIDATIONS,
	RACE_COUNT_RETRIES,
	RACE_COUNT_FAILURES,
	RACE_COUNT_FLUSHES,
	RACE_NR_COUNTERS,
};

/**
 * struct race_term - the left side of a comparison
 * @kind: which of the following count
 * @loc: its first word
 * @name: result: the task; guest: the VM; locked: the process; count: the
 *	counter; as the file spells them
 * @index: the index of that task, VM, process, or the enum race_counter
 * @op: result: the statement kind
 * @nth: result: which of the task's statements of that kind, from 0, or
 *	RACE_LAST
 * @page: zone ... moved: one page
 * @gfn: guest
 */
struct race_term {
	enum race_term_kind kind;
	struct race_loc loc;
	struct race_name name;
	uint32_t index;
	enum race_op op;
	int32_t nth;
	struct race_range page;
	struct race_num gfn;
};

enum race_cmp {
	RACE_CMP_EQ,
	RACE_CMP_NE,
	RACE_CMP_LT,
	RACE_CMP_LE,
	RACE_CMP_GT,
	RACE_CMP_GE,
};

enum race_cond_kind {
	RACE_COND_AND,
	RACE_COND_OR,
	RACE_COND_NOT,
	RACE_COND_CMP,
};

/**
 * struct race_cond - a node of a condition
 * @kind: which of the following count
 * @loc: the operator, or the first word of a comparison
 * @depth: height of this tree, at most RACE_MAX_DEPTH
 * @left: AND, OR, NOT
 * @right: AND, OR
 * @term: CMP: what is looked at
 * @cmp: CMP: how
 * @value: CMP: against what: an integer or errno, an enum race_zone for
 *	RACE_TERM_ZONE, an enum race_guest for RACE_TERM_GUEST
 */
struct race_cond {
	enum race_cond_kind kind;
	struct race_loc loc;
	uint32_t depth;
	struct race_cond *left;
	struct race_cond *right;
	struct race_term term;
	enum race_cmp cmp;
	int64_t value;
};

/**
 * enum race_verdict - what an expectation says
 * @RACE_HOLDS: no check is violated in any execution
 * @RACE_VIOLATES: exactly the named checks are violated, over all executions
 * @RACE_ALWAYS: the condition is true at the end of every execution
 * @RACE_SOMETIMES: of some executions, and false at the end of others
 * @RACE_NEVER: of no execution
 *
 * Executions that end in a violation have no end to judge a condition at.
 */
enum race_verdict {
	RACE_HOLDS,
	RACE_VIOLATES,
	RACE_ALWAYS,
	RACE_SOMETIMES,
	RACE_NEVER,
};

/**
 * struct race_expect - what is known to happen
 * @loc: the design's name
 * @design: base name, "demand-late"
 * @options: "in-map"; in the order of the file
 * @nr_options: their number
 * @kernels: RACE_KERNEL_* bits it speaks of: one if the file names one, else
 *	all of the race's
 * @kernel_given: the file names one
 * @kernel_loc: where
 * @without: checks left out for this expectation, beside the race's own
 * @nr_without: their number
 * @verdict: see enum race_verdict
 * @checks: RACE_VIOLATES: the ids
 * @nr_checks: their number
 * @cond: RACE_ALWAYS, RACE_SOMETIMES, RACE_NEVER: the condition; NULL stands
 *	for the race's "exists"
 */
struct race_expect {
	struct race_loc loc;
	struct race_name design;
	struct race_name *options;
	uint32_t nr_options;
	uint32_t kernels;
	bool kernel_given;
	struct race_loc kernel_loc;
	struct race_name *without;
	uint32_t nr_without;
	enum race_verdict verdict;
	struct race_name *checks;
	uint32_t nr_checks;
	struct race_cond *cond;
};

struct race_chunk;

/**
 * struct race - one question about one machine
 * @name: the file's name without .race
 * @question: one sentence
 * @hazards: facts it is about: H-03 is a hazard, K.5 a contract statement
 * @nr_hazards: their number
 * @kernels: RACE_KERNEL_* bits it holds for
 * @left_out: checks that are left out in every run
 * @nr_left_out: their number
 * @machine: hardware
 * @processes: address spaces, built first, in this order
 * @nr_processes: their number
 * @regions: mappings of all processes
 * @nr_regions: their number
 * @vms: built after the processes, in this order
 * @nr_vms: their number
 * @tasks: task ids are indices into this
 * @nr_tasks: their number, at least 1
 * @expects: expectations, in the order of the file
 * @nr_expects: their number
 * @exists: judged at the end of each execution and counted; or NULL
 * @always: must be true at the end of each execution, under any design; or
 *	NULL
 * @exists_loc: where @exists stands
 * @always_loc: where @always stands
 * @machine_loc: where the machine block stands
 * @injected: failures that race_inject() added, as it was told; or NULL
 * @hash: race_hash() before that
 * @chunks: the memory of all of this
 */
struct race {
	struct race_name name;
	struct race_name question;
	struct race_name *hazards;
	uint32_t nr_hazards;
	uint32_t kernels;
	struct race_name *left_out;
	uint32_t nr_left_out;
	struct race_machine machine;
	struct race_process *processes;
	uint32_t nr_processes;
	struct race_region *regions;
	uint32_t nr_regions;
	struct race_vm *vms;
	uint32_t nr_vms;
	struct race_task *tasks;
	uint32_t nr_tasks;
	struct race_expect *expects;
	uint32_t nr_expects;
	struct race_cond *exists;
	struct race_cond *always;
	struct race_loc exists_loc;
	struct race_loc always_loc;
	struct race_loc machine_loc;
	const char *injected;
	uint64_t hash;
	struct race_chunk *chunks;
};

#endif
