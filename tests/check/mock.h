/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A world that a test writes down: every probe and every question to the core
 * that the checks ask is answered from this table.
 */
#ifndef TESTS_CHECK_MOCK_H
#define TESTS_CHECK_MOCK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fakes/host/probe.h"
#include "fakes/kvm/probe.h"
#include "fakes/mm/probe.h"
#include "fakes/sev/probe.h"
#include "mmu/probe.h"
#include "pin/probe.h"
#include "sim/check/check.h"
#include "sim/core/alloc.h"
#include "sim/core/lock.h"
#include "sim/core/order.h"
#include "sim/core/task.h"

#define MOCK_MAX	80

struct mock {
	struct probe_words words;	/* of every page */
	struct probe_page pages[MOCK_MAX];
	unsigned int nr_pages;
	struct { sim_obj_t obj; struct sim_ref_info info; } refs[MOCK_MAX];
	unsigned int nr_refs;
	struct probe_process processes[4];
	unsigned int nr_processes;
	struct probe_vm vms[4];
	unsigned int nr_vms;
	struct probe_slot slots[4];	/* of VM 0 */
	unsigned int nr_slots;
	struct probe_spte sptes[MOCK_MAX];	/* of VM 0 */
	unsigned int nr_sptes;
	bool private_mem;		/* all gfns of VM 0 are its guest's own */
	uint64_t private_pfn;		/* what its file has, everywhere */
	struct probe_spte written[4];	/* by task 0, in VM 0 */
	unsigned int nr_written;
	unsigned int reentries;		/* of task 0, alone */
	struct { uint64_t addr; struct probe_pte pte; } ptes[MOCK_MAX];	/* of process 0 */
	unsigned int nr_ptes;
	struct { uint64_t gfn; enum probe_guest state; } guest[4];	/* of VM 0 */
	unsigned int nr_guest;
	struct sim_task_info tasks[4];
	unsigned int nr_tasks;
	struct { unsigned int task; struct sim_held held; } held[4];
	unsigned int nr_held;
	struct pin_record records[4];	/* of VM 0 */
	unsigned int nr_records;
	uint64_t counter, counter_records;
	bool must_pin;
	bool no_design;
	unsigned int hooks_open;
	struct probe_mm_counts counts;
	struct sim_unordered unordered;
	struct sim_block block;
	uint64_t nr_blocks;
	uint64_t cma_base, cma_pages;
};
extern struct mock mock;

/* Lock classes of the mocked core. */
enum { CLASS_MMU_LOCK = 3, CLASS_MMAP_LOCK = 4 };

/* A quiet machine: two processes, an SEV VM of process 0 with slot 0 at gfn
 * 0x100 for 16 pages from USER_ADDR on, two tasks. */
int mock_setup(void **state);

#define USER_ADDR	0x7f0000000000ULL
#define GFN		0x100
#define PFN		0x4000
#define HOOK_CALL	77

struct probe_page *mock_page(uint64_t pfn);
struct sim_ref_info *mock_ref(uint64_t pfn, uint8_t kind, sim_owner_t owner);
/* A reference that slot 0 of VM 0 keeps. */
struct sim_ref_info *mock_held(uint64_t pfn, uint8_t kind);
void mock_map(uint64_t gfn, uint64_t pfn);
void mock_pte(uint64_t addr, enum probe_pte_kind kind, uint64_t pfn);

/* What only the check @id says about one record; NULL: it is silent. */
const char *see(const char *id, enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b);
const char *see_at(const char *id, enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
		   const char *site);
const char *see_end(const char *id, enum check_end when);

#define assert_silent(text)	assert_null(text)
#define assert_says(text, expected)			\
	do {						\
		const char *said = (text);		\
							\
		assert_non_null(said);			\
		assert_string_equal(said, expected);	\
	} while (0)

#endif
