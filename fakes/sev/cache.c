/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dirty cache lines, a bit for each page and key.  Stands for the caches of a
 * machine without SME_COHERENT and for arch/x86/mm/pat/set_memory.c:
 * clflush_cache_range(), arch/x86/lib/cache-smp.c: wbinvd_on_all_cpus(), and
 * the VM_PAGE_FLUSH MSR (contract I.1, I.3, H.30).
 *
 * The key is part of a line's tag: what the guest wrote and what the host wrote
 * at one address are two lines, and CLFLUSH through the host's mapping reaches
 * the host's alone.
 *
 * Simpler than the kernel: a page is one line; zeroing by the page allocator
 * dirties nothing; lines are not written back by themselves.
 */
#include <asm/cacheflush.h>
#include <asm/smp.h>

#include "fakes/sev/internal.h"
#include "sim/engine/footprint.h"

#undef clflush_cache_range
#undef wbinvd_on_all_cpus

/* Keys under which @pfn has dirty lines. */
static u32 dirty_keys(const struct sev_world *w, unsigned long pfn)
{
	const u64 *word = wordmap_find(&w->dirty, pfn);

	return word ? *word : 0;
}

static void set_dirty_keys(struct sev_world *w, unsigned long pfn, u32 keys)
{
	*wordmap_get(&w->dirty, pfn) = keys;
}

/* Whoever flushes learns nothing, and two flushes may come in either order. */
static void clean(struct sev_world *w, unsigned long pfn, u8 key)
{
	u64 *word = wordmap_find(&w->dirty, pfn);

	if (!word)
		return;
	sim_add_begin(word);
	if (*word & (1U << key))
		*word &= ~(1U << key);
	sim_add_end();
}

void sev_cache_dirty(unsigned long pfn, u8 key)
{
	struct sev_world *w = sev_world();
	u32 keys;

	if (!w)
		return;
	keys = dirty_keys(w, pfn);
	if (!(keys & (1U << key)))
		set_dirty_keys(w, pfn, keys | (1U << key));
}

/**
 * clflush_cache_range() - write back the host's lines of a range
 * @vaddr: first byte, of page_address()
 * @size: bytes
 *
 * Context: any. One step.
 */
void clflush_cache_range(void *vaddr, unsigned int size)
{
	unsigned long pfn = __pa(vaddr) >> PAGE_SHIFT;
	unsigned long end = (__pa(vaddr) + size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	struct sev_world *w = sev_world();

	sim_step2(SIM_FLUSH, SIM_OBJ(OBJ_CACHELINE, pfn), 1, end - pfn, sim_site());
	if (!w)
		return;
	sev_counts()->clflush++;
	for (; pfn < end; pfn++)
		clean(w, pfn, KEY_HOST);
}

/**
 * wbinvd_on_all_cpus() - write back and forget every line
 *
 * Context: sleepable (it waits for all CPUs). One step.
 * Return: 0.
 */
int wbinvd_on_all_cpus(void)
{
	struct sev_world *w = sev_world();

	sim_might_sleep(sim_site());
	sim_step2(SIM_FLUSH, SIM_OBJ(OBJ_CACHELINE, 0), 2, 0, sim_site());
	if (w) {
		sev_counts()->wbinvd++;
		wordmap_zero(&w->dirty);
	}
	return 0;
}

/**
 * sev_flush_page() - VM_PAGE_FLUSH: write back a guest's lines of one page
 * @kvm: whose
 * @pfn: page
 *
 * Context: any. One step.
 */
void sev_flush_page(struct kvm *kvm, kvm_pfn_t pfn)
{
	struct sev_world *w = sev_world();

	sim_step2(SIM_FLUSH, SIM_OBJ(OBJ_CACHELINE, pfn), 1, 1, __func__);
	sev_counts()->page_flush++;
	clean(w, pfn, sev_key(kvm));
}

void sev_cache_page_freed(unsigned long pfn)
{
	struct sev_world *w = sev_world();

	if (w && dirty_keys(w, pfn) & ~(1U << KEY_HOST))
		w->freed_dirty++;
}

uint64_t sev_cache_freed_dirty(void)
{
	return sev_world() ? sev_world()->freed_dirty : 0;
}

/**
 * probe_dirty_lines() - are there dirty lines of a page?
 * @pfn: page
 * @key: 0 the host's, else VM number + 1
 *
 * Return: whether they are.
 */
bool probe_dirty_lines(uint64_t pfn, uint8_t key)
{
	return sev_world() && dirty_keys(sev_world(), pfn) & (1U << key);
}

/**
 * probe_sev_counts() - how often caches were flushed
 * @ret_counts: result
 */
void probe_sev_counts(struct probe_sev_counts *ret_counts)
{
	*ret_counts = *sev_counts();
}
