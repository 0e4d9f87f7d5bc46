/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of checks over the whole simulated kernel share. */
#include <string.h>

#include "tests/check/real.h"

const char one_fault[] = HEAD ANON("normal") GUEST FAULT;

/* Checks that spoke in some test, a bit each. */
static uint64_t spoken;

void ask(struct searching *s, const struct question *q)
{
	char error[512];

	searching_open(s, "t", q->text, q->design);
	if (q->without && check_set_parse(&s->checks, q->without, error, sizeof(error)))
		fail_msg("%s", error);
	if (!q->caches && !strncmp(q->design, "plant-", 6))
		check_set_leave_out(&s->checks, "cache-stale", error, sizeof(error));
	if (q->executions) {
		s->config.kind = SEARCH_RANDOM;
		s->config.executions = q->executions;
		s->config.seed = 1;
	}
	s->config.accesses = q->accesses;
	searching_run(s);
	for (unsigned int i = 0; check_nth(i); i++)
		if (searching_found(s, check_nth(i)->id))
			spoken |= 1ULL << i;
}

void verdict(struct question q, const char *ids)
{
	struct searching s;

	ask(&s, &q);
	assert_string_equal(searching_violated(&s), ids);
	searching_close(&s);
}

void sentence(struct question q, const char *id, const char *text)
{
	struct searching s;

	ask(&s, &q);
	assert_string_equal(searching_violated(&s), id);
	if (strncmp(s.result.found[0].violation.text, text, strlen(text)))
		assert_string_equal(s.result.found[0].violation.text, text);
	searching_close(&s);
}

static const char *const checks_of[NR_REAL_PROGRAMS] = {
	[REAL_PAGES] = "ref-leak ref-underflow double-unpin owner-mismatch refcount-overflow"
		       " memory-leak use-after-free metadata-bounds longterm-placement"
		       " guest-corruption cache-stale mapped-unpinned record-mismatch"
		       " memlock-exceeded memlock-drift",
	[REAL_TASKS] = "stale-spte sleep-in-atomic no-progress lock-order deadlock cma-blocked"
		       " offline-blocked kernel-warn kernel-bug livelock data-race",
};

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *at = list;

	while ((at = strstr(at, word))) {
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
		at += len;
	}
	return false;
}

void real_all_spoken(enum real_program program)
{
	for (unsigned int i = 0; check_nth(i); i++) {
		const char *id = check_nth(i)->id;
		unsigned int places = 0;

		for (unsigned int p = 0; p < NR_REAL_PROGRAMS; p++)
			places += has_word(checks_of[p], id);
		if (places != 1)
			fail_msg("%s is of %u programs", id, places);
		if (has_word(checks_of[program], id) && !(spoken >> i & 1))
			fail_msg("%s was never seen to speak", id);
	}
}
