/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * World side of the engine's tests: code that stores and loads in every way
 * that a compiler knows.
 */
#ifndef TESTS_ENGINE_STORE_WORLD_H
#define TESTS_ENGINE_STORE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_BYTES	4096

/* A world with one room of STORE_BYTES bytes. Return: the room. */
void *store_build(bool check_addresses);

/* Each changes the room, or the file's own statics. */
extern const struct store_way {
	const char *name;
	void (*fn)(void *room);
} store_ways[];
extern const size_t store_nr_ways;

/* 16 aligned bytes of the file's statics. */
void *store_data(void);
/* Values of the file's statics, to see that they are rolled back. */
uint64_t store_statics(void);

/* Single accesses at any address. */
void store_one(void *p);
uint64_t load_one(void *p);
void store_range(void *p, size_t n);
void store_clear(void *p, size_t n);
uint64_t store_on_stack(void);

/* sim_alloc() and sim_free() as a task or the host would. */
void store_free_twice(void *unused);
void store_after_free(void *unused);
void load_past_end(void *unused);
void load_header(void *unused);
void load_null(void *unused);
void load_err_ptr(void *unused);
void store_through(void *p);
void store_free_wild(void *unused);

/* A task's function that never ends its recursion. */
void store_overflow(void *unused);
void store_wild_load(void *unused);

/* Task functions of the two-stack test. */
void store_lend(void *unused);
void store_borrow(void *unused);
uint64_t store_lent(void);

/*
 * Task functions of the hash's tests: the steps of the first commute with any
 * other task's of this kind; those of the second do not.
 */
#define STORE_WALK_STEPS	5
void store_walk_alone(void *unused);
void store_walk_together(void *unused);

/* A word that a task forgets, but for what it leaves below its frame; and a lock. */
extern uint64_t store_forgotten;
void store_forget_and_lock(void *unused);

/* A reference that one task takes and another drops, without end. */
void store_take_on_and_on(void *unused);
void store_drop_on_and_on(void *unused);
#endif
