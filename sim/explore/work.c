/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Enumerating work items: see work.h.
 *
 * Level by level: each prefix is run until it is asked for one choice more,
 * which says how many prefixes follow it.  That costs about two beginnings of
 * an execution for each item.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/random.h"
#include "sim/explore/search_private.h"
#include "sim/explore/work.h"

#define MAX_SHARDS	100000

void work_item_free(struct work_item *item)
{
	free(item->pick);
	item->pick = NULL;
	item->nr = 0;
}

void work_free(struct work *work)
{
	size_t i;

	for (i = 0; i < work->nr; i++)
		work_item_free(&work->item[i]);
	free(work->item);
	*work = (struct work){ .item = NULL };
}

char *work_item_print(const struct work_item *item)
{
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (!item->nr)
		fputc('-', out);
	for (i = 0; i < item->nr; i++)
		fprintf(out, "%s%" PRIu32, i ? "." : "", item->pick[i]);
	return fclose(out) ? NULL : text;
}

/* A number of at most nine digits at *@p, which moves past it. */
static bool parse_number(const char **p, uint32_t *ret)
{
	size_t len = strspn(*p, "0123456789");

	if (!len || len > 9)
		return false;
	*ret = strtoul(*p, NULL, 10);
	*p += len;
	return true;
}

int work_item_parse(const char *text, struct work_item *ret)
{
	struct work_item item = { .nr = 1 };
	const char *p = text;
	size_t i;

	*ret = (struct work_item){ .nr = 0 };
	if (!strcmp(text, "-"))
		return 0;
	for (i = 0; text[i]; i++)
		item.nr += text[i] == '.';
	if (item.nr > WORK_MAX_PREFIX)
		return -EINVAL;
	item.pick = calloc(item.nr, sizeof(*item.pick));
	if (!item.pick)
		return -ENOMEM;
	for (i = 0; i < item.nr; i++) {
		if (!parse_number(&p, &item.pick[i]) || *p != (i + 1 < item.nr ? '.' : '\0')) {
			work_item_free(&item);
			return -EINVAL;
		}
		p++;
	}
	*ret = item;
	return 0;
}

int shard_parse(const char *text, struct shard *ret)
{
	if (!parse_number(&text, &ret->number) || *text++ != '/' ||
	    !parse_number(&text, &ret->of) || *text)
		return -EINVAL;
	return ret->number && ret->number <= ret->of && ret->of <= MAX_SHARDS ? 0 : -EINVAL;
}

/* --- the levels ----------------------------------------------------------- */

/* Answers from a prefix; asked for more it says how many there are, and stops. */
struct probe {
	struct sim_strategy strategy;
	const struct work_item *item;
	size_t asked;
	uint32_t more;
};

static int probe_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			const char *tag)
{
	struct probe *p = (struct probe *)self;

	(void)tasks;
	(void)tag;
	if (p->asked < p->item->nr)
		return p->item->pick[p->asked++];
	p->more = n;
	return -1;
}

/* How many possibilities the choice after @item has; 0: the execution ends. */
static uint32_t more_after(struct search *s, const struct work_item *item)
{
	struct probe probe = { .strategy.choose = probe_choose, .item = item };
	struct sim_exec exec = {
		.strategy = &probe.strategy,
		.watcher = &s->watcher,
		.max_steps = s->config->max_steps,
		.last = -1,
	};

	check_watch_start(&s->checks);
	sim_exec_run(&exec);
	return probe.more;
}

static int append(struct work *work, const struct work_item *item, const uint32_t *more)
{
	struct work_item *copy;
	void *grown = reallocarray(work->item, work->nr + 1, sizeof(*work->item));

	if (!grown)
		return -ENOMEM;
	work->item = grown;
	copy = &work->item[work->nr];
	copy->nr = item->nr + !!more;
	copy->pick = calloc(copy->nr ? copy->nr : 1, sizeof(*copy->pick));
	if (!copy->pick)
		return -ENOMEM;
	work->nr++;
	if (item->nr)
		memcpy(copy->pick, item->pick, item->nr * sizeof(*item->pick));
	if (more)
		copy->pick[item->nr] = *more;
	return 0;
}

/* Put the items that follow @item in its place in @next, or itself again. */
static int expand(struct search *s, struct sim_marked_world *world, const struct work_item *item,
		  size_t depth, struct work *next)
{
	uint32_t i, n = 0;
	int err = 0;

	/* Shorter than the level: known to end. */
	if (item->nr == depth) {
		n = more_after(s, item);
		sim_marked_world_return(world);
	}
	if (!n)
		return append(next, item, NULL);
	for (i = 0; i < n && !err; i++)
		err = append(next, item, &i);
	return err;
}

static int next_level(struct search *s, struct sim_marked_world *world, size_t depth,
		      struct work *work)
{
	struct work next = { .item = NULL };
	size_t i;
	int err = 0;

	for (i = 0; i < work->nr && !err; i++)
		err = expand(s, world, &work->item[i], depth, &next);
	work_free(work);
	*work = next;
	return err;
}

/*
 * States that were met in one item are not known in the next: then the more
 * items, the more is done twice.
 */
static size_t min_items(const struct search *s)
{
	return s->config->states ? WORK_MIN_ITEMS_OF_STATES : WORK_MIN_ITEMS;
}

/**
 * search_work() - the search that runs nothing but the beginnings.
 * @s: with config->work to fill
 *
 * Return: 0 or -ENOMEM.
 */
int search_work(struct search *s)
{
	struct work *work = s->config->work;
	const struct work_item root = { .nr = 0 };
	struct sim_marked_world world = { .nr = 0 };
	size_t depth, before = 0;
	int err = append(work, &root, NULL);

	sim_marked_world_take(&world, s->config->verify_rollback);
	for (depth = 0; !err && depth < WORK_MAX_PREFIX && work->nr < min_items(s) &&
	     work->nr > before; depth++) {
		before = work->nr;
		err = next_level(s, &world, depth, work);
	}
	sim_marked_world_free(&world);
	return err;
}

int work_list(const struct search_config *config, struct work *ret, char *ret_error, size_t size)
{
	const struct work_item root = { .nr = 0 };
	struct search_config beginnings = *config;
	struct search_result result;
	int err;

	*ret = (struct work){ .item = NULL };
	beginnings.kind = SEARCH_WORK;
	beginnings.work = ret;
	err = search_run(&beginnings, &result, ret_error, size);
	search_result_free(&result);
	/* The set-up ends every execution before it begins. */
	if (!err && !ret->nr)
		err = append(ret, &root, NULL);
	if (err == -ENOMEM)
		snprintf(ret_error, size, "out of memory");
	if (err)
		work_free(ret);
	return err;
}
