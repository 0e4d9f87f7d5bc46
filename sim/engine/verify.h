/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --verify-rollback: a copy of the whole world, to compare with after a
 * roll-back.  Finds a store that escaped the hooks, at the price of copying
 * what is touched of the world for each copy.
 *
 * Compared: every area of the arena, the live map, the world side's static
 * data, and of the stacks the parts that are live.
 */
#ifndef SIM_ENGINE_VERIFY_H
#define SIM_ENGINE_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

struct sim_verify;

/* Copy the world. Context: host, no task running. */
struct sim_verify *sim_verify_take(void);

/**
 * sim_verify_path() - copy the world at a point of a path
 * @path: the path's copies, by depth; NULL where there never was one
 * @depth: of the point; copies of all points before it stand, those behind it
 *         are of no use any more
 *
 * For a search that copies at each step: the room of an older copy as deep is
 * used again, and what has not changed since the point before is found there.
 *
 * Context: host, no task running.
 */
void sim_verify_path(struct sim_verify **path, size_t depth);
void sim_verify_free(struct sim_verify *v);

/**
 * sim_verify_differs() - is the world still what it was?
 * @v: the copy
 * @ret_text: where the first difference is, as area and offset
 * @size: room for it
 *
 * Return: true if it is not.
 */
bool sim_verify_differs(const struct sim_verify *v, char *ret_text, size_t size);

/* The same, and a difference is a SIM_BUG that says where. */
void sim_verify_check(const struct sim_verify *v);

#endif
