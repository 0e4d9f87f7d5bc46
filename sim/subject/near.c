/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that somebody may have meant: the three with the fewest letters to
 * change, where one that holds the other counts as near. Stands for nothing in
 * the kernel.
 */
#include "sim/subject/near.h"

#include <string.h>

#define NEAR_LEN	64	/* longer names are compared by their beginning */
#define NEAR_SHOWN	3

/* Letters to add, to leave out or to change (Levenshtein). */
static uint32_t distance(const char *a, uint32_t a_len, const char *b,
			 uint32_t b_len)
{
	uint32_t row[NEAR_LEN + 1], i, j;

	a_len = a_len > NEAR_LEN ? NEAR_LEN : a_len;
	b_len = b_len > NEAR_LEN ? NEAR_LEN : b_len;
	for (j = 0; j <= b_len; j++)
		row[j] = j;
	for (i = 1; i <= a_len; i++) {
		uint32_t diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= b_len; j++) {
			uint32_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b_len];
}

/* How far is it? UINT32_MAX: too far to be meant. */
static uint32_t how_far(const struct subject_name *name, const char *meant,
			uint32_t len)
{
	uint32_t most = 1 + len / 4, far = UINT32_MAX;

	/* Each letter that one has more is one to leave out. */
	if (name->len <= len + most && len <= name->len + most)
		far = distance(name->name, name->len, meant, len);
	if (len >= 4 && name->len >= 4 &&
	    (memmem(name->name, name->len, meant, len) ||
	     memmem(meant, len, name->name, name->len)))
		far = far < 2 ? far : 2;
	return far <= most ? far : UINT32_MAX;
}

static bool known(const struct subject_name *const *best, uint32_t nr,
		  const struct subject_name *name)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		if (best[i]->len == name->len &&
		    !memcmp(best[i]->name, name->name, name->len))
			return true;
	return false;
}

void subject_near(struct subject_text *ret, const struct subject_names *names,
		  bool all, const char *name)
{
	const struct subject_name *best[NEAR_SHOWN + 1];
	uint32_t far[NEAR_SHOWN + 1], nr = 0, i, k;
	uint32_t len = strlen(name);

	for (i = 0; i < names->nr; i++) {
		const struct subject_name *n = &names->name[i];
		uint32_t f;

		if (n->space == SUBJECT_FIELD ||
		    (!all && (n->kind != SUBJECT_FUNCTION || n->is_macro)))
			continue;
		f = how_far(n, name, len);
		if (f == UINT32_MAX || known(best, nr, n))
			continue;
		for (k = nr; k > 0 && far[k - 1] > f; k--) {
			far[k] = far[k - 1];
			best[k] = best[k - 1];
		}
		far[k] = f;
		best[k] = n;
		nr = nr < NEAR_SHOWN ? nr + 1 : NEAR_SHOWN;
	}
	for (i = 0; i < nr; i++)
		subject_text_printf(ret, "%s%.*s", !i ? "; did you mean " :
				    i + 1 == nr ? " or " : ", ",
				    (int)best[i]->len, best[i]->name);
	if (nr)
		subject_text_puts(ret, "?");
}
