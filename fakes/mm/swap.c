/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Per-CPU LRU batches: mm/swap.c, v6.12 (v6.1 differs in the capacity only).
 *
 * A folio in a batch has one reference more, until the batch is flushed; in the
 * lru_add batch it is not on the LRU yet (C.2, C.4).  Flushing is one step per
 * batch that moves the folios, then one per reference dropped, so a task can
 * see a folio that is on the LRU and still has its stray reference.
 *
 * Simpler than the kernel: lru_add_drain_all() acts on the other CPUs' batches
 * itself instead of waiting for a worker there, so it does not wait for a CPU
 * that is atomic, and it never relies on another caller's drain. There are no
 * mlock batches. With MGLRU only what touches flags and references is kept: no
 * generations.
 */
#include <linux/kernel.h>

#include "fakes/mm/internal.h"
#include "sim/core/task.h"
#include "sim/engine/footprint.h"

#undef folio_add_lru
#undef folio_add_lru_vma
#undef folio_mark_accessed
#undef mark_page_accessed
#undef folio_activate
#undef folio_deactivate
#undef lru_add_drain
#undef lru_add_drain_cpu
#undef lru_add_drain_all
#undef lru_cache_disable

static void move_add(struct folio *folio)
{
	/* MGLRU turns PG_active into a generation when the folio gets on the LRU. */
	if (kernel_profile()->mglru)
		folio_clear_active(folio);
	folio_set_lru(folio);
}

static void move_one(struct folio *folio, enum lru_batch_kind which)
{
	if (which == LRU_BATCH_ADD) {
		move_add(folio);
		return;
	}
	/* Isolated since it was queued: nothing to move, only a reference to drop. */
	if (!folio_test_lru(folio) || folio_test_unevictable(folio))
		return;
	if (which == LRU_BATCH_ACTIVATE) {
		folio_set_active(folio);
	} else if (which == LRU_BATCH_DEACTIVATE) {
		folio_clear_active(folio);
		folio_clear_referenced(folio);
	}
}

static void flush_batch(unsigned int cpu, enum lru_batch_kind which, const char *site)
{
	struct lru_batch *batch = &mm_world()->batches[cpu].batch[which];
	struct folio *folio[LRU_BATCH_MAX];
	unsigned int i, nr;

	/* As under the batches' local_lock: no other task of this CPU adds to a full one. */
	sim_preempt_disable();
	sim_step2(SIM_DRAIN, SIM_OBJ(OBJ_BATCH, (cpu << 8) | which), cpu, batch->nr, site);
	nr = batch->nr;
	for (i = 0; i < nr; i++) {
		folio[i] = batch->folio[i];
		batch->folio[i] = NULL;
		move_one(folio[i], which);
	}
	batch->nr = 0;
	for (i = 0; i < nr; i++)
		page_ref_drop_for(OWNER_OF_BATCH(cpu, which), &folio[i]->page, PAGE_REF_BATCH, 1,
				  site);
	sim_preempt_enable();
}

/* C.2, C.3: queue with a reference; flush when full or when batching is off. */
static void batch_add(struct folio *folio, enum lru_batch_kind which, const char *site)
{
	unsigned int cpu = smp_processor_id();
	struct lru_batch *batch = &mm_world()->batches[cpu].batch[which];

	sim_step2(SIM_QUEUE, OBJ_OF_FOLIO(folio), cpu, which, site);
	page_ref_take_quiet(OWNER_OF_BATCH(cpu, which), &folio->page, PAGE_REF_BATCH, 1, site);
	batch->folio[batch->nr++] = folio;
	if (batch->nr >= kernel_profile()->pagevec_size || folio_test_large(folio) ||
	    lru_cache_disabled())
		flush_batch(cpu, which, site);
}

/**
 * folio_add_lru() - put a folio on its way to the LRU.
 * @folio: folio with a reference, not on the LRU
 *
 * Context: any. One step, more when the batch is full.
 */
void folio_add_lru(struct folio *folio)
{
	VM_BUG_ON_FOLIO(folio_test_lru(folio), folio);
	VM_BUG_ON_FOLIO(folio_test_active(folio) && folio_test_unevictable(folio), folio);
	batch_add(folio, LRU_BATCH_ADD, sim_site());
}

