/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting what a launch does.  References are the ledger's sums; pages that moved
 * and notifier calls the mm's history; bytes flushed and how long a lock was held
 * are read off the records of the steps themselves, as they are made.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "fakes/host/probe.h"
#include "fakes/mm/probe.h"
#include "fakes/sev/probe.h"
#include "pin/probe.h"
#include "sim/core/alloc.h"
#include "sim/core/ledger.h"
#include "sim/core/lock.h"
#include "sim/core/step.h"
#include "sim/engine/bug.h"
#include "sim/startup/tally.h"

#define VERB_BIT(verb)	(1ULL << (verb))

static void lock_taken(struct tally *t, const struct sim_record *r)
{
	SIM_BUG_ON(t->nr_held == TALLY_MAX_HELD);
	t->held[t->nr_held].obj = r->obj;
	t->held[t->nr_held].since = r->time;
	t->held[t->nr_held++].class = (unsigned int)r->b;
}

/* The youngest of the name: what is taken twice is let go twice. */
static void lock_released(struct tally *t, const struct sim_record *r)
{
	unsigned int i = t->nr_held;

	while (i && (t->held[i - 1].obj != r->obj || t->held[i - 1].class != (unsigned int)r->b))
		i--;
	if (!i--)
		return;
	if (r->time - t->held[i].since > t->longest) {
		t->longest = r->time - t->held[i].since;
		t->longest_class = t->held[i].class + 1;
	}
	t->nr_held--;
	memmove(&t->held[i], &t->held[i + 1], (t->nr_held - i) * sizeof(t->held[0]));
}

static void take_records(void *arg, const struct sim_record *recs, size_t n)
{
	struct tally *t = arg;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct sim_record *r = &recs[i];

		if (r->verb == SIM_LOCK)
			lock_taken(t, r);
		else if (r->verb == SIM_UNLOCK)
			lock_released(t, r);
		else if (r->verb == SIM_FLUSH && r->a == 1)
			t->flushed += (uint64_t)r->b * STARTUP_PAGE_SIZE;
	}
}

static void take_rest(struct tally *t)
{
	size_t n;
	const struct sim_record *recs = sim_pulse_fresh(&n);

	take_records(t, recs, n);
}

/* Bytes of memory that this process has now. */
static uint64_t host_rss(void)
{
	unsigned long size, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f)
		return 0;
	if (fscanf(f, "%lu %lu", &size, &resident) != 2)
		resident = 0;
	fclose(f);
	return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t host_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

static uint64_t charged_now(unsigned int vm, unsigned int process)
{
	const struct pin_probe *probe = pin_probe_of(vm);
	struct probe_process p;
	uint64_t counter, records;

	/* Some count by themselves, against the limit all the same. */
	if (probe && probe->locked && probe->locked(vm, &counter, &records))
		return counter;
	return probe_process(process, &p) ? p.locked_vm : 0;
}

static void read_now(const struct tally *t, unsigned int vm, unsigned int process,
		     struct startup_counts *ret)
{
	struct probe_mm_counts mm;
	struct probe_sev_counts sev;
	struct sim_ref_sums refs;

	probe_mm_counts(&mm);
	probe_sev_counts(&sev);
	sim_ref_sums(&refs);
	memset(ret, 0, sizeof(*ret));
	ret->taken = refs.taken[PAGE_REF_GET] + refs.taken[PAGE_REF_PIN];
	ret->held = ret->taken - refs.dropped[PAGE_REF_GET] - refs.dropped[PAGE_REF_PIN];
	ret->pinned = refs.objects;
	ret->migrated = mm.moved;
	ret->notifier_calls = mm.notifier_starts;
	ret->flushed = t->flushed;
	ret->wbinvd = sev.wbinvd;
	ret->charged = charged_now(vm, process);
	ret->metadata = sim_alloc_hooked();
	ret->steps = sim_now();
}

void tally_host_begin(struct tally *t)
{
	memset(t, 0, sizeof(*t));
	t->base_rss = host_rss();
	t->base_ns = host_ns();
}

void tally_begin(struct tally *t, unsigned int process)
{
	sim_lock_tell_unlocks("");
	sim_pulse_sink(take_records, t);
	sim_pulse_subscribe(VERB_BIT(SIM_LOCK) | VERB_BIT(SIM_UNLOCK) | VERB_BIT(SIM_FLUSH));
	read_now(t, 0, process, &t->base);
}

void tally_read(struct tally *t, unsigned int vm, unsigned int process,
		struct startup_counts *ret)
{
	uint64_t rss = host_rss();

	take_rest(t);
	read_now(t, vm, process, ret);
	ret->taken -= t->base.taken;
	ret->migrated -= t->base.migrated;
	ret->notifier_calls -= t->base.notifier_calls;
	ret->steps -= t->base.steps;
	ret->lock.steps = t->longest;
	if (t->longest_class)
		snprintf(ret->lock.name, sizeof(ret->lock.name), "%s",
			 sim_lock_class_name(t->longest_class - 1));
	ret->host_bytes = rss > t->base_rss ? rss - t->base_rss : 0;
	ret->host_ns = host_ns() - t->base_ns;
}

void tally_end(void)
{
	sim_pulse_subscribe(0);
	sim_pulse_clear();
	sim_pulse_sink(NULL, NULL);
}
