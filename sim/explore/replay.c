/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replay lines: see replay.h.  Parsing trusts nothing: every field is bounded
 * and every refusal says which field, and what was expected there.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "sim/core/step.h"
#include "sim/engine/grain.h"
#include "sim/explore/replay.h"

uint64_t replay_build(void)
{
	XXH64_hash_t h = 0;
	uint64_t lo, hi;
	unsigned int i;

	for (i = 0; sim_grain_range(i, &lo, &hi); i++)
		h = XXH64((const void *)lo, hi - lo, h);
	return h ? h : 1;
}

char *replay_print(const struct replay *r)
{
	size_t size = 64 + r->schedule.nr * 34;
	char *schedule = malloc(size), *line = NULL;
	char grain[40] = "op";

	if (r->build)
		snprintf(grain, sizeof(grain), "access@%016" PRIx64, r->build);
	if (schedule && schedule_print(&r->schedule, schedule, size) >= 0 &&
	    asprintf(&line, "p%d/s%d/%s/%016" PRIx64 "/%s/%s/%s/u%" PRIu32
		     "/%s/%s%s%s%s%s/%016" PRIx64, REPLAY_FORMAT, SIM_STEP_MODEL,
		     r->race, r->hash, r->design, r->kernel, grain, r->unroll, r->checks,
		     *r->fail ? "fail=" : "", r->fail, *r->fail ? "/" : "", schedule,
		     r->cycle ? "~" : "", r->checksum) < 0)
		line = NULL;
	free(schedule);
	return line;
}

/* Cuts the next field off *@p. Return: it, or NULL at the end. */
static char *field(char **p)
{
	char *start = *p, *slash;

	if (!start)
		return NULL;
	slash = strchr(start, '/');
	if (slash)
		*slash = '\0';
	*p = slash ? slash + 1 : NULL;
	return start;
}

static int refuse(char *error, size_t size, const char *what, const char *got)
{
	snprintf(error, size, "replay string: %s%s%.80s%s", what, got ? ", got '" : "",
		 got ? got : "", got ? "'" : "");
	return -EINVAL;
}

static int parse_u64(const char *text, int base, size_t digits, uint64_t *ret)
{
	const char *set = base == 16 ? "0123456789abcdef" : "0123456789";
	size_t len = text ? strlen(text) : 0;

	if (!len || len > digits || strspn(text, set) != len || (base == 16 && len != digits))
		return -EINVAL;
	*ret = strtoull(text, NULL, base);
	return 0;
}

static int parse_word(const char *text, char *ret)
{
	size_t len = text ? strlen(text) : 0;
	size_t i;

	if (!len || len >= REPLAY_MAX_FIELD)
		return -EINVAL;
	for (i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return -EINVAL;
	memcpy(ret, text, len + 1);
	return 0;
}

/* "p1" and "s2": a letter and the one number that this program writes. */
static int parse_version(const char *text, char letter, int want)
{
	uint64_t v;

	if (!text || text[0] != letter || parse_u64(text + 1, 10, 9, &v))
		return -EINVAL;
	return v == (uint64_t)want ? 0 : 1;
}

static int parse_head(struct replay *r, char **p, char *error, size_t size)
{
	char *f = field(p);
	int v = parse_version(f, 'p', REPLAY_FORMAT);

	if (v)
		return refuse(error, size, v < 0 ? "expected the format's version, 'p1'" :
			      "written in another format than this pinsim's p1", f);
	f = field(p);
	v = parse_version(f, 's', SIM_STEP_MODEL);
	if (v)
		return refuse(error, size, v < 0 ? "expected the step model's version, as 's2'" :
			      "made with another step model than this pinsim's", f);
	f = field(p);
	if (parse_word(f, r->race))
		return refuse(error, size, "expected the race's name", f);
	f = field(p);
	if (parse_u64(f, 16, 16, &r->hash))
		return refuse(error, size, "expected the race's hash, 16 hex digits", f);
	f = field(p);
	if (parse_word(f, r->design))
		return refuse(error, size, "expected a design", f);
	f = field(p);
	if (parse_word(f, r->kernel))
		return refuse(error, size, "expected a kernel profile", f);
	return 0;
}

static int parse_grain(const char *text, uint64_t *ret_build)
{
	if (!text)
		return -EINVAL;
	if (!strcmp(text, "op"))
		return 0;
	if (strncmp(text, "access@", 7) || parse_u64(text + 7, 16, 16, ret_build) || !*ret_build)
		return -EINVAL;
	return 0;
}

static int parse_tail(struct replay *r, char **p, char *error, size_t size)
{
	char *f = field(p), what[160];
	uint64_t unroll;

	if (parse_grain(f, &r->build))
		return refuse(error, size, "expected the grain, 'op' or 'access@' and 16 hex "
			      "digits", f);
	f = field(p);
	if (!f || f[0] != 'u' || parse_u64(f + 1, 10, 6, &unroll) || !unroll)
		return refuse(error, size, "expected the unroll bound, as 'u8'", f);
	r->unroll = unroll;
	f = field(p);
	if (parse_word(f, r->checks))
		return refuse(error, size, "expected the checks, as 'all'", f);
	f = field(p);
	if (f && !strncmp(f, "fail=", 5)) {
		if (parse_word(f + 5, r->fail))
			return refuse(error, size, "expected what fails, as 'fail=slab:1'", f);
		f = field(p);
	}
	r->cycle = f && *f && f[strlen(f) - 1] == '~';
	if (r->cycle)
		f[strlen(f) - 1] = '\0';
	if (!f || schedule_parse(&r->schedule, f, what, sizeof(what)))
		return refuse(error, size, f ? what :
			      "expected a schedule, '-' for the default", NULL);
	f = field(p);
	if (parse_u64(f, 16, 16, &r->checksum))
		return refuse(error, size, "expected the checksum, 16 hex digits", f);
	if (*p)
		return refuse(error, size, "expected the end after the checksum", *p);
	return 0;
}

int replay_parse(struct replay *ret, const char *text, char *ret_error, size_t size)
{
	struct replay r = { .unroll = 0 };
	char *copy, *p;
	int err;

	if (strlen(text) > REPLAY_MAX_TEXT)
		return refuse(ret_error, size, "longer than 1 MiB", NULL);
	copy = p = strdup(text);
	if (!copy)
		return refuse(ret_error, size, "out of memory", NULL);
	err = parse_head(&r, &p, ret_error, size);
	if (!err)
		err = parse_tail(&r, &p, ret_error, size);
	free(copy);
	if (err)
		replay_free(&r);
	else
		*ret = r;
	return err;
}

void replay_free(struct replay *r)
{
	schedule_free(&r->schedule);
}
