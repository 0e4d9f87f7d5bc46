/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MMU under other tasks: some hundred random schedules of each small race,
 * and what must hold in every one of them (H.11, K.15, K.16, K.30, O.3, O.9). The
 * seeds are fixed, so these are the same schedules each time.
 */
#include <errno.h>

#include "sim/engine/fiber.h"
#include "sim/explore/random.h"
#include "tests/mmu/vm_tests.h"

#define EXECUTIONS	400

/* A task: what it does, once. */
struct act {
	const char *name;
	bool vcpu;
	unsigned int nr;		/* of the vCPU */
	struct actor_op op;
};

static const struct act fault0 = {
	"vcpu0", true, 0, { .kind = ACTOR_FAULT, .gfn = VM_GFN, .write = true },
};
static const struct act fault1 = {
	"vcpu1", true, 1, { .kind = ACTOR_FAULT, .gfn = VM_GFN, .write = true },
};
static const struct act migrate = {
	"mover", false, 0, { .kind = ACTOR_MIGRATE, .addr = VM_ADDR, .npages = 1 },
};
static const struct act unmap = {
	"vmm", false, 0, { .kind = ACTOR_MUNMAP, .addr = VM_ADDR, .npages = 1 },
};
static const struct act slot_delete = {
	"vmm", false, 0, { .kind = ACTOR_SLOT_DELETE },
};

static const struct act pageout = {
	"vmm", false, 0, { .kind = ACTOR_PAGEOUT, .addr = VM_ADDR, .npages = 1 },
};
/* Of the first act's. */
static const struct act kworker = { "kworker", false, 0, { .kind = ACTOR_ASYNC_PF } };

struct race_run {
	struct vm_setup setup;
	const struct act *acts[3];
	/* Called when the tasks are done. */
	void (*judge)(struct race_run *run);
	int task[3];
	uint64_t seen;			/* the judge's notes, a bit each */
};

static long result(struct race_run *run, unsigned int i)
{
	struct actor_result r;

	assert_true(actor_result(run->task[i], 0, &r));
	assert_true(r.done);
	return r.value;
}

static void start(struct race_run *run, struct sim_marked_world *ret_world)
{
	struct sim_exec start = { .max_steps = 20000, .last = -1 };
	unsigned int i;

	vm_build(&run->setup);
	assert_int_equal(vm_touch(0), 0);
	vm_drain();
	for (i = 0; i < 3 && run->acts[i]; i++) {
		const struct act *act = run->acts[i];
		const struct actor actor = {
			.name = act->name, .cpu = i % 2, .vcpu = act->nr,
			.unroll = 30, .ops = &act->op, .nr_ops = 1,
		};

		run->task[i] = actor_create(&actor);
		assert_true(run->task[i] >= 0);
		if (act == &kworker)
			assert_int_equal(actor_async_pf(run->task[0]), 0);
	}
	assert_int_equal(sim_exec_start(&start), SIM_END_DONE);
	sim_marked_world_take(ret_world, true);
}

static void tear_down(struct sim_exec *exec)
{
	int task = actor_create_teardown();

	assert_true(task >= 0);
	assert_int_equal(sim_exec_run(exec), SIM_END_DONE);
	assert_int_equal(nr_refs_left(), 0);
	sim_fiber_forget(task);
}

/* All from one world, compared after each. A design that leaks is not torn down. */
static void run_seeds(struct race_run *run, bool leaky)
{
	struct sim_marked_world world;
	uint64_t seed;

	start(run, &world);
	for (seed = 1; seed <= EXECUTIONS; seed++) {
		struct sim_exec exec = { .max_steps = 20000, .last = -1 };
		struct sim_random random;

		sim_random_init(&random, seed);
		exec.strategy = &random.strategy;
		assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
		run->judge(run);
		if (!leaky)
			tear_down(&exec);
		sim_marked_world_return(&world);
	}
	sim_marked_world_free(&world);
}

static void run_all(struct race_run *run)
{
	run_seeds(run, false);
}

/* O.3, K.30: no outcome leaves an SPTE on another page than the PTE's. */
static void spte_agrees_with_pte(unsigned int role)
{
	uint64_t spte = spte_pfn(role, VM_GFN);

	assert_true(spte == NO_PFN || spte == pte_pfn(0));
}

