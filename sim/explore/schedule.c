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

/* A decimal number without sign, blanks or overflow. */
static const char *parse_number(const char *p, uint64_t *ret)
{
	uint64_t v = 0;
	const char *start = p;

	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (*p - '0');
		if (v > UINT32_MAX)
			return NULL;
	}
	*ret = v;
	return p == start ? NULL : p;
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

/* One "AT[xN]:TAKE". Return: what follows it, or NULL with @ret_what set. */
static const char *parse_item(const char *p, uint64_t *at, uint64_t *n, uint64_t *take,
			      const char **ret_what)
{
	const char *q = parse_number(p, at);

	*ret_what = "expected the number of a choice";
	if (!q)
		return NULL;
	*n = 1;
	if (*q == 'x') {
		*ret_what = "expected how many choices after 'x', at least 2";
		q = parse_number(q + 1, n);
		if (!q || *n < 2)
			return NULL;
	}
	*ret_what = "expected ':' and the value that the choice takes, at least 1";
	if (*q != ':')
		return NULL;
	q = parse_number(q + 1, take);
	if (!q || !*take)
		return NULL;
	*ret_what = "choice numbers past 2^24 are not supported";
	return *at + *n > MAX_CHOICES ? NULL : q;
}

int schedule_parse(struct schedule *ret, const char *text, char *ret_error, size_t size)
{
	struct schedule s = { NULL, 0 };
	const char *p = text, *what;
	uint64_t at, n, take, next = 0;
	size_t room = 0;

	if (!strcmp(text, "-")) {
		*ret = s;
		return 0;
	}
	for (;;) {
		const char *q = parse_item(p, &at, &n, &take, &what);

		if (q && at < next) {
			what = "choice numbers must ascend";
			q = NULL;
		}
		if (!q)
			goto bad;
		for (next = at + n; at < next; at++)
			if (append(&s, &room, at, take)) {
				what = "out of memory";
				goto bad;
			}
		p = q;
		if (!*p)
			break;
		what = "expected ',' or the end";
		if (*p++ != ',')
			goto bad;
	}
	*ret = s;
	return 0;
bad:
	schedule_free(&s);
	return refuse(ret_error, size, text, p, what);
}
