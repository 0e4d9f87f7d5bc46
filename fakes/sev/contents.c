/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tag of a page means.  Models the memory controller of a machine with
 * SEV (contract I.12): what a guest writes is encrypted with its key and with
 * the physical address; the same bytes moved elsewhere decrypt to garbage.
 *
 *	bits  0..15	value written; 0 only in a page of zeroes
 *	bits 16..47	frame that it was written at; 0 in plain text
 *	bits 48..55	key: 0 the host's (plain text), else the guest's handle
 *	bits 56..63	writer: 0 a process of the host; the handle of an encrypted
 *			guest, which is several VMs' if it has mirrors; else VM
 *			number + 1
 *
 * The mm copies tags as they are.  Beside them each VM has a table of what its
 * guest wrote last at each gfn: the guest's own expectation, against which
 * probe_guest() holds what stands there now.  Its n-th write to a gfn has the
 * value n.
 *
 * Nothing here is a step. Whoever makes an access has looked at a PTE or SPTE
 * in a step of its own; the access is part of that, as it is on hardware.
 */
#include "fakes/kvm/guest_memfd.h"
#include "fakes/mm/contents.h"
#include "fakes/mm/probe.h"
#include "fakes/sev/internal.h"

#define TAG(writer, key, pfn, value)					\
	((u64)(writer) << 56 | (u64)(key) << 48 | (u64)(u32)(pfn) << 16 | (u16)(value))
#define TAG_VALUE(tag)		((u16)(tag))
#define TAG_PFN(tag)		((u32)((tag) >> 16))
#define TAG_KEY(tag)		((u8)((tag) >> 48))
#define TAG_WRITER(tag)		((u8)((tag) >> 56))

/*
 * A word of a guest's table: what it wrote last, whether it may expect to find
 * it again, how often it wrote.
 */
#define WRITTEN_VALUE(word)	((u16)(word))
#define WRITTEN_EXPECT		(1ULL << 16)
#define WRITTEN_COUNT(word)	((u32)((word) >> 32))

static bool bound_elsewhere(u64 tag, unsigned long pfn)
{
	return TAG_KEY(tag) != KEY_HOST && TAG_PFN(tag) != pfn;
}

/* A handle is 1 more than the number of a VM, so the two do not meet. */
static u8 writer_of(struct kvm *kvm)
{
	return sev_guest(kvm) ? sev_key(kvm) : kvm->number + 1;
}

/* What the guest of @kvm finds if @tag stands in frame @pfn, against @word of its table. */
static enum probe_guest guest_finds_tag(struct kvm *kvm, u64 word, u64 tag, uint64_t pfn)
{
	if (!(word & WRITTEN_EXPECT) || (tag && !TAG_WRITER(tag)))
		return PROBE_GUEST_UNTOUCHED;
	if (TAG_WRITER(tag) != writer_of(kvm) || TAG_VALUE(tag) != WRITTEN_VALUE(word))
		return PROBE_GUEST_LOST;
	return bound_elsewhere(tag, pfn) ? PROBE_GUEST_GARBAGE : PROBE_GUEST_INTACT;
}

static enum probe_guest guest_finds(struct kvm *kvm, u64 word, uint64_t pfn)
{
	return guest_finds_tag(kvm, word, *page_contents(pfn), pfn);
}

/* The same where its VMM has a swap entry: nobody knows yet where it comes back to. */
static enum probe_guest swap_holds(struct kvm *kvm, u64 word, uint64_t slot)
{
	u64 tag, pfn;

	if (!swap_contents(slot, &tag, &pfn))
		return PROBE_GUEST_LOST;
	return guest_finds_tag(kvm, word, tag, pfn == U64_MAX ? TAG_PFN(tag) : pfn);
}

/*
 * A guest writes bytes, not pages: the rest of the page is what it was. That is
 * gone from here when the checks look, so say before it goes what is wrong: an
 * ACCESS of the SPTE whose b is an enum probe_guest.
 */
static void tell_overwritten(struct kvm *kvm, gfn_t gfn, kvm_pfn_t pfn, u64 word)
{
	enum probe_guest found = guest_finds(kvm, word, pfn);

	if (sev_guest(kvm) && (found == PROBE_GUEST_GARBAGE || found == PROBE_GUEST_LOST))
		sim_note(SIM_ACCESS, OBJ_SPTE_OF(kvm->number, 0, gfn), 1, found,
			 "sev_guest_write");
}

