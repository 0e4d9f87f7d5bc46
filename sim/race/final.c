/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The final state of an execution: what the race's words can reach, read
 * through the probes.
 *
 * Two executions that end alike for the race have the same final state, in any
 * process and whichever search ran them: no address, no time and no number of
 * a frame goes into it, only how things stand to each other. It covers the
 * pages and guest frames that statements name, on both sides, with their
 * counts; it is not the world's hash, which the search keeps for itself.
 */
#include <inttypes.h>
#include <xxhash.h>

#include "fakes/host/probe.h"
#include "fakes/mm/probe.h"
#include "fakes/sev/probe.h"
#include "mmu/probe.h"
#include "pin/probe.h"
#include "sim/race/actor.h"
#include "sim/race/final.h"
#include "sim/race/race.h"

#define WORDS	128
#define FRAME_WORDS	15

/**
 * struct sink - where the state goes
 * @out: as text, a line each; or NULL: hashed
 * @word: the hash so far, and what is not yet in it; @nr of them
 * @pfn: the frame that was put last; statements tend to speak of one page
 * @frame: what was put of it, @nr_frame words
 * @keep: what is put now is the frame's
 */
struct sink {
	FILE *out;
	uint64_t word[WORDS];
	unsigned int nr;
	uint64_t pfn, frame[FRAME_WORDS];
	unsigned int nr_frame;
	bool keep;
};

static void hash(struct sink *s)
{
	XXH128_hash_t h = XXH3_128bits(s->word, s->nr * sizeof(s->word[0]));

	s->word[0] = h.high64;
	s->word[1] = h.low64;
	s->nr = 2;
}

/* @name: of the value, for the text alone. */
static void put(struct sink *s, const char *name, int64_t value)
{
	if (s->out) {
		fprintf(s->out, " %s %" PRId64, name, value);
		return;
	}
	if (s->keep)
		s->frame[s->nr_frame++] = value;
	s->word[s->nr++] = value;
	if (s->nr == WORDS)
		hash(s);
}

static void line(struct sink *s, const char *what, const char *of, uint64_t number)
{
	if (s->out)
		fprintf(s->out, "\n%s %s %" PRIu64 ":", what, of, number);
	else
		put(s, what, -(int64_t)number - 1);
}

static void look_at_frame(struct sink *s, uint64_t pfn)
{
	struct probe_contents contents;
	struct probe_page page;

	if (!probe_page(pfn, &page) || page.free) {
		put(s, "free", 1);
		return;
	}
	put(s, "zone", page.zone);
	put(s, "cma", page.cma);
	put(s, "isolate", page.isolate);
	put(s, "refcount", page.refcount);
	put(s, "mapcount", page.mapcount);
	put(s, "pins", page.pins);
	put(s, "gets", page.gets);
	put(s, "held", page.held);
	put(s, "lru", page.lru);
	put(s, "locked", page.locked);
	put(s, "exclusive", page.exclusive);
	put(s, "dirty", page.dirty);
	put(s, "zero", page.zero_page);
	probe_contents(pfn, &contents);
	put(s, "key", contents.key);
	put(s, "garbage", contents.garbage);
}

static void put_frame(struct sink *s, uint64_t pfn)
{
	unsigned int i;

	if (!s->out && s->nr_frame && s->pfn == pfn) {
		for (i = 0; i < s->nr_frame; i++)
			put(s, "", s->frame[i]);
		return;
	}
	s->pfn = pfn;
	s->nr_frame = 0;
	s->keep = true;
	look_at_frame(s, pfn);
	s->keep = false;
}

/* A page of a process, the map's own or a child: its PTE and what lies behind. */
static void put_page(struct sink *s, const struct race *race, uint32_t process, uint32_t region,
		     uint64_t i)
{
	const struct race_region *r = &race->regions[region];
	struct probe_pte pte;

	line(s, "page", r->name.s, i);
	if (process != r->process)
		put(s, "of", process);
	if (!probe_pte(process, r->addr.v + i * RACE_PAGE_SIZE, &pte)) {
		put(s, "vma", 0);
		return;
	}
	put(s, "vma", pte.has_vma);
	put(s, "pte", pte.kind);
	if (pte.kind != PROBE_PTE_PRESENT && pte.kind != PROBE_PTE_MIGRATION)
		return;
	put(s, "writable", pte.writable);
	put(s, "dirty", pte.dirty);
	put_frame(s, pte.pfn);
}

/* In the map's process, and in @process if that has the map from it. */
static void put_range(struct sink *s, const struct race *race, uint32_t process,
		      const struct race_range *range)
{
	uint32_t owner;
	uint64_t i;

	if (!range->name.s)
		return;
	owner = race->regions[range->region].process;
	for (i = range->first; i <= range->last; i++) {
		put_page(s, race, owner, range->region, i);
		if (process != owner && race_is_family(race, process, owner))
			put_page(s, race, process, range->region, i);
	}
}

