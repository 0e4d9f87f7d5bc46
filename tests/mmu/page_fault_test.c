/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fault path by itself: everything it calls is scripted, and a table says
 * for each thing that can go wrong what is still called, in which order, and
 * that a reference once taken is always put (H.4 to H.7, H.11, H.15, H.17, H.21).
 */
#include <errno.h>
#include "tests/mmu/page_fault_world.h"
#include "tests/rolled.h"

#define PFN		0x1234UL
#define ERR_FAULT	(0x7ffULL << 52)
#define ERR_HWPOISON	(ERR_FAULT + 1)
#define ERR_RO_FAULT	(ERR_FAULT + 2)
#define ERR_SIGPENDING	(ERR_FAULT + 3)
#define NOSLOT		(1ULL << 63)

/* H.2, as 6.12 counts. */
enum { CONTINUE, RETRY, EMULATE, WRITE_PROTECTED, INVALID, FIXED, SPURIOUS };

/* How far the fault gets; each value includes those before it. */
enum reach {
	TO_SEQ,			/* the snapshot, then a look at the slot */
	TO_FIRST_CHECK,		/* H.7, before the mm is touched */
	TO_PFN,
	TO_SECOND_CHECK,	/* H.7, after */
	TO_PIN,			/* the pin_pfn hook */
	TO_STALE_CHECK,		/* under mmu_lock */
	TO_MAP,
};

static const struct row {
	const char *what;
	enum pf_slot slot;
	bool first_check;	/* an invalidation is seen */
	uint64_t pfn;
	bool waits;		/* found only by who waits for it */
	bool second_check;
	int pin;
	bool stale;
	int map;
	enum reach reach;
	int result;
} rows[] = {
	{ .what = "INVALID slot", .slot = PF_INVALID_SLOT, .reach = TO_SEQ, .result = RETRY },
	{ .what = "invalidation before", .first_check = true,
	  .reach = TO_FIRST_CHECK, .result = RETRY },
	{ .what = "no pfn", .pfn = ERR_FAULT, .reach = TO_PFN, .result = -EFAULT },
	{ .what = "read-only", .pfn = ERR_RO_FAULT, .reach = TO_PFN, .result = EMULATE },
	{ .what = "poisoned", .pfn = ERR_HWPOISON, .reach = TO_PFN, .result = RETRY },
	{ .what = "signal", .pfn = ERR_SIGPENDING, .reach = TO_PFN, .result = -EINTR },
	{ .what = "no pfn for who waits", .pfn = ERR_FAULT, .waits = true,
	  .reach = TO_PFN, .result = -EFAULT },
	{ .what = "signal for who waits", .pfn = ERR_SIGPENDING, .waits = true,
	  .reach = TO_PFN, .result = -EINTR },
	{ .what = "mapped by who waits", .pfn = PFN, .waits = true, .map = FIXED,
	  .reach = TO_MAP, .result = FIXED },
	{ .what = "invalidation after", .pfn = PFN, .second_check = true,
	  .reach = TO_SECOND_CHECK, .result = RETRY },
	{ .what = "pin fails", .pfn = PFN, .pin = -ENOMEM, .reach = TO_PIN, .result = -EFAULT },
	{ .what = "stale", .pfn = PFN, .stale = true, .reach = TO_STALE_CHECK, .result = RETRY },
	{ .what = "lost exchange", .pfn = PFN, .map = RETRY, .reach = TO_MAP, .result = RETRY },
	{ .what = "mapped by another", .pfn = PFN, .map = SPURIOUS,
	  .reach = TO_MAP, .result = SPURIOUS },
	{ .what = "mapped", .pfn = PFN, .map = FIXED, .reach = TO_MAP, .result = FIXED },
	/* All that could go wrong later does not matter if something goes wrong now. */
	{ .what = "INVALID before all", .slot = PF_INVALID_SLOT, .first_check = true,
	  .pfn = ERR_FAULT, .reach = TO_SEQ, .result = RETRY },
	{ .what = "error pfn before second check", .pfn = ERR_FAULT, .second_check = true,
	  .reach = TO_PFN, .result = -EFAULT },
	{ .what = "second check before pin", .pfn = PFN, .second_check = true, .pin = -ENOMEM,
	  .reach = TO_SECOND_CHECK, .result = RETRY },
	{ .what = "pin before stale check", .pfn = PFN, .pin = -EINTR, .stale = true,
	  .reach = TO_PIN, .result = -EFAULT },
};

/* --- what the linker puts in --- */

unsigned long __wrap_kvm_mmu_invalidate_seq_begin(void *kvm)
{
	function_called();
	return 77;
}

bool __wrap_mmu_invalidate_retry_gfn_unsafe(void *kvm, unsigned long mmu_seq, uint64_t gfn)
{
	function_called();
	assert_int_equal(mmu_seq, 77);
	assert_int_equal(gfn, PF_GFN);
	return mock_type(bool);
}

