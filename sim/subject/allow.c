/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gate before loading: see allow.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/subject/allow.h"

#define NAMES_MAX	4	/* in one complaint */

const void *subject_allowed(const char *name)
{
	unsigned int lo = 0, hi = subject_nr_exports;

	while (lo < hi) {
		unsigned int mid = lo + (hi - lo) / 2;
		int c = strcmp(subject_export[mid].name, name);

		if (!c)
			return subject_export[mid].addr;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

int subject_allow(const struct subject_object *o, const char *path,
		  uint32_t (*line)(void *ctx, const char *name), void *ctx,
		  struct subject_error *err)
{
	const char *missing[NAMES_MAX];
	unsigned int i, nr = 0;
	uint32_t first = 0;
	size_t len;

	for (i = 1; i < o->nr_syms; i++) {
		const char *name = subject_object_name(o, &o->sym[i]);

		if (o->sym[i].st_shndx != SHN_UNDEF || !*name || subject_allowed(name))
			continue;
		if (nr < NAMES_MAX)
			missing[nr] = name;
		if (!nr++ && line)
			first = line(ctx, name);
	}
	if (!nr)
		return 0;
	len = snprintf(err->text, sizeof(err->text), "%s:", path);
	if (first)
		len += snprintf(err->text + len, sizeof(err->text) - len, "%u:", first);
	for (i = 0; i < nr && i < NAMES_MAX && len < sizeof(err->text); i++)
		len += snprintf(err->text + len, sizeof(err->text) - len, "%s %.80s",
				i ? "," : "", missing[i]);
	if (nr > NAMES_MAX && len < sizeof(err->text))
		len += snprintf(err->text + len, sizeof(err->text) - len, " and %u more",
				nr - NAMES_MAX);
	if (len < sizeof(err->text))
		snprintf(err->text + len, sizeof(err->text) - len,
			 " %s not modelled: no header of the simulator's (fakes/include) has %s",
			 nr == 1 ? "is" : "are", nr == 1 ? "it" : "them");
	return -EINVAL;
}
