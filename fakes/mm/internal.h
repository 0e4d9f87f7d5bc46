/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of fakes/mm share: the room's root object, the one way to
 * change a reference count, pageblocks, page tables and batches.
 */
#ifndef FAKES_MM_INTERNAL_H
#define FAKES_MM_INTERNAL_H

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/swap.h>

#include "fakes/build.h"
#include "fakes/fault.h"
#include "fakes/mm/contents.h"
#include "fakes/mm/probe.h"
#include "fakes/objects.h"
#include "fakes/profile.h"
#include "sim/core/alloc.h"
#include "sim/core/step.h"
#include "sim/core/wait.h"
#include "sim/core/world.h"
#include "sim/engine/bug.h"

/* Descriptors lie in sections; page + i works inside one (128 MiB). */
#define SECTION_NR_PAGES	32768UL
/* A stretch of addresses behind each section that is never live. */
#define SECTION_GUARD_BYTES	65536UL

#define LRU_BATCH_MAX		32

/* A per-CPU batch of folios on their way to (or on) the LRU: one reference each. */
enum lru_batch_kind {
	LRU_BATCH_ADD,
	LRU_BATCH_DEACTIVATE_FILE,
	LRU_BATCH_DEACTIVATE,
	LRU_BATCH_LAZYFREE,
	LRU_BATCH_ACTIVATE,
	LRU_BATCH_MOVE_TAIL,
	NR_LRU_BATCHES
};

struct lru_batch {
	u32 nr;
	struct folio *folio[LRU_BATCH_MAX];
};

struct lru_batches {
	struct lru_batch batch[NR_LRU_BATCHES];
};

/* Lock and wait queue of a folio, in a table beside the descriptors. */
struct folio_lock {
	struct sim_lock lock;
	struct sim_waitq waitq;
};

/**
 * struct mm_world - the root object of fakes/mm
 * @profile: which kernel this is
 * @node: the one node and its zones
 * @nr_pages: frames [0, @nr_pages) exist
 * @nr_sections: how many sections that makes
 * @sections: first descriptor of section 0; the others follow at a fixed stride
 * @contents: tags of the pages, indexed by frame
 * @locks: locks of the folios, indexed by frame
 * @folio_lock_class: their class
 * @block_type: migratetype of each pageblock, xor MIGRATE_MOVABLE
 * @block_live: pageblocks whose descriptors may be read, a bit each
 * @zero_pfn: frame of the zero page
 * @zero: its descriptor
 * @batches: per CPU
 * @drain_all_mutex: one lru_add_drain_all() at a time
 * @lru_disable_count: C.8; adds flush at once while it is not 0
 * @nr_anon_vmas: how many were ever made; names them
 * @cma: contiguous area, or NULL
 * @swap: the swap device, or NULL
 * @swapper_space: what the folios in the swap cache have for an address_space
 * @nr_files: how many were ever made; names them
 */
struct mm_world {
	const struct kernel_profile *profile;
	struct pglist_data node;
	u64 nr_pages;
	u64 nr_sections;
	char *sections;
	u64 *contents;
	struct folio_lock *locks;
	unsigned int folio_lock_class;
	u8 *block_type;
	unsigned long *block_live;
	unsigned long zero_pfn;
	struct page *zero;
	struct lru_batches *batches;
	struct mutex drain_all_mutex;
	int lru_disable_count;
	unsigned int nr_anon_vmas;
	struct cma *cma;
	struct swap_info_struct *swap;
	struct address_space *swapper_space;
	unsigned int nr_files;
};

static __always_inline struct mm_world *mm_world(void)
{
	return sim_room_at(SIM_ROOM_MM);
}

/**
 * struct mm_history - what fakes/mm counts for nobody but the probes
 * @counts: see there
 * @stat: node statistics
 */
struct mm_history {
	struct probe_mm_counts counts;
	long stat[NR_VM_NODE_STAT_ITEMS];
};

_Static_assert(sizeof(struct mm_history) <= SIM_ROOM_HISTORY, "too much history");

