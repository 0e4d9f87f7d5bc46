/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_HIGHMEM_H
#define _LINUX_HIGHMEM_H

#include <linux/mm.h>

/* A page's contents are a tag (fakes/mm/contents.h); copying copies the tag. */
void copy_highpage(struct page *to, struct page *from);
void clear_highpage(struct page *page);
#define folio_copy(dst, src)	copy_highpage(&(dst)->page, &(src)->page)
#define clear_user_highpage(page, vaddr) clear_highpage(page)
#define copy_user_highpage(to, from, vaddr, vma) copy_highpage(to, from)

/* Nothing needs mapping. */
#define kmap_local_page(page)	page_address(page)
#define kunmap_local(addr)	((void)(addr))
#define kmap_atomic(page)	page_address(page)
#define kunmap_atomic(addr)	((void)(addr))

#endif
