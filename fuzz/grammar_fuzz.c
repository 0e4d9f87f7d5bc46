/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grammar fuzzing of the .race parser without a fuzzer: inputs are made of the
 * language's own words, and of the shipped races with some tokens changed, so
 * that most of them get far beyond the first line. The generator is seeded and
 * the same everywhere: a failure is named by its seed and its number.
 *
 * usage: grammar_fuzz [--seconds N] [--seed N] [--count N] RACE...
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fuzz/race_property.h"
#include "sim/race/words.h"

#define MAX_INPUT	65536
#define MAX_TOKENS	4096
#define MAX_FILES	64

/**
 * struct fuzz - one run
 * @rng: xoshiro256** state
 * @vocabulary: tokens to choose from
 * @nr_vocabulary: their number
 * @races: texts of the shipped races
 * @nr_races: their number
 * @text: the input being made
 * @len: its bytes
 */
struct fuzz {
	uint64_t rng[4];
	const char *vocabulary[256];
	size_t nr_vocabulary;
	char *races[MAX_FILES];
	size_t nr_races;
	char text[MAX_INPUT];
	size_t len;
};

static uint64_t rotl(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

static uint64_t next(struct fuzz *f)
{
	uint64_t *s = f->rng, result = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

static size_t below(struct fuzz *f, size_t n)
{
	return next(f) % n;
}

/* splitmix64 spreads one number over the state, as xoshiro's authors advise. */
static void seed_rng(struct fuzz *f, uint64_t seed)
{
	uint64_t z;
	int i;

	for (i = 0; i < 4; i++) {
		z = seed += 0x9e3779b97f4a7c15;
		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
		z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
		f->rng[i] = z ^ (z >> 31);
	}
}

static void put(struct fuzz *f, const char *text, size_t len)
{
	if (f->len + len > sizeof(f->text))
		return;
	memcpy(f->text + f->len, text, len);
	f->len += len;
}

static void make_vocabulary(struct fuzz *f)
{
	static const char * const rest[] = {
		"{", "}", "(", ")", "[", "]", ";", ",", ":", ".", "..", "->",
		"|", "||", "&&", "!", "==", "!=", "<", "<=", ">", ">=", "=",
		"&", "-", "\"q\"", "\"", "#", "\n", "0", "1", "2", "3", "4K",
		"64M", "2M", "1T", "0x100", "0x", "9223372036854775807",
		"18446744073709551616", "H-03", "K.5", "6.1", "6.12", "5.17",
		"ram", "vmm", "vcpu0", "mover", "x", "in-map", "\x01", "\xff",
	};
	const struct race_word *word;
	const char *s;
	size_t i;

	for (i = 0; (word = race_word_at(i)); i++)
		f->vocabulary[f->nr_vocabulary++] = word->text;
	for (i = 0; (s = race_check_at(i)); i++)
		f->vocabulary[f->nr_vocabulary++] = s;
	for (i = 0; (s = race_design_at(i)); i++)
		f->vocabulary[f->nr_vocabulary++] = s;
	for (i = 0; (s = race_errno_at(i)); i++)
		f->vocabulary[f->nr_vocabulary++] = s;
	for (i = 0; (s = race_counter_name(i)); i++)
		f->vocabulary[f->nr_vocabulary++] = s;
	for (i = 0; (s = race_fault_name(i)); i++)
		f->vocabulary[f->nr_vocabulary++] = s;
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		f->vocabulary[f->nr_vocabulary++] = rest[i];
}

static const char *any_token(struct fuzz *f)
{
	return f->vocabulary[below(f, f->nr_vocabulary)];
}

static void make_soup(struct fuzz *f)
{
	size_t i, nr = below(f, 200);
	const char *token;

	if (below(f, 4))
		put(f, "race x \"q\" ", 11);
	for (i = 0; i < nr; i++) {
		token = any_token(f);
		put(f, token, strlen(token));
		if (below(f, 8))
			put(f, " ", 1);
	}
}

/* White space, words with what sticks to them, and single characters. */
static size_t token_len(const char *p)
{
	size_t n = strcspn(p, " \t\n{}()[];,:.|&!=<>\"#");

	if (n)
		return n;
	n = strspn(p, " \t\n");
	return n ? n : 1;
}

static size_t split(const char *text, const char *at[], size_t len[])
{
	size_t nr = 0;

	while (*text && nr < MAX_TOKENS) {
		at[nr] = text;
		len[nr] = token_len(text);
		text += len[nr++];
	}
	return nr;
}

/* One race with a few tokens dropped, doubled, replaced or exchanged. */
static void make_mutant(struct fuzz *f)
{
	static const char *at[MAX_TOKENS];
	static size_t len[MAX_TOKENS];
	const char *race = f->races[below(f, f->nr_races)];
	size_t i, j, nr = split(race, at, len), changes = 1 + below(f, 3);
	const char *p;
	size_t n;

	while (changes--) {
		i = below(f, nr);
		j = below(f, nr);
		switch (below(f, 4)) {
		case 0:
			len[i] = 0;
			break;
		case 1:
			at[i] = any_token(f);
			len[i] = strlen(at[i]);
			break;
		case 2:
			at[i] = at[j];
			len[i] = len[j];
			break;
		default:
			p = at[i];
			at[i] = at[j];
			at[j] = p;
			n = len[i];
			len[i] = len[j];
			len[j] = n;
		}
	}
	for (i = 0; i < nr; i++)
		put(f, at[i], len[i]);
}

static void make_noise(struct fuzz *f)
{
	size_t i, nr;

	make_mutant(f);
	nr = 1 + below(f, 4);
	for (i = 0; i < nr && f->len; i++)
		f->text[below(f, f->len)] = (char)next(f);
}

/* Two races in one: names and limits meet. */
static void make_splice(struct fuzz *f)
{
	const char *a = f->races[below(f, f->nr_races)];
	const char *z = f->races[below(f, f->nr_races)];

	put(f, a, below(f, strlen(a) + 1));
	z += below(f, strlen(z) + 1);
	put(f, z, strlen(z));
}

static void make_input(struct fuzz *f)
{
	f->len = 0;
	switch (below(f, 8)) {
	case 0:
		make_soup(f);
		break;
	case 1:
		make_noise(f);
		break;
	case 2:
		make_splice(f);
		break;
	default:
		make_mutant(f);
	}
}

static char *read_race(const char *path)
{
	char *text = calloc(1, MAX_INPUT);
	FILE *file = fopen(path, "r");

	if (!file || !text || !fread(text, 1, MAX_INPUT - 1, file)) {
		perror(path);
		exit(2);
	}
	fclose(file);
	return text;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int run(struct fuzz *f, uint64_t seed, double seconds, uint64_t count)
{
	uint64_t nr = 0, nr_accepted = 0;
	double end = now() + seconds;
	char why[1200];
	bool accepted;

	while (count ? nr < count : now() < end) {
		/* Seeded anew for each, so that one can be made alone. */
		seed_rng(f, seed + nr);
		make_input(f);
		if (!race_property(f->text, f->len, &accepted, why,
				   sizeof(why))) {
			fprintf(stderr, "--seed %" PRIu64 " --count 1: %s\n",
				seed + nr, why);
			fwrite(f->text, 1, f->len, stderr);
			return 1;
		}
		nr_accepted += accepted;
		nr++;
	}
	printf("%" PRIu64 " inputs, %" PRIu64 " accepted\n", nr, nr_accepted);
	/* Neither side of the property may go untested. */
	return count != 1 && (!nr_accepted || nr_accepted == nr);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' },
		{ "count", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	static struct fuzz fuzz;
	uint64_t seed = 1, count = 0;
	double seconds = 2;
	size_t i;
	int c, ret;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			seconds = strtod(optarg, NULL);
		else if (c == 'r')
			seed = strtoull(optarg, NULL, 0);
		else if (c == 'c')
			count = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	make_vocabulary(&fuzz);
	for (; optind < argc && fuzz.nr_races < MAX_FILES; optind++)
		fuzz.races[fuzz.nr_races++] = read_race(argv[optind]);
	if (!fuzz.nr_races) {
		fprintf(stderr, "usage: %s [--seconds N] [--seed N] [--count N] RACE...\n",
			argv[0]);
		return 2;
	}
	ret = run(&fuzz, seed, seconds, count);
	for (i = 0; i < fuzz.nr_races; i++)
		free(fuzz.races[i]);
	return ret;
}
