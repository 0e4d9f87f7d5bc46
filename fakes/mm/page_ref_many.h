/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Billions of plain references at once: a race's hold statement with times. */
#ifndef FAKES_MM_PAGE_REF_MANY_H
#define FAKES_MM_PAGE_REF_MANY_H

#include <linux/types.h>

struct page;

/**
 * page_ref_take_many() - take plain references one after the other, in one step.
 * @page: page that the caller has one of already
 * @n: how many more
 * @checked: each is refused if the count is not positive, as try_get_page() does;
 *	else none is, as by get_page()
 *
 * Context: any.
 * Return: how many were taken; fewer than @n if the rest was refused.
 */
u32 page_ref_take_many(struct page *page, u32 n, bool checked);

/**
 * page_ref_put_many() - drop as many plain references, in one step.
 * @page: page that they are of
 * @n: how many
 *
 * Where the count comes to zero on the way the page is freed, whoever else has it.
 *
 * Context: any.
 */
void page_ref_put_many(struct page *page, u32 n);

#endif