uint64_t __wrap___gfn_to_pfn_memslot(const void *slot, uint64_t gfn, bool atomic,
				     bool interruptible, bool *async, bool write_fault,
				     bool *writable, unsigned long *hva)
{
	function_called();
	assert_false(atomic);
	assert_true(write_fault);
	*writable = true;
	*hva = PF_HVA;
	/* Who asks for the second time waits, and may be interrupted. */
	assert_true(interruptible == !async);
	if (async)
		*async = mock_type(bool);
	return mock_type(uint64_t);
}

int __wrap_kvm_x86_pin_pfn(void *vcpu, void *slot, uint64_t gfn, unsigned long hva, uint64_t pfn,
			   bool write, int level)
{
	function_called();
	assert_int_equal(gfn, PF_GFN);
	assert_int_equal(hva, PF_HVA);
	assert_int_equal(pfn, PFN);
	assert_true(write);
	assert_int_equal(level, 1);
	return mock_type(int);
}

void __wrap_read_lock(void *lock)
{
	function_called();
}

void __wrap_read_unlock(void *lock)
{
	function_called();
}

bool __wrap_mmu_invalidate_retry_fault(void *kvm, unsigned long mmu_seq, uint64_t gfn,
				       unsigned long hva)
{
	function_called();
	assert_int_equal(mmu_seq, 77);
	assert_int_equal(hva, PF_HVA);
	return mock_type(bool);
}

int __wrap_kvm_tdp_mmu_map(void *vcpu, void *fault)
{
	function_called();
	/* H.21: the page that was taken is the one to give back. */
	pf_align_pfn(fault);
	return mock_type(int);
}

void __wrap_kvm_release_pfn_clean(uint64_t pfn)
{
	function_called();
	check_expected(pfn);
}

/* Has the vCPU a kworker, does that bring this page already, can it be told to? */
static struct {
	bool can, outstanding, refused;
} async;

bool __wrap_kvm_can_do_async_pf(void *vcpu)
{
	return async.can;
}

bool __wrap_kvm_find_async_pf_gfn(void *vcpu, uint64_t gfn)
{
	assert_int_equal(gfn, PF_GFN);
	return async.outstanding;
}

bool __wrap_kvm_setup_async_pf(void *vcpu, uint64_t cr2_or_gpa, unsigned long hva, const void *arch)
{
	function_called();
	assert_int_equal(cr2_or_gpa, PF_GFN << 12);
	assert_int_equal(hva, PF_HVA);
	return !async.refused;
}

static void expect_release(uint64_t pfn)
{
	expect_function_call(__wrap_kvm_release_pfn_clean);
	expect_value(__wrap_kvm_release_pfn_clean, pfn, pfn);
}

/* --- the table --- */

static void expect_faultin(const struct row *row)
{
	expect_function_call(__wrap_kvm_mmu_invalidate_seq_begin);
	if (row->reach < TO_FIRST_CHECK)
		return;
	expect_function_call(__wrap_mmu_invalidate_retry_gfn_unsafe);
	will_return(__wrap_mmu_invalidate_retry_gfn_unsafe, row->first_check);
	if (row->reach < TO_PFN)
		return;
	expect_function_call(__wrap___gfn_to_pfn_memslot);
	will_return(__wrap___gfn_to_pfn_memslot, row->waits);
	will_return(__wrap___gfn_to_pfn_memslot, row->waits ? ERR_FAULT : row->pfn);
	if (row->waits) {
		expect_function_call(__wrap___gfn_to_pfn_memslot);
		will_return(__wrap___gfn_to_pfn_memslot, row->pfn);
	}
	if (row->reach < TO_SECOND_CHECK)
		return;
	expect_function_call(__wrap_mmu_invalidate_retry_gfn_unsafe);
	will_return(__wrap_mmu_invalidate_retry_gfn_unsafe, row->second_check);
}

static void expect_locked(const struct row *row)
{
	expect_function_call(__wrap_read_lock);
	expect_function_call(__wrap_mmu_invalidate_retry_fault);
	will_return(__wrap_mmu_invalidate_retry_fault, row->stale);
	if (row->reach >= TO_MAP) {
		expect_function_call(__wrap_kvm_tdp_mmu_map);
		will_return(__wrap_kvm_tdp_mmu_map, row->map);
	}
	expect_function_call(__wrap_read_unlock);
}

static void expect_row(const struct row *row)
{
	expect_faultin(row);
	if (row->reach >= TO_PIN) {
		expect_function_call(__wrap_kvm_x86_pin_pfn);
		will_return(__wrap_kvm_x86_pin_pfn, row->pin);
	}
	if (row->reach >= TO_STALE_CHECK)
		expect_locked(row);
	/* Who has the page puts it, whatever became of the fault. */
	if (row->reach >= TO_SECOND_CHECK)
		expect_release(PFN);
}

static void build(void)
{
	if (rolled_build()) {
		pf_build();
		rolled_mark();
	}
}

static void page_fault_goes_as_far_as_it_can(void **state)
{
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int r;

		build();
		expect_row(&rows[i]);
		r = pf_fault(rows[i].slot);
		if (r != rows[i].result)
			print_error("%s\n", rows[i].what);
		assert_int_equal(r, rows[i].result);
	}
}

