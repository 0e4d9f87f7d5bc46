/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a search has to remember for ten million states, as JSON: the toy with
 * more vCPUs and retries than anybody waits for, stopped there.  By states
 * alone, and by the default search, which keeps for each what followed it; each
 * in a process of its own, whose memory is the search's and the world's.
 *
 *	bench_memory [--tiny]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/child.h"
#include "bench/measure.h"
#include "bench/toy.h"
#include "sim/engine/arena.h"

#define STATES		10000000
#define TINY_STATES	1000
#define VCPUS		4
#define RETRIES		8
#define SECONDS		240

/* MODE STATES */
static int child(char **argv)
{
	struct bench_toy t = {
		.mode = argv[0], .vcpus = VCPUS, .retries = RETRIES,
		.max_states = strtoull(argv[1], NULL, 10),
	};

	if (bench_toy_search(&t))
		return 2;
	bench_print(json_pack("{s:I, s:I, s:f, s:I}", "states", (json_int_t)t.dpor.nr_states,
			      "memory_bytes", (json_int_t)t.dpor.memory,
			      "bytes_per_state", (double)t.dpor.memory / t.dpor.nr_states,
			      "steps", (json_int_t)t.dpor.steps));
	return 0;
}

static int measure(json_t *j, const char *mode, const char *states)
{
	struct bench_child c = {
		.argv = { "/proc/self/exe", "search", mode, states }, .limit = SECONDS,
	};
	json_t *one = bench_child(&c) ? NULL : json_loads(c.out, 0, NULL);

	if (!one) {
		fprintf(stderr, "memory: %s has failed\n", mode);
		return 1;
	}
	json_object_set_new(one, "seconds", json_real(c.seconds));
	json_object_set_new(one, "resident_kib", json_integer(c.resident_kib));
	json_object_set_new(j, mode, one);
	return 0;
}

int main(int argc, char **argv)
{
	bool tiny = bench_tiny(&argc, argv);
	char states[24];
	json_t *j;
	int failed;

	if (argc == 2 + 2 && !strcmp(argv[1], "search")) {
		if (sim_arena_map()) {
			fprintf(stderr, "memory: cannot map the arena\n");
			return 3;
		}
		failed = child(argv + 2);
		sim_arena_unmap();
		return failed;
	}
	if (argc > 1) {
		fprintf(stderr, "usage: %s [--tiny]\n", argv[0]);
		return 2;
	}
	snprintf(states, sizeof(states), "%d", tiny ? TINY_STATES : STATES);
	bench_stay_on_core();
	j = json_pack("{s:o, s:i, s:i}", "machine", bench_machine(), "vcpus", VCPUS,
		      "retries", RETRIES);
	failed = measure(j, "both", states) || measure(j, "states", states);
	bench_print(j);
	return failed;
}
