/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images: see image.h.  The list outlives the arena: whenever that is mapped
 * or reset, the images are put in their places again.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/engine/bug.h"
#include "sim/engine/grain.h"
#include "sim/engine/image.h"
#include "sim/engine/image_private.h"

#define PAGE	4096ULL

struct images {
	struct sim_image *image[SIM_MAX_IMAGES];
	unsigned int nr;
	uint64_t next;		/* offset in the area of the next one */
};

static struct images images;

uint64_t sim_image_base(void)
{
	return sim_area_base(SIM_AREA_IMAGES) + images.next;
}

const struct sim_image *sim_image_nth(unsigned int i)
{
	return i < images.nr ? images.image[i] : NULL;
}

static int map_part(const struct sim_image *image, const struct sim_image_part *part)
{
	void *at = (void *)(image->base + part->offset);
	int prot = PROT_READ;

	if (part->prot & SIM_IMAGE_WRITE)
		prot |= PROT_WRITE;
	if (part->prot & SIM_IMAGE_EXEC)
		prot |= PROT_EXEC;
	if (mmap(at, part->size, prot, MAP_PRIVATE | MAP_FIXED, image->fd,
		 part->offset) == MAP_FAILED)
		return -errno;
	return 0;
}

static void mark_part(const struct sim_image *image, const struct sim_image_part *part)
{
	uint64_t at = image->base + part->offset;

	sim_live_set(at, part->size, true);
	if (!(part->prot & SIM_IMAGE_WRITE))
		__real_memset(sim_live_byte(at), LIVE_CONST,
			      part->size >> SIM_LIVE_SHIFT);
}

static void mark(const struct sim_image *image)
{
	unsigned int i;

	for (i = 0; i < image->nr_parts; i++)
		mark_part(image, &image->part[i]);
}

/* libgcc's: that stacks are walked through this code, too (grain.h). */
void __register_frame(void *eh_frame);
void __deregister_frame(void *eh_frame);

static int map(const struct sim_image *image)
{
	unsigned int i;
	int r = 0;

	for (i = 0; i < image->nr_parts && !r; i++)
		r = map_part(image, &image->part[i]);
	if (r)
		return r;
	mark(image);
	if (image->unwind)
		__register_frame((void *)(image->base + image->unwind));
	return 0;
}

void sim_images_unmap(void)
{
	unsigned int i;

	for (i = 0; i < images.nr; i++)
		if (images.image[i]->unwind)
			__deregister_frame((void *)(images.image[i]->base +
						    images.image[i]->unwind));
}

/* Code under test, as mmu/ and pin/ are. */
static int under_test(const struct sim_image *image)
{
	unsigned int i;
	int r = 0;

	for (i = 0; i < image->nr_parts && !r; i++) {
		uint64_t at = image->base + image->part[i].offset;

		if (image->part[i].prot & SIM_IMAGE_EXEC)
			r = sim_grain_under_test(at, at + image->part[i].size);
	}
	return r;
}

int sim_image_add(struct sim_image *image)
{
	int r = 0;

	SIM_BUG_ON(sim_fiber_running() >= 0);
	if (images.nr == SIM_MAX_IMAGES || image->size % PAGE ||
	    image->size > SIM_AREA_SIZE - images.next)
		return -ENOSPC;
	image->base = sim_image_base();
	if (sim_engine.mapped)
		r = map(image);
	if (!r)
		r = under_test(image);
	if (r)
		return r;
	/* A page between two, so that running out of one is seen. */
	images.next += image->size + PAGE;
	images.image[images.nr++] = image;
	return 0;
}

int sim_images_map(void)
{
	unsigned int i;
	int r = 0;

	for (i = 0; i < images.nr && !r; i++)
		r = map(images.image[i]);
	return r;
}

void sim_images_mark(void)
{
	unsigned int i;

	for (i = 0; i < images.nr; i++)
		mark(images.image[i]);
}

bool sim_images_loaded(void)
{
	return images.nr;
}

static const struct sim_image *image_at(uint64_t addr)
{
	unsigned int i;

	for (i = 0; i < images.nr; i++)
		if (addr - images.image[i]->base < images.image[i]->size)
			return images.image[i];
	return NULL;
}

bool sim_image_is_code(uint64_t addr)
{
	const struct sim_image *image = sim_in_images(addr) ? image_at(addr) : NULL;
	unsigned int i;

	for (i = 0; image && i < image->nr_parts; i++)
		if (addr - image->base - image->part[i].offset < image->part[i].size)
			return image->part[i].prot & SIM_IMAGE_EXEC;
	return false;
}

const char *sim_image_site(uint64_t pc)
{
	const struct sim_image *image = image_at(pc);
	size_t lo = 0, hi;

	if (!image)
		return NULL;
	/* The last row that begins at or before it. */
	for (hi = image->nr_rows; lo < hi;) {
		size_t mid = lo + (hi - lo) / 2;

		if (image->row[mid].offset <= pc - image->base)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? image->row[lo - 1].site : NULL;
}

/* Is this one of a row's sites, which lie in the host's memory? */
static bool is_rows_site(const char *site)
{
	unsigned int i;
	size_t k;

	for (i = 0; i < images.nr; i++)
		for (k = 0; k < images.image[i]->nr_rows; k++)
			if (images.image[i]->row[k].site == site)
				return true;
	return false;
}

const char *sim_site_place(const char *site)
{
	const char *place;

	if (!site || !images.nr)
		return NULL;
	if (!sim_in_images((uint64_t)site) && !is_rows_site(site))
		return NULL;
	place = site + strlen(site) + 1;
	return *place ? place : NULL;
}

const char *sim_site_text(const char *site, char *buf)
{
	const char *place = sim_site_place(site);

	snprintf(buf, SIM_SITE_SIZE, "%s()%s%s", site && *site ? site : "?",
		 place ? " at " : "", place ? place : "");
	return buf;
}

/* Our own code and constants, as the linker laid them out: a program's or a library's. */
extern char __ehdr_start[] SIM_HIDDEN;
extern char _end[] SIM_HIDDEN;

void sim_image_load(uint64_t addr, size_t size, uint64_t pc)
{
	if (addr - (uint64_t)__ehdr_start < (uint64_t)(_end - __ehdr_start))
		return;
	if (sim_fiber_running() >= 0 && sim_image_is_code(pc))
		sim_bad_access(addr, size, false);
}

const char *sim_fault_site(void)
{
	int task = sim_fiber_running();
	uint64_t pc;

	if (task < 0 || !images.nr)
		return NULL;
	pc = sim_image_caller(__builtin_frame_address(0),
			      (void *)(sim_stack_lo(task) + SIM_STACK_SIZE));
	return pc ? sim_image_site(pc) : NULL;
}

/* A function's beginning is a pointer to it, not a way back into one. */
static bool begins_function(uint64_t addr)
{
	const char *site = sim_image_site(addr), *before = sim_image_site(addr - 1);

	return addr % 16 == 0 && site && (!before || strcmp(site, before));
}

uint64_t sim_image_caller(const uint64_t *sp, const uint64_t *end)
{
	for (; sp < end; sp++)
		if (sim_image_is_code(*sp) && !begins_function(*sp))
			return *sp - 1;
	return 0;
}
