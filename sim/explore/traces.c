/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hashing a trace.
 *
 * The accesses of one byte fall into groups: of one kind that commutes, one
 * after the other without another in between; a write is a group of its own.
 * Steps of one group do not follow each other, but all of the group before.
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
 * struct traces_byte - one byte of the world
 * @addr: which; 0: a free slot
 * @before: stands for all that happened to it before the last group
 * @members: sum over the steps of the last group
 * @group: what that is
 * @step: what the running step does to it; NOBODY: nothing
 */
struct traces_byte {
	uint64_t addr;
	uint64_t before, members;
	enum group group, step;
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
	free(t->byte);
	traces_init(t);
}

static struct traces_byte *slot_of(struct traces_byte *byte, size_t mask, uint64_t addr)
{
	size_t at = mix(0, addr);

	while (byte[at & mask].addr && byte[at & mask].addr != addr)
		at++;
	return &byte[at & mask];
}

static void grow(struct traces *t)
{
	size_t n = t->byte ? 2 * (t->mask + 1) : FIRST_SLOTS, i;
	struct traces_byte *byte = calloc(n, sizeof(*byte));

	if (!byte)
		SIM_BUG("out of memory");
	for (i = 0; t->byte && i <= t->mask; i++)
		if (t->byte[i].addr)
			*slot_of(byte, n - 1, t->byte[i].addr) = t->byte[i];
	free(t->byte);
	t->byte = byte;
	t->mask = n - 1;
}

static struct traces_byte *find(struct traces *t, uint64_t addr)
{
	struct traces_byte *b;

	if (!t->byte || t->nr > t->mask / 2)
		grow(t);
	b = slot_of(t->byte, t->mask, addr);
	if (!b->addr) {
		b->addr = addr;
		t->nr++;
	}
	return b;
}

void traces_begin(struct traces *t)
{
	if (t->byte)
		memset(t->byte, 0, (t->mask + 1) * sizeof(*t->byte));
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
static void note(struct traces_byte *b, enum group group)
{
	b->step = b->step == NOBODY || b->step == group ? group : WRITES;
}

static void note_all(struct traces *t, const sim_access_t *foot, size_t n)
{
	size_t i;
	int k;

	for (i = 0; i < n; i++) {
		enum group group = group_of(SIM_ACCESS_KIND(foot[i]));

		if (group == NOBODY)
			continue;
		for (k = 0; k < 8; k++)
			if (SIM_ACCESS_BYTES(foot[i]) >> k & 1)
				note(find(t, SIM_ACCESS_ADDR(foot[i]) + k), group);
	}
}

/* Which group a step joins at a byte. Return: what stands for all before it. */
static uint64_t join(struct traces_byte *b)
{
	if (b->group != b->step || b->step == WRITES) {
		b->before = mix(mix(b->before, b->group), b->members);
		b->members = 0;
		b->group = b->step;
	}
	return b->before;
}

static void each_byte(struct traces *t, const sim_access_t *foot, size_t n, uint64_t *sum,
		      uint64_t step)
{
	size_t i;
	int k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < 8; k++) {
			struct traces_byte *b;

			if (!(SIM_ACCESS_BYTES(foot[i]) >> k & 1))
				continue;
			b = find(t, SIM_ACCESS_ADDR(foot[i]) + k);
			if (b->step == NOBODY)
				continue;
			if (sum) {
				*sum += mix(b->addr, join(b));
			} else {
				b->members += step;
			}
			b->step = NOBODY;
		}
	}
}

void traces_step(struct traces *t, unsigned int task)
{
	const sim_access_t *foot;
	uint64_t follows = 0, step;
	size_t n;

	foot = sim_footprint(&n);
	note_all(t, foot, n);
	each_byte(t, foot, n, &follows, 0);
	step = mix(mix(t->task[task], task + 1), follows);
	t->task[task] = step;
	t->sum += mix(step, 1);
	note_all(t, foot, n);
	each_byte(t, foot, n, NULL, step);
	sim_footprint_clear();
}
