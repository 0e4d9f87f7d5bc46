/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The VM that the tests of mmu/ and pin/ share; see vm_tests.h. */
#include "fakes/objects.h"
#include "fakes/profile.h"
#include "sim/core/ledger.h"
#include "sim/core/world.h"
#include "tests/mmu/vm_tests.h"

static long vm_do(unsigned int vcpu, const struct actor_op *op)
{
	const struct actor host = { .name = "host", .vcpu = vcpu, .unroll = 3 };

	return actor_do(&host, op);
}

static void build_the_machine(const struct vm_setup *s)
{
	static const struct sim_params params = { .nr_cpus = 2, .check_addresses = true };
	const struct build_machine machine = {
		.profile = kernel_profile_find(s->kernel ? s->kernel : "6.12"),
		.normal_bytes = 64ULL << 20,
		.movable_bytes = 64ULL << 20,
		.cma_bytes = 4ULL << 20,
		.cma_in = BUILD_ZONE_NORMAL,
		.swap_bytes = s->swap,
	};
	const struct build_process process = {
		.name = "vmm",
		.memlock_bytes = s->memlock ? s->memlock : UINT64_MAX,
	};

	sim_world_init(&params);
	assert_int_equal(build_machine(&machine), 0);
	assert_int_equal(build_process(&process), 0);
	assert_int_equal(build_map(0, VM_ADDR, VM_PAGES * 4096ULL, s->place), 0);
	build_host_thread(0);
	actors_init();
}

void vm_build(const struct vm_setup *s)
{
	const struct build_vm vm = {
		.sev = s->design,
		.design = s->design,
		.nr_vcpus = s->no_vcpu ? 0 : s->nr_vcpus ? s->nr_vcpus : 1,
		.roles = s->roles,
	};

	if (!rolled_build())
		return;
	build_the_machine(s);
	assert_int_equal(build_vm(&vm), 0);
	if (!s->no_slot)
		assert_int_equal(vm_slot_create(0, VM_GFN, 0, VM_PAGES), 0);
	rolled_mark();
}

long vm_touch(unsigned int page)
{
	const struct actor_op op = { .kind = ACTOR_TOUCH, .addr = VM_AT(page), .npages = 1 };

	return vm_do(0, &op);
}

long vm_read(unsigned int page)
{
	const struct actor_op op = { .kind = ACTOR_READ, .addr = VM_AT(page), .npages = 1 };

	return vm_do(0, &op);
}

long vm_fault_as(unsigned int vcpu, uint64_t gfn, bool write)
{
	const struct actor_op op = { .kind = ACTOR_FAULT, .gfn = gfn, .write = write };

	return vm_do(vcpu, &op);
}

long vm_fault_in(int vm, uint64_t gfn, bool write)
{
	const struct actor host = { .name = "host", .vm = vm, .unroll = 3 };
	const struct actor_op op = { .kind = ACTOR_FAULT, .gfn = gfn, .write = write };

	return actor_do(&host, &op);
}

static long vm_do_to_page(enum actor_op_kind kind, unsigned int page)
{
	const struct actor_op op = { .kind = kind, .addr = VM_AT(page), .npages = 1 };

	return vm_do(0, &op);
}

long vm_dontneed(unsigned int page)
{
	return vm_do_to_page(ACTOR_DONTNEED, page);
}

long vm_hold(unsigned int page)
{
	return vm_do_to_page(ACTOR_HOLD, page);
}

long vm_release(unsigned int page)
{
	return vm_do_to_page(ACTOR_RELEASE, page);
}

long vm_register_in(int vm, unsigned int page, unsigned int npages)
{
	const struct actor host = { .name = "host", .vm = vm };
	const struct actor_op op = {
		.kind = ACTOR_REGISTER, .addr = VM_AT(page), .npages = npages,
	};

	return actor_do(&host, &op);
}

long vm_unregister(unsigned int page, unsigned int npages)
{
	const struct actor_op op = {
		.kind = ACTOR_UNREGISTER, .addr = VM_AT(page), .npages = npages,
	};

	return vm_do(0, &op);
}

