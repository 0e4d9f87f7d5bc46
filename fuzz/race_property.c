/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes either parse, and then printing loses nothing; or are refused with
 * one printable line that names a place inside the text.
 */
#include "fuzz/race_property.h"

#include <stdio.h>
#include <string.h>

#include "sim/race/race.h"
#include "tests/race/equal.h"

static bool good_message(const struct race_error *err, size_t len)
{
	const char *p;

	if (strncmp(err->text, "fuzz.race:", 10) || !strstr(err->text, " "))
		return false;
	if (strlen(err->text) + 1 >= sizeof(err->text))
		return false;
	for (p = err->text; *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			return false;
	return len > RACE_MAX_FILE ||
	       (err->loc.line >= 1 && err->loc.line <= len + 1 &&
		err->loc.col >= 1 && err->loc.col <= len + 1);
}

/**
 * race_property - parse, print, parse again
 * @text: any bytes
 * @len: their number
 * @ret_accepted: whether they are a race
 * @why: gets a sentence on failure
 * @size: bytes in @why
 *
 * Return: whether the parser kept its promises.
 */
bool race_property(const char *text, size_t len, bool *ret_accepted,
		   char *why, size_t size)
{
	struct race_error err;
	struct race *race;
	bool ok;

	race = race_parse_text("fuzz.race", text, len, &err);
	*ret_accepted = race != NULL;
	if (!race) {
		ok = good_message(&err, len);
		if (!ok)
			snprintf(why, size, "bad message: %s", err.text);
		return ok;
	}
	ok = race_round_trip(race, why, size);
	race_free(race);
	return ok;
}
