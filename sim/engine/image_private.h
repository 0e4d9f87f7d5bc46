/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the arena, the hooks and the guard have to do with images. */
#ifndef SIM_ENGINE_IMAGE_PRIVATE_H
#define SIM_ENGINE_IMAGE_PRIVATE_H

#include "sim/engine/engine_private.h"
#include "sim/engine/image.h"

/* The arena was mapped: put all images into it. Return: 0 or -errno. */
int sim_images_map(void) SIM_HIDDEN;

/* The arena is about to go. */
void sim_images_unmap(void) SIM_HIDDEN;

/* The arena was reset: their contents are as loaded; say that they are live. */
void sim_images_mark(void) SIM_HIDDEN;

/* Is there any? */
bool sim_images_loaded(void) SIM_HIDDEN;

/* Is this an address of an image's code? */
bool sim_image_is_code(uint64_t addr) SIM_HIDDEN;

/*
 * The innermost frame of an image's code on a stack from @sp to @end: an
 * address in its call. 0 if there is none.
 */
uint64_t sim_image_caller(const uint64_t *sp, const uint64_t *end) SIM_HIDDEN;

/* Refuse a load from the host's memory if an image's code did it. */
void sim_image_load(uint64_t addr, size_t size, uint64_t pc) SIM_HIDDEN;

/* Is this a word of an image that is not to be written? */
static inline bool sim_is_const(uint64_t addr)
{
	return sim_in_images(addr) && *sim_live_byte(addr) == LIVE_CONST;
}

#endif
