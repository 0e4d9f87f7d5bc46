/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every hook that compilers call for an access, in every place that an access can
 * be about. The hooks come out of macros, and what one of them forgets none of
 * the others shows: so all are asked the same questions.
 */
#include <string.h>

#include "sim/core/alloc.h"
#include "sim/core/step.h"
#include "sim/engine/arena.h"
#include "sim/engine/engine_private.h"
#include "sim/engine/fault.h"
#include "sim/engine/footprint.h"
#include "sim/engine/grain.h"
#include "sim/engine/undo.h"
#include "tests/engine/store_world.h"
#include "tests/rolled.h"

#define SEQ_CST	5

/* --- the hooks, by the names that compilers have for them --- */

#define PLAIN(n)							\
	void __tsan_read##n(void *p);					\
	void __tsan_write##n(void *p);					\
	void __tsan_read_write##n(void *p);				\
	void __tsan_volatile_read##n(void *p);				\
	void __tsan_volatile_write##n(void *p);

#define UNALIGNED(n)							\
	void __tsan_unaligned_read##n(void *p);				\
	void __tsan_unaligned_write##n(void *p);			\
	void __tsan_unaligned_read_write##n(void *p);			\
	void __tsan_unaligned_volatile_read##n(void *p);		\
	void __tsan_unaligned_volatile_write##n(void *p);

PLAIN(1) PLAIN(2) PLAIN(4) PLAIN(8) PLAIN(16)
UNALIGNED(2) UNALIGNED(4) UNALIGNED(8) UNALIGNED(16)

#define FETCHES(bits, type)						\
	FETCH(bits, type, add) FETCH(bits, type, sub) FETCH(bits, type, and) \
	FETCH(bits, type, or) FETCH(bits, type, xor) FETCH(bits, type, nand)

#define FETCH(bits, type, op)						\
	type __tsan_atomic##bits##_fetch_##op(volatile type *p, type v, int order); \
	static void fetch_##op##bits(void *p)				\
	{								\
		__tsan_atomic##bits##_fetch_##op(p, 0, SEQ_CST);	\
	}

#define ATOMIC(bits, type)						\
	type __tsan_atomic##bits##_load(const volatile type *p, int order); \
	void __tsan_atomic##bits##_store(volatile type *p, type v, int order); \
	type __tsan_atomic##bits##_exchange(volatile type *p, type v, int order); \
	type __tsan_atomic##bits##_compare_exchange_val(volatile type *p, type expected, \
		type v, int order, int fail_order);			\
	int __tsan_atomic##bits##_compare_exchange_strong(volatile type *p, \
		type *expected, type v, int order, int fail_order);	\
	int __tsan_atomic##bits##_compare_exchange_weak(volatile type *p, \
		type *expected, type v, int order, int fail_order);	\
	static void load##bits(void *p)					\
	{								\
		__tsan_atomic##bits##_load(p, SEQ_CST);			\
	}								\
	static void store##bits(void *p)				\
	{								\
		__tsan_atomic##bits##_store(p, 0, SEQ_CST);		\
	}								\
	static void exchange##bits(void *p)				\
	{								\
		__tsan_atomic##bits##_exchange(p, 0, SEQ_CST);		\
	}								\
	static void compare##bits(void *p)				\
	{								\
		__tsan_atomic##bits##_compare_exchange_val(p, 0, 0, SEQ_CST, SEQ_CST); \
	}								\
	FETCHES(bits, type)

ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

struct hook {
	const char *name;
	void (*call)(void *p);
	unsigned int size;
	bool write, marked;
};

