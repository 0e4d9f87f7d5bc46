/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all benches share: clocks, medians, one core to stay on, and the JSON
 * that they print.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Figures are medians of so many rounds, after one that warms up. */
#define BENCH_ROUNDS	5

/* Seconds; by the wall's clock, and by the processor's for this process. */
double bench_now(void);
double bench_cpu_now(void);

/**
 * bench_median() - the middle one of some numbers
 * @v: they; sorted afterwards
 * @n: how many, at least 1
 */
double bench_median(double *v, size_t n);

/**
 * bench_measure() - the median of what a measurement returns
 * @measure: once for warming up, then BENCH_ROUNDS times
 * @arg: for it
 */
double bench_measure(double (*measure)(void *arg), void *arg);

/* Stay on the core that this runs on, children as well; if that is allowed. */
void bench_stay_on_core(void);

/* The most memory that was resident so far, in KiB. */
long bench_resident_kib(void);

/* Processor, its cores, kernel and compiler: what figures cannot be without. */
json_t *bench_machine(void);

/* To stdout; @j is given up. */
void bench_print(json_t *j);

/**
 * bench_tiny() - is the program only to show that it works?
 * @argc: of main(); "--tiny" is taken out
 * @argv: of main()
 */
bool bench_tiny(int *argc, char **argv);

#endif
