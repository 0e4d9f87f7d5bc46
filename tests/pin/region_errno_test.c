/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What KVM_MEMORY_ENCRYPT_REG_REGION and _UNREG_REGION refuse, and with what, in
 * every kernel and with either kind of pin: each state of the VM, each bad
 * argument, each kind of mapping. To each is added what would be refused later,
 * so that the order of the checks shows; and where errnos are the same, whether
 * what fails later was reached (F.1-F.5, I.1-I.3, M.3).
 */
#include <errno.h>
#include <limits.h>

#include "tests/fakes/vma_world.h"
#include "tests/mmu/vm_tests.h"
#include "tests/pin/hooks_world.h"
#include "tests/pin/region_world.h"

#define PAGE		4096ULL
#define HOLE		(VM_ADDR - PAGE)
#define USER_END	((1ULL << 47) - PAGE)
#define END		(-PAGE)
/* What no check of an argument lets pass, and what none would let pass. */
#define NO_LIMIT	UINT64_MAX
#define ARRAY_PAGES	512	/* whose array has room in a page */

/* The VMs: the guest, one that mirrors it, no guest, one that knows of none. */
enum { GUEST, MIRROR, PLAIN, BARE };

static const struct { const char *kernel, *design; } kinds[] = {
	{ "5.17", "eager" }, { "5.17", "eager-longterm" },
	{ "6.1", "eager" }, { "6.1", "eager-longterm" },
	{ "6.12", "eager" }, { "6.12", "eager-longterm" },
};

#define NR_KINDS	(sizeof(kinds) / sizeof(kinds[0]))
#define IS_LONGTERM(k)	((k) % 2)

static void build_kind(unsigned int k, enum build_zone place)
{
	const struct vm_setup setup = {
		.kernel = kinds[k].kernel, .design = kinds[k].design, .place = place,
	};
	const struct build_vm mirror = {
		.sev = true, .mirror = true, .mirrors = GUEST, .design = kinds[k].design,
	};
	const struct build_vm plain = { .design = kinds[k].design };
	const struct build_vm bare = { .nr_vcpus = 0 };

	vm_build(&setup);
	assert_int_equal(build_vm(&mirror), MIRROR);
	assert_int_equal(build_vm(&plain), PLAIN);
	assert_int_equal(build_vm(&bare), BARE);
}

static void check(unsigned int k, const char *what, long got, long want)
{
	if (got != want)
		print_error("%s, %s, %s: %ld, expected %ld\n", kinds[k].kernel, kinds[k].design,
			    what, got, want);
	assert_int_equal(got, want);
}

/* So many regions of one page each are registered, and nothing else is held. */
static void assert_regions(unsigned int nr)
{
	struct probe_mm_counts c;

	probe_mm_counts(&c);
	assert_int_equal(c.foll_pin_acquired - c.foll_pin_released, nr);
	assert_int_equal(hw_nr_regions(rw_kvm(GUEST)), nr);
	assert_int_equal(hw_pages_locked(rw_kvm(GUEST)), nr);
	assert_int_equal(hw_nr_regions(rw_kvm(MIRROR)), 0);
	assert_int_equal(hw_nr_regions(rw_kvm(PLAIN)), 0);
}

struct try {
	enum rw_ioctl ioctl;
	unsigned int vm;
	const struct rw_range *range;
	unsigned int later;	/* enum rw_later */
};

/* Return: the errno; in *@ret_failed, how much of what fails later was reached. */
static int attempt(const struct try *t, unsigned int *ret_failed)
{
	unsigned int before;
	int r;

	before = rw_failed();
	rw_fail(t->later);
	r = rw_ioctl(t->ioctl, t->vm, t->range);
	*ret_failed = rw_failed() - before;
	return r;
}

/* --- I.2: whoever calls, whatever is asked of whatever VM --- */

