/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See mock.h. Each function answers its probe's question from the table. */
#include <stdio.h>
#include <string.h>

#include "sim/engine/image.h"
#include "sim/engine/where.h"
#include "tests/check/mock.h"

struct mock mock;

static struct check_watch watch;

bool probe_page(uint64_t pfn, struct probe_page *ret)
{
	for (unsigned int i = 0; i < mock.nr_pages; i++) {
		if (mock.pages[i].pfn == pfn) {
			*ret = mock.pages[i];
			return true;
		}
	}
	return false;
}

bool probe_words(uint64_t pfn, struct probe_words *ret)
{
	*ret = mock.words;
	return true;
}

bool probe_place(uint64_t pfn, struct probe_page *ret)
{
	return probe_page(pfn, ret);
}

uint64_t probe_cma(uint64_t *ret_base)
{
	*ret_base = mock.cma_base;
	return mock.cma_pages;
}

bool probe_is_free(uint64_t pfn)
{
	struct probe_page page;

	return probe_page(pfn, &page) && page.free;
}

bool probe_is_zero(uint64_t pfn)
{
	struct probe_page page;

	return probe_page(pfn, &page) && page.zero_page;
}

uint64_t probe_next_allocated(uint64_t pfn)
{
	uint64_t next = UINT64_MAX;

	for (unsigned int i = 0; i < mock.nr_pages; i++) {
		const struct probe_page *p = &mock.pages[i];

		if (!p->free && p->pfn >= pfn && p->pfn < next)
			next = p->pfn;
	}
	return next;
}

bool probe_page_ref(uint64_t pfn, unsigned int i, struct sim_ref_info *ret)
{
	for (unsigned int r = 0; r < mock.nr_refs; r++) {
		if (mock.refs[r].obj != OBJ_PAGE_OF(pfn) || i--)
			continue;
		*ret = mock.refs[r].info;
		return true;
	}
	return false;
}

uint32_t probe_page_held(uint64_t pfn, uint8_t kind, uint8_t owner_kind, uint32_t id,
			 unsigned int shift)
{
	struct sim_ref_info ref;
	uint32_t n = 0;

	for (unsigned int i = 0; probe_page_ref(pfn, i, &ref); i++) {
		if (ref.kind == kind && SIM_OWNER_KIND(ref.owner) == owner_kind &&
		    SIM_OWNER_ID(ref.owner) >> shift == id)
			n += ref.count;
	}
	return n;
}

const char *probe_ref_kind_name(uint8_t kind)
{
	return kind == PAGE_REF_MAP ? "mapping" : "other";
}

void probe_mm_counts(struct probe_mm_counts *ret)
{
	*ret = mock.counts;
	for (unsigned int i = 0; i < mock.nr_pages; i++)
		ret->free_pages += mock.pages[i].free;
}

uint64_t probe_nr_pages(void)
{
	return mock.nr_pages;
}

bool probe_pte(unsigned int process, uint64_t addr, struct probe_pte *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (unsigned int i = 0; !process && i < mock.nr_ptes; i++) {
		if (mock.ptes[i].addr == addr)
			*ret = mock.ptes[i].pte;
	}
	return true;
}

bool probe_process(unsigned int process, struct probe_process *ret)
{
	if (process >= mock.nr_processes)
		return false;
	*ret = mock.processes[process];
	return true;
}

unsigned int probe_nr_vms(void)
{
	return mock.nr_vms;
}

bool probe_vm(unsigned int vm, struct probe_vm *ret)
{
	if (vm >= mock.nr_vms)
		return false;
	*ret = mock.vms[vm];
	return true;
}

bool probe_slot(unsigned int vm, unsigned int i, struct probe_slot *ret)
{
	if (vm || i >= mock.nr_slots)
		return false;
	*ret = mock.slots[i];
	return true;
}

bool probe_private(unsigned int vm, uint64_t gfn)
{
	return !vm && mock.private_mem;
}

bool probe_private_has(unsigned int vm, uint64_t gfn, uint64_t pfn)
{
	return !vm && mock.private_mem && pfn == mock.private_pfn;
}

