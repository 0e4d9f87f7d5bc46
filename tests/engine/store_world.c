/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * World side of the engine's tests.
 */
#include "sim/core/alloc.h"
#include "sim/core/ledger.h"
#include "sim/core/lock.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/core/world.h"
#include "sim/engine/store.h"
#include "tests/engine/store_world.h"

/* What the compilers know by these names, as kernel code declares them. */
void *memset(void *p, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);

struct small {
	uint32_t a, b;
	uint64_t c;
};

struct packed {
	uint8_t one;
	uint16_t two;
	uint32_t four;
	uint64_t eight;
} __attribute__((packed));

static uint64_t in_data = 7;
static uint64_t in_bss;
static uint8_t bytes[13];
static uint32_t in_data_of[4];
static uint64_t aligned[2] __attribute__((aligned(16)));

void *store_data(void)
{
	return aligned;
}

void *store_build(bool check_addresses)
{
	struct sim_params params = {
		.nr_cpus = 4,
		.check_addresses = check_addresses,
	};

	sim_world_init(&params);
	return sim_room_create(SIM_ROOM_TEST, STORE_BYTES);
}

static void write1(void *room)
{
	volatile uint8_t *p = room;

	p[0] = 1;
	p[7] = 2;
	p[13] = 3;
}

static void write2(void *room)
{
	uint16_t *p = room;

	p[0] = 0x1234;
	p[3] = 0x5678;
}

static void write4(void *room)
{
	uint32_t *p = room;

	p[0] = 0x12345678;
	p[5] = 1;
}

static void write8(void *room)
{
	uint64_t *p = room;

	p[0] = 0x123456789abcdefULL;
	p[0]++;
	p[100] = 3;
}

static void write16(void *room)
{
	unsigned __int128 *p = room;

	p[1] = (unsigned __int128)-1;
}

static void write_unaligned(void *room)
{
	struct packed *p = room;
	int i;

	for (i = 0; i < 5; i++) {
		p[i].one = i + 1;
		p[i].two = i + 2;
		p[i].four = i + 3;
		p[i].eight = i + 4;
	}
}

static void write_bits(void *room)
{
	struct {
		unsigned int a : 3, b : 9, c : 20;
	} *p = room;

	p->a = 5;
	p->b = 300;
	p->c = 70000;
}

