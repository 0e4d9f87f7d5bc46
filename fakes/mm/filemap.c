/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page cache of a file, whoever fills it: mm/filemap.c, v6.12:
 * __filemap_get_folio(), filemap_add_folio(), filemap_remove_folio(),
 * filemap_free_folio(); truncate_inode_pages_range() of mm/truncate.c.
 *
 * A folio that is in the cache has one reference more (A.3). It is found in the
 * step that takes the finder's, put there in the one that takes the cache's, and
 * taken out in one, after which nobody finds it; whoever has a reference by then
 * keeps the page, not its place.
 *
 * Simpler than the kernel: an array as long as the file; order 0; what is
 * truncated is waited for at once, where the kernel first takes all that is not
 * locked; no partial pages; a folio of a mapping that is unevictable says so when
 * it is put there, not when its batch is flushed.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/pagemap.h>

#include "fakes/mm/internal.h"

sim_owner_t file_owner(const struct address_space *mapping)
{
	return SIM_OWNER(OWNER_FILE, mapping->id);
}

struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio;

	sim_step(SIM_READ, OBJ_FILE_OF(mapping->id, index), __func__);
	folio = mapping->i_pages[index];
	if (folio)
		page_ref_take_quiet(sim_scope_owner(), &folio->page, PAGE_REF_GET, 1, __func__);
	return folio;
}

void delete_from_page_cache(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = mapping->i_pages[index];

	folio_lock(folio);
	sim_step(SIM_FREE, OBJ_FILE_OF(mapping->id, index), __func__);
	mapping->i_pages[index] = NULL;
	folio->mapping = NULL;
	if (mapping->a_ops && mapping->a_ops->free_folio)
		mapping->a_ops->free_folio(mapping, folio);
	folio_unlock(folio);
	page_ref_drop_for(file_owner(mapping), &folio->page, PAGE_REF_CACHE, 1, __func__);
}

void page_cache_replace(struct folio *old, struct folio *new)
{
	old->mapping->i_pages[old->index] = new;
}

/* Return: 0; -EEXIST if somebody was first; -ENOMEM. */
static int page_cache_add(struct address_space *mapping, struct folio *folio, pgoff_t index,
			  const char *site)
{
	sim_step(SIM_CMPXCHG, OBJ_FILE_OF(mapping->id, index), site);
	if (mapping->i_pages[index])
		return -EEXIST;
	if (fault_hit(FAULT_PAGE_CACHE, site))
		return -ENOMEM;
	page_ref_take_quiet(file_owner(mapping), &folio->page, PAGE_REF_CACHE, 1, site);
	if (mapping_unevictable(mapping))
		folio_set_unevictable(folio);
	folio->mapping = mapping;
	folio->index = index;
	mapping->i_pages[index] = folio;
	return 0;
}

/* Return: a new folio, locked, with a reference; or an ERR_PTR(). */
static struct folio *page_cache_new(struct address_space *mapping, pgoff_t index,
				    const struct folio_maker *maker)
{
	struct folio *folio = maker->alloc(maker->arg);
	int err;

	if (!folio)
		return ERR_PTR(-ENOMEM);
	folio_lock(folio);
	err = page_cache_add(mapping, folio, index, maker->site);
	if (err) {
		folio_unlock(folio);
		page_ref_drop(&folio->page, PAGE_REF_ALLOC, 1, maker->site);
		return ERR_PTR(err);
	}
	page_ref_turn(sim_scope_owner(), &folio->page, PAGE_REF_ALLOC, PAGE_REF_GET,
		      maker->site);
	folio_add_lru(folio);
	return folio;
}

struct folio *page_cache_grab(struct address_space *mapping, pgoff_t index,
			      const struct folio_maker *maker)
{
	struct folio *folio;

	for (;;) {
		folio = filemap_get_folio(mapping, index);
		if (!folio) {
			folio = page_cache_new(mapping, index, maker);
			if (PTR_ERR(folio) == -EEXIST)
				continue;
			return folio;
		}
		folio_lock(folio);
		/* Moved meanwhile, or truncated. */
		if (folio->mapping == mapping)
			return folio;
		folio_unlock(folio);
		page_ref_drop(&folio->page, PAGE_REF_GET, 1, __func__);
	}
}

static struct folio *filemap_alloc_folio(void *mapping)
{
	return folio_alloc(((struct address_space *)mapping)->gfp_mask, 0);
}

/**
 * filemap_grab_folio() - the folio of a page, made if there is none.
 * @mapping: of the file
 * @index: which page, inside the file
 *
 * Context: sleepable.
 * Return: the folio, locked and with a reference; or ERR_PTR(-ENOMEM).
 */
struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio_maker maker = { filemap_alloc_folio, mapping, "filemap_add_folio" };

	return page_cache_grab(mapping, index, &maker);
}

/**
 * truncate_inode_pages_range() - what a file has cached of a range goes.
 * @mapping: of the file
 * @lstart: first byte, of a page
 * @lend: last byte, of a page
 *
 * Context: sleepable; nobody else truncates.
 */
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	pgoff_t index = lstart >> PAGE_SHIFT;
	pgoff_t end = min((u64)lend >> PAGE_SHIFT, (u64)mapping->nr - 1);

	for (; index <= end; index++)
		if (mapping->i_pages[index])
			delete_from_page_cache(mapping, index);
}
