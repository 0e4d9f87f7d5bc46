/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images: loaded code and its data, placed inside the arena at addresses that
 * do not depend on the run.
 *
 * An image is a private mapping of a file that holds it as it is before the
 * first run, relocated.  So its data is part of the world with no more ado:
 * stores are logged, rolled back, hashed and compared like any other of the
 * arena, and when the arena gives its pages back (sim_arena_reset()) the data
 * is as it was loaded.  What is not writable is marked constant in the live
 * map, and a store to it is refused.
 */
#ifndef SIM_ENGINE_IMAGE_H
#define SIM_ENGINE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/arena.h"

#define SIM_MAX_IMAGES		64
#define SIM_MAX_IMAGE_PARTS	8

/* Protection: may be written, may be executed. */
#define SIM_IMAGE_WRITE		1u
#define SIM_IMAGE_EXEC		2u

/* A part of an image: whole pages. */
struct sim_image_part {
	uint64_t offset, size;	/* from the image's beginning */
	unsigned int prot;
};

/* From here to the next row's: the code of one line. */
struct sim_image_row {
	uint64_t offset;	/* from the image's beginning */
	const char *site;	/* "function\0file.c:line" */
};

/**
 * struct sim_image - loaded code
 * @name: the design that it is, for people and command lines
 * @size: bytes, whole pages
 * @fd: file with its contents, relocated for sim_image_base()
 * @part: its parts, in order; what lies between them is not there
 * @nr_parts: how many
 * @row: which code is which line, in order
 * @nr_rows: how many
 * @ops: what the room above calls it by
 * @unwind: offset of its .eh_frame, a zero behind it; or 0
 * @has_records: its records have the places of RFC v0's (pin/designs.c)
 */
struct sim_image {
	const char *name;
	uint64_t size;
	int fd;
	struct sim_image_part part[SIM_MAX_IMAGE_PARTS];
	unsigned int nr_parts;
	const struct sim_image_row *row;
	size_t nr_rows;
	const void *ops;
	uint64_t unwind;
	bool has_records;
	uint64_t base;		/* set by sim_image_add() */
};

/* Where the next image will lie: it has to be relocated for that. */
uint64_t sim_image_base(void);

/**
 * sim_image_add() - place an image.
 * @image: outlives all worlds; its file has to stay open
 *
 * Takes effect at once if the arena is mapped, else when it will be.
 * Context: host, no task running, nothing logged yet.
 * Return: 0, -ENOSPC if there is no room for it, or -errno of mmap().
 */
int sim_image_add(struct sim_image *image);

/* The @i-th image, or NULL past the last. */
const struct sim_image *sim_image_nth(unsigned int i);

/* Does this address lie in an image? */
static inline bool sim_in_images(uint64_t addr)
{
	return addr - sim_area_base(SIM_AREA_IMAGES) < SIM_AREA_SIZE;
}

/**
 * sim_image_site() - which line some code is.
 * @pc: an address in an image's code
 *
 * Return: as in struct sim_image_row, or NULL if it is not known.
 */
const char *sim_image_site(uint64_t pc);

/**
 * sim_site_place() - the line that a site names beside its function.
 * @site: as in a record
 *
 * Sites in an image are "function\0file.c:line"; others are only a function.
 * Return: "file.c:line", or NULL.
 */
const char *sim_site_place(const char *site);

#define SIM_SITE_SIZE	256

/**
 * sim_site_text() - a site for people.
 * @site: as in a record; may be NULL
 * @buf: at least SIM_SITE_SIZE bytes
 *
 * Return: @buf: "function()", and " at file.c:line" behind it where that is known.
 */
const char *sim_site_text(const char *site, char *buf);

#endif