/*
 * What @kvm's guest has just written at @gfn stands wherever else the VMM shows
 * the same address (G.5): the guest may expect it there, and so may those that
 * mirror it; other guests nothing.
 */
static void write_aliases(struct kvm *kvm, gfn_t gfn, hva_t hva, u16 value, unsigned int vm)
{
	struct wordmap *written = &sev_world()->written[vm];
	struct kvm *other = kvm_find(vm);
	struct kvm_memory_slot *slot;
	unsigned int i;

	if (!other || other->mm != kvm->mm)
		return;
	kvm_for_each_memslot(slot, i, kvm_memslots_locked(other, 0)) {
		gfn_t at = slot->base_gfn + ((hva - slot->userspace_addr) >> PAGE_SHIFT);
		u64 *word;

		if (hva - slot->userspace_addr >= slot->npages << PAGE_SHIFT)
			continue;
		word = other == kvm && at == gfn ? NULL : wordmap_find(written, at);
		if (!word || !(*word & WRITTEN_EXPECT) || kvm_gfn_is_private(other, at))
			continue;
		if (writer_of(other) == writer_of(kvm))
			*word = (*word & ~(u64)U16_MAX) | value;
		else
			*word &= ~WRITTEN_EXPECT;
	}
}

static void write_everywhere(struct kvm *kvm, gfn_t gfn, u16 value)
{
	struct kvm_memory_slot *slot = __gfn_to_memslot(kvm_memslots_locked(kvm, 0), gfn);
	unsigned int vm;

	/* What is the guest's alone is nowhere else. */
	if (!slot || kvm_gfn_is_private(kvm, gfn))
		return;
	for (vm = 0; vm < KVM_MAX_VMS; vm++)
		write_aliases(kvm, gfn, __gfn_to_hva_memslot(slot, gfn), value, vm);
}

/**
 * sev_guest_write() - the guest writes its whole page
 * @kvm: its VM
 * @gfn: where, as the guest knows it
 * @pfn: what its SPTE maps there
 *
 * Context: part of the caller's step.
 */
void sev_guest_write(struct kvm *kvm, gfn_t gfn, kvm_pfn_t pfn)
{
	u64 *word = wordmap_get(&sev_world()->written[kvm->number], gfn);
	u32 count = WRITTEN_COUNT(*word) + 1;
	u16 value = count % U16_MAX ?: U16_MAX;
	u8 key = sev_key(kvm);

	tell_overwritten(kvm, gfn, pfn, *word);
	*word = (u64)count << 32 | WRITTEN_EXPECT | value;
	*page_contents(pfn) = TAG(writer_of(kvm), key, key == KEY_HOST ? 0 : pfn, value);
	write_everywhere(kvm, gfn, value);
	sev_cache_encrypted(pfn, key, __func__);
	sev_cache_dirty(pfn, key);
	sim_note(SIM_ACCESS, OBJ_PAGE_OF(pfn), 1, value, __func__);
}

/**
 * sev_guest_read() - the guest reads its page
 * @kvm: its VM
 * @gfn: where, as the guest knows it
 * @pfn: what its SPTE maps there
 *
 * Context: part of the caller's step.
 * Return: the value; 0 if nobody wrote the page; -1 if what stands there was
 * written under another key or at another frame.
 */
int sev_guest_read(struct kvm *kvm, gfn_t gfn, kvm_pfn_t pfn)
{
	u64 tag = *page_contents(pfn);
	int value = TAG_VALUE(tag);

	if (tag && (TAG_KEY(tag) != sev_key(kvm) || bound_elsewhere(tag, pfn)))
		value = -1;
	sim_note(SIM_ACCESS, OBJ_PAGE_OF(pfn), 0, value, __func__);
	return value;
}

void sev_launch_write(unsigned long pfn, u8 key)
{
	u64 tag = *page_contents(pfn);

	if (TAG_KEY(tag) == KEY_HOST)
		*page_contents(pfn) = TAG(key, key, pfn, TAG_VALUE(tag));
	sev_cache_encrypted(pfn, key, __func__);
	sim_note(SIM_ACCESS, OBJ_PAGE_OF(pfn), 1, TAG_VALUE(tag), __func__);
}

void sev_receive_write(unsigned long pfn, u8 key)
{
	u16 value = TAG_VALUE(*page_contents(pfn)) % U16_MAX + 1;

	*page_contents(pfn) = TAG(key, key, pfn, value);
	sev_cache_encrypted(pfn, key, __func__);
	sim_note(SIM_ACCESS, OBJ_PAGE_OF(pfn), 1, value, __func__);
}

