/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small machine for the tests of what changes an address space: a process and
 * the child that it may fork. The host's own context is a thread of either.
 */
#ifndef TESTS_FAKES_FORK_WORLD_H
#define TESTS_FAKES_FORK_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#define FW_PAGES	16
#define FW_AT(i)	(0x7f0000000000ULL + (uint64_t)(i) * 4096)
#define FW_ADDR		FW_AT(0)
/* Shared memory, after fw_map_shmem(). */
#define FW_SHARED	FW_AT(2 * FW_PAGES)
#define FW_NO_PFN	UINT64_MAX
#define FW_SWAP_SLOTS	7

enum fw_process { FW_PARENT, FW_CHILD };

/* Its pages lie in ZONE_MOVABLE unless they are in the contiguous area. */
void fw_build(const char *profile, bool in_cma);

/* The parent gets FW_PAGES of shared memory, in ZONE_MOVABLE or the contiguous area. */
void fw_map_shmem(bool in_cma);
/* All of the contiguous area, for a device. */
bool fw_cma_alloc(void);

/* Whose thread the host is from now on. */
void fw_as(enum fw_process process);
int fw_fork(void);
void fw_exit(enum fw_process process);

/* --- of whom the host is a thread --- */
int fw_write(uint64_t addr, uint64_t tag);
uint64_t fw_read(uint64_t addr);
int fw_touch(uint64_t addr);
int fw_munmap(uint64_t addr, unsigned int pages);
int fw_mremap(uint64_t from, unsigned int pages, uint64_t to);
int fw_dontneed(uint64_t addr, unsigned int pages);
int fw_pageout(uint64_t addr, unsigned int pages);
int fw_dontfork(uint64_t addr, unsigned int pages, bool undo);
long fw_migrate(uint64_t addr);
/* pin_user_pages_fast() or get_user_pages_fast() of one page; FW_NO_PFN if it fails. */
uint64_t fw_pin(uint64_t addr, bool write, bool longterm);
uint64_t fw_get(uint64_t addr);
void fw_unpin(uint64_t pfn);
void fw_put(uint64_t pfn);

/* --- of both --- */
uint64_t fw_pfn(enum fw_process process, uint64_t addr);
uint64_t fw_zero_pfn(void);
void fw_drain(void);
void fw_accessed(uint64_t pfn);
bool fw_pinnable(uint64_t pfn);
void fw_isolate_block(uint64_t pfn);
/* The parent's write_protect_seq is odd, as in the middle of a fork, or even again. */
void fw_forking(bool yes);
/* Slots of the swap device that are in use; it has FW_SWAP_SLOTS. */
unsigned int fw_swap_slots(void);
/* The next of what fault.def calls @point fails; NULL: nothing does. */
void fw_fail_next(const char *point);
/* The @nth allocation of the host's fails, of memory or of pages; 0: none. */
void fw_fail(bool pages, unsigned int nth);

/* --- tasks, at FW_ADDR --- */
enum fw_op { FW_OP_FORK, FW_OP_WRITE, FW_OP_PIN, FW_OP_MIGRATE, FW_OP_MREMAP, FW_OP_CHILD_WRITE,
	     FW_OP_CHILD_EXIT, FW_OP_PAGEOUT, FW_OP_READ, FW_OP_GET,
	     FW_OP_GET_PUT, FW_OP_CMA, FW_OP_OFFLINE,
	     /* at FW_SHARED */
	     FW_OP_SHARED_READ, FW_OP_SHARED_DONTNEED };
void fw_task(unsigned int i, enum fw_op op);
/* What it returned, and what a pin got. */
long fw_result(unsigned int i, uint64_t *ret_pfn);

#endif