static void write_atomic(void *room)
{
	uint64_t *p8 = room;
	uint32_t *p4 = (uint32_t *)room + 2;
	uint16_t *p2 = (uint16_t *)room + 8;
	uint8_t *p1 = (uint8_t *)room + 24;
	uint32_t expected = 1;

	__atomic_store_n(p8, 9, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(p4, 1, __ATOMIC_SEQ_CST);
	__atomic_compare_exchange_n(p4, &expected, 77, false, __ATOMIC_SEQ_CST,
				    __ATOMIC_SEQ_CST);
	__atomic_exchange_n(p2, 5, __ATOMIC_SEQ_CST);
	__atomic_fetch_or(p1, 0x80, __ATOMIC_SEQ_CST);
}

static void copy_struct(void *room)
{
	struct small *s = room;
	struct small local = { 1, 2, 3 };

	s[1] = local;
	s[2] = s[1];
}

static void set_range(void *room)
{
	memset(room, 0xa5, 100);
	memset((char *)room + 3, 0, 50);
	memset((char *)room + 200, 0, 64);
}

static void copy_range(void *room)
{
	char *p = room;
	char local[40];
	int i;

	for (i = 0; i < 40; i++)
		local[i] = i;
	memcpy(p + 5, local, 40);
	memcpy(p + 64, p, 64);
	memmove(p + 1, p, 100);
	memmove(p + 128, p + 130, 64);
}

static void write_statics(void *room)
{
	static uint64_t count;
	int i;

	in_data += 3;
	in_bss = ++count;
	for (i = 0; i < 13; i++)
		bytes[i] = i + 1;
}

static void alloc_and_free(void *room)
{
	uint64_t *p = sim_alloc(24);
	char *q = sim_alloc(4096);

	p[1] = 5;
	q[4095] = 1;
	sim_free(p);
	*(void **)room = q;
}

static void fill_much(void *room)
{
	uint64_t *p = room;
	int i, k;

	for (k = 0; k < 50; k++)
		for (i = 0; i < STORE_BYTES / 8; i++)
			p[i] += i * k;
}

/* Blocks of every length up to a few chunks, with single words in between. */
static void zero_blocks(void *room)
{
	uint64_t *p = room, *end = p + STORE_BYTES / 8;
	size_t n;

	for (n = 1; p + n + 2 < end; p += n + 2, n += 7) {
		p[n] = n;
		p[n / 2] = ~n;
		sim_zero_words(p, n);
		p[n / 2] = n;
		p[n + 1]++;
	}
}

#define WAY(f) { #f, f }
const struct store_way store_ways[] = {
	WAY(write1), WAY(write2), WAY(write4), WAY(write8), WAY(write16),
	WAY(write_unaligned), WAY(write_bits), WAY(write_atomic),
	WAY(copy_struct), WAY(set_range), WAY(copy_range), WAY(write_statics),
	WAY(alloc_and_free), WAY(fill_much), WAY(zero_blocks),
};
const size_t store_nr_ways = sizeof(store_ways) / sizeof(store_ways[0]);

uint64_t store_statics(void)
{
	uint64_t sum = in_data + 10 * in_bss;
	int i;

	for (i = 0; i < 13; i++)
		sum = sum * 3 + bytes[i];
	return sum;
}

void store_one(void *p)
{
	*(volatile uint64_t *)p = 1;
}

void store_through(void *p)
{
	*(volatile uint32_t *)p = 1;
}

uint64_t load_one(void *p)
{
	return *(volatile uint64_t *)p;
}

void store_range(void *p, size_t n)
{
	memset(p, 0x11, n);
}

void store_clear(void *p, size_t n)
{
	memset(p, 0, n);
}

uint64_t store_on_stack(void)
{
	volatile uint64_t local[64];
	int i;

	for (i = 0; i < 64; i++)
		local[i] = i;
	return local[63];
}

void store_free_twice(void *unused)
{
	void *p = sim_alloc(32);

	sim_free(p);
	sim_free(p);
}

void store_after_free(void *unused)
{
	volatile uint32_t *p = sim_alloc(32);

	sim_free((void *)p);
	p[2] = 1;
}

void load_past_end(void *unused)
{
	volatile uint8_t *p = sim_alloc(13);

	p[12] = p[13];
}

void load_header(void *unused)
{
	volatile uint64_t *p = sim_alloc(16);

	p[0] = p[-1];
}

void load_null(void *unused)
{
	volatile struct small *p = NULL;

	(void)p->c;
}

void load_err_ptr(void *unused)
{
	volatile struct small *p = (void *)-12L;

	(void)p->b;
}

void store_free_wild(void *unused)
{
	sim_free((char *)sim_room(SIM_ROOM_TEST) + 16);
}

static uint64_t deeper(uint64_t n)
{
	volatile uint64_t local[32];

	local[n % 32] = n;
	if (n == UINT64_MAX)
		return 0;
	return deeper(n + 1) + local[n % 32];
}

void store_overflow(void *unused)
{
	deeper(0);
}

void store_wild_load(void *unused)
{
	volatile uint64_t *p = (void *)0x123456789abcULL;

	(void)*p;
}

/* ---- one task stores to another's stack ---- */

struct loan {
	volatile uint64_t *to;
	uint64_t seen;
};

void store_lend(void *unused)
{
	struct loan *loan = sim_room(SIM_ROOM_TEST);
	volatile uint64_t local = 1;

	loan->to = &local;
	sim_step(SIM_READ, 0, __func__);
	local += 10;
	sim_step(SIM_READ, 0, __func__);
	loan->seen = local;
	loan->to = NULL;
}

void store_borrow(void *unused)
{
	struct loan *loan = sim_room(SIM_ROOM_TEST);
	int i;

	for (i = 0; i < 3; i++) {
		sim_step(SIM_WRITE, 0, __func__);
		if (loan->to)
			*loan->to += 100;
	}
}

uint64_t store_lent(void)
{
	return ((struct loan *)sim_room(SIM_ROOM_TEST))->seen;
}

/* ---- tasks that meet, or do not ---- */

/* Their own part of the room: the other parts are the loan's and the host's. */
static uint64_t *own_part(unsigned int task)
{
	return (uint64_t *)sim_room(SIM_ROOM_TEST) + 64 + 32 * task;
}

/* Leaves other bytes below its caller's frame each time. */
static __attribute__((noinline)) void litter(uint64_t with)
{
	volatile uint64_t local[24];
	int i;

	for (i = 0; i < 24; i++)
		local[i] = with + i;
	(void)local[23];
}

/* Stands before a step on a frame that was mostly never stored to. */
static __attribute__((noinline)) void stand_on_litter(unsigned int i)
{
	volatile uint64_t local[32];

	local[i % 32] = 1;
	sim_step(SIM_WRITE, 0, __func__);
	local[(i + 1) % 32] = local[i % 32];
}

void store_walk_alone(void *unused)
{
	uint64_t *mine = own_part(sim_task_id());
	uint64_t *block;
	char copy[32];

	sim_step(SIM_WRITE, 0, __func__);
	mine[0]++;
	litter(sim_now());
	sim_step(SIM_WRITE, 0, __func__);
	stand_on_litter(sim_task_id());
	block = sim_alloc(48);
	block[2] = 7;
	sim_step(SIM_WRITE, 0, __func__);
	mine[1] = (uint64_t)block;
	memset(mine + 2, 0x33, 40);
	memcpy(copy, mine, 32);
	memcpy(mine + 8, copy, 32);
	sim_step(SIM_WRITE, 0, __func__);
	sim_free(block);
	in_data_of[sim_task_id()] = mine[0];
}

void store_walk_together(void *unused)
{
	uint64_t *ours = own_part(0);

	sim_step(SIM_WRITE, 0, __func__);
	ours[0] = ours[0] * 3 + sim_task_id();
}

/* ---- what a call leaves ---- */

uint64_t store_forgotten;
static struct sim_lock lock = { .writer = -1 };

/* Takes the word away, and has it all over its frame. */
static __attribute__((noinline)) uint64_t forget(void)
{
	volatile uint64_t everywhere[24];
	unsigned int i;

	for (i = 0; i < 24; i++)
		everywhere[i] = store_forgotten;
	store_forgotten = 0;
	return 0 * everywhere[0];
}

void store_forget_and_lock(void *unused)
{
	if (forget())
		return;
	sim_lock(&lock, __func__);
	sim_unlock(&lock, __func__);
}

/* ---- what was held ---- */

static struct sim_refs counted;

void store_take_on_and_on(void *unused)
{
	for (;;) {
		sim_step(SIM_GET, 0, __func__);
		sim_ref_take(&counted, 0, 1, 1, __func__);
	}
}

void store_drop_on_and_on(void *unused)
{
	for (;;) {
		sim_step(SIM_PUT, 0, __func__);
		sim_ref_drop(&counted, 0, 1, 1, __func__);
	}
}