static bool mapped_by(const struct race *race, const struct race_vm *vm,
		      const struct race_slot *slot, uint64_t gfn, struct probe_pte *ret)
{
	const struct race_region *r = &race->regions[slot->range.region];
	uint64_t i = slot->range.first + gfn - slot->gfn.v;

	return gfn >= slot->gfn.v && i <= slot->range.last &&
	       probe_pte(vm->owner, r->addr.v + i * RACE_PAGE_SIZE, ret);
}

/* Does the owner's page table agree with the SPTE? -1: no slot speaks of it. */
static int same_frame(const struct race *race, const struct race_vm *vm, uint64_t gfn,
		      uint64_t pfn)
{
	struct probe_pte pte;
	uint32_t i;

	for (i = 0; i < vm->nr_slots; i++)
		if (mapped_by(race, vm, &vm->slots[i], gfn, &pte))
			return pte.kind == PROBE_PTE_PRESENT && pte.pfn == pfn;
	return -1;
}

/* A guest frame: what the guest reads, the SPTE of every root, the page. */
static void put_gfn(struct sink *s, const struct race *race, uint32_t vm, uint64_t gfn)
{
	const struct race_vm *v = &race->vms[vm];
	struct probe_spte spte;
	unsigned int role;

	line(s, "gfn", v->name.s, gfn);
	put(s, "guest", probe_guest(vm, gfn));
	for (role = 0; role < RACE_MAX_ROLES; role++) {
		bool present = probe_spte(vm, role, gfn, &spte);

		put(s, "spte", present);
		if (!present)
			continue;
		put(s, "writable", spte.writable);
		put(s, "dirty", spte.dirty);
		put(s, "same", same_frame(race, v, gfn, spte.pfn));
		put_frame(s, spte.pfn);
	}
}

static void put_slots(struct sink *s, const struct race *race, uint32_t vm, uint64_t gfn)
{
	const struct race_vm *v = &race->vms[vm];
	uint32_t i;

	for (i = 0; i < v->nr_slots; i++) {
		const struct race_slot *slot = &v->slots[i];
		uint64_t page = slot->range.first + gfn - slot->gfn.v;

		if (gfn >= slot->gfn.v && page <= slot->range.last)
			put_page(s, race, v->owner, slot->range.region, page);
	}
}

static void put_stmt(struct sink *s, const struct race *race, uint32_t task, uint32_t i)
{
	const struct race_task *t = &race->tasks[task];
	const struct race_stmt *stmt = &t->stmts[i];
	struct actor_result r;

	line(s, "statement", t->name.s, i);
	if (actor_result(task, i, &r) && r.done)
		put(s, "yielded", r.value);
	else
		put(s, "not-done", 1);
	put_range(s, race, t->process, &stmt->range);
	put_range(s, race, t->process, &stmt->to);
	if ((stmt->op == RACE_OP_FAULT || stmt->op == RACE_OP_PREFAULT) && t->vm != RACE_NO_VM) {
		put_gfn(s, race, t->vm, stmt->gfn.v);
		put_slots(s, race, t->vm, stmt->gfn.v);
	}
}

static void put_vm(struct sink *s, const struct race *race, uint32_t vm)
{
	const struct pin_probe *probe = pin_probe_of(vm);
	uint64_t counter, of_records, cursor = 0, records = 0, pins = 0;
	struct pin_record record;

	line(s, "vm", race->vms[vm].name.s, vm);
	while (probe && probe->next && probe->next(vm, &cursor, &record)) {
		records++;
		pins += record.is_pin;
	}
	put(s, "records", records);
	put(s, "pins", pins);
	if (probe && probe->locked && probe->locked(vm, &counter, &of_records))
		put(s, "locked", counter);
}

static void put_process(struct sink *s, const struct race *race, unsigned int process)
{
	struct probe_process p;

	line(s, "process", race->processes[process].name.s, process);
	if (!probe_process(process, &p))
		return;
	put(s, "locked", p.locked_vm);
	put(s, "gone", p.mm_gone);
}

static void put_all(struct sink *s, const struct race *race)
{
	uint32_t i, k;

	for (i = 0; i < race->nr_tasks; i++)
		for (k = 0; k < race->tasks[i].nr_stmts; k++)
			put_stmt(s, race, i, k);
	for (i = 0; i < race->nr_vms; i++)
		put_vm(s, race, i);
	for (i = 0; i < race->nr_processes; i++)
		put_process(s, race, i);
}

/**
 * race_print_final() - the final state as text.
 * @race: what was run
 * @out: gets a line for each thing
 *
 * Context: host; the tasks are done, nothing was torn down.
 */
void race_print_final(const struct race *race, FILE *out)
{
	struct sink s = { .out = out };

	fputs(race->name.s, out);
	put_all(&s, race);
	fputc('\n', out);
}

/**
 * race_final_hash() - the same as 128 bits.
 * @race: what was run
 * @ret: gets them
 *
 * Context: as race_print_final().
 */
void race_final_hash(const struct race *race, struct race_final *ret)
{
	struct sink s = { .out = NULL };

	put_all(&s, race);
	hash(&s);
	ret->hi = s.word[0];
	ret->lo = s.word[1];
}
