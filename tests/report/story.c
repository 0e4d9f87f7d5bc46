/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See story.h. The numbers are K.5's, for five of its ten tries. */
#include <stdio.h>
#include <string.h>

#include "fakes/objects.h"
#include "tests/check/mock.h"
#include "tests/report/story.h"

#define PAGE	OBJ_PAGE_OF(PFN)
#define PTE	OBJ_PTE_OF(0, USER_ADDR)
#define SPTE	OBJ_SPTE_OF(0, 0, GFN)
#define VCPU	OBJ_VCPU_OF(0, 0)
#define VM	SIM_OBJ(OBJ_VM, 0)
#define MM	SIM_OBJ(OBJ_MM, 0)
#define HOOK	SIM_OBJ(OBJ_HOOK, HOOK_PIN_PFN << 16)

static struct sim_record recs[128];
static size_t nr;

static void put(int task, enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
		const char *site, bool step)
{
	struct sim_record *r = &recs[nr++];

	memset(r, 0, sizeof(*r));
	r->time = nr;
	r->task = (int16_t)task;
	r->verb = verb;
	r->obj = obj;
	r->a = a;
	r->b = b;
	r->site = site;
	r->is_step = step;
}

static void note(int task, enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
		 const char *site)
{
	put(task, verb, obj, a, b, site, false);
}

static void step(int task, enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
		 const char *site)
{
	put(task, verb, obj, a, b, site, true);
}

/* A primitive: the step, then what it did. */
static void prim(int task, enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b,
		 const char *site)
{
	step(task, verb, obj, 0, 0, site);
	note(task, verb, obj, a, b, site);
}

static void migrate_once(void)
{
	note(0, SIM_NOTIFY_START, MM, USER_ADDR, USER_ADDR + 4096, "try_to_migrate_one");
	step(0, SIM_MIGRATION, PTE, PFN, 0, "try_to_migrate_one");
	prim(0, SIM_PUT, PAGE, 1, 2, "try_to_migrate_one");
	note(0, SIM_NOTIFY_END, MM, USER_ADDR, USER_ADDR + 4096, "try_to_migrate_one");
	prim(0, SIM_REFCHECK, PAGE, 2, 1, "folio_migrate_mapping");
	prim(0, SIM_GET, PAGE, 1, 3, "remove_migration_pte");
	step(0, SIM_MAP, PTE, PFN, 1, "remove_migration_pte");
}

static void fault_with_late_pin(void)
{
	note(-1, SIM_ALLOC, PAGE, 0, 1, "build_map");
	note(0, SIM_BEGIN, SIM_OBJ(SIM_CLASS_TASK, 0), 0, 0, "vcpu0");
	note(0, SIM_ENTER, VCPU, GFN, 1, "kvm_mmu_page_fault");
	step(0, SIM_READ, VM, 0, 0, "kvm_faultin_pfn");
	note(0, SIM_ENTER, VM, 1, 0, "hva_to_pfn");
	prim(0, SIM_GET, PAGE, 1, 2, "get_user_pages_fast_only");
	note(0, SIM_LEAVE, VM, PFN, 0, "hva_to_pfn");
	note(0, SIM_HOOK, HOOK, 0, 0, "kvm_x86_call");
	note(1, SIM_ENTER, PAGE, 1, 0, "migrate_pages");
	prim(0, SIM_PIN, PAGE, SIM_REF_A(PAGE_REF_PIN, 1), 1026, "pin_user_pages_fast");
	prim(1, SIM_ISOLATE, PAGE, 1, 1027, "folio_isolate_lru");
	note(1, SIM_LEAVE, PAGE, 1, 0, "migrate_pages");
	prim(0, SIM_UNPIN, PAGE, SIM_REF_A(PAGE_REF_PIN, 1), 3, "check_and_migrate_movable_pages");
	for (int i = 0; i < 5; i++)
		migrate_once();
	step(0, SIM_GET, PAGE, 0, 0, "folio_try_get");
	step(0, SIM_PUT, PAGE, 0, 0, "put_page");
	note(0, SIM_X_UNDERFLOW, PAGE, 1, 3, "put_page");
	note(0, SIM_PUT, PAGE, 1, 2, "put_page");
	note(0, SIM_HOOK, HOOK, 1, -12, "kvm_x86_call");
	step(0, SIM_LOCK, VM, 1, CLASS_MMU_LOCK, "kvm_tdp_mmu_page_fault");
	step(0, SIM_LOCK, MM, 1, CLASS_MMAP_LOCK, "kvm_tdp_mmu_page_fault");
	step(0, SIM_UNLOCK, VM, 1, CLASS_MMU_LOCK, "kvm_tdp_mmu_page_fault");
	prim(0, SIM_PUT, PAGE, 1, 1, "kvm_release_pfn_clean");
	note(0, SIM_LEAVE, VCPU, -14, GFN, "kvm_mmu_page_fault");
}

