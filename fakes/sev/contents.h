/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory contents and caches of the simulated machine: for the fakes beside
 * this room and for the statements of a race.  What KVM's own code may call is
 * in svm/svm.h.
 */
#ifndef FAKES_SEV_CONTENTS_H
#define FAKES_SEV_CONTENTS_H

#include <stdbool.h>
#include <stdint.h>

struct kvm;
struct kvm_memslots;

/* Make the room's root object. Context: host; again is fine. */
void sev_world_init(void);

/* The tag of a page that a process has written @value (not 0) to. */
uint64_t sev_host_tag(uint16_t value);
/* A process writes or reads its page, in the caller's step (contents.c). */
void sev_host_write(unsigned long pfn, uint16_t value);
/* Return: what was written there, 0 for zeroes, -1 for a guest's ciphertext. */
int sev_host_read(unsigned long pfn);

/*
 * The guest can not expect to find again what it wrote to [start, end), as far as
 * that is its own memory (@private), or as far as its VMM has it mapped.
 */
void sev_guest_forget(struct kvm *kvm, uint64_t start, uint64_t end, bool private);

/*
 * [@hva, @hva + @len) was encrypted for the guest before it runs: it may expect
 * to find there what stands there now. No step.
 */
void sev_guest_expect(struct kvm *kvm, uint64_t hva, uint64_t len);

/* A set of memslots is published: what lies elsewhere now is not lost. No step. */
void sev_guest_slots_change(struct kvm *kvm, struct kvm_memslots *old,
			    struct kvm_memslots *new);

/* The page goes back to the allocator: told if a guest's lines are still dirty. */
void sev_cache_page_freed(unsigned long pfn, const char *site);

#endif