bool probe_spte(unsigned int vm, unsigned int role, uint64_t gfn, struct probe_spte *ret)
{
	for (unsigned int i = 0; !vm && i < mock.nr_sptes; i++) {
		if (mock.sptes[i].role == role && mock.sptes[i].gfn == gfn) {
			*ret = mock.sptes[i];
			return true;
		}
	}
	return false;
}

bool probe_spte_next(unsigned int vm, uint64_t *cursor, struct probe_spte *ret)
{
	if (vm || *cursor >= mock.nr_sptes)
		return false;
	*ret = mock.sptes[(*cursor)++];
	return true;
}

unsigned int probe_spte_written(unsigned int task, unsigned int *ret_vm,
				struct probe_spte *ret, unsigned int max)
{
	if (task)
		return 0;
	*ret_vm = 0;
	for (unsigned int i = 0; i < mock.nr_written && i < max; i++)
		ret[i] = mock.written[i];
	return mock.nr_written;
}

unsigned int probe_reentries_alone(unsigned int task)
{
	return task ? 0 : mock.reentries;
}

enum probe_guest probe_guest(unsigned int vm, uint64_t gfn)
{
	for (unsigned int i = 0; !vm && i < mock.nr_guest; i++) {
		if (mock.guest[i].gfn == gfn)
			return mock.guest[i].state;
	}
	return PROBE_GUEST_UNTOUCHED;
}

uint64_t probe_guest_next(unsigned int vm, uint64_t gfn)
{
	for (unsigned int i = 0; !vm && i < mock.nr_guest; i++) {
		if (mock.guest[i].gfn >= gfn)
			return mock.guest[i].gfn;
	}
	return UINT64_MAX;
}

static bool next_record(unsigned int vm, uint64_t *cursor, struct pin_record *ret)
{
	if (vm || *cursor >= mock.nr_records)
		return false;
	*ret = mock.records[(*cursor)++];
	return true;
}

static bool locked(unsigned int vm, uint64_t *ret_counter, uint64_t *ret_records)
{
	*ret_counter = mock.counter;
	*ret_records = mock.counter_records;
	return !vm;
}

static bool must_pin(unsigned int vm, uint64_t gfn)
{
	return mock.must_pin;
}

const struct pin_probe *pin_probe_of(unsigned int vm)
{
	static const struct pin_probe probe = { next_record, locked, must_pin };

	return mock.no_design ? NULL : &probe;
}

uint64_t sim_alloc_left(struct sim_block *ret)
{
	if (ret)
		*ret = mock.block;
	return mock.nr_blocks;
}

bool sim_ref_next(uint64_t *cursor, sim_obj_t *ret_obj, struct sim_ref_info *ret)
{
	if (*cursor >= mock.nr_refs)
		return false;
	*ret_obj = mock.refs[*cursor].obj;
	*ret = mock.refs[(*cursor)++].info;
	return true;
}

bool sim_ref_next_long(uint64_t *cursor, sim_obj_t *ret_obj, struct sim_ref_info *ret)
{
	while (sim_ref_next(cursor, ret_obj, ret)) {
		if (ret->long_lived)
			return true;
	}
	return false;
}

unsigned int sim_hooks_open(void)
{
	return mock.hooks_open;
}

uint64_t sim_now(void)
{
	return 99;
}

unsigned int sim_nr_tasks(void)
{
	return mock.nr_tasks;
}

bool sim_task_info(unsigned int task, struct sim_task_info *ret)
{
	if (task >= mock.nr_tasks)
		return false;
	*ret = mock.tasks[task];
	return true;
}

unsigned int sim_locks_held(unsigned int task, struct sim_held *ret, unsigned int max)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < mock.nr_held && n < max; i++) {
		if (mock.held[i].task == task)
			ret[n++] = mock.held[i].held;
	}
	return n;
}

void sim_lock_tell_unlocks(const char *class)
{
}

const char *sim_lock_class_name(unsigned int class)
{
	return class == CLASS_MMU_LOCK ? "mmu_lock" :
	       class == CLASS_MMAP_LOCK ? "mmap_lock" : "other_lock";
}