static void caller_then_pointer_then_hook(void **state)
{
	const struct rw_range nothing = { 0, 0 };
	const struct build_process process = { .name = "other", .memlock_bytes = UINT64_MAX };
	unsigned int k, vm, failed;
	enum rw_ioctl i;

	for (k = 0; k < NR_KINDS; k++) {
		build_kind(k, BUILD_ZONE_NORMAL);
		assert_int_equal(build_process(&process), 1);
		for (i = RW_REGISTER; i <= RW_UNREGISTER; i++) {
			for (vm = GUEST; vm <= BARE; vm++) {
				const struct try t = { i, vm, &nothing, RW_USERCOPY };

				build_host_thread(1);
				check(k, "foreign", rw_ioctl(i, vm, NULL), -EIO);
				build_host_thread(0);
				check(k, "no pointer", rw_ioctl(i, vm, NULL), -EFAULT);
				check(k, "not read", attempt(&t, &failed), -EFAULT);
			}
			check(k, "no hook", rw_ioctl(i, BARE, &nothing), -ENOTTY);
		}
		for (i = RW_REGISTER; i <= RW_UNREGISTER; i++) {
			rw_vm_dead(BARE);
			check(k, "dead", rw_ioctl(i, BARE, NULL), -EIO);
		}
		assert_regions(0);
	}
}

/* --- I.1, F.5: what the arguments say --- */

static const struct argument {
	const char *what;
	unsigned int vm;
	struct rw_range range;
	uint64_t memlock;
	unsigned int later;
	unsigned int failed;	/* what of @later was reached */
	int err;
} arguments[] = {
	{ "no guest", PLAIN, { 0, 0 }, 0, RW_REGION, 0, -ENOTTY },
	{ "mirror", MIRROR, { 0, 0 }, 0, RW_REGION, 0, -EINVAL },
	{ "mirror of memory", MIRROR, { VM_ADDR, PAGE }, NO_LIMIT, RW_REGION, 0, -EINVAL },
	{ "no record", GUEST, { 0, 0 }, 0, RW_REGION, 1, -ENOMEM },
	{ "nothing", GUEST, { VM_ADDR, 0 }, 0, RW_ARRAY, 0, -EINVAL },
	{ "nothing nowhere", GUEST, { 0, 0 }, 0, RW_ARRAY, 0, -EINVAL },
	{ "nothing at the end", GUEST, { UINT64_MAX, 0 }, 0, RW_ARRAY, 0, -EINVAL },
	{ "wraps", GUEST, { END, 2 * PAGE }, 0, RW_ARRAY, 0, -EINVAL },
	/* Its last byte is the last there is. */
	{ "up to the end", GUEST, { END, PAGE }, 0, RW_ARRAY, 0, -EINVAL },
	{ "wraps to itself", GUEST, { VM_ADDR, UINT64_MAX }, 0, RW_ARRAY, 0, -EINVAL },
	{ "all but a byte", GUEST, { 0, UINT64_MAX }, 0, RW_ARRAY, 0, -EINVAL },
	{ "too many pages", GUEST, { VM_ADDR, (INT_MAX + 1ULL) * PAGE }, 0, RW_ARRAY, 0, -EINVAL },
	{ "touches too many pages", GUEST, { VM_ADDR + 1, INT_MAX * PAGE }, 0, RW_ARRAY, 0,
	  -EINVAL },
	/* Not too many: what comes next refuses them. */
	{ "as many as there may be", GUEST, { VM_ADDR, INT_MAX * PAGE }, NO_LIMIT, RW_KILLED,
	  0, -ENOMEM },
	{ "over the limit", GUEST, { VM_ADDR, PAGE }, PAGE - 1, RW_ARRAY, 0, -ENOMEM },
	{ "no array", GUEST, { HOLE, PAGE }, PAGE, RW_ARRAY | RW_KILLED, 1, -ENOMEM },
	{ "no large array", GUEST, { HOLE, (ARRAY_PAGES + 1) * PAGE }, NO_LIMIT,
	  RW_ARRAY | RW_KILLED, 1, -ENOMEM },
	/* F.5: all that a pin may say is one errno. */
	{ "killed", GUEST, { VM_ADDR, PAGE }, PAGE, RW_KILLED | RW_PAGE, 1, -ENOMEM },
	{ "no second page", GUEST, { VM_AT(VM_PAGES - 1), 2 * PAGE }, NO_LIMIT, RW_NOTHING, 0,
	  -ENOMEM },
	{ "a hole", GUEST, { HOLE, PAGE }, PAGE, RW_PAGE, 0, -ENOMEM },
	{ "a hole first", GUEST, { HOLE, 2 * PAGE }, 2 * PAGE, RW_PAGE, 0, -ENOMEM },
	{ "address 0", GUEST, { 0, PAGE }, PAGE, RW_PAGE, 0, -ENOMEM },
	{ "the kernel's", GUEST, { 1ULL << 60, PAGE }, PAGE, RW_PAGE, 0, -ENOMEM },
	{ "up to the kernel's", GUEST, { USER_END - PAGE, 2 * PAGE }, NO_LIMIT, RW_PAGE, 0,
	  -ENOMEM },
};

