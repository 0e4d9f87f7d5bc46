/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work items: an exhaustive search cut into parts that know nothing of each
 * other.
 *
 * An item is a prefix of choices: the answers to the first choices of every
 * execution in it.  The items of a case are all prefixes that its tree of
 * choices has at some depth, and the executions that end before it; together
 * they are the search, and no execution is in two.  Which items there are
 * depends on the race, the design, the profile, the checks and the options
 * that shape the tree, and on nothing else, so that processes and machines
 * agree on them without talking.
 */
#ifndef SIM_EXPLORE_WORK_H
#define SIM_EXPLORE_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "sim/explore/search.h"

#define WORK_MIN_ITEMS			64	/* if the tree has so many */
#define WORK_MIN_ITEMS_OF_STATES	8	/* where states are remembered */
#define WORK_MAX_PREFIX	4096	/* choices */

/**
 * struct work_item - one prefix
 * @pick: its answers
 * @nr: how many
 */
struct work_item {
	uint32_t *pick;
	size_t nr;
};

/**
 * struct work - the items of a case, in the order of their answers
 * @item: the list
 * @nr: how many
 */
struct work {
	struct work_item *item;
	size_t nr;
};

/**
 * work_list() - enumerate the items of a case.
 * @config: what will be searched; its kind is ignored
 * @ret: to be freed by work_free()
 * @ret_error: as search_run()
 * @size: of @ret_error
 *
 * Context: host, as search_run().
 * Return: 0, or as search_run().
 */
int work_list(const struct search_config *config, struct work *ret, char *ret_error, size_t size);
void work_free(struct work *work);

/*
 * Text of a prefix: its answers with dots between them, "-" for none. Printing
 * returns what is to be freed, or NULL without memory; parsing 0, -EINVAL or
 * -ENOMEM.
 */
char *work_item_print(const struct work_item *item);
int work_item_parse(const char *text, struct work_item *ret);
void work_item_free(struct work_item *item);

/**
 * struct shard - one part of @of, @number counted from 1
 */
struct shard {
	uint32_t number, of;
};

/* Return: 0, or -EINVAL if @text is not I/N with 1 <= I <= N. */
int shard_parse(const char *text, struct shard *ret);

/* Items are dealt out like cards. */
static inline bool shard_has(const struct shard *shard, size_t item)
{
	return item % shard->of == shard->number - 1;
}

#endif
