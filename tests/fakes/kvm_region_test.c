/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What KVM_SET_USER_MEMORY_REGION refuses, in every kernel: each bad argument,
 * with whatever would be refused later added to it, so that the order of the
 * checks shows where their errnos differ (G.1-G.6, G.11, G.15, M.3).
 */
#include "tests/fakes/kvm_tests.h"

#define GPA(gfn)	((uint64_t)(gfn) << 12)
#define BYTES(npages)	((uint64_t)(npages) << 12)
#define USER_END	(1ULL << 47)
#define GUEST_END	(1ULL << 48)
#define LOG_DIRTY	1u
#define READONLY	2u
#define GUEST_MEMFD	4u

/* KVM_X86_*_VM */
#define SW_PROTECTED_VM	1
#define SEV_ES_VM	3
#define SNP_VM		4

/* Slot 0 has KW_PAGES pages at KW_GFN, slot 1 one page at OTHER_GFN. */
#define OTHER_GFN	(KW_GFN + 64)

static const char * const profiles[] = { "5.17", "6.1", "6.12" };
#define NR_PROFILES	(sizeof(profiles) / sizeof(profiles[0]))

enum later {
	NOTHING,
	HOOK = 1,		/* the design's hook fails */
	SECOND_ALLOC = 2,	/* what is allocated behind the slot */
	FIRST_ALLOC = 4,	/* the slot */
	ALL = HOOK | FIRST_ALLOC,
};

struct refused {
	const char *what;
	struct kw_region region;
	enum later later;
	int err;
};

static const struct refused rows[] = {
	/* G.2: about the arguments alone. */
	{ "unknown flag", { 2, 8, GPA(OTHER_GFN), BYTES(1), KW_AT(0) }, ALL, -EINVAL },
	{ "guest_memfd in the old ioctl",
	  { 2, GUEST_MEMFD, GPA(OTHER_GFN), BYTES(1), KW_AT(0) }, ALL, -EINVAL },
	{ "odd size", { 2, 0, GPA(OTHER_GFN), BYTES(1) + 2048, KW_AT(0) }, ALL, -EINVAL },
	{ "odd gpa", { 2, 0, GPA(OTHER_GFN) + 1, BYTES(1), KW_AT(0) }, ALL, -EINVAL },
	{ "odd hva", { 2, 0, GPA(OTHER_GFN), BYTES(1), KW_AT(0) + 8 }, ALL, -EINVAL },
	{ "kernel's hva", { 2, 0, GPA(OTHER_GFN), BYTES(1), USER_END }, ALL, -EINVAL },
	{ "hva up to the kernel's",
	  { 2, 0, GPA(OTHER_GFN), BYTES(2), USER_END - BYTES(1) }, ALL, -EINVAL },
	{ "private slot", { 32764, 0, GPA(OTHER_GFN), BYTES(1), KW_AT(0) }, ALL, -EINVAL },
	{ "no such slot", { 0xffff, 0, GPA(OTHER_GFN), BYTES(1), KW_AT(0) }, ALL, -EINVAL },
	{ "third address space", { 2 << 16, 0, GPA(OTHER_GFN), BYTES(1), KW_AT(0) }, ALL, -EINVAL },
	{ "gpa wraps", { 2, 0, -(uint64_t)BYTES(1), BYTES(2), KW_AT(0) }, ALL, -EINVAL },
	{ "too many pages", { 2, 0, 0, BYTES(1ULL << 31), 0 }, ALL, -EINVAL },

	/* G.3: no size. */
	{ "delete nothing", { 2, 0, 0, 0, 0 }, ALL, -EINVAL },
	{ "delete nothing, oddly", { 2, 0, 1, 0, 0 }, ALL, -EINVAL },
	{ "delete in the wrong space", { 1 << 16, 0, 0, 0, 0 }, ALL, -EINVAL },

	/* G.4: what a slot can not become, even where another one is. */
	{ "other hva", { 0, 0, GPA(OTHER_GFN), BYTES(KW_PAGES), KW_AT(1) }, ALL, -EINVAL },
	{ "other size", { 0, 0, GPA(OTHER_GFN), BYTES(KW_PAGES - 1), KW_AT(0) }, ALL, -EINVAL },
	{ "read-only", { 0, READONLY, GPA(OTHER_GFN), BYTES(KW_PAGES), KW_AT(0) }, ALL, -EINVAL },

	/* G.5: overlap, before anything is allocated. */
	{ "create over another", { 2, 0, GPA(KW_GFN), BYTES(1), KW_AT(0) }, ALL, -EEXIST },
	{ "create over two", { 2, 0, GPA(KW_GFN - 1), BYTES(128), KW_AT(0) }, ALL, -EEXIST },
	{ "move over another",
	  { 0, 0, GPA(OTHER_GFN - 1), BYTES(KW_PAGES), KW_AT(0) }, ALL, -EEXIST },

	/* G.6, G.15: the slot, then the architecture, then the design. */
	{ "no slot", { 2, 0, GUEST_END, BYTES(1), KW_AT(0) }, ALL, -ENOMEM },
	{ "beyond the largest gfn",
	  { 2, 0, GUEST_END, BYTES(1), KW_AT(0) }, HOOK | SECOND_ALLOC, -EINVAL },
	{ "up to beyond it",
	  { 2, 0, GUEST_END - BYTES(1), BYTES(2), KW_AT(0) }, HOOK | SECOND_ALLOC, -EINVAL },
	{ "no metadata", { 2, 0, 0, BYTES(1), KW_AT(0) }, HOOK | SECOND_ALLOC, -ENOMEM },
	{ "no dirty bitmap",
	  { 2, LOG_DIRTY, GUEST_END, BYTES(1), KW_AT(0) }, HOOK | SECOND_ALLOC, -ENOMEM },
	{ "flags, no dirty bitmap",
	  { 0, LOG_DIRTY, GPA(KW_GFN), BYTES(KW_PAGES), KW_AT(0) }, SECOND_ALLOC, -ENOMEM },
	{ "the design", { 2, 0, 0, BYTES(1), KW_AT(0) }, HOOK, -ENOSPC },
};