#define NR_ARGUMENTS	(sizeof(arguments) / sizeof(arguments[0]))

static void try_argument(unsigned int k, const struct argument *a)
{
	const struct try t = { RW_REGISTER, a->vm, &a->range, a->later };
	unsigned int failed;

	rw_memlock(a->memlock, false);
	check(k, a->what, attempt(&t, &failed), a->err);
	check(k, a->what, failed, a->failed);
	rw_memlock(NO_LIMIT, false);
}

static void register_bad_argument_has_the_errno_of_the_first_check(void **state)
{
	const struct rw_range one = { VM_AT(3), 1 };
	unsigned int k, i;

	for (k = 0; k < NR_KINDS; k++) {
		build_kind(k, BUILD_ZONE_NORMAL);
		for (i = 0; i < NR_ARGUMENTS; i++) {
			try_argument(k, &arguments[i]);
			assert_regions(0);
		}
		/* And the same beside a region, which stays as it is. */
		assert_int_equal(vm_touch(3), 0);
		assert_int_equal(rw_ioctl(RW_REGISTER, GUEST, &one), 0);
		for (i = 0; i < NR_ARGUMENTS; i++) {
			struct argument a = arguments[i];

			if (a.memlock != NO_LIMIT)
				a.memlock += PAGE;
			try_argument(k, &a);
			assert_regions(1);
		}
	}
}

/* F.4: neither end needs to be a page's; I.2: nor need it be a slot's memory. */
static void register_any_range_of_mapped_memory_succeeds(void **state)
{
	static const struct { struct rw_range range; unsigned int npages; } is[] = {
		{ { VM_ADDR, 1 }, 1 },
		{ { VM_AT(1) - 1, 2 }, 2 },
		{ { VM_AT(1), PAGE }, 1 },
		{ { VM_AT(1) + 1, PAGE }, 2 },
		{ { VM_ADDR, VM_PAGES * PAGE }, VM_PAGES },
	};
	unsigned int k, i, sum;

	for (k = 0; k < NR_KINDS; k++) {
		build_kind(k, BUILD_ZONE_NORMAL);
		assert_int_equal(vm_slot_delete(0), 0);
		for (i = 0, sum = 0; i < sizeof(is) / sizeof(is[0]); i++) {
			sum += is[i].npages;
			check(k, "good", rw_ioctl(RW_REGISTER, GUEST, &is[i].range), 0);
			assert_int_equal(hw_pages_locked(rw_kvm(GUEST)), sum);
		}
		while (i--)
			check(k, "good", rw_ioctl(RW_UNREGISTER, GUEST, &is[i].range), 0);
		assert_regions(0);
	}
}

/* --- F.1, F.2: the limit, of a VM that has 15 pages --- */

static const struct limit {
	uint64_t memlock;
	unsigned int npages;
	bool cap;
	unsigned int failed;	/* the array was asked for */
} limits[] = {
	{ 64 << 10, 1, false, 1 },		/* 16 is not more than 16 */
	{ 64 << 10, 2, false, 0 },
	{ 64 << 10, 2, true, 1 },
	{ 65535, 1, false, 0 },			/* a partial page is lost */
	{ 65535, 1, true, 1 },
	{ 0, 1, false, 0 },
	{ 0, 1, true, 1 },
	{ NO_LIMIT, 16, false, 1 },
	{ NO_LIMIT, 16, true, 1 },
};

