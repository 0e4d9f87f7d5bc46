/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading a compiled subject into the arena: pinsim's own loader, as the C
 * library's would bind names to whatever has them, choose another address in
 * each run and keep the data where nobody rolls it back.
 */
#ifndef SIM_SUBJECT_LOAD_H
#define SIM_SUBJECT_LOAD_H

#include "sim/engine/image.h"
#include "sim/subject/source.h"

/**
 * struct subject_loaded - code in the arena
 * @image: the engine's
 * @about: what the glue says of it: lines "word value"
 * @rows: the code's lines
 * @sites: what the rows point to
 * @nr_sites: how many
 */
struct subject_loaded {
	struct sim_image image;
	char *about;
	struct sim_image_row *rows;
	char **sites;
	size_t nr_sites;
};

/**
 * subject_load() - place an object's code and data.
 * @path: a file that subject_compile() made
 * @err: why not
 *
 * @image.name and @image.has_records are the caller's to set, before any world
 * is built. Lives until the program ends.
 * Context: host, no task running.
 * Return: what was loaded, or NULL with @err.
 */
struct subject_loaded *subject_load(const char *path, struct subject_error *err);

/*
 * The rows of an object's code (dwarf.c): of @size bytes mapped from 0 on.
 * None if it was compiled without -g.
 */
void subject_rows(struct subject_loaded *l, const unsigned char *data, size_t size);

#endif
