/* SPDX-License-Identifier: GPL-2.0-or-later */
/* v6.12's references and pins in the place of the model's: the same calls. */
#include "fakes/mm/gup_internal.h"
#include "tests/real/real_world.h"

int try_grab_folio_612(struct folio *folio, int refs, unsigned int flags);
struct folio *try_grab_folio_fast_612(struct page *page, int refs, unsigned int flags);
void gup_put_folio_612(struct folio *folio, int refs, unsigned int flags);

int try_grab_folio(struct folio *folio, int refs, unsigned int flags)
{
	real_called();
	return try_grab_folio_612(folio, refs, flags);
}

struct folio *try_grab_folio_fast(struct page *page, int refs, unsigned int flags)
{
	real_called();
	return try_grab_folio_fast_612(page, refs, flags);
}

void gup_put_folio(struct folio *folio, int refs, unsigned int flags)
{
	real_called();
	gup_put_folio_612(folio, refs, flags);
}
