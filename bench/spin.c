/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spin's verifier of the toy: made, run, removed.
 */
#include "bench/spin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/child.h"

#define DEFAULT_TABLE	24
#define LEAST_TABLE	10
#define MAKE_LIMIT	60		/* seconds */

/* Run a program where the verifier is made. */
static int run(const struct bench_spin *s, struct bench_child *c)
{
	c->dir = s->dir;
	return bench_child(c);
}

static int compile(struct bench_spin *s, const char *model)
{
	char vcpus[16], retries[16];
	struct bench_child spin = {
		.argv = { "spin", vcpus, retries, "-a", model }, .limit = MAKE_LIMIT,
	};
	struct bench_child gcc = {
		.argv = { "gcc", "-O2", "-DSAFETY", "-w", "-o", "pan", "pan.c" },
		.limit = MAKE_LIMIT,
	};

	snprintf(vcpus, sizeof(vcpus), "-DNV=%d", s->vcpus);
	snprintf(retries, sizeof(retries), "-DNRETRY=%d", s->retries);
	return run(s, &spin) || run(s, &gcc);
}

/* Return: as bench_child(); a verifier that finds something has failed, too. */
static int verify(struct bench_spin *s, struct bench_child *c)
{
	int err = run(s, c);
	char *states, *line;

	if (err)
		return err;
	states = strstr(c->out, " states, stored");
	if (!states || !strstr(c->out, "errors: 0"))
		return 1;
	for (line = states; line > c->out && line[-1] != '\n';)
		line--;
	s->states = strtoull(line, NULL, 10);
	return 0;
}

int bench_spin_make(struct bench_spin *s, const char *model)
{
	struct bench_child pan = { .argv = { "./pan" }, .limit = s->limit };
	const char *tmp = getenv("TMPDIR");
	int err;

	snprintf(s->dir, sizeof(s->dir), "%s/pinsim-bench-XXXXXX", tmp ? tmp : P_tmpdir);
	if (!mkdtemp(s->dir)) {
		s->dir[0] = '\0';
		return 1;
	}
	err = compile(s, model);
	if (!err)
		err = verify(s, &pan);
	s->table = LEAST_TABLE;
	while (!err && s->table < DEFAULT_TABLE && 1ULL << s->table < s->states)
		s->table++;
	return err;
}

double bench_spin_run(struct bench_spin *s, int fitting)
{
	struct bench_child pan = { .argv = { "./pan" }, .limit = s->limit };
	char table[16];

	snprintf(table, sizeof(table), "-w%u", s->table);
	if (fitting)
		pan.argv[1] = table;
	return verify(s, &pan) ? -1 : pan.seconds;
}

void bench_spin_free(struct bench_spin *s)
{
	struct bench_child rm = { .argv = { "rm", "-rf", s->dir } };

	if (s->dir[0])
		bench_child(&rm);
	s->dir[0] = '\0';
}