#define IS_PLAIN(n)							\
	{ "read" #n, __tsan_read##n, n, false, false },			\
	{ "write" #n, __tsan_write##n, n, true, false },		\
	{ "read_write" #n, __tsan_read_write##n, n, true, false },	\
	{ "volatile_read" #n, __tsan_volatile_read##n, n, false, true },	\
	{ "volatile_write" #n, __tsan_volatile_write##n, n, true, true }

#define IS_UNALIGNED(n)							\
	{ "unaligned_read" #n, __tsan_unaligned_read##n, n, false, false },	\
	{ "unaligned_write" #n, __tsan_unaligned_write##n, n, true, false },	\
	{ "unaligned_read_write" #n, __tsan_unaligned_read_write##n, n, true, false }, \
	{ "unaligned_volatile_read" #n, __tsan_unaligned_volatile_read##n, n, false, true }, \
	{ "unaligned_volatile_write" #n, __tsan_unaligned_volatile_write##n, n, true, true }

#define IS_ATOMIC(bits)							\
	{ "load" #bits, load##bits, bits / 8, false, true },		\
	{ "store" #bits, store##bits, bits / 8, true, true },		\
	{ "exchange" #bits, exchange##bits, bits / 8, true, true },	\
	{ "compare" #bits, compare##bits, bits / 8, true, true },	\
	{ "add" #bits, fetch_add##bits, bits / 8, true, true },		\
	{ "sub" #bits, fetch_sub##bits, bits / 8, true, true },		\
	{ "and" #bits, fetch_and##bits, bits / 8, true, true },		\
	{ "or" #bits, fetch_or##bits, bits / 8, true, true },		\
	{ "xor" #bits, fetch_xor##bits, bits / 8, true, true },		\
	{ "nand" #bits, fetch_nand##bits, bits / 8, true, true }

static const struct hook hooks[] = {
	IS_PLAIN(1), IS_PLAIN(2), IS_PLAIN(4), IS_PLAIN(8), IS_PLAIN(16),
	IS_UNALIGNED(2), IS_UNALIGNED(4), IS_UNALIGNED(8), IS_UNALIGNED(16),
	IS_ATOMIC(8), IS_ATOMIC(16), IS_ATOMIC(32), IS_ATOMIC(64),
};

#define NR_HOOKS	(sizeof(hooks) / sizeof(hooks[0]))

/* --- the questions --- */

static int build(void **state)
{
	static void *room;

	if (rolled_build()) {
		room = store_build(true);
		rolled_mark();
	}
	*state = room;
	return 0;
}

static void check(const struct hook *h, const char *what, uint64_t got, uint64_t want)
{
	if (got != want)
		print_error("%s, %s: %u, expected %u\n", h->name, what, (unsigned int)got,
			    (unsigned int)want);
	assert_int_equal(got, want);
}

/* The words that an access of the hook's size at @p is about. */
static unsigned int nr_words(const struct hook *h, const void *p)
{
	return (((uint64_t)p & 7) + h->size + 7) / 8;
}

static uint64_t logged(const struct hook *h, void *p)
{
	uint64_t before = sim_undo_stores();

	h->call(p);
	return sim_undo_stores() - before;
}

static void hook_logs_stores_and_nothing_else(void **state)
{
	char *room = *state;
	unsigned int i;

	for (i = 0; i < NR_HOOKS; i++) {
		const struct hook *h = &hooks[i];

		check(h, "entries", logged(h, room), h->write ? nr_words(h, room) : 0);
		check(h, "entries of the world's data", logged(h, (void *)store_data()),
		      h->write ? nr_words(h, store_data()) : 0);
	}
}

static void hook_leaves_own_stack_alone(void **state)
{
	uint64_t was = sim_hot.own_lo;
	uint64_t *room = *state, before[2] = { room[0], room[1] };
	size_t n;
	unsigned int i;

	sim_hot.own_lo = (uint64_t)room;
	for (i = 0; i < NR_HOOKS; i++)
		check(&hooks[i], "entries of the own stack", logged(&hooks[i], room), 0);
	sim_footprint_on(true);
	for (i = 0; i < NR_HOOKS; i++)
		check(&hooks[i], "recorded", logged(&hooks[i], room), 0);
	sim_footprint(&n);
	sim_footprint_on(false);
	sim_hot.own_lo = was;
	assert_int_equal(n, 0);
	/* Some have stored there, and nobody knows of it. */
	room[0] = before[0];
	room[1] = before[1];
}

/* One word of the footprint, and which bytes of it. */
static void check_footprint(const struct hook *h, char *p)
{
	enum sim_access_kind kind = h->write ? SIM_ACCESS_WRITE : SIM_ACCESS_READ;
	unsigned int in_first = 8 - ((uint64_t)p & 7);
	uint64_t bytes = h->size < 8 ? (1ULL << h->size) - 1 : 0xff;
	const sim_access_t *foot;
	size_t n;

	sim_footprint_clear();
	check(h, "entries", logged(h, p), h->write ? nr_words(h, p) : 0);
	foot = sim_footprint(&n);
	check(h, "words", n, nr_words(h, p));
	if (h->size <= in_first)
		assert_true(foot[0] == SIM_ACCESS(p, bytes << (8 - in_first), kind));
	else
		check(h, "kind", SIM_ACCESS_KIND(foot[0]), kind);
}

static void hook_records_word_bytes_and_kind(void **state)
{
	char *room = *state;
	unsigned int i;

	sim_footprint_on(true);
	for (i = 0; i < NR_HOOKS; i++) {
		check_footprint(&hooks[i], room);
		if (hooks[i].size < 8)
			check_footprint(&hooks[i], room + 8 - hooks[i].size);
		/* Over the border of two words. */
		if (!strncmp(hooks[i].name, "unaligned", 9))
			check_footprint(&hooks[i], room + 7);
	}
	sim_footprint_on(false);
}

struct access {
	const struct hook *hook;
	void *p;
};

static void call_it(void *arg)
{
	const struct access *a = arg;

	a->hook->call(a->p);
}

static void check_refused(const struct hook *h, const char *what, void *p, int verb)
{
	struct access a = { h, p };
	struct sim_record rec = { 0 };
	int got = sim_fatal_catch(call_it, &a, &rec) ? rec.verb : -1;

	check(h, what, got, verb);
	if (verb != -1)
		check(h, "write", rec.a, h->write);
}

/* Loads of it are nobody's business: who makes them knows it from somewhere. */
static uint64_t outside[2] __attribute__((aligned(16)));

/* 13 bytes are a whole word and five bytes of the next. */
static void check_all_refused(void)
{
	char *part = sim_alloc(13), *gone = sim_alloc(32);
	unsigned int i;

	sim_free(gone);
	for (i = 0; i < NR_HOOKS; i++) {
		const struct hook *h = &hooks[i];

		check_refused(h, "null", NULL, SIM_X_BUG);
		check_refused(h, "no address", (void *)(1ULL << 60), SIM_X_BUG);
		check_refused(h, "the host's data", outside, h->write ? SIM_X_BUG : -1);
		check_refused(h, "freed", gone, SIM_X_UAF);
		check_refused(h, "before", part - 16, SIM_X_BOUNDS);
		check_refused(h, "last bytes", part + 8, h->size > 4 ? SIM_X_BOUNDS : -1);
		check_refused(h, "behind", part + 16, SIM_X_BOUNDS);
	}
}

static void hook_refuses_what_is_not_allocated(void **state)
{
	check_all_refused();
	sim_footprint_on(true);
	check_all_refused();
	sim_footprint_on(false);
}

static void hook_lets_the_host_store_on_its_own_stack(void **state)
{
	uint64_t local[4] = { 0 };
	unsigned int i;

	for (i = 0; i < NR_HOOKS; i++)
		check(&hooks[i], "entries of the host's stack", logged(&hooks[i], local), 0);
}

static struct sim_plain shown;

static void show(const struct sim_plain *access)
{
	shown = *access;
}

/* As if a task under test had made it: what it is, and that it is not hidden. */
static void hook_shows_what_it_is_about(void **state)
{
	char *room = *state;
	int was = sim_hot.running;
	unsigned int i;

	assert_int_equal(sim_grain_under_test(1, UINT64_MAX), 0);
	sim_grain_set(show);
	for (i = 0; i < NR_HOOKS; i++) {
		const struct hook *h = &hooks[i];

		memset(&shown, 0, sizeof(shown));
		sim_hot.running = 0;
		h->call(room);
		sim_hot.running = was;
		check(h, "address", shown.addr - (uint64_t)room, 0);
		check(h, "size", shown.size, h->size);
		check(h, "write", shown.write, h->write);
		check(h, "marked", shown.marked, h->marked);
	}
	sim_grain_set(NULL);
	sim_grain_forget();
}

/* --- what atomics do --- */

#define DOES(bits, type, op, expr)					\
do {									\
	volatile type *p_ = room;					\
	const type old = (type)0xa5a5a5a5a5a5a5a5ULL, v = (type)0x0ff00ff00ff00ff3ULL; \
									\
	__tsan_atomic##bits##_store(p_, old, SEQ_CST);			\
	assert_true(__tsan_atomic##bits##_fetch_##op(p_, v, SEQ_CST) == old);	\
	assert_true(*p_ == (type)(expr));				\
} while (0)

#define ALL_DO(bits, type)						\
do {									\
	volatile type *p = room;					\
	type expected = 1;						\
									\
	DOES(bits, type, add, old + v);					\
	DOES(bits, type, sub, old - v);					\
	DOES(bits, type, and, old & v);					\
	DOES(bits, type, or, old | v);					\
	DOES(bits, type, xor, old ^ v);					\
	DOES(bits, type, nand, ~(old & v));				\
	__tsan_atomic##bits##_store(p, 7, SEQ_CST);			\
	assert_true(__tsan_atomic##bits##_load(p, SEQ_CST) == 7);	\
	assert_true(__tsan_atomic##bits##_exchange(p, 8, SEQ_CST) == 7);	\
	assert_true(__tsan_atomic##bits##_compare_exchange_val(p, 9, 1, SEQ_CST, SEQ_CST) == 8); \
	assert_true(*p == 8);						\
	assert_false(__tsan_atomic##bits##_compare_exchange_strong(p, &expected, 2, \
								   SEQ_CST, SEQ_CST)); \
	assert_true(expected == 8 && *p == 8);				\
	assert_true(__tsan_atomic##bits##_compare_exchange_weak(p, &expected, 2, \
								SEQ_CST, SEQ_CST)); \
	assert_true(*p == 2);						\
} while (0)

static void hook_of_an_atomic_does_what_it_is_called(void **state)
{
	void *room = *state;

	ALL_DO(8, uint8_t);
	ALL_DO(16, uint16_t);
	ALL_DO(32, uint32_t);
	ALL_DO(64, uint64_t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(hook_logs_stores_and_nothing_else, .setup = build),
		ROLLED(hook_leaves_own_stack_alone, .setup = build),
		ROLLED(hook_records_word_bytes_and_kind, .setup = build),
		ROLLED(hook_refuses_what_is_not_allocated, .setup = build),
		ROLLED(hook_lets_the_host_store_on_its_own_stack, .setup = build),
		ROLLED(hook_shows_what_it_is_about, .setup = build),
		ROLLED(hook_of_an_atomic_does_what_it_is_called, .setup = build),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