int mock_setup(void **state)
{
	memset(&mock, 0, sizeof(mock));
	mock.nr_processes = 2;
	snprintf(mock.processes[0].name, sizeof(mock.processes[0].name), "vmm");
	snprintf(mock.processes[1].name, sizeof(mock.processes[1].name), "other");
	mock.processes[0].memlock_pages = 16;
	mock.nr_vms = 1;
	mock.vms[0].sev = true;
	mock.nr_slots = 1;
	mock.slots[0].base_gfn = GFN;
	mock.slots[0].npages = 16;
	mock.slots[0].userspace_addr = USER_ADDR;
	mock.nr_tasks = 2;
	snprintf(mock.tasks[0].name, sizeof(mock.tasks[0].name), "vcpu0");
	snprintf(mock.tasks[1].name, sizeof(mock.tasks[1].name), "mover");
	mock.must_pin = true;
	return 0;
}

struct probe_page *mock_page(uint64_t pfn)
{
	struct probe_page *p = &mock.pages[mock.nr_pages++];

	p->pfn = pfn;
	p->refcount = 1;
	p->zone = PROBE_ZONE_NORMAL;
	return p;
}

struct sim_ref_info *mock_ref(uint64_t pfn, uint8_t kind, sim_owner_t owner)
{
	struct sim_ref_info *info = &mock.refs[mock.nr_refs].info;

	mock.refs[mock.nr_refs++].obj = OBJ_PAGE_OF(pfn);
	info->kind = kind;
	info->owner = owner;
	info->count = 1;
	info->time = 10;
	info->site = "sev_pin_spte";
	return info;
}

struct sim_ref_info *mock_held(uint64_t pfn, uint8_t kind)
{
	struct sim_ref_info *info = mock_ref(pfn, kind, SIM_OWNER(OWNER_SLOT, 0));

	info->long_lived = true;
	info->hook = HOOK_CALL;
	return info;
}

void mock_map(uint64_t gfn, uint64_t pfn)
{
	struct probe_spte *s = &mock.sptes[mock.nr_sptes++];

	s->gfn = gfn;
	s->pfn = pfn;
	s->level = 1;
	if (mock.nr_written < 4)
		mock.written[mock.nr_written++] = *s;
}

void mock_pte(uint64_t addr, enum probe_pte_kind kind, uint64_t pfn)
{
	mock.ptes[mock.nr_ptes].addr = addr;
	mock.ptes[mock.nr_ptes].pte.kind = kind;
	mock.ptes[mock.nr_ptes++].pte.pfn = pfn;
}

struct sim_unordered sim_order_unordered(void)
{
	return mock.unordered;
}

const char *sim_where(uint64_t pc, char buf[SIM_WHERE_SIZE])
{
	snprintf(buf, SIM_WHERE_SIZE, "f (sev.c:%u)", (unsigned int)pc);
	return buf;
}

static void start(const char *id)
{
	struct check_set set;
	char error[1024];

	if (check_set_parse(&set, id, error, sizeof(error)))
		fail_msg("%s", error);
	check_watch_init(&watch, &set, NULL);
	check_watch_start(&watch);
}

static const char *said(bool spoke)
{
	assert_int_equal(spoke, watch.nr_found);
	return spoke ? watch.found[0].text : NULL;
}

const char *see_at(const char *id, enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
		   const char *site)
{
	struct sim_record rec = {
		.time = 42, .obj = obj, .a = a, .b = b, .site = site, .verb = verb,
	};

	start(id);
	return said(watch.watcher.look(&watch.watcher, &rec, 1));
}

const char *see(const char *id, enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b)
{
	return see_at(id, verb, obj, a, b, "some_function");
}

const char *see_end(const char *id, enum check_end when)
{
	start(id);
	return said(check_watch_end(&watch, when));
}

/* No loaded code here: a site is a function. */
const char *sim_site_text(const char *site, char *buf)
{
	snprintf(buf, SIM_SITE_SIZE, "%s()", site && *site ? site : "?");
	return buf;
}

const char *sim_bug_said(void)
{
	return "a limit";
}

const char *sim_site_place(const char *site)
{
	return NULL;
}