/* What a vCPU without that design does, and verbs that are rare. */
static void rare_verbs(void)
{
	note(1, SIM_ENTER, VCPU, GFN, PFN, "kvm_tdp_mmu_map");
	note(1, SIM_MAP, SPTE, PFN, 0, "tdp_mmu_map_handle_target_level");
	note(1, SIM_LEAVE, VCPU, 1, PFN, "kvm_tdp_mmu_map");
	note(1, SIM_RETRY, VCPU, 1, GFN, "vcpu_run");
	step(1, SIM_ACCESS, SPTE, 1, 0, "guest");
	note(1, SIM_UNMAP, SPTE, PFN, 0, "zap");
	note(1, SIM_ZAP, VM, 1, 0, "zap");
	note(1, SIM_ZAP, VM, 0, 0, "zap");
	note(1, SIM_FLUSH, VM, 0, 0, "kvm_flush_remote_tlbs");
	step(1, SIM_FLUSH, SIM_OBJ(OBJ_CACHELINE, 0), 2, 0, "wbinvd_on_all_cpus");
	step(1, SIM_MIGRATION, PTE, -1, 0, "remove_migration_pte");
	step(1, SIM_QUEUE, PAGE, 1, 0, "folio_add_lru");
	step(1, SIM_DRAIN, SIM_OBJ(OBJ_BATCH, 0x100), 1, 1, "lru_add_drain_cpu");
	step(1, SIM_DRAIN, SIM_OBJ(OBJ_BATCH, 0x101), 1, 0, "lru_add_drain_cpu");
	note(1, SIM_PUTBACK, PAGE, 0, 1, "folio_putback_lru");
	note(1, SIM_MOVED, PAGE, PFN + 1, 0, "folio_migrate");
	note(1, SIM_CHARGE, VM, 1, 16, "sev_pin_memory");
	note(1, SIM_UNCHARGE, VM, 2, 14, "sev_unpin_memory");
	prim(1, SIM_GET, PAGE, 3, 4, "get_page");
	note(1, SIM_RECORD, VM, 1, PFN, "sev_pin_spte");
	note(1, SIM_RECORD, VM, 0, PFN, "sev_unpin_spte");
	note(1, SIM_OUTLIVED, SIM_OBJ(SIM_CLASS_TASK, 1), 2, HOOK_CALL, "sim_scope_close");
	note(1, SIM_WAIT, SIM_OBJ(SIM_CLASS_WAITQ, 3), 0, 0, "wait_event");
	note(1, SIM_ISOLATE, PAGE, 0, 1, "folio_isolate_lru");
	note(1, SIM_FREE, PAGE, 0, 0, "free_unref_page");
	note(1, SIM_X_SLEEP, SIM_OBJ(SIM_CLASS_TASK, 1), 1, 0, "down_read");
}

static const char *obj(const struct names *self, sim_obj_t o, char *buf, size_t size)
{
	if (o == PAGE || o == PTE)
		return "ram[0]";
	return o == OBJ_PAGE_OF(PFN + 1) ? "ram[0]'" : NULL;
}

const struct names story_names = { .obj = obj };

void story_make(struct report_story *ret)
{
	static const struct report_task tasks[] = { { "vcpu0", 0 }, { "mover", 1 } };
	static const struct violation violations[] = { {
		.check = "sleep-in-atomic", .time = 70, .task = 1,
		.text = "mover may sleep in down_read() in atomic context; it holds mmap_lock,"
			" mmu_lock (shared)",
	} };

	nr = 0;
	fault_with_late_pin();
	rare_verbs();
	memset(ret, 0, sizeof(*ret));
	ret->recs = recs;
	ret->nr_recs = nr;
	ret->tasks = tasks;
	ret->nr_tasks = 2;
	ret->violations = violations;
	ret->nr_violations = 1;
	ret->names = &story_names;
}
