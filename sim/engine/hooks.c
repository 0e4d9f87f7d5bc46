/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hooks that compilers call before each load and store of world-side code
 * (-fsanitize=thread, but libtsan is never linked).
 *
 * A store to the arena or to the world's static data is logged; one to the
 * running task's own stack is not (stacks are copied); anything else is
 * refused before it happens.  A load is only refused where it would fault,
 * unless address checks are on.
 *
 * Footprints are recorded before anything is refused: that a freed object was
 * touched depends on who freed it.
 */
#include "sim/engine/bug.h"
#include "sim/engine/engine_private.h"
#include "sim/engine/footprint.h"
#include "sim/engine/image_private.h"
#include "sim/engine/undo.h"

/* No pointer worth following lies below the first or above the second. */
#define ADDR_MIN	0x10000ULL
#define ADDR_MAX	0x7ffffffff000ULL

void sim_fault_set(sim_fault_fn fn)
{
	sim_engine.fault = fn;
}

void sim_check_addresses(bool on)
{
	sim_hot.check = on;
}

void sim_refuse(enum sim_fault kind, uint64_t addr, bool write)
{
	if (sim_engine.fault)
		sim_engine.fault(kind, addr, write);
	SIM_BUG("simulated code made a wild access and nobody handles it");
}

void sim_bad_access(uint64_t addr, size_t size, bool write)
{
	uint64_t word;

	if (sim_in_arena(addr) && sim_is_const(addr)) {
		if (write)
			sim_refuse(SIM_FAULT_WILD, addr, write);
		return;
	}
	if (!sim_in_arena(addr) || sim_in_stacks(addr))
		sim_refuse(SIM_FAULT_WILD, addr, write);
	/* Find the first byte that is wrong; its word says how. */
	for (word = addr & ~7ULL; word < addr + size; word += 8) {
		uint64_t first = word < addr ? addr : word;
		uint64_t last = word + 8 < addr + size ? word + 8 : addr + size;
		uint8_t live = *sim_live_byte(word);

		if (live == LIVE_FREED)
			sim_refuse(SIM_FAULT_FREED, first, write);
		if (live == LIVE_HEADER || live < last - word)
			sim_refuse(SIM_FAULT_BOUNDS, first, write);
	}
}

static bool on_host_stack(uint64_t addr)
{
	return (addr >= sim_engine.host_lo && addr < sim_engine.host_hi) ||
	       (addr >= sim_engine.catch_lo && addr < sim_engine.catch_hi);
}

/* A store that does not hit the arena. Return: whether to log it. */
static __attribute__((noinline)) bool outside_store(uint64_t addr, size_t size)
{
	if (sim_in_world_data(addr, size))
		return true;
	if (sim_fiber_running() < 0 && on_host_stack(addr))
		return false;
	if (addr >= (uint64_t)sim_world_count_start &&
	    addr < (uint64_t)sim_world_count_end)
		return false;
	sim_bad_access(addr, size, true);
	return false;
}

/* As much as one aligned word, which no hook with a size in its name exceeds. */
static inline bool live_word(uint64_t addr, unsigned int size)
{
	uint8_t live = *sim_live_byte(addr);

	if (likely(live == 8))
		return true;
	return live < 8 && (addr & 7) + size <= live;
}

/*
 * While footprints are recorded: all there is to do about what nearly every
 * access is, within a word that is wholly allocated.
 * Return: false if it is not, and nothing is done.
 */
static inline __attribute__((always_inline))
bool record_live(uint64_t addr, unsigned int size, enum sim_access_kind kind)
{
	uint64_t *f = sim_hot.foot;

	if (!f || sim_hot.grain || addr / SIM_ARENA_SIZE != SIM_SHORT_WAY ||
	    *sim_live_byte(addr) != 8 || (addr & 7) + size > 8 || f >= sim_engine.foot_end)
		return false;
	if (addr - sim_hot.own_lo < SIM_STACK_SIZE)
		return true;
	if (!sim_in_history(addr)) {
		*f = SIM_ACCESS(addr, ((1ULL << size) - 1) << (addr & 7), kind);
		sim_hot.foot = f + 1;
	}
	if (kind == SIM_ACCESS_WRITE)
		sim_undo_word(addr);
	return true;
}

static __attribute__((noinline)) void rare_store(uint64_t addr,
						 unsigned int size, bool marked,
						 uint64_t pc)
{
	if (unlikely(sim_hot.grain))
		sim_grain_access(addr, size, true, marked, pc);
	if (unlikely(sim_hot.foot != NULL))
		sim_foot_range(addr, size, true);
	if (sim_in_arena(addr)) {
		if (addr - sim_hot.own_lo < SIM_STACK_SIZE)
			return;
		if ((sim_hot.check && !live_word(addr, size) &&
		     !sim_in_stacks(addr)) || sim_is_const(addr))
			sim_bad_access(addr, size, true);
	} else if (!outside_store(addr, size)) {
		return;
	}
	sim_undo_word(addr);
}

