/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results of work items: what a process writes for others to read.
 *
 * One JSON object holds, for each case, the list of its items and what came of
 * those that were run.  The same object is a shard's output, a checkpoint and
 * what a merge makes: a merge is the union by item, so that it may be done in
 * any order, in any grouping and more than once.
 *
 * A result of an item that was cut (by time, memory or Ctrl-C) gives way to
 * any that went further; two that ran to the end and differ are a fault, and
 * are refused.
 */
#ifndef SIM_EXPLORE_RESULTS_H
#define SIM_EXPLORE_RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/explore/search.h"
#include "sim/explore/work.h"

#define RESULTS_FORMAT	1

/**
 * struct results - a parsed or growing object
 * @doc: the object
 * @from: file it came from, for messages; not owned, NULL if none
 */
struct results {
	json_t *doc;
	const char *from;
};

/**
 * struct results_case - what is searched
 * @design: with its options
 * @kernel: profile
 * @checks: which are on, as a replay line has it
 */
struct results_case {
	const char *design, *kernel, *checks;
};

/**
 * results_new() - an object without cases.
 * @race: its name, text and hash
 * @text: of its file
 * @version: of the program
 * @options: whatever else has to be the same in all parts, a JSON object
 *	whose reference is taken over
 * @shards: in how many parts the items were dealt
 *
 * Return: 0 or -ENOMEM.
 */
int results_new(struct results *ret, const struct race *race, const char *text,
		const char *version, json_t *options, uint32_t shards);
void results_free(struct results *r);

/* A case with its items, none of them run. Return: 0 or -ENOMEM. */
int results_add_case(struct results *r, const struct results_case *c, const struct work *work);

/**
 * results_load() - read and check a file.
 * @ret_error: one line that begins with the file's name
 *
 * Nothing in the file is trusted: what is read later has the right types.
 * Return: 0, -ENOENT if there is no such file, else -EINVAL.
 */
int results_load(const char *path, struct results *ret, char *ret_error, size_t size);

/* Write to @path so that there is the old file or the new one, never a part.
 * Return: 0 or -errno. */
int results_save(const struct results *r, const char *path);

/* Are they parts of one search? Return: 0, or -EINVAL with one line. */
int results_same(const struct results *a, const struct results *b, char *ret_error, size_t size);

/* Take over what @from has. Return: 0, -ENOMEM, or -EINVAL with one line. */
int results_merge(struct results *into, const struct results *from, char *ret_error,
		  size_t size);

/* What results are made for, and what was searched. */
const char *results_race_name(const struct results *r);
const char *results_text(const struct results *r);
const char *results_version(const struct results *r);
json_t *results_options(const struct results *r);
size_t results_nr_cases(const struct results *r);
void results_get_case(const struct results *r, size_t c, struct results_case *ret);

/* Is @race, parsed from results_text(), what the results are about? */
bool results_are_of(const struct results *r, const struct race *race);

/* The items of a case, in order. */
size_t results_nr_items(const struct results *r, size_t c);
const char *results_item(const struct results *r, size_t c, size_t i);
/* Was item @i run to its end? */
bool results_done(const struct results *r, size_t c, size_t i);
/* Is there nothing left to do? */
bool results_complete(const struct results *r);

/* What a search of an item saw, as JSON. NULL: no memory. */
json_t *results_pack(const struct search_result *seen);
/* Keep it, unless there is better; takes over the reference. As results_merge(). */
int results_put(struct results *r, size_t c, const char *item, json_t *value, char *ret_error,
		size_t size);

/**
 * results_total() - all items of a case together, in their order.
 * @race: parsed from results_text()
 * @ret: as one search would have filled it; for search_result_free()
 *
 * Return: 0; -ENOMEM; -EINVAL if the numbers do not fit @race.
 */
int results_total(const struct results *r, size_t c, const struct race *race,
		  struct search_result *ret);

/* What is not there, in words: shards if they are known, else items; "" if all is. */
void results_missing(const struct results *r, char *buf, size_t size);

#endif
