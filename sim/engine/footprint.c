/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Footprints: see footprint.h.
 *
 * The buffer is reserved like the undo log.  The hooks' check of its end leaves
 * room for what sim_touch() appends without one.
 */
#include <errno.h>
#include <sys/mman.h>

#include "sim/engine/bug.h"
#include "sim/engine/engine_private.h"
#include "sim/engine/footprint.h"

#define FOOT_BYTES	(1ULL << 30)
#define FOOT_ROOM	(1ULL << 20)	/* accesses after the last check */

int sim_foot_map(void)
{
	sim_access_t *foot = sim_reserve(0, FOOT_BYTES);

	if (!foot)
		return -errno;
	sim_engine.foot = foot;
	sim_engine.foot_end = foot + FOOT_BYTES / sizeof(*foot) - FOOT_ROOM;
	return 0;
}

void sim_foot_unmap(void)
{
	sim_footprint_on(false);
	if (sim_engine.foot)
		munmap(sim_engine.foot, FOOT_BYTES);
	sim_engine.foot = NULL;
}

void sim_foot_set(void)
{
	sim_hot.foot = sim_engine.foot_wanted || sim_hot.grain ? sim_engine.foot : NULL;
	sim_hot.short_way = sim_hot.foot ? ~0ULL : SIM_SHORT_WAY;
}

void sim_footprint_on(bool on)
{
	sim_engine.foot_wanted = on;
	sim_foot_set();
	sim_engine.declared.begin = NULL;
}

void sim_footprint_clear(void)
{
	if (sim_hot.foot)
		sim_hot.foot = sim_engine.foot;
	sim_engine.declared.begin = NULL;
}

const sim_access_t *sim_footprint(size_t *ret_n)
{
	*ret_n = sim_hot.foot ? sim_hot.foot - sim_engine.foot : 0;
	return sim_engine.foot;
}

void sim_foot_range(uint64_t addr, size_t size, bool write)
{
	enum sim_access_kind kind = write ? SIM_ACCESS_WRITE : SIM_ACCESS_READ;
	uint64_t word, end = addr + size;
	sim_access_t *f = sim_hot.foot;

	if (sim_in_arena(addr)) {
		if (addr - sim_hot.own_lo < SIM_STACK_SIZE ||
		    sim_in_history(addr))
			return;
	} else if (!sim_in_world_data(addr, size)) {
		return;
	}
	/* Nearly all accesses: within a word. */
	if (likely((addr & 7) + size <= 8 && f < sim_engine.foot_end)) {
		*f = SIM_ACCESS(addr, ((1ULL << size) - 1) << (addr & 7), kind);
		sim_hot.foot = f + 1;
		return;
	}
	if ((size_t)(sim_engine.foot_end - f) < size / 8 + 2 ||
	    f > sim_engine.foot_end)
		SIM_BUG("a step touches too much");
	for (word = addr & ~7ULL; word < end; word += 8) {
		uint64_t bytes = 0xff;

		if (word < addr)
			bytes &= 0xff << (addr - word);
		if (end - word < 8)
			bytes &= 0xff >> (8 - (end - word));
		*f++ = SIM_ACCESS(word, bytes, kind);
	}
	sim_hot.foot = f;
}

void sim_declare_record(const void *const *words, unsigned int n)
{
	struct sim_declared *d = &sim_engine.declared;
	unsigned int i;

	SIM_BUG_ON(d->begin);
	SIM_BUG_ON(n > SIM_MAX_DECLARED);
	for (i = 0; i < n; i++)
		d->word[i] = (uint64_t)words[i] & ~7ULL;
	d->n = n;
	d->begin = sim_hot.foot;
}

void sim_declare_recorded(void)
{
	struct sim_declared *d = &sim_engine.declared;
	uint64_t bytes[SIM_MAX_DECLARED] = { 0 };
	const sim_access_t *a;
	sim_access_t *f = d->begin;
	unsigned int i;

	/* Recording began in between. */
	if (!f)
		return;
	for (a = f; a < sim_hot.foot; a++) {
		for (i = 0; i < d->n; i++) {
			if (SIM_ACCESS_ADDR(*a) == d->word[i])
				break;
		}
		if (i == d->n)
			SIM_BUG("a declared operation touches another word");
		bytes[i] |= SIM_ACCESS_BYTES(*a);
	}
	for (i = 0; i < d->n; i++)
		*f++ = SIM_ACCESS(d->word[i], bytes[i] ? bytes[i] : 0xff,
				  SIM_ACCESS_ADD);
	sim_hot.foot = f;
	d->begin = NULL;
}

void sim_add_begin(const void *word)
{
	/* One access, shown before it begins; what is inside is not (grain.c). */
	SIM_GRAIN(word, 4, true, true);
	sim_declare_begin(&word, 1);
}

void sim_add_end(void)
{
	sim_declare_end();
}
