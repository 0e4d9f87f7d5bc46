/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hashing a trace.
 *
 * The accesses of one byte fall into groups: of one kind that commutes, one
 * after the other without another in between; a write is a group of its own.
 * Steps of one group do not follow each other, but all of the group before.
 * Bytes of a word to which the same has happened so far share a slot, and part
 * when a step touches only some of them.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/bug.h"
#include "sim/engine/footprint.h"
#include "sim/explore/traces.h"

#define FIRST_SLOTS	4096

enum group { NOBODY, READS, ADDS, SHARES, WRITES };

/**
 * struct traces_bytes - some bytes of one word, to which the same has happened
 * @addr: of the word; 0: a free slot
 * @before: stands for all that happened to them before the last group
 * @members: sum over the steps of the last group
 * @group: what that is
 * @step: what the running step does to them; NOBODY: nothing
 * @mask: which bytes; no other slot has any of them
 */
struct traces_bytes {
	uint64_t addr;
	uint64_t before, members;
	uint8_t group, step, mask;
};

static uint64_t mix(uint64_t a, uint64_t b)
{
	a = (a ^ b) * 0x9e3779b97f4a7c15ULL;
	a ^= a >> 32;
	a *= 0xd6e8feb86659fd93ULL;
	return a ^ a >> 29;
}

void traces_init(struct traces *t)
{
	memset(t, 0, sizeof(*t));
}

void traces_free(struct traces *t)
{
	free(t->bytes);
	free(t->touched);
	traces_init(t);
}

/* The first slot in which @addr, or more of it, may be. */
static size_t first_slot(uint64_t addr)
{
	return mix(0, addr);
}

/* Put @b into a free slot. Return: which. */
static size_t insert(struct traces_bytes *bytes, size_t mask, const struct traces_bytes *b)
{
	size_t at = first_slot(b->addr);

	while (bytes[at & mask].addr)
		at++;
	bytes[at & mask] = *b;
	return at & mask;
}

static void touch(struct traces *t, size_t slot)
{
	if (t->nr_touched == t->max_touched) {
		t->max_touched = t->max_touched ? 2 * t->max_touched : 256;
		t->touched = reallocarray(t->touched, t->max_touched, sizeof(*t->touched));
		if (!t->touched)
			SIM_BUG("out of memory");
	}
	t->touched[t->nr_touched++] = slot;
}

/* Twice the slots. What the running step touched is found where it is now. */
static void grow(struct traces *t)
{
	size_t n = t->bytes ? 2 * (t->mask + 1) : FIRST_SLOTS, i;
	struct traces_bytes *had = t->bytes;

	t->bytes = calloc(n, sizeof(*t->bytes));
	if (!t->bytes)
		SIM_BUG("out of memory");
	t->nr_touched = 0;
	for (i = 0; had && i <= t->mask; i++) {
		size_t slot;

		if (!had[i].addr)
			continue;
		slot = insert(t->bytes, n - 1, &had[i]);
		if (had[i].step != NOBODY)
			touch(t, slot);
	}
	free(had);
	t->mask = n - 1;
}

void traces_begin(struct traces *t)
{
	if (t->bytes)
		memset(t->bytes, 0, (t->mask + 1) * sizeof(*t->bytes));
	t->nr = 0;
	memset(t->task, 0, sizeof(t->task));
	t->sum = 0;
	sim_footprint_clear();
}

static enum group group_of(enum sim_access_kind kind)
{
	switch (kind) {
	case SIM_ACCESS_READ:
		return READS;
	case SIM_ACCESS_ADD:
		return ADDS;
	case SIM_ACCESS_ACQUIRE_SHARED:
	case SIM_ACCESS_RELEASE_SHARED:
		return SHARES;
	case SIM_ACCESS_WANT:
		/* It does not touch the lock yet. */
		return NOBODY;
	default:
		return WRITES;
	}
}

/* A step may do several things to a byte: two kinds together commute with none. */
static void note(struct traces *t, size_t slot, enum group group)
{
	struct traces_bytes *b = &t->bytes[slot];

	if (b->step == NOBODY)
		touch(t, slot);
	b->step = b->step == NOBODY || b->step == group ? group : WRITES;
}

static void add(struct traces *t, const struct traces_bytes *b)
{
	size_t slot = insert(t->bytes, t->mask, b);

	t->nr++;
	if (b->step != NOBODY)
		touch(t, slot);
}

/* From now on something else may happen to the bytes of @b not in @mask. */
static void split(struct traces *t, struct traces_bytes *b, uint8_t mask)
{
	struct traces_bytes rest = *b;

	if (!(b->mask & ~mask))
		return;
	rest.mask &= ~mask;
	b->mask &= mask;
	add(t, &rest);
}

static void note_access(struct traces *t, uint64_t addr, uint8_t mask, enum group group)
{
	size_t at = first_slot(addr);
	struct traces_bytes *b;

	/* It adds less than one for each byte; slots stay where they are meanwhile. */
	if (!t->bytes || t->nr + 8 > t->mask / 2)
		grow(t);
	for (; mask && (b = &t->bytes[at & t->mask])->addr; at++) {
		if (b->addr != addr || !(b->mask & mask))
			continue;
		split(t, b, mask);
		note(t, at & t->mask, group);
		mask &= ~b->mask;
	}
	if (mask)
		add(t, &(struct traces_bytes){ .addr = addr, .mask = mask, .step = group });
}

static void note_all(struct traces *t, const sim_access_t *foot, size_t n)
{
	size_t i;

	t->nr_touched = 0;
	for (i = 0; i < n; i++) {
		enum group group = group_of(SIM_ACCESS_KIND(foot[i]));

		if (group != NOBODY)
			note_access(t, SIM_ACCESS_ADDR(foot[i]), SIM_ACCESS_BYTES(foot[i]), group);
	}
}

/* The running step joins a group at some bytes. Return: over them, what it follows. */
static uint64_t join(struct traces_bytes *b)
{
	uint64_t sum = 0;
	int k;

	if (b->group != b->step || b->step == WRITES) {
		b->before = mix(mix(b->before, b->group), b->members);
		b->members = 0;
		b->group = b->step;
	}
	/* Byte by byte, for others may have found the same bytes apart. */
	for (k = 0; k < 8; k++)
		if (b->mask >> k & 1)
			sum += mix(b->addr + k, b->before);
	return sum;
}

void traces_step(struct traces *t, unsigned int task)
{
	const sim_access_t *foot;
	uint64_t follows = 0, step;
	size_t n, i;

	foot = sim_footprint(&n);
	note_all(t, foot, n);
	for (i = 0; i < t->nr_touched; i++)
		follows += join(&t->bytes[t->touched[i]]);
	step = mix(mix(t->task[task], task + 1), follows);
	t->task[task] = step;
	t->sum += mix(step, 1);
	for (i = 0; i < t->nr_touched; i++) {
		struct traces_bytes *b = &t->bytes[t->touched[i]];

		b->members += step;
		b->step = NOBODY;
	}
	sim_footprint_clear();
}