static void register_limit_is_the_callers_unless_it_may_lock(void **state)
{
	const struct rw_range most = { VM_ADDR, 15 * PAGE };
	unsigned int k, i, failed;

	for (k = 0; k < NR_KINDS; k++) {
		build_kind(k, BUILD_ZONE_NORMAL);
		assert_int_equal(rw_ioctl(RW_REGISTER, GUEST, &most), 0);
		for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
			const struct rw_range more = { VM_ADDR, limits[i].npages * PAGE };
			struct try t = { RW_REGISTER, GUEST, &more, RW_ARRAY };

			rw_memlock(limits[i].memlock, limits[i].cap);
			check(k, "limit", attempt(&t, &failed), -ENOMEM);
			check(k, "limit", failed, limits[i].failed);
			t.later = RW_NOTHING;
			check(k, "limit", attempt(&t, &failed), limits[i].failed ? 0 : -ENOMEM);
			if (limits[i].failed)
				assert_int_equal(rw_ioctl(RW_UNREGISTER, GUEST, &more), 0);
			assert_int_equal(hw_pages_locked(rw_kvm(GUEST)), 15);
		}
	}
}

/* --- the mapping: what is pinned to write, and what for a long time --- */

static const struct {
	const char *what;
	enum vw_kind how;
	int write, longterm;
} mappings[] = {
	{ "VM_IO", VW_IO, -ENOMEM, -ENOMEM },
	{ "VM_PFNMAP", VW_PFNMAP, -ENOMEM, -ENOMEM },
	{ "read-only", VW_NO_WRITE, -ENOMEM, 0 },
	{ "PROT_NONE", VW_NO_READ, -ENOMEM, -ENOMEM },
	{ "write-only", VW_WRITE_ONLY, 0, -ENOMEM },
	{ "never writable", VW_NO_MAYWRITE, -ENOMEM, 0 },
	{ "never readable", VW_NO_MAYREAD, -ENOMEM, -ENOMEM },
	{ "ordinary", VW_READ_WRITE, 0, 0 },
};

/* @first: of two pages, the one that can be had comes first. */
static void try_mapping(unsigned int k, unsigned int i, bool first)
{
	const struct rw_range range = { first ? VM_ADDR : VM_AT(1), first ? 2 * PAGE : PAGE };
	int want = IS_LONGTERM(k) ? mappings[i].longterm : mappings[i].write;

	build_kind(k, BUILD_ZONE_NORMAL);
	vm_munmap_page(1);
	assert_int_equal(build_map(0, VM_AT(1), PAGE, BUILD_ZONE_NORMAL), 0);
	vw_change(VM_AT(1), mappings[i].how);
	check(k, mappings[i].what, rw_ioctl(RW_REGISTER, GUEST, &range), want);
	if (want) {
		assert_regions(0);
		assert_int_equal(pte_pfn(1), NO_PFN);
	}
}

static void register_kind_of_mapping_decides(void **state)
{
	unsigned int k, i;

	for (k = 0; k < NR_KINDS; k++)
		for (i = 0; i < sizeof(mappings) / sizeof(mappings[0]); i++) {
			try_mapping(k, i, false);
			try_mapping(k, i, true);
		}
}

/* E.19: who pins for long must move the page, and cannot where it is held. */
static void register_held_page_of_cma_is_enomem_if_longterm(void **state)
{
	const struct rw_range one = { VM_ADDR, PAGE };
	unsigned int k;

	for (k = 0; k < NR_KINDS; k++) {
		build_kind(k, BUILD_ZONE_CMA);
		assert_int_equal(vm_touch(0), 0);
		vm_drain();
		assert_int_equal(vm_hold(0), 0);
		check(k, "held", rw_ioctl(RW_REGISTER, GUEST, &one), IS_LONGTERM(k) ? -ENOMEM : 0);
		assert_regions(!IS_LONGTERM(k));
	}
}

