/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access grain: each load and store of code under test is shown before it
 * happens, and may yield.
 *
 * What is under test is told by where its code lies: mmu/ and pin/ are collected
 * by world.ld, loaded subjects add themselves.  What a modelled primitive does
 * inside is not shown, and neither is what a task keeps on its own stack.
 *
 * Costs nothing while it is off: accesses leave the hooks' short way only while
 * somebody wants to see them, as for footprints.
 */
#ifndef SIM_ENGINE_GRAIN_H
#define SIM_ENGINE_GRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct sim_plain - an access that is about to happen
 * @addr: first byte
 * @size: bytes
 * @pc: return address into the code that does it
 * @write: store, or both
 * @marked: READ_ONCE(), WRITE_ONCE() or atomic: never half of a data race alone
 */
struct sim_plain {
	uint64_t addr;
	uint64_t size;
	uint64_t pc;
	bool write;
	bool marked;
};

/**
 * typedef sim_grain_fn - who sees accesses
 *
 * Called on the stack of the task that is about to make it; may yield.
 */
typedef void (*sim_grain_fn)(const struct sim_plain *access);

/* Show accesses of tasks to @fn; NULL: op grain. */
void sim_grain_set(sim_grain_fn fn);
bool sim_grain_on(void);

/* How many ranges of code may be added to that of mmu/ and pin/. */
#define SIM_MAX_UNDER_TEST	64

/**
 * sim_grain_under_test() - code from @lo up to @hi is under test as well.
 *
 * Context: host.
 * Return: 0; -E2BIG past SIM_MAX_UNDER_TEST.
 */
int sim_grain_under_test(uint64_t lo, uint64_t hi);

#define SIM_GRAIN_FRAMES	16

/**
 * sim_grain_frames() - how the running task came to where it is.
 * @ret_pc: return addresses into code under test, innermost first
 * @max: how many there is room for
 *
 * Context: a task that shows an access. Slow: it reads the unwind tables.
 * Return: how many.
 */
size_t sim_grain_frames(uint64_t *ret_pc, size_t max);

/* Only what was built in is under test again. */
void sim_grain_forget(void);

/**
 * sim_grain_ranges() - where the code under test lies.
 * @i: counted from 0; 0 is what was built in
 * @ret_lo: first byte
 * @ret_hi: past the last
 *
 * Return: false past the last.
 */
bool sim_grain_range(unsigned int i, uint64_t *ret_lo, uint64_t *ret_hi);

#endif