static __always_inline struct mm_history *mm_history(void)
{
	return sim_room_history(SIM_ROOM_MM);
}

static __always_inline struct probe_mm_counts *mm_counts(void)
{
	return &mm_history()->counts;
}

#define OBJ_OF_PAGE(page)	OBJ_PAGE_OF(page_to_pfn(page))
#define OBJ_OF_FOLIO(folio)	OBJ_PAGE_OF(folio_pfn(folio))

/* --- page_ref.c: every change of a _refcount --- */

/*
 * Take or drop @n logical units of @kind for the innermost ledger scope. One
 * step each. A unit of PAGE_REF_PIN is GUP_PIN_COUNTING_BIAS of a small
 * folio's count. A drop that reaches zero frees the page.
 */
void page_ref_take(struct page *page, enum page_ref_kind kind, int n, const char *site);
void page_ref_drop(struct page *page, enum page_ref_kind kind, int n, const char *site);
/* As page_ref_take(), but fails on a count that is not positive. */
bool page_ref_try(struct page *page, enum page_ref_kind kind, int n, const char *site);
/* The same in the step that the caller has made; what it takes, it knows only then. */
bool page_ref_try_now(struct page *page, enum page_ref_kind kind, int n, const char *site);
/* The same for a given owner instead of the innermost scope. */
void page_ref_take_for(sim_owner_t owner, struct page *page, enum page_ref_kind kind, int n,
		       const char *site);
void page_ref_drop_for(sim_owner_t owner, struct page *page, enum page_ref_kind kind, int n,
		       const char *site);
/*
 * As those, without a step of their own: for a change that belongs to a step
 * just made by the caller (a PTE and its reference, a batch and its).
 */
void page_ref_take_quiet(sim_owner_t owner, struct page *page, enum page_ref_kind kind, int n,
			 const char *site);
/* The allocation's unit becomes one of @kind, for @owner. No step. */
void page_ref_hand_on(sim_owner_t owner, struct page *page, enum page_ref_kind kind,
		      const char *site);
/* @nr pages of one section are in use: one reference each. No step. */
void page_ref_init(struct page *page, unsigned long nr, const char *site);

/*
 * --- page_ref_foot.c: what these and looks at a count have to do with one
 * another. Up to sim_add_end() @n units are taken (negative: dropped), or the
 * count is set, or the page comes to be in use or is so no more.
 */
void page_ref_foot_begin(struct page *page, enum page_ref_kind kind, int n);
void page_ref_foot_set(struct page *page);
void page_ref_foot_use(struct page *page);
bool page_ref_in_use(const struct page *page);
int page_ref_cmp(const struct page *page, int n);
bool page_ref_like_pinned(const struct page *page);
int page_ref_told(const struct page *page);

#define OWNER_OF_MIGRATION()		SIM_OWNER(OWNER_MIGRATION, sim_task_id() + 1)
#define OWNER_OF_MM(mm)			SIM_OWNER(OWNER_MM, (mm)->id)
#define OWNER_OF_BATCH(cpu, which)	SIM_OWNER(OWNER_BATCH, ((cpu) << 8) | (which))

#define OWNER_OF_SWAP(entry)		SIM_OWNER(OWNER_SWAP, swp_offset(entry))

/* What the running task has of @from becomes one unit of @to, for @owner. No step. */
void page_ref_turn(sim_owner_t owner, struct page *page, enum page_ref_kind from,
		   enum page_ref_kind to, const char *site);
/* The reference that a cache has on a page it has on another one now. No step. */
void page_ref_pass_cache(struct page *from, struct page *to, const char *site);
sim_owner_t page_cache_owner(const struct folio *folio);
/* A frozen page that nobody has any more: the ledger forgets a unit of @kind. */
void page_ref_forget(struct page *page, enum page_ref_kind kind, const char *site);

/* --- page.c --- */
void folio_free(struct folio *folio, const char *site);
void page_init_once(struct page *page);
size_t sections_bytes(unsigned long nr_sections);