/* I.6: before 6.12 a pin that does not write is content with the zero page. */
static void register_memory_never_written_needs_no_page_before_6_12(void **state)
{
	const struct rw_range one = { VM_ADDR, PAGE };
	unsigned int k, failed;

	for (k = 0; k < NR_KINDS; k++) {
		const struct try t = { RW_REGISTER, GUEST, &one, RW_PAGE };
		bool zero = IS_LONGTERM(k) && k < NR_KINDS - 2;

		build_kind(k, BUILD_ZONE_NORMAL);
		check(k, "no page", attempt(&t, &failed), zero ? 0 : -ENOMEM);
		assert_int_equal(failed, !zero);
		assert_int_equal(hw_pages_locked(rw_kvm(GUEST)), zero);
	}
}

/* --- I.3: unregistering --- */

static const struct {
	const char *what;
	unsigned int vm;
	struct rw_range range;
	int err;
} unregisters[] = {
	{ "mirror of a region", MIRROR, { VM_AT(1) + 8, 100 }, -EINVAL },
	{ "mirror of nothing", MIRROR, { 0, 0 }, -EINVAL },
	{ "no guest", PLAIN, { VM_AT(1) + 8, 100 }, -ENOTTY },
	{ "no guest, nothing", PLAIN, { 0, 0 }, -ENOTTY },
	{ "nothing", GUEST, { 0, 0 }, -EINVAL },
	{ "no size", GUEST, { VM_AT(1) + 8, 0 }, -EINVAL },
	{ "wraps", GUEST, { END, 2 * PAGE }, -EINVAL },
	{ "its page", GUEST, { VM_AT(1), PAGE }, -EINVAL },
	{ "another size", GUEST, { VM_AT(1) + 8, 99 }, -EINVAL },
	{ "more", GUEST, { VM_AT(1) + 8, 101 }, -EINVAL },
	{ "another address", GUEST, { VM_AT(1) + 9, 100 }, -EINVAL },
	{ "another page", GUEST, { VM_AT(2) + 8, 100 }, -EINVAL },
};

/* Nothing is allocated, locked or looked at in the process: nothing can fail. */
static void unregister_other_than_what_is_registered_is_einval(void **state)
{
	const struct rw_range region = { VM_AT(1) + 8, 100 };
	const struct try good = { RW_UNREGISTER, GUEST, &region, RW_REGION | RW_KILLED };
	unsigned int k, i, failed;

	for (k = 0; k < NR_KINDS; k++) {
		build_kind(k, BUILD_ZONE_NORMAL);
		assert_int_equal(vm_touch(1), 0);
		assert_int_equal(rw_ioctl(RW_REGISTER, GUEST, &region), 0);
		rw_memlock(0, false);
		for (i = 0; i < sizeof(unregisters) / sizeof(unregisters[0]); i++) {
			const struct try t = {
				RW_UNREGISTER, unregisters[i].vm, &unregisters[i].range,
				RW_REGION | RW_KILLED,
			};

			check(k, unregisters[i].what, attempt(&t, &failed), unregisters[i].err);
			assert_int_equal(failed, 0);
			assert_regions(1);
		}
		assert_int_equal(vm_munmap_page(1), 0);
		check(k, "the region", attempt(&good, &failed), 0);
		assert_int_equal(failed, 0);
		assert_regions(0);
		check(k, "again", attempt(&good, &failed), -EINVAL);
		rw_memlock(NO_LIMIT, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(caller_then_pointer_then_hook),
		ROLLED(register_bad_argument_has_the_errno_of_the_first_check),
		ROLLED(register_any_range_of_mapped_memory_succeeds),
		ROLLED(register_limit_is_the_callers_unless_it_may_lock),
		ROLLED(register_kind_of_mapping_decides),
		ROLLED(register_held_page_of_cma_is_enomem_if_longterm),
		ROLLED(register_memory_never_written_needs_no_page_before_6_12),
		ROLLED(unregister_other_than_what_is_registered_is_einval),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
