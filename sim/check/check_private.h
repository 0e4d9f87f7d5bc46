/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the checks share: how they speak, and how they ask the ledger.
 */
#ifndef SIM_CHECK_CHECK_PRIVATE_H
#define SIM_CHECK_CHECK_PRIVATE_H

#include "fakes/objects.h"
#include "sim/check/check.h"
#include "sim/engine/image.h"

extern const struct check check_ref_leak;
extern const struct check check_ref_underflow;
extern const struct check check_double_unpin;
extern const struct check check_owner_mismatch;
extern const struct check check_refcount_overflow;
extern const struct check check_use_after_free;
extern const struct check check_metadata_bounds;
extern const struct check check_memory_leak;
extern const struct check check_longterm_placement;
extern const struct check check_guest_corruption;
extern const struct check check_mapped_unpinned;
extern const struct check check_record_mismatch;
extern const struct check check_memlock_exceeded;
extern const struct check check_memlock_drift;
extern const struct check check_stale_spte;
extern const struct check check_cache_stale;
extern const struct check check_sleep_in_atomic;
extern const struct check check_lock_order;
extern const struct check check_deadlock;
extern const struct check check_livelock;
extern const struct check check_no_progress;
extern const struct check check_cma_blocked;
extern const struct check check_offline_blocked;
extern const struct check check_data_race;
extern const struct check check_kernel_warn;
extern const struct check check_kernel_bug;

/* Fill a violation from the record that showed it. Return: true, for look(). */
bool check_say(struct violation *ret, const struct sim_record *rec, sim_obj_t obj,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The same at an end; check_watch_end() has set the time. */
bool check_say_at_end(struct violation *ret, sim_obj_t obj, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Names, each in a buffer of its own: use each at most once per sentence. */
struct check_words {
	char obj[NAME_SIZE], other[NAME_SIZE], owner[NAME_SIZE], task[NAME_SIZE];
	char site[SIM_SITE_SIZE];
};

/* The object that the sentence is about. */
const char *say_obj(const struct check_ctx *ctx, sim_obj_t obj, struct check_words *w);
/* A second object in the same sentence. */
const char *say_other(const struct check_ctx *ctx, sim_obj_t obj, struct check_words *w);
/* On whose behalf a reference is held. */
const char *say_owner(const struct check_ctx *ctx, sim_owner_t owner, struct check_words *w);
/* Who did it; -1 is set-up. */
const char *say_task(const struct check_ctx *ctx, int task, struct check_words *w);

/* "f()", with its line if it is loaded code's; a site may be missing. */
const char *say_site(const char *site, struct check_words *w);
/* "plain" or "FOLL_PIN", or the ledger's word for another kind. */
const char *say_kind(uint8_t kind);

/* The VM whose hook owns a reference. Return: false if none does. */
bool owner_vm(sim_owner_t owner, unsigned int *ret_vm);

/* References on a page that hooks of @vm own, of @kind (0: plain and FOLL_PIN). */
uint32_t page_held_by_vm(uint64_t pfn, unsigned int vm, uint8_t kind);

/* Is it the zero page? */
bool is_zero_page(uint64_t pfn);

/* Is this the release of a lock whose class is called so? */
bool is_unlock_of(const struct sim_record *rec, const char *class);

/* The parts of an OBJ_SPTE. */
static inline unsigned int spte_vm(sim_obj_t obj)
{
	return (unsigned int)(SIM_OBJ_ID(obj) >> 48);
}

static inline unsigned int spte_role(sim_obj_t obj)
{
	return (unsigned int)(SIM_OBJ_ID(obj) >> 44) & 0xf;
}

static inline uint64_t spte_gfn(sim_obj_t obj)
{
	return SIM_OBJ_ID(obj) & 0xfffffffffffULL;
}

#endif