static void judge_two_vcpus(struct race_run *run)
{
	assert_int_equal(result(run, 0), 0);
	assert_int_equal(result(run, 1), 0);
	assert_int_equal(spte_pfn(0, VM_GFN), pte_pfn(0));
	vm_drain();
	assert_page_counts(pte_pfn(0), 1, 0, 0);
}

static void race_two_vcpus_of_one_role_make_one_spte(void **state)
{
	struct race_run run = {
		.setup = { .nr_vcpus = 2 },
		.acts = { &fault0, &fault1 },
		.judge = judge_two_vcpus,
	};

	run_all(&run);
}

static void judge_migrate(struct race_run *run)
{
	long moved = result(run, 1);

	assert_int_equal(result(run, 0), 0);
	assert_true(moved == 0 || moved == 1);
	run->seen |= moved ? 1 : 2;
	spte_agrees_with_pte(0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1, 0, 0);
}

/* The migration wins in some schedules; KVM's reference stops it in others. */
static void race_migrate_against_fault_keeps_them_agreed(void **state)
{
	static const char *const kernels[] = { "6.1", "6.12" };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct race_run run = {
			.setup = { .kernel = kernels[i] },
			.acts = { &fault0, &migrate },
			.judge = judge_migrate,
		};

		run_all(&run);
		assert_true(run.seen & 2);
	}
}

static void judge_unmap(struct race_run *run)
{
	long r = result(run, 0);

	assert_true(r == 0 || r == -EFAULT);
	run->seen |= r ? 1 : 2;
	assert_int_equal(spte_pfn(0, VM_GFN), NO_PFN);
	assert_int_equal(pte_pfn(0), NO_PFN);
}

static void race_munmap_against_fault_leaves_no_spte(void **state)
{
	struct race_run run = {
		.acts = { &fault0, &unmap },
		.judge = judge_unmap,
	};

	run_all(&run);
	assert_int_equal(run.seen, 3);
}

static void judge_slot_delete(struct race_run *run)
{
	assert_int_equal(result(run, 0), 0);
	assert_int_equal(result(run, 1), 0);
	assert_int_equal(result(run, 2), 0);
	assert_int_equal(nr_sptes(), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1, 0, 0);
}

/* O.9: whatever the vCPUs map meanwhile, in whichever root, is gone after. */
static void race_slot_delete_against_faults_leaves_no_spte(void **state)
{
	struct race_run run = {
		.setup = { .nr_vcpus = 2, .roles = { 0, 1 } },
		.acts = { &fault0, &fault1, &slot_delete },
		.judge = judge_slot_delete,
	};

	run_all(&run);
}

/* G.12: the same where the roots stay, and only the slot's own leaves go. */
static void race_sev_slot_delete_against_faults_leaves_no_spte(void **state)
{
	struct race_run run = {
		.setup = { .design = "eager", .nr_vcpus = 2, .roles = { 0, 1 } },
		.acts = { &fault0, &fault1, &slot_delete },
		.judge = judge_slot_delete,
	};

	run_all(&run);
}

/* Faults that could not go on without waiting. */
static unsigned int waits;

bool __real_kvm_find_async_pf_gfn(void *vcpu, uint64_t gfn);

bool __wrap_kvm_find_async_pf_gfn(void *vcpu, uint64_t gfn)
{
	waits++;
	return __real_kvm_find_async_pf_gfn(vcpu, gfn);
}

static void judge_async(struct race_run *run)
{
	struct probe_page page;

	assert_int_equal(result(run, 0), 0);
	assert_int_equal(result(run, 1), 0);
	assert_int_equal(result(run, 2), 0);
	spte_agrees_with_pte(0);
	run->seen |= spte_pfn(0, VM_GFN) == NO_PFN ? 1 : 2;
	if (waits)
		run->seen |= 4;
	waits = 0;
	if (pte_pfn(0) == NO_PFN)
		return;
	/* The PTE's, and one if it is in the swap cache still. */
	vm_drain();
	assert_true(probe_page(pte_pfn(0), &page));
	assert_in_range(page.refcount, 1, 2);
	assert_int_equal(page.gets, 0);
}

/*
 * H.11: reclaim has the page locked while it is unmapped. Then a kworker waits for
 * it, and keeps no reference; the vCPU always goes on, and so does reclaim.
 */
