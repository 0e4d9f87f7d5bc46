/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * v6.1's references and pins in the place of the model's, which has v6.12's
 * names: try_grab_folio() is the slow path's, try_grab_page() in v6.1;
 * try_grab_folio_fast() is what v6.1 calls try_grab_folio().
 */
#include "fakes/mm/gup_internal.h"
#include "tests/real/real_world.h"

bool try_grab_page(struct page *page, unsigned int flags);
struct folio *try_grab_folio_61(struct page *page, int refs, unsigned int flags);
void gup_put_folio_61(struct folio *folio, int refs, unsigned int flags);

int try_grab_folio(struct folio *folio, int refs, unsigned int flags)
{
	real_called();
	/* One page at a time (E.25). */
	BUG_ON(refs != 1);
	return try_grab_page(&folio->page, flags) ? 0 : -ENOMEM;
}

struct folio *try_grab_folio_fast(struct page *page, int refs, unsigned int flags)
{
	real_called();
	return try_grab_folio_61(page, refs, flags);
}

void gup_put_folio(struct folio *folio, int refs, unsigned int flags)
{
	real_called();
	gup_put_folio_61(folio, refs, flags);
}

/* v6.1 has none of these; what loaded code may call has to be there. */
#undef unpin_folio
#undef unpin_folios
#undef unpin_user_folio
#undef folio_add_pin

void unpin_folio(struct folio *folio)
{
	gup_put_folio_61(folio, 1, FOLL_PIN);
}

void unpin_folios(struct folio **folios, unsigned long nfolios)
{
	unsigned long i;

	for (i = 0; i < nfolios; i++)
		if (folios[i])
			gup_put_folio_61(folios[i], 1, FOLL_PIN);
}

void unpin_user_folio(struct folio *folio, unsigned long npages)
{
	gup_put_folio_61(folio, npages, FOLL_PIN);
}

void folio_add_pin(struct folio *folio)
{
	folio_ref_add(folio, GUP_PIN_COUNTING_BIAS);
}