/**
 * sev_host_tag() - contents of a page that a process has written
 * @value: what; not 0
 *
 * Return: tag for page_contents().
 */
uint64_t sev_host_tag(uint16_t value)
{
	return TAG(0, KEY_HOST, 0, value);
}

/**
 * sev_host_write() - a process writes its whole page in plain text
 * @pfn: what its PTE maps
 * @value: what; not 0
 *
 * Context: part of the caller's step.
 */
void sev_host_write(unsigned long pfn, uint16_t value)
{
	*page_contents(pfn) = sev_host_tag(value);
	sev_cache_dirty(pfn, KEY_HOST);
	sim_note(SIM_ACCESS, OBJ_PAGE_OF(pfn), 1, value, __func__);
}

/**
 * sev_host_read() - a process reads its page
 * @pfn: what its PTE maps
 *
 * Context: part of the caller's step.
 * Return: the value; 0 for zeroes; -1 for a guest's ciphertext.
 */
int sev_host_read(unsigned long pfn)
{
	u64 tag = *page_contents(pfn);
	int value = TAG_KEY(tag) == KEY_HOST ? TAG_VALUE(tag) : -1;

	sim_note(SIM_ACCESS, OBJ_PAGE_OF(pfn), 0, value, __func__);
	return value;
}

/**
 * sev_guest_forget() - the guest can expect nothing there any more
 * @kvm: its VM
 * @start: first gfn
 * @end: first gfn behind
 * @private: of its own memory, or else of what the VMM has mapped
 *
 * Context: any; no step.
 */
void sev_guest_forget(struct kvm *kvm, uint64_t start, uint64_t end, bool private)
{
	const struct wordmap *written = &sev_world()->written[kvm->number];
	u64 gfn;

	for (gfn = wordmap_next(written, start); gfn < end; gfn = wordmap_next(written, gfn + 1))
		if (kvm_gfn_is_private(kvm, gfn) == private)
			*wordmap_find(written, gfn) &= ~WRITTEN_EXPECT;
}

/**
 * probe_contents() - what stands in a page
 * @pfn: page that was allocated once
 * @ret_contents: result
 */
void probe_contents(uint64_t pfn, struct probe_contents *ret_contents)
{
	u64 tag = *page_contents(pfn);

	ret_contents->key = TAG_KEY(tag);
	ret_contents->value = TAG_VALUE(tag);
	ret_contents->bound_pfn = TAG_PFN(tag);
	ret_contents->garbage = bound_elsewhere(tag, pfn);
}

/*
 * What the guest would find at @hva, as its VMM's page tables have it, against
 * @word of its table.
 */
static enum probe_guest address_holds(struct kvm *kvm, u64 word, hva_t hva)
{
	struct probe_pte pte;
	u64 pfn;

	if (!probe_pte(kvm->mm->id, hva, &pte))
		return PROBE_GUEST_LOST;
	switch (pte.kind) {
	case PROBE_PTE_SWAP:
		return swap_holds(kvm, word, pte.pfn);
	case PROBE_PTE_PRESENT:
	case PROBE_PTE_MIGRATION:
		/* In the middle of a migration the old page has it still. */
		return guest_finds(kvm, word, pte.pfn);
	case PROBE_PTE_NONE:
		/* Memory of a file stays in its cache. */
		if (file_backing(kvm->mm->id, hva, &pfn))
			return guest_finds(kvm, word, pfn);
		break;
	}
	return PROBE_GUEST_LOST;
}

/* The same at a gfn, wherever its memory is: a guest_memfd, or the VMM's. */
static enum probe_guest slot_holds(struct kvm *kvm, u64 word, const struct kvm_memory_slot *slot,
				   gfn_t gfn)
{
	u64 pfn;

	if (!kvm_gfn_is_private(kvm, gfn))
		return address_holds(kvm, word, __gfn_to_hva_memslot(slot, gfn));
	if (!kvm_gmem_peek(slot, gfn, &pfn))
		return PROBE_GUEST_LOST;
	return guest_finds(kvm, word, pfn);
}

static bool same_memory(const struct kvm_memory_slot *from, const struct kvm_memory_slot *to,
			gfn_t gfn)
{
	return __gfn_to_hva_memslot(from, gfn) == __gfn_to_hva_memslot(to, gfn) &&
	       from->gmem.file == to->gmem.file;
}