#define NR_ROWS	(sizeof(rows) / sizeof(rows[0]))

static void build_two_slots(const char *profile, unsigned long type)
{
	build_as(&(struct kw_machine){ .profile = profile, .sev = !type, .type = type });
	assert_int_equal(kw_slot(0, KW_GFN, KW_PAGES, 0), 0);
	assert_int_equal(kw_slot(1, OTHER_GFN, 1, 0), 0);
	kw_forget();
}

static void fail_later(enum later later)
{
	kw_fail_hook(later & HOOK ? -ENOSPC : 0);
	if (later & (FIRST_ALLOC | SECOND_ALLOC))
		kw_fail_alloc_after(later & FIRST_ALLOC ? 0 : 1);
	else
		kw_fail_alloc_after(-1);
}

static void assert_two_slots(void)
{
	struct probe_slot s;

	assert_int_equal(vm().nr_slots, 2);
	assert_true(probe_slot(0, 0, &s));
	assert_int_equal(s.base_gfn, KW_GFN);
	assert_int_equal(s.npages, KW_PAGES);
	assert_false(s.readonly || s.invalid);
	assert_true(probe_slot(0, 1, &s));
	assert_int_equal(s.base_gfn, OTHER_GFN);
	assert_false(s.invalid);
}

static void bad_argument_has_the_errno_of_the_first_check(void **state)
{
	unsigned int p, i;

	for (p = 0; p < NR_PROFILES; p++) {
		build_two_slots(profiles[p], 0);
		for (i = 0; i < NR_ROWS; i++) {
			int err;

			fail_later(rows[i].later);
			err = kw_set(&rows[i].region);
			fail_later(NOTHING);
			if (err != rows[i].err)
				print_error("%s, %s: %d, expected %d\n", profiles[p],
					    rows[i].what, err, rows[i].err);
			assert_int_equal(err, rows[i].err);
			assert_two_slots();
		}
	}
}

/* G.1: before any of that, in this order. */
static void caller_then_pointer_then_arguments(void **state)
{
	unsigned int p;

	for (p = 0; p < NR_PROFILES; p++) {
		build_two_slots(profiles[p], 0);
		assert_int_equal(kw_foreign(), -EIO);
		assert_int_equal(kw_null_ioctl(KW_NULL_SLOT), -EFAULT);
		kw_kill();
		assert_int_equal(kw_null_ioctl(KW_NULL_SLOT), -EIO);
		assert_int_equal(kw_set(&rows[0].region), -EIO);
	}
}

