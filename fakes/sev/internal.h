/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of fakes/sev share: the room's root object. */
#ifndef FAKES_SEV_INTERNAL_H
#define FAKES_SEV_INTERNAL_H

#include <linux/kvm_host.h>
#include <svm/svm.h>

#include "fakes/kvm/internal.h"
#include "fakes/objects.h"
#include "fakes/sev/contents.h"
#include "fakes/sev/probe.h"
#include "fakes/sev/wordmap.h"
#include "sim/core/world.h"

/* The host's key; a guest's is its VM's number + 1. */
#define KEY_HOST	0

/**
 * struct sev_world - the root object of fakes/sev
 * @asids: those in use, a bit each; bit 0 is the host's
 * @handles: names that the firmware has given out
 * @dirty: per frame: the keys whose lines are dirty, a bit each
 * @written: per VM and gfn: what the guest wrote there last (contents.c)
 * @freed_dirty: pages freed under a guest's dirty lines
 */
struct sev_world {
	u64 asids;
	u32 handles;
	struct wordmap dirty;
	struct wordmap written[KVM_MAX_VMS];
	u64 freed_dirty;
};

static inline struct sev_world *sev_world(void)
{
	return sim_room(SIM_ROOM_SEV);
}

/* History: how often caches were flushed. */
static inline struct probe_sev_counts *sev_counts(void)
{
	return sim_room_history(SIM_ROOM_SEV);
}

static inline u8 sev_key(struct kvm *kvm)
{
	return sev_guest(kvm) ? kvm->number + 1 : KEY_HOST;
}

/* --- cache.c --- */
void sev_cache_dirty(unsigned long pfn, u8 key);

#endif
