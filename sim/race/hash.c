/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The race's hash: what a schedule is bound to. It covers the canonical text
 * of machine, processes, VMs and tasks, so that comments, layout, questions
 * and expectations may change without making old schedules void.
 */
#include <errno.h>
#include <stdlib.h>
#include <xxhash.h>

#include "sim/race/race.h"

/**
 * race_hash - hash what the world is built from
 * @race: the race
 * @ret_hash: gets XXH3's 64 bits; untouched on failure
 *
 * Return: 0, or -ENOMEM.
 */
int race_hash(const struct race *race, uint64_t *ret_hash)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (race->injected) {
		*ret_hash = race->hash;
		return 0;
	}
	out = open_memstream(&text, &len);
	if (!out)
		return -ENOMEM;
	race_print_world(race, out);
	if (fclose(out)) {
		free(text);
		return -ENOMEM;
	}
	*ret_hash = XXH3_64bits(text, len);
	free(text);
	return 0;
}