/**
 * sev_guest_slots_change() - the VMM shows its guest other memory
 * @kvm: its VM
 * @old: the set that readers saw so far
 * @new: the set that they see from now on
 *
 * A gfn that gets memory, or other memory than it had, holds what stands there,
 * and not what the guest once wrote. But if that is there and has moved
 * meanwhile, the guest will find garbage, so that is not forgotten.
 *
 * Context: no window is open; part of the caller's step.
 */
void sev_guest_slots_change(struct kvm *kvm, struct kvm_memslots *old,
			    struct kvm_memslots *new)
{
	const struct wordmap *written = &sev_world()->written[kvm->number];
	u64 gfn;

	for (gfn = wordmap_next(written, 0); gfn != UINT64_MAX;
	     gfn = wordmap_next(written, gfn + 1)) {
		const struct kvm_memory_slot *from = __gfn_to_memslot(old, gfn);
		const struct kvm_memory_slot *to = __gfn_to_memslot(new, gfn);
		u64 *word = wordmap_find(written, gfn);

		if (!to || (from && same_memory(from, to, gfn)))
			continue;
		if (slot_holds(kvm, *word, to, gfn) == PROBE_GUEST_LOST)
			*word &= ~WRITTEN_EXPECT;
	}
}

/* A gfn that shows @hva. */
static void expect_at(struct kvm *kvm, gfn_t gfn, hva_t hva)
{
	struct probe_pte pte;
	u64 *word, tag;

	if (!probe_pte(kvm->mm->id, hva, &pte) ||
	    (pte.kind != PROBE_PTE_PRESENT && pte.kind != PROBE_PTE_MIGRATION))
		return;
	tag = *page_contents(pte.pfn);
	if (TAG_KEY(tag) != sev_key(kvm))
		return;
	word = wordmap_get(&sev_world()->written[kvm->number], gfn);
	*word = (*word & ~(u64)U16_MAX) | WRITTEN_EXPECT | TAG_VALUE(tag);
}

void sev_guest_expect(struct kvm *kvm, uint64_t hva, uint64_t len)
{
	hva_t first = hva & PAGE_MASK, end = hva + len;
	struct kvm_memory_slot *slot;
	unsigned int i;

	kvm_for_each_memslot(slot, i, kvm_memslots_locked(kvm, 0)) {
		for (hva = first; hva < end; hva += PAGE_SIZE) {
			u64 page = (hva - slot->userspace_addr) >> PAGE_SHIFT;

			if (hva >= slot->userspace_addr && page < slot->npages)
				expect_at(kvm, slot->base_gfn + page, hva);
		}
	}
}

void sev_guest_moved(struct kvm *to, struct kvm *from)
{
	struct wordmap *dst = &sev_world()->written[to->number];
	struct wordmap *src = &sev_world()->written[from->number];

	wordmap_free(dst);
	dst->chunk = src->chunk;
	dst->nr = src->nr;
	dst->capacity = src->capacity;
	src->chunk = NULL;
	src->nr = 0;
	src->capacity = 0;
}

/**
 * probe_guest() - would the guest find what it wrote?
 * @vm: number of its VM
 * @gfn: page
 *
 * What the VMM did to its guest itself does not count: a slot that is gone, an
 * address unmapped (sev_guest_forget()), plain text written over it.
 *
 * Return: see enum probe_guest.
 */
enum probe_guest probe_guest(unsigned int vm, uint64_t gfn)
{
	struct kvm *kvm = kvm_find(vm);
	struct kvm_memory_slot *slot;
	const u64 *word;

	slot = kvm ? __gfn_to_memslot(kvm_memslots_locked(kvm, 0), gfn) : NULL;
	if (!slot)
		return PROBE_GUEST_UNTOUCHED;
	word = wordmap_find(&sev_world()->written[vm], gfn);
	if (!word || !(*word & WRITTEN_EXPECT))
		return PROBE_GUEST_UNTOUCHED;
	return slot_holds(kvm, *word, slot, gfn);
}

/**
 * probe_guest_next() - walk over the pages that the guest wrote
 * @vm: number of its VM
 * @gfn: where to begin
 *
 * Return: first such page at @gfn or behind, UINT64_MAX if there is none.
 */
uint64_t probe_guest_next(unsigned int vm, uint64_t gfn)
{
	if (!sev_world() || vm >= KVM_MAX_VMS)
		return UINT64_MAX;
	return wordmap_next(&sev_world()->written[vm], gfn);
}