static void race_async_fault_against_pageout_always_goes_on(void **state)
{
	static const char *const kernels[] = { "5.17", "6.1", "6.12" };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct race_run run = {
			.setup = { .kernel = kernels[i], .swap = 1 << 20 },
			.acts = { &fault0, &pageout, &kworker },
			.judge = judge_async,
		};

		run_all(&run);
		assert_int_equal(run.seen, 1 | 2 | 4);
	}
}

static void judge_async_design(struct race_run *run)
{
	uint64_t recorded;

	assert_int_equal(result(run, 0), 0);
	assert_int_equal(result(run, 1), 0);
	assert_int_equal(result(run, 2), 0);
	spte_agrees_with_pte(0);
	assert_int_equal(nr_records(&recorded), 1);
	run->seen |= waits ? 2 : 1;
	waits = 0;
}

/* H.11: so it is for a design that finds the page itself: it is asked when that is there. */
static void race_async_fault_of_a_design_always_goes_on(void **state)
{
	static const char *const designs[] = { "demand-takeover", "demand-sound" };
	static const char *const kernels[] = { "5.17", "6.1", "6.12" };
	uint64_t seen[2] = { 0 };
	unsigned int i;

	for (i = 0; i < 6; i++) {
		struct race_run run = {
			.setup = {
				.design = designs[i / 3], .kernel = kernels[i % 3],
				.swap = 1 << 20,
			},
			.acts = { &fault0, &pageout, &kworker },
			.judge = judge_async_design,
		};

		run_all(&run);
		seen[i / 3] |= run.seen;
	}
	/* Chance does not bring it about for each in every kernel. */
	assert_int_equal(seen[0], 1 | 2);
	assert_int_equal(seen[1], 1 | 2);
}

/* --- the designs --- */

static void judge_double_get(struct race_run *run)
{
	struct probe_page page;

	assert_int_equal(result(run, 0), 0);
	assert_int_equal(result(run, 1), 0);
	assert_true(probe_page(pte_pfn(0), &page));
	assert_in_range(page.held, 1, 2);
	run->seen |= page.held;
	/* Give back what was taken twice, so that nothing else is found. */
	assert_int_equal(vm_slot_delete(0), 0);
	assert_true(probe_page(pte_pfn(0), &page));
	run->seen |= page.gets ? 4 : 0;
}

/* K.15: the bit is tested by both before it is set by either. */
static void race_ref_two_roles_sometimes_get_twice_and_leak(void **state)
{
	struct race_run run = {
		.setup = { .design = "demand-ref", .nr_vcpus = 2, .roles = { 0, 1 } },
		.acts = { &fault0, &fault1 },
		.judge = judge_double_get,
	};

	run_seeds(&run, true);
	assert_int_equal(run.seen, 1 | 2 | 4);
}

static void judge_takeover(struct race_run *run)
{
	struct probe_page page;
	uint64_t recorded;

	assert_int_equal(nr_records(&recorded), 1);
	assert_int_equal(recorded, pte_pfn(0));
	assert_true(probe_page(pte_pfn(0), &page));
	assert_int_equal(page.pins, 1);
	assert_int_equal(page.held, 1);
	assert_int_equal(result(run, 0), 0);
	assert_int_equal(result(run, 1), 0);
}

/* K.15, on a page that need not move: an exchange loses nothing. */
static void race_takeover_two_roles_always_keep_one_pin(void **state)
{
	struct race_run run = {
		.setup = { .design = "demand-takeover", .nr_vcpus = 2, .roles = { 0, 1 } },
		.acts = { &fault0, &fault1 },
		.judge = judge_takeover,
	};

	run_all(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(race_two_vcpus_of_one_role_make_one_spte),
		ROLLED(race_migrate_against_fault_keeps_them_agreed),
		ROLLED(race_munmap_against_fault_leaves_no_spte),
		ROLLED(race_async_fault_against_pageout_always_goes_on),
		ROLLED(race_async_fault_of_a_design_always_goes_on),
		ROLLED(race_slot_delete_against_faults_leaves_no_spte),
		ROLLED(race_sev_slot_delete_against_faults_leaves_no_spte),
		ROLLED(race_ref_two_roles_sometimes_get_twice_and_leak),
		ROLLED(race_takeover_two_roles_always_keep_one_pin),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
