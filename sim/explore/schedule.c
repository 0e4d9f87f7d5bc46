/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedules and their text: see schedule.h.
 *
 * The text is made to be pasted into a mail: no spaces, nothing a shell would
 * touch, runs of one value written once.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/schedule.h"

#define MAX_CHOICES	(1u << 24)	/* more than any bounded execution makes */

int schedule_from(struct schedule *ret, const uint32_t *choices, size_t n)
{
	struct schedule s = { NULL, 0 };
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		s.nr += choices[i] != 0;
	s.choice = calloc(s.nr ? s.nr : 1, sizeof(*s.choice));
	if (!s.choice)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		if (!choices[i])
			continue;
		s.choice[k].at = i;
		s.choice[k++].take = choices[i];
	}
	*ret = s;
	return 0;
}

int schedule_copy(struct schedule *ret, const struct schedule *from)
{
	size_t bytes = from->nr * sizeof(*from->choice);
	struct schedule_choice *copy = malloc(bytes ? bytes : 1);

	if (!copy)
		return -ENOMEM;
	if (bytes)
		memcpy(copy, from->choice, bytes);
	ret->choice = copy;
	ret->nr = from->nr;
	return 0;
}

void schedule_free(struct schedule *s)
{
	free(s->choice);
	s->choice = NULL;
	s->nr = 0;
}

/**
 * schedule_at() - what choice number @at takes.
 * @cursor: where to look first; starts at 0, and @at only ever grows
 */
uint32_t schedule_at(const struct schedule *s, uint32_t at, size_t *cursor)
{
	while (*cursor < s->nr && s->choice[*cursor].at < at)
		(*cursor)++;
	if (*cursor < s->nr && s->choice[*cursor].at == at)
		return s->choice[*cursor].take;
	return 0;
}

/* How many entries from @i on are one run: consecutive choices, equal value. */
static size_t run_length(const struct schedule *s, size_t i)
{
	size_t n = 1;

	while (i + n < s->nr && s->choice[i + n].at == s->choice[i].at + n &&
	       s->choice[i + n].take == s->choice[i].take)
		n++;
	return n;
}

/**
 * schedule_print() - write a schedule as text.
 *
 * Return: its length, or -ENOSPC if @size is too small.
 */
int schedule_print(const struct schedule *s, char *buf, size_t size)
{
	size_t i, len = 0;

	if (!s->nr)
		return snprintf(buf, size, "-") < (int)size ? 1 : -ENOSPC;
	for (i = 0; i < s->nr;) {
		size_t n = run_length(s, i);
		char run[24] = "";

		if (n > 1)
			snprintf(run, sizeof(run), "x%zu", n);
		len += snprintf(buf + len, size - len, "%s%" PRIu32 "%s:%" PRIu32,
				i ? "," : "", s->choice[i].at, run, s->choice[i].take);
		if (len >= size)
			return -ENOSPC;
		i += n;
	}
	return len;
}

/*
 * A decimal number without sign, blanks or overflow, at *@p, which moves past
 * it. Return: false with *@p where it was.
 */
static bool parse_number(const char **p, uint64_t *ret)
{
	const char *q = *p;
	uint64_t v = 0;

	for (; *q >= '0' && *q <= '9'; q++) {
		v = v * 10 + (*q - '0');
		if (v > UINT32_MAX)
			return false;
	}
	if (q == *p)
		return false;
	*p = q;
	*ret = v;
	return true;
}

static int refuse(char *error, size_t size, const char *text, const char *at, const char *what)
{
	snprintf(error, size, "schedule, byte %zu: %s", (size_t)(at - text) + 1, what);
	return -EINVAL;
}

static int append(struct schedule *s, size_t *room, uint32_t at, uint32_t take)
{
	if (s->nr == *room) {
		size_t more = *room ? *room * 2 : 16;
		void *p = realloc(s->choice, more * sizeof(*s->choice));

		if (!p)
			return -ENOMEM;
		s->choice = p;
		*room = more;
	}
	s->choice[s->nr].at = at;
	s->choice[s->nr++].take = take;
	return 0;
}

/* A run of choices that take one value. */
struct item {
	uint64_t at, n, take;
};

/*
 * One "AT[xN]:TAKE" that begins no earlier than choice @next; *@p moves past
 * it. Return: NULL, or what was expected where *@p stands now.
 */
static const char *parse_item(const char **p, uint64_t next, struct item *ret)
{
	const char *start = *p;

	ret->n = 1;
	if (!parse_number(p, &ret->at))
		return "expected the number of a choice";
	if (ret->at < next) {
		*p = start;
		return "choice numbers must ascend";
	}
	if (**p == 'x') {
		(*p)++;
		start = *p;
		if (!parse_number(p, &ret->n) || ret->n < 2) {
			*p = start;
			return "expected how many choices after 'x', at least 2";
		}
	}
	if (ret->at + ret->n > MAX_CHOICES) {
		*p = start;
		return "choice numbers past 2^24 are not supported";
	}
	if (**p != ':')
		return "expected ':'";
	(*p)++;
	start = *p;
	if (!parse_number(p, &ret->take) || !ret->take) {
		*p = start;
		return "expected the value that the choice takes, at least 1";
	}
	return NULL;
}

static const char *parse_items(const char **p, struct schedule *s)
{
	uint64_t next = 0;
	size_t room = 0;

	for (;;) {
		struct item item;
		const char *what = parse_item(p, next, &item);

		if (what)
			return what;
		for (next = item.at + item.n; item.at < next; item.at++)
			if (append(s, &room, item.at, item.take))
				return "out of memory";
		if (!**p)
			return NULL;
		if (**p != ',')
			return "expected ',' or the end";
		(*p)++;
	}
}

int schedule_parse(struct schedule *ret, const char *text, char *ret_error, size_t size)
{
	struct schedule s = { NULL, 0 };
	const char *p = text, *what;

	if (!strcmp(text, "-")) {
		*ret = s;
		return 0;
	}
	what = parse_items(&p, &s);
	if (what) {
		schedule_free(&s);
		return refuse(ret_error, size, text, p, what);
	}
	*ret = s;
	return 0;
}