/* G.3, G.4: the count of all pages, which nothing else can upset. */
static void count_of_pages_is_checked_at_both_ends(void **state)
{
	unsigned int p;

	for (p = 0; p < NR_PROFILES; p++) {
		unsigned long was;

		build_two_slots(profiles[p], 0);
		was = kw_count_pages(KW_PAGES - 1);
		assert_int_equal(was, KW_PAGES + 1);
		assert_int_equal(kw_slot_delete(0), -EIO);
		assert_no_events();
		kw_count_pages(~0UL);
		assert_int_equal(kw_slot(2, 0, 1, 0), -EINVAL);
		kw_count_pages(was);
		assert_two_slots();
		assert_int_equal(kw_slot_delete(0), 0);
		assert_int_equal(kw_count_pages(1), 1);
	}
}

/* G.11, G.15: a move is refused when the slot is INVALID already. */
static void refused_move_puts_the_old_slot_back(void **state)
{
	static const struct {
		uint64_t gpa;
		enum later later;
		int err;
	} moves[] = {
		{ GUEST_END, HOOK, -EINVAL },
		{ 0, HOOK, -ENOSPC },
	};
	unsigned int p, i;

	/* 5.17 has no hook for memory that is reclaimed. */
	for (p = 1; p < NR_PROFILES; p++) {
		build_two_slots(profiles[p], 0);
		for (i = 0; i < 2; i++) {
			struct kw_region r = { 0, 0, moves[i].gpa, BYTES(KW_PAGES), KW_AT(0) };
			uint64_t metadata = kw_metadata(KW_GFN);

			fail_later(moves[i].later);
			assert_int_equal(kw_set(&r), moves[i].err);
			fail_later(NOTHING);
			if (moves[i].gpa)
				assert_events(KW_PUBLISHED, KW_FLUSH_SLOT, KW_RECLAIMED,
					      KW_PUBLISHED);
			else
				assert_events(KW_PUBLISHED, KW_FLUSH_SLOT, KW_RECLAIMED,
					      KW_ALLOC_MOVE, KW_PUBLISHED);
			assert_two_slots();
			assert_int_equal(kw_metadata(KW_GFN), metadata);
		}
	}
}

/* G.15: nothing is allocated for these, so no hook can refuse them. */
static void hook_has_no_say_in_flags_and_deletion(void **state)
{
	struct kw_region flags = { 0, LOG_DIRTY, GPA(KW_GFN), BYTES(KW_PAGES), KW_AT(0) };
	unsigned int p;

	for (p = 0; p < NR_PROFILES; p++) {
		build_two_slots(profiles[p], 0);
		fail_later(HOOK);
		assert_int_equal(kw_set(&flags), 0);
		assert_int_equal(kw_slot_delete(0), 0);
		fail_later(NOTHING);
	}
}

/* G.1, G.2: what 6.12 knows by the type of the VM, and nobody did before. */
static void type_of_vm_decides_on_readonly_and_smm(void **state)
{
	static const struct {
		unsigned long type;
		int readonly, smm;	/* in 6.12 */
	} types[] = {
		{ SW_PROTECTED_VM, 0, -EINVAL },
		{ SEV_ES_VM, -EINVAL, 0 },
		{ SNP_VM, -EINVAL, -EINVAL },
	};
	unsigned int p, i;

	for (p = 0; p < NR_PROFILES; p++) {
		bool knows = p == NR_PROFILES - 1;

		for (i = 0; i < 3; i++) {
			struct kw_region readonly = { 2, READONLY, 0, BYTES(1), KW_AT(0) };

			build_two_slots(profiles[p], types[i].type);
			assert_int_equal(kw_set(&readonly), knows ? types[i].readonly : 0);
			assert_int_equal(kw_slot(1 << 16, 0, 1, 0), knows ? types[i].smm : 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(bad_argument_has_the_errno_of_the_first_check),
		ROLLED(caller_then_pointer_then_arguments),
		ROLLED(count_of_pages_is_checked_at_both_ends),
		ROLLED(refused_move_puts_the_old_slot_back),
		ROLLED(hook_has_no_say_in_flags_and_deletion),
		ROLLED(type_of_vm_decides_on_readonly_and_smm),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