static inline __attribute__((always_inline))
void store(uint64_t addr, unsigned int size, bool marked)
{
	if (likely(sim_word_is_live(addr))) {
		if (addr - sim_hot.own_lo >= SIM_STACK_SIZE)
			sim_undo_word(addr);
	} else if (!record_live(addr, size, SIM_ACCESS_WRITE)) {
		rare_store(addr, size, marked,
			   (uint64_t)__builtin_return_address(0));
	}
}

static __attribute__((noinline)) void rare_load(uint64_t addr,
						unsigned int size, bool marked,
						uint64_t pc)
{
	if (unlikely(addr - ADDR_MIN >= ADDR_MAX - ADDR_MIN))
		sim_bad_access(addr, size, false);
	if (unlikely(sim_hot.grain))
		sim_grain_access(addr, size, false, marked, pc);
	if (unlikely(sim_hot.foot != NULL))
		sim_foot_range(addr, size, false);
	if (!sim_in_arena(addr) && unlikely(sim_images_loaded()))
		sim_image_load(addr, size, pc);
	if (!sim_hot.check || !sim_in_arena(addr))
		return;
	if (!live_word(addr, size) && !sim_in_stacks(addr))
		sim_bad_access(addr, size, false);
}

static inline __attribute__((always_inline))
void load(uint64_t addr, unsigned int size, bool marked)
{
	if (unlikely(!sim_word_is_live(addr)) && !record_live(addr, size, SIM_ACCESS_READ))
		rare_load(addr, size, marked,
			  (uint64_t)__builtin_return_address(0));
}

void sim_access_range(uint64_t addr, size_t size, bool write)
{
	if (!size)
		return;
	if (addr - ADDR_MIN >= ADDR_MAX - ADDR_MIN ||
	    size > ADDR_MAX - addr)
		sim_bad_access(addr, size, write);
	if (unlikely(sim_hot.foot != NULL))
		sim_foot_range(addr, size, write);
	if (sim_in_arena(addr)) {
		if (addr - sim_hot.own_lo < SIM_STACK_SIZE)
			return;
		if ((sim_hot.check && !sim_live_test(addr, size)) ||
		    sim_is_const(addr))
			sim_bad_access(addr, size, write);
	} else if (!write || !outside_store(addr, size)) {
		return;
	}
	if (write)
		sim_undo_log(addr, size);
}

#define SIZED(n)							\
	void __tsan_read##n(void *p);					\
	void __tsan_read##n(void *p)					\
	{								\
		load((uint64_t)p, n, false);				\
	}								\
	void __tsan_write##n(void *p);					\
	void __tsan_write##n(void *p)					\
	{								\
		store((uint64_t)p, n, false);				\
	}								\
	void __tsan_read_write##n(void *p);				\
	void __tsan_read_write##n(void *p)				\
	{								\
		store((uint64_t)p, n, false);				\
	}								\
	void __tsan_volatile_read##n(void *p);				\
	void __tsan_volatile_read##n(void *p)				\
	{								\
		load((uint64_t)p, n, true);				\
	}								\
	void __tsan_volatile_write##n(void *p);				\
	void __tsan_volatile_write##n(void *p)				\
	{								\
		store((uint64_t)p, n, true);				\
	}

#define RANGED(name, size, write, marked)				\
	void __tsan_##name(void *p);					\
	void __tsan_##name(void *p)					\
	{								\
		SIM_GRAIN(p, size, write, marked);			\
		sim_access_range((uint64_t)p, size, write);		\
	}

#define UNALIGNED(n)							\
	RANGED(unaligned_read##n, n, false, false)			\
	RANGED(unaligned_write##n, n, true, false)			\
	RANGED(unaligned_read_write##n, n, true, false)			\
	RANGED(unaligned_volatile_read##n, n, false, true)		\
	RANGED(unaligned_volatile_write##n, n, true, true)

SIZED(1)
SIZED(2)
SIZED(4)
SIZED(8)
RANGED(read16, 16, false, false)
RANGED(write16, 16, true, false)
RANGED(read_write16, 16, true, false)
RANGED(volatile_read16, 16, false, true)
RANGED(volatile_write16, 16, true, true)
UNALIGNED(2)
UNALIGNED(4)
UNALIGNED(8)
UNALIGNED(16)

void __tsan_read_range(void *p, size_t size);
void __tsan_read_range(void *p, size_t size)
{
	SIM_GRAIN(p, size, false, false);
	sim_access_range((uint64_t)p, size, false);
}

void __tsan_write_range(void *p, size_t size);
void __tsan_write_range(void *p, size_t size)
{
	SIM_GRAIN(p, size, true, false);
	sim_access_range((uint64_t)p, size, true);
}

/* Called by the constructors that the compilers add; nothing to set up. */
void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller)
{
	(void)caller;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}