/* --- page_alloc.c, buddy.c, pageblock.c --- */

struct alloc_context {
	gfp_t gfp;		/* after current_gfp_context() */
	unsigned int order;
	enum migratetype type;
	enum zone_type highest;
	bool cma;		/* ALLOC_CMA, B.5 */
	int place;		/* enum build_zone, or -1 */
};

/* A clean page with count 0 goes back to the allocator. */
void free_unref_page(struct page *page, unsigned int order);

/* The migratetype of a pageblock, by page or by frame; no free page moves. */
void set_pageblock_migratetype(struct page *page, enum migratetype type);
enum migratetype pfn_block_type(unsigned long pfn);
void pfn_block_set_type(unsigned long pfn, enum migratetype type);
/* Make a pageblock's descriptors readable. */
void pfn_block_touch(unsigned long pfn);
bool pfn_block_is_live(unsigned long pfn);
/* Is this frame free (never carved, in the buddy or on a per-CPU list)? */
bool pfn_is_free(unsigned long pfn);
unsigned long pfn_skip_free(unsigned long pfn);
struct zone *pfn_zone(unsigned long pfn);

/* For building only: an empty zone, and memory that was never carved. */
void zone_init(struct zone *zone, enum zone_type idx, const char *name, unsigned long start,
	       unsigned long nr_pages);
void zone_add_virgin(struct zone *zone, enum migratetype type, unsigned long start,
		     unsigned long end);
void buddy_free(struct zone *zone, unsigned long pfn, unsigned int order,
		enum migratetype type);
struct page *buddy_alloc(struct zone *zone, unsigned int order, enum migratetype type);
void buddy_split_first(struct zone *zone, enum migratetype type);
struct page *buddy_take_fallback(struct zone *zone, unsigned int order, enum migratetype type);
void buddy_carve(struct zone *zone, enum migratetype type);
struct page *covering_free(unsigned long pfn);
/* Move the free pages of a pageblock to the lists of another migratetype. */
void move_freepages_block(struct zone *zone, unsigned long pfn, enum migratetype to);
/*
 * For alloc_contig_range(): take the free frames [start, end) out of the buddy
 * as order-0 pages in use. Return: false and nothing taken if one is not free.
 */
bool buddy_take_range(struct zone *zone, unsigned long start, unsigned long end);
void prep_new_pages(struct page *page, unsigned long nr, const char *site);
struct page *alloc_pages_place(gfp_t gfp, unsigned int order, int place, const char *site);

/* --- folio_lock.c --- */
struct folio_lock *folio_lock_of(struct folio *folio);
/* Sleep until unlocked; no reference is taken. */
void folio_wait_unlocked(struct folio *folio, const char *site);

/* --- pgtable.c --- */
#define VMA_MM_ID(vma)	((vma)->vm_mm->id)

/* Entry of @addr without a lock; NULL where there is no table. */
pte_t *pte_lookup(struct mm_struct *mm, unsigned long addr);
/* Make the tables for @addr. Return: 0 or -ENOMEM. */
int pte_alloc_tables(struct mm_struct *mm, unsigned long addr);
pmd_t *pmd_lookup(struct mm_struct *mm, unsigned long addr);
/* A lockless read of an entry: one step (GUP-fast, access by the CPU). */
pte_t pte_read_step(struct mm_struct *mm, unsigned long addr, pte_t *ptep, const char *site);
/* Lock @addr's table and give its entry; NULL without a table. */
pte_t *pte_lookup_lock(struct mm_struct *mm, unsigned long addr, spinlock_t **ret_ptl,
		       const char *site);
/* The same where the entry maps @folio; NULL and no lock where it does not. */
pte_t *pte_lookup_mapping(struct folio *folio, struct vm_area_struct *vma, unsigned long addr,
			  spinlock_t **ret_ptl, const char *site);
/* Clear the accessed bit. One step. Return: whether it was set. */
bool ptep_clear_young(struct mm_struct *mm, unsigned long addr, pte_t *ptep, const char *site);
void free_pgtables(struct mm_struct *mm);
void mm_init_pgtables(struct mm_struct *mm);

