/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults of vCPU 0 of VM 0 one by one, and what a race cannot bring about. */
#ifndef TESTS_MMU_OUTCOME_WORLD_H
#define TESTS_MMU_OUTCOME_WORLD_H

#include <stdbool.h>
#include <stdint.h>

/* Bits of the error code. */
#define OW_PRESENT	1u
#define OW_WRITE	2u
#define OW_RSVD		8u

/* kvm_mmu_do_page_fault() with a root loaded: RET_PF_* or -errno. */
int ow_fault(uint64_t gfn, unsigned int error_code);
/* The same with whatever root there is. */
int ow_fault_with_root(uint64_t gfn, unsigned int error_code);
/* kvm_mmu_page_fault(): 1, 0 or -errno. */
int ow_exit(uint64_t gfn, unsigned int error_code);

/* The page at @addr, which is there, is broken from here on. */
void ow_poison(uint64_t addr);
/* Slot 0 is being deleted or moved; or it is not. */
void ow_slot_invalid(bool invalid);
void ow_obsolete_roots(void);
/* A notifier window over the page at @addr opens or closes. */
void ow_window(uint64_t addr, bool open);
/* Writes to the page are watched by one more, or one less. */
int ow_track(uint64_t gfn, bool on);
/* A signal for the calling thread: SIGKILL or another; and none at all. */
void ow_signal(bool kill);
void ow_no_signal(void);
int ow_pending(void);
/* The next @times pages, or the next thing allocated, are not had; or all are again. */
void ow_fail_page(uint64_t times);
void ow_fail_slab(void);
void ow_fail_nothing(void);

#endif