/* H.11: asked once, without waiting, the fault leaves the page to the kworker. */
static void expect_asked_once(void)
{
	build();
	expect_function_call(__wrap_kvm_mmu_invalidate_seq_begin);
	expect_function_call(__wrap_mmu_invalidate_retry_gfn_unsafe);
	will_return(__wrap_mmu_invalidate_retry_gfn_unsafe, false);
	expect_function_call(__wrap___gfn_to_pfn_memslot);
	will_return(__wrap___gfn_to_pfn_memslot, true);
	will_return(__wrap___gfn_to_pfn_memslot, ERR_FAULT);
}

static void async_fault_is_retried_when_the_page_is_there(void **state)
{
	async.can = true;
	expect_asked_once();
	expect_function_call(__wrap_kvm_setup_async_pf);
	assert_int_equal(pf_fault(PF_SLOT), RETRY);
	assert_false(pf_halted());
	/* The page is on its way already: the vCPU is halted once more. */
	async.outstanding = true;
	expect_asked_once();
	assert_int_equal(pf_fault(PF_SLOT), RETRY);
	assert_true(pf_halted());
}

/* Who cannot leave it to a kworker asks for the second time, and waits. */
static void async_fault_that_is_refused_waits(void **state)
{
	const struct row row = { .pfn = PFN, .waits = true, .map = FIXED, .reach = TO_MAP };

	async.can = true;
	async.refused = true;
	expect_asked_once();
	expect_function_call(__wrap_kvm_setup_async_pf);
	expect_function_call(__wrap___gfn_to_pfn_memslot);
	will_return(__wrap___gfn_to_pfn_memslot, ERR_SIGPENDING);
	assert_int_equal(pf_fault(PF_SLOT), -EINTR);
	/* So does the fault of a vCPU that was woken: nobody is to be told again. */
	build();
	expect_row(&row);
	assert_int_equal(pf_prefetch(), FIXED);
}

/* What is there needs no kworker, and what cannot come gets none. */
static void async_fault_without_need_is_none(void **state)
{
	async.can = true;
	build();
	expect_row(&(struct row){ .pfn = PFN, .map = FIXED, .reach = TO_MAP });
	assert_int_equal(pf_fault(PF_SLOT), FIXED);
	build();
	expect_row(&(struct row){ .pfn = ERR_FAULT, .reach = TO_PFN });
	assert_int_equal(pf_fault(PF_SLOT), -EFAULT);
}

static int forget_async(void **state)
{
	async.can = false;
	async.outstanding = false;
	async.refused = false;
	return 0;
}

/* H.17: a root that was made invalid is stale whatever the sequence says. */
static void page_fault_invalid_root_is_stale(void **state)
{
	struct row row = { .pfn = PFN, .reach = TO_PIN };

	build();
	pf_invalidate_root();
	expect_faultin(&row);
	expect_function_call(__wrap_kvm_x86_pin_pfn);
	will_return(__wrap_kvm_x86_pin_pfn, 0);
	expect_function_call(__wrap_read_lock);
	expect_function_call(__wrap_read_unlock);
	expect_release(PFN);
	assert_int_equal(pf_fault(PF_SLOT), RETRY);
}

/* H.6, H.4: what is mapped then is that there is nothing; no hook, no page. */
static void expect_nothing_mapped(int result)
{
	build();
	expect_function_call(__wrap_kvm_mmu_invalidate_seq_begin);
	expect_function_call(__wrap_read_lock);
	expect_function_call(__wrap_kvm_tdp_mmu_map);
	will_return(__wrap_kvm_tdp_mmu_map, result);
	expect_function_call(__wrap_read_unlock);
	expect_release(NOSLOT);
}

static void page_fault_without_slot_maps_that(void **state)
{
	expect_nothing_mapped(EMULATE);
	assert_int_equal(pf_fault(PF_NO_SLOT), EMULATE);
}

/* H.2: back to the guest, or to user space; an errno ends KVM_RUN. */
static void page_fault_at_exit_tells_where_to_go(void **state)
{
	static const struct { int result, exit; } is[] = {
		{ RETRY, 1 }, { FIXED, 1 }, { SPURIOUS, 1 }, { EMULATE, 0 }, { -EFAULT, -EFAULT },
	};
	unsigned int i;

	for (i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
		expect_nothing_mapped(is[i].result);
		assert_int_equal(pf_exit(), is[i].exit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(page_fault_goes_as_far_as_it_can),
		ROLLED(page_fault_invalid_root_is_stale),
		ROLLED(page_fault_without_slot_maps_that),
		ROLLED(page_fault_at_exit_tells_where_to_go),
		ROLLED(async_fault_is_retried_when_the_page_is_there, .setup = forget_async),
		ROLLED(async_fault_that_is_refused_waits, .setup = forget_async),
		ROLLED(async_fault_without_need_is_none, .setup = forget_async),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