void folio_add_lru_vma(struct folio *folio, struct vm_area_struct *vma)
{
	/* C.6: only with MGLRU does a folio that was faulted in start out active. */
	if (kernel_profile()->mglru)
		folio_set_active(folio);
	batch_add(folio, LRU_BATCH_ADD, sim_site());
}

void folio_activate(struct folio *folio)
{
	if (folio_test_lru(folio) && !folio_test_active(folio) && !folio_test_unevictable(folio))
		batch_add(folio, LRU_BATCH_ACTIVATE, sim_site());
}

void folio_deactivate(struct folio *folio)
{
	if (folio_test_lru(folio) && folio_test_active(folio) && !folio_test_unevictable(folio))
		batch_add(folio, LRU_BATCH_DEACTIVATE, sim_site());
}

/* A folio that waits in this CPU's lru_add batch becomes active where it is. */
static void activate_in_batch(struct folio *folio)
{
	struct lru_batch *batch = &mm_world()->batches[smp_processor_id()].batch[LRU_BATCH_ADD];
	unsigned int i = batch->nr;

	while (i--) {
		if (batch->folio[i] == folio) {
			folio_set_active(folio);
			return;
		}
	}
}

/* MGLRU counts accesses in flag bits and never queues. */
static void gen_mark_accessed(struct folio *folio)
{
	if (folio_test_unevictable(folio))
		return;
	if (!folio_test_referenced(folio))
		folio_set_referenced(folio);
	else
		folio_set_workingset(folio);
}

/**
 * folio_mark_accessed() - the folio was used (C.6).
 * @folio: folio with a reference
 *
 * Context: any. The second use of an inactive folio queues it for activation,
 * one step and one reference, with the classic LRU.
 */
void folio_mark_accessed(struct folio *folio)
{
	const char *site = sim_site();

	if (kernel_profile()->mglru) {
		gen_mark_accessed(folio);
		return;
	}
	if (!folio_test_referenced(folio)) {
		folio_set_referenced(folio);
	} else if (!folio_test_unevictable(folio) && !folio_test_active(folio)) {
		if (folio_test_lru(folio))
			batch_add(folio, LRU_BATCH_ACTIVATE, site);
		else
			activate_in_batch(folio);
		folio_clear_referenced(folio);
	}
}

void mark_page_accessed(struct page *page)
{
	folio_mark_accessed(page_folio(page));
}

/* Looks without hooks: most are empty. */
static __no_kcsan void drain_cpu(unsigned int cpu, const char *site)
{
	const struct lru_batch *batch = mm_world()->batches[cpu].batch;
	unsigned int which;

	for (which = 0; which < NR_LRU_BATCHES; which++)
		if (sim_seen(batch[which].nr))
			flush_batch(cpu, which, site);
}

void lru_add_drain_cpu(int cpu)
{
	drain_cpu(cpu, sim_site());
}

/**
 * lru_add_drain() - flush this CPU's batches (C.7).
 *
 * Context: any. No step if they are empty.
 */
void lru_add_drain(void)
{
	sim_count(&mm_counts()->drains);
	drain_cpu(smp_processor_id(), sim_site());
}

/**
 * lru_add_drain_all() - flush every CPU's batches (C.7).
 *
 * Context: sleepable (N.9). One step per CPU at least.
 */
void lru_add_drain_all(void)
{
	struct mm_world *mm = mm_world();
	const char *site = sim_site();
	unsigned int cpu;

	(might_sleep)();
	sim_lock(&mm->drain_all_mutex.lock, site);
	sim_count(&mm_counts()->drains_all);
	for_each_online_cpu(cpu)
		drain_cpu(cpu, site);
	sim_unlock(&mm->drain_all_mutex.lock, site);
}

bool lru_cache_disabled(void)
{
	return mm_world()->lru_disable_count > 0;
}

/**
 * lru_cache_disable() - no folio stays in a batch until lru_cache_enable().
 *
 * Nests (C.8). Context: sleepable.
 */
void lru_cache_disable(void)
{
	mm_world()->lru_disable_count++;
	lru_add_drain_all();
}

void lru_cache_enable(void)
{
	mm_world()->lru_disable_count--;
}
