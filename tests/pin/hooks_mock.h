/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel below a design, scripted by CMocka: the linker puts these in the
 * place of the functions of that name (tests/pin/meson.build lists them). A
 * page is its frame number in disguise.
 */
#ifndef TESTS_PIN_HOOKS_MOCK_H
#define TESTS_PIN_HOOKS_MOCK_H

#include "tests/pin/hooks_world.h"
#include "tests/rolled.h"

#define PAGE(pfn)	((void *)((uintptr_t)(pfn) << 12))
#define LEVEL_4K	1
#define LEVEL_2M	2
#define LEVEL_1G	3
#define LEVEL_512G	4

enum { MOCK_FOLL_WRITE = 1 << 0, MOCK_FOLL_LONGTERM = 1 << 8 };

#define HVA		0x7f0000000000UL
#define GFN		0x100UL

/* What mocked calls do that are not worth a script of their own. */
struct hooks_mock {
	bool sev;
	bool reserved;
	bool cap_ipc_lock;
	unsigned long memlock;		/* bytes */
	int fail_alloc;			/* which allocation fails, counted from 1; 0: none */
	unsigned int warns;
	struct kvm *kvm;
	struct kvm_memory_slot *slot;	/* what gfn_to_memslot() finds */
	uint64_t live_bytes;
};
extern struct hooks_mock hooks;

/* An SEV VM with a slot of 4 pages at GFN, no limit. */
int hooks_setup(void **state);

static inline void expect_get(uint64_t pfn)
{
	expect_value(__wrap_get_page, page, PAGE(pfn));
}

static inline void expect_put(uint64_t pfn)
{
	expect_value(__wrap_put_page, page, PAGE(pfn));
}

static inline void expect_unpin(uint64_t pfn)
{
	expect_value(__wrap_unpin_user_page, page, PAGE(pfn));
}

void expect_clflush(uint64_t pfn, unsigned int npages);
/* The call gets @first and what follows, or, @ret being no count, nothing. */
void expect_pin(unsigned long addr, int nr, unsigned int flags, uint64_t first, int ret);

#endif