long vm_update(enum actor_op_kind kind, unsigned int page, unsigned int npages)
{
	const struct actor_op op = { .kind = kind, .addr = VM_AT(page), .npages = npages };

	return vm_do(0, &op);
}

long vm_prefault(uint64_t gfn)
{
	const struct actor_op op = { .kind = ACTOR_PREFAULT, .gfn = gfn };

	return vm_do(0, &op);
}

long vm_close(void)
{
	const struct actor_op op = { .kind = ACTOR_CLOSE };

	return vm_do(0, &op);
}

long vm_munmap_page(unsigned int page)
{
	const struct actor_op op = { .kind = ACTOR_MUNMAP, .addr = VM_AT(page), .npages = 1 };

	return vm_do(0, &op);
}

long vm_migrate(unsigned int page)
{
	const struct actor_op op = { .kind = ACTOR_MIGRATE, .addr = VM_AT(page), .npages = 1 };

	return vm_do(0, &op);
}

long vm_slot_delete(unsigned int slot)
{
	const struct actor_op op = { .kind = ACTOR_SLOT_DELETE, .slot = slot };

	return vm_do(0, &op);
}

long vm_slot_set(unsigned int slot, uint64_t gfn, unsigned int page, unsigned int npages,
		 bool readonly, bool log)
{
	const struct actor_op op = {
		.kind = ACTOR_SLOT_SET, .slot = slot, .gfn = gfn, .addr = VM_AT(page),
		.npages = npages, .readonly = readonly, .log = log,
	};

	return vm_do(0, &op);
}

long vm_slot_create_in(int vm, unsigned int slot, uint64_t gfn, unsigned int page,
		       unsigned int npages)
{
	const struct actor host = { .name = "host", .vm = vm };
	const struct actor_op op = {
		.kind = ACTOR_SLOT_SET, .slot = slot, .gfn = gfn, .addr = VM_AT(page),
		.npages = npages,
	};

	return actor_do(&host, &op);
}

long vm_slot_create(unsigned int slot, uint64_t gfn, unsigned int page, unsigned int npages)
{
	return vm_slot_set(slot, gfn, page, npages, false, false);
}

void vm_drain(void)
{
	const struct actor_op op = { .kind = ACTOR_DRAIN };

	vm_do(0, &op);
}

uint64_t pte_pfn(unsigned int page)
{
	struct probe_pte pte;

	if (!probe_pte(0, VM_AT(page), &pte) || pte.kind != PROBE_PTE_PRESENT)
		return NO_PFN;
	return pte.pfn;
}

uint64_t spte_pfn(unsigned int role, uint64_t gfn)
{
	struct probe_spte spte;

	return probe_spte(0, role, gfn, &spte) ? spte.pfn : NO_PFN;
}

unsigned int nr_sptes(void)
{
	struct probe_spte spte;
	uint64_t cursor = 0;
	unsigned int n = 0;

	while (probe_spte_next(0, &cursor, &spte))
		n++;
	return n;
}

void assert_page_counts(uint64_t pfn, int refcount, unsigned int pins, unsigned int held)
{
	struct probe_page page;

	assert_true(probe_page(pfn, &page));
	assert_int_equal(page.refcount, refcount);
	assert_int_equal(page.pins, pins);
	assert_int_equal(page.held, held);
}

unsigned int nr_records(uint64_t *ret_pfn)
{
	const struct pin_probe *probe = pin_probe_of(0);
	struct pin_record record;
	uint64_t cursor = 0;
	unsigned int n = 0;

	while (probe->next(0, &cursor, &record)) {
		*ret_pfn = record.pfn;
		n++;
	}
	return n;
}

unsigned int nr_refs_left(void)
{
	struct sim_ref_info info;
	uint64_t cursor = 0;
	unsigned int n = 0;
	sim_obj_t obj;

	while (sim_ref_next(&cursor, &obj, &info))
		n += info.kind != PAGE_REF_ZERO;
	return n;
}
