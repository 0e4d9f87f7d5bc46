/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of fakes/sev share: the room's root object. */
#ifndef FAKES_SEV_INTERNAL_H
#define FAKES_SEV_INTERNAL_H

#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <svm/svm.h>

#include "fakes/kvm/internal.h"
#include "fakes/objects.h"
#include "fakes/sev/contents.h"
#include "fakes/sev/probe.h"
#include "fakes/sev/wordmap.h"
#include "sim/core/world.h"

/* The host's key; a guest's is the handle that the firmware knows it by. */
#define KEY_HOST	0

/**
 * struct sev_world - the root object of fakes/sev
 * @asids: those in use, a bit each; bit 0 is the host's
 * @dirty: per frame: the keys whose lines are dirty, a bit each
 * @given: per frame: 1 if it was flushed for a guest
 * @coherent: per frame: 1 if it is an SNP guest's
 * @mirror_lock: the kernel's sev_mirror_lock: who mirrors whom
 * @mirror_lock_made: it is there
 * @written: per VM and gfn: what the guest wrote there last (contents.c)
 */
struct sev_world {
	u64 asids;
	struct mutex mirror_lock;
	bool mirror_lock_made;
	struct wordmap dirty;
	struct wordmap given;
	struct wordmap coherent;
	struct wordmap written[KVM_MAX_VMS];
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
	return sev_guest(kvm) ? to_kvm_sev_info(kvm)->handle : KEY_HOST;
}

/* Made when it is first asked for: its class comes behind all others. */
static inline struct mutex *sev_mirror_lock(void)
{
	struct sev_world *w = sev_world();

	if (!w->mirror_lock_made) {
		w->mirror_lock_made = true;
		mutex_init_class(&w->mirror_lock, "sev_mirror_lock",
				 OBJ_LOCK_OF(sim_lock_class("sev_mirror_lock"), 0));
	}
	return &w->mirror_lock;
}

/* --- two_vms.c --- */

/* Return: 0 with kvm->lock of both, or -EINVAL, -EBUSY, -EINTR. */
int sev_lock_two_vms(struct kvm *dst, struct kvm *src);
void sev_unlock_two_vms(struct kvm *dst, struct kvm *src);
/* The mutexes of all vCPUs; kvm->lock held. Return: 0 or -EINTR with none. */
int sev_lock_vcpus_for_migration(struct kvm *kvm);
void sev_unlock_vcpus_for_migration(struct kvm *kvm);

/* --- mirror.c --- */

/* Does the VM run another one's guest? */
bool is_mirroring_enc_context(struct kvm *kvm);

/* --- contents.c --- */

/* What stands in frame @pfn is encrypted in place, for the guest of @key. */
void sev_launch_write(unsigned long pfn, u8 key);
/* What was @key's guest's on another machine is written to frame @pfn. */
void sev_receive_write(unsigned long pfn, u8 key);
/* What @from's guest has written is @to's to find: it is the same guest. */
void sev_guest_moved(struct kvm *to, struct kvm *from);

/* --- cache.c --- */
void sev_cache_dirty(unsigned long pfn, u8 key);
/* The page is an SNP guest's from now on. */
void sev_cache_coherent(unsigned long pfn);
/* What is encrypted with @key is written: told if the host's lines are dirty. */
void sev_cache_encrypted(unsigned long pfn, u8 key, const char *site);

#endif