/* --- mmap.c --- */
int mm_map_anon(struct mm_struct *mm, unsigned long addr, unsigned long bytes, int place);
int mm_map_shmem(struct mm_struct *mm, unsigned long addr, unsigned long bytes, int place);
int split_vma(struct vm_area_struct *vma, unsigned long addr);
void insert_vma(struct mm_struct *mm, struct vm_area_struct *vma);
struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig);
struct mm_struct *mm_new(unsigned int id);
/* The address space of process @id, or NULL. From fakes/host. */
struct mm_struct *process_mm(unsigned int id);

/* --- rmap.c --- */
int anon_vma_clone(struct vm_area_struct *vma, struct vm_area_struct *old);
int anon_vma_fork(struct vm_area_struct *vma, struct vm_area_struct *pvma);
void unlink_anon_vmas(struct vm_area_struct *vma);
bool page_needs_cow_for_dma(struct vm_area_struct *vma, struct page *page);

/* --- unmap.c, vmscan.c, swapfile.c, swap_state.c --- */
void try_to_unmap(struct folio *folio);
/* Was it used, by anybody who maps it? Forgets that it was. */
int folio_referenced(struct folio *folio);
/* MADV_PAGEOUT of a part of one VMA. */
void madvise_pageout(struct vm_area_struct *vma, unsigned long start, unsigned long end);
void build_swap(u64 bytes);
/* The folio that stands for a slot becomes another one: migration. No step. */
void swap_cache_replace(struct folio *old, struct folio *new);
void __delete_from_swap_cache(struct folio *folio, swp_entry_t entry);

/* --- filemap.c --- */
/* Whose the cache's references are. */
sim_owner_t file_owner(const struct address_space *mapping);
/* The folio of a page, with a reference; or NULL. One step. */
struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index);
/* Who makes a folio for a page that has none, and in whose name it is put there. */
struct folio_maker {
	struct folio *(*alloc)(void *arg);
	void *arg;
	const char *site;
};

/*
 * The folio of a page, made if there is none, locked and with a reference; or
 * ERR_PTR(-ENOMEM). Context: sleepable.
 */
struct folio *page_cache_grab(struct address_space *mapping, pgoff_t index,
			      const struct folio_maker *maker);
/* A folio leaves the cache, whoever else may have it. Context: sleepable. */
void delete_from_page_cache(struct address_space *mapping, pgoff_t index);
/* The folio of its file's page is another one: migration. No step. */
void page_cache_replace(struct folio *old, struct folio *new);

/* --- file.c --- */
/* What a child has open is what its parent has. Return: 0 or -ENOMEM. */
int mm_dup_files(struct mm_struct *mm, struct mm_struct *oldmm);
/* The last who has a file open or mapped frees it, and its pages. May sleep. */
void mm_close_files(struct mm_struct *mm);

/* --- shmem.c --- */
/* A new file of @nr pages, which @mm's process has open. */
struct file *mm_open_shmem(struct mm_struct *mm, pgoff_t nr);
/* @vma maps @file from now on, or no more. Context: mmap_lock for writing. */
void vma_link_file(struct vm_area_struct *vma, struct file *file);
void vma_unlink_file(struct vm_area_struct *vma);

/* --- memory.c, zap.c, fork.c --- */
#define NEW_ANON_WRITE		1	/* writable, if the VMA is */
#define NEW_ANON_REPLACES	2	/* another page was mapped here */
/* Map a fresh folio where nothing is, under the table's lock; at least one step. */
void map_new_anon_folio(struct vm_area_struct *vma, unsigned long address, pte_t *pte,
			struct folio *folio, unsigned int how);
/* A child's mappings, made of its parent's. */
int copy_page_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma);
/* Unmap [@start, @end) of a VMA and drop the references; notifiers are told. */
void unmap_vma_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		     int event);

/* --- fakes/host --- */
void host_init(void);

#endif
