/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all benches share.
 */
#include "bench/measure.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

double bench_now(void)
{
	return seconds(CLOCK_MONOTONIC);
}

double bench_cpu_now(void)
{
	return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return n & 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

double bench_measure(double (*measure)(void *arg), void *arg)
{
	double v[BENCH_ROUNDS];
	int i;

	measure(arg);
	for (i = 0; i < BENCH_ROUNDS; i++)
		v[i] = measure(arg);
	return bench_median(v, BENCH_ROUNDS);
}

void bench_stay_on_core(void)
{
	int cpu = sched_getcpu();
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	/* Not allowed to, the figures are a little less steady. */
	(void)sched_setaffinity(0, sizeof(set), &set);
}

long bench_resident_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* "AMD EPYC", or "unknown". */
static void processor(char *buf, size_t size)
{
	FILE *f = fopen("/proc/cpuinfo", "r");
	char line[256];

	snprintf(buf, size, "unknown");
	while (f && fgets(line, sizeof(line), f)) {
		char *value = strchr(line, ':');

		if (strncmp(line, "model name", 10) || !value)
			continue;
		value += 1 + (value[1] == ' ');
		value[strcspn(value, "\n")] = '\0';
		snprintf(buf, size, "%s", value);
		break;
	}
	if (f)
		fclose(f);
}

json_t *bench_machine(void)
{
	struct utsname kernel = { .release = "" };
	char name[200];

	processor(name, sizeof(name));
	uname(&kernel);
#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif
	return json_pack("{s:s, s:I, s:s, s:s}", "processor", name,
			 "cores", (json_int_t)sysconf(_SC_NPROCESSORS_ONLN),
			 "kernel", kernel.release, "compiler", COMPILER);
}

void bench_print(json_t *j)
{
	json_dumpf(j, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(5));
	putchar('\n');
	json_decref(j);
}

bool bench_tiny(int *argc, char **argv)
{
	int i;

	for (i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--tiny"))
			continue;
		memmove(&argv[i], &argv[i + 1], (*argc - i) * sizeof(*argv));
		(*argc)--;
		return true;
	}
	return false;
}
