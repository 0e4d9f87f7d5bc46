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
 * But a machine that has SNP keeps all lines of one address in step (SME_COHERENT),
 * so that CLFLUSH reaches them all. Here that is true of pages which are an SNP
 * guest's (rmp_make_private()), until they are freed: no machine of a race is any
 * other for its other guests.
 *
 * A VMM that writes to memory which was flushed for its guest already has itself
 * to blame, and may do so: its lines are not counted until the page is freed.
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

/* The host's lines of @pfn are gone, so that a guest may have it. */
static void give(struct sev_world *w, unsigned long pfn)
{
	u64 *word = wordmap_get(&w->given, pfn);

	sim_add_begin(word);
	if (!*word)
		*word = 1;
	sim_add_end();
}

static bool given(const struct sev_world *w, unsigned long pfn)
{
	const u64 *word = wordmap_find(&w->given, pfn);

	return word && *word;
}

static bool coherent(const struct sev_world *w, unsigned long pfn)
{
	const u64 *word = wordmap_find(&w->coherent, pfn);

	return word && *word;
}

/* What was the host's is written back, or overwritten in place; see above. */
void sev_cache_coherent(unsigned long pfn)
{
	struct sev_world *w = sev_world();

	if (!w)
		return;
	*wordmap_get(&w->coherent, pfn) = 1;
	set_dirty_keys(w, pfn, 0);
}

static void take_back(struct sev_world *w, unsigned long pfn)
{
	if (given(w, pfn))
		*wordmap_find(&w->given, pfn) = 0;
}

void sev_cache_dirty(unsigned long pfn, u8 key)
{
	struct sev_world *w = sev_world();
	u32 keys;

	if (!w || (key == KEY_HOST && given(w, pfn)))
		return;
	keys = dirty_keys(w, pfn);
	if (keys & (1U << key))
		return;
	set_dirty_keys(w, pfn, keys | (1U << key));
	/* So that no flush has to: then they may come in either order. */
	wordmap_get(&w->given, pfn);
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
	sim_count(&sev_counts()->clflush);
	for (; pfn < end; pfn++) {
		if (coherent(w, pfn))
			set_dirty_keys(w, pfn, 0);
		clean(w, pfn, KEY_HOST);
		give(w, pfn);
	}
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
		sim_count(&sev_counts()->wbinvd);
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
	sim_count(&sev_counts()->page_flush);
	clean(w, pfn, sev_key(kvm));
}

/*
 * A line that is written back now lands on what somebody else has written since.
 * By the time that a check looks, the world has gone on: so say here what is
 * wrong, as an access of the line.
 */
static void tell_stale(unsigned long pfn, bool encrypted, const char *site)
{
	sim_note(SIM_ACCESS, SIM_OBJ(OBJ_CACHELINE, pfn), encrypted, 0, site);
}

void sev_cache_encrypted(unsigned long pfn, u8 key, const char *site)
{
	struct sev_world *w = sev_world();

	if (w && key != KEY_HOST && dirty_keys(w, pfn) & (1U << KEY_HOST))
		tell_stale(pfn, true, site);
}

void sev_cache_page_freed(unsigned long pfn, const char *site)
{
	struct sev_world *w = sev_world();

	if (!w)
		return;
	if (dirty_keys(w, pfn) & ~(1U << KEY_HOST))
		tell_stale(pfn, false, site);
	take_back(w, pfn);
	if (coherent(w, pfn))
		*wordmap_find(&w->coherent, pfn) = 0;
}

/**
 * probe_dirty_lines() - are there dirty lines of a page?
 * @pfn: page
 * @key: 0 the host's, else a guest's: see struct probe_contents
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
