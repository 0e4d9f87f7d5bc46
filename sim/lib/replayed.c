/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holding a replay line against a race, a design and this build: see replayed.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fakes/profile.h"
#include "pin/probe.h"
#include "sim/lib/replayed.h"
#include "sim/race/race.h"

static int same_race(const struct replay *line, const struct race *race, const char *path,
		     char *error, size_t size)
{
	uint64_t hash;

	if (strcmp(race->name.s, line->race)) {
		snprintf(error, size, "%s is race %s, but the string replays %.80s", path,
			 race->name.s, line->race);
		return -EINVAL;
	}
	if (race_hash(race, &hash))
		return -ENOMEM;
	if (hash == line->hash)
		return 0;
	snprintf(error, size, "%s has changed since the string was made: its hash is "
		 "%016" PRIx64 ", not %016" PRIx64, path, hash, line->hash);
	return -EINVAL;
}

static int same_design(const char *design, const char *given, char *error, size_t size)
{
	if (given && strcmp(design, given))
		snprintf(error, size, "--design is %.100s, but the string replays %.100s: "
			 "it was made with another source", given, design);
	else if (pin_design_exists(design))
		return 0;
	else if (strchr(design, '@'))
		snprintf(error, size, "replay string: design %.100s is a user's own code; "
			 "name its file with --design", design);
	else
		snprintf(error, size, "replay string: no design is called '%.80s'", design);
	return -EINVAL;
}

static int same_kernel(const struct replay *line, char *error, size_t size)
{
	if (!kernel_profile_find(line->kernel))
		snprintf(error, size, "replay string: no kernel profile is called '%.80s'",
			 line->kernel);
	else if (line->build && line->build != replay_build())
		snprintf(error, size, "replay string: at access grain it belongs to the build "
			 "of pinsim that it was made with, and this is another one");
	else
		return 0;
	return -EINVAL;
}

/* "all", or "-id,-id". */
static int checks_of(const struct replay *line, struct expect_case *c, char *error, size_t size)
{
	char why[1024];

	snprintf(c->left_out, sizeof(c->left_out), "%s", line->checks);
	if (!check_set_parse(&c->checks, line->checks, why, sizeof(why)))
		return 0;
	snprintf(error, size, "replay string: checks: %s", why);
	return -EINVAL;
}

int replayed_match(const struct replay *line, struct race *race, const char *path,
		   const char *given, struct expect_case *ret, char *ret_error, size_t size)
{
	int err = same_race(line, race, path, ret_error, size);

	memset(ret, 0, sizeof(*ret));
	if (!err)
		err = same_design(line->design, given, ret_error, size);
	if (!err)
		err = same_kernel(line, ret_error, size);
	if (!err)
		err = checks_of(line, ret, ret_error, size);
	if (!err && *line->fail)
		err = race_inject(race, line->fail, ret_error, size);
	if (err)
		return err;
	snprintf(ret->design, sizeof(ret->design), "%.100s", line->design);
	ret->kernel = kernel_profile_find(line->kernel)->name;
	return 0;
}
