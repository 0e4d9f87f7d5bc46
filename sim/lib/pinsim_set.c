/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libpinsim: options by their names on the program's command line: see pinsim/pinsim.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/bounded.h"
#include "sim/lib/pinsim_private.h"

/* A number from @min to @max, decimal or 0x. Return: 0 or -EINVAL. */
static int number(const char *text, uint64_t min, uint64_t max, uint64_t *ret)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno || n < min || n > max)
		return -EINVAL;
	*ret = n;
	return 0;
}

static int set_text(char **at, const char *value)
{
	char *copy = value ? strdup(value) : NULL;

	if (value && !copy)
		return -ENOMEM;
	free(*at);
	*at = copy;
	return 0;
}

static int set_check(struct pinsim_options *o, const char *value)
{
	struct check_set set;
	char why[1024];

	if (value && check_set_parse(&set, value, why, sizeof(why)))
		return -EINVAL;
	return set_text(&o->check, value);
}

static int set_executions(struct pinsim_options *o, const char *value)
{
	return number(value ? value : "100000", 0, UINT64_MAX, &o->executions);
}

static int set_fail(struct pinsim_options *o, const char *value)
{
	return set_text(&o->fail, value);
}

static int set_grain(struct pinsim_options *o, const char *value)
{
	bool accesses = value && !strcmp(value, "access");

	if (value && !accesses && strcmp(value, "op"))
		return -EINVAL;
	o->accesses = accesses;
	return 0;
}

static int set_kernel(struct pinsim_options *o, const char *value)
{
	return set_text(&o->kernel, value);
}

static int set_max_steps(struct pinsim_options *o, const char *value)
{
	return number(value ? value : "1000000", 1, 1000000000, &o->max_steps);
}

static int set_preemptions(struct pinsim_options *o, const char *value)
{
	if (value)
		return number(value, 0, SIM_BOUNDED_MAX - 1, &o->preemptions);
	o->preemptions = UINT64_MAX;
	return 0;
}

static int set_time(struct pinsim_options *o, const char *value)
{
	double seconds;
	char *end;

	seconds = strtod(value ? value : "0", &end);
	if (*end || (value && end == value) || !isfinite(seconds) || seconds < 0)
		return -EINVAL;
	o->seconds = seconds;
	return 0;
}

static int set_unroll(struct pinsim_options *o, const char *value)
{
	return number(value ? value : "3", 1, 100000, &o->unroll);
}

static const struct {
	const char *name;
	int (*set)(struct pinsim_options *o, const char *value);
} options[] = {
	{ "check", set_check },
	{ "executions", set_executions },
	{ "fail", set_fail },
	{ "grain", set_grain },
	{ "kernel", set_kernel },
	{ "max-steps", set_max_steps },
	{ "preemptions", set_preemptions },
	{ "time", set_time },
	{ "unroll", set_unroll },
};

int pinsim_set(struct pinsim *sim, const char *option, const char *value)
{
	size_t i;
	int err;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(options[i].name, option))
			continue;
		err = options[i].set(&sim->options, value);
		if (err == -EINVAL)
			return lib_fail(sim, err, "%s: '%.200s' is out of place", option, value);
		if (err)
			return lib_fail(sim, err, "out of memory");
		lib_drop_results(sim);
		return 0;
	}
	return lib_fail(sim, -ENOENT, "no option is called '%.60s'", option);
}
