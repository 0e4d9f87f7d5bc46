/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the checks speak, and what several of them ask.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fakes/mm/probe.h"
#include "sim/check/check_private.h"
#include "sim/core/lock.h"

bool check_say(struct violation *ret, const struct sim_record *rec, sim_obj_t obj,
	       const char *fmt, ...)
{
	va_list ap;

	ret->time = rec->time;
	ret->task = rec->task;
	ret->obj = obj;
	va_start(ap, fmt);
	vsnprintf(ret->text, sizeof(ret->text), fmt, ap);
	va_end(ap);
	return true;
}

bool check_say_at_end(struct violation *ret, sim_obj_t obj, const char *fmt, ...)
{
	va_list ap;

	ret->obj = obj;
	va_start(ap, fmt);
	vsnprintf(ret->text, sizeof(ret->text), fmt, ap);
	va_end(ap);
	return true;
}

const char *say_obj(const struct check_ctx *ctx, sim_obj_t obj, struct check_words *w)
{
	return name_obj(ctx->names, obj, w->obj, sizeof(w->obj));
}

const char *say_other(const struct check_ctx *ctx, sim_obj_t obj, struct check_words *w)
{
	return name_obj(ctx->names, obj, w->other, sizeof(w->other));
}

const char *say_owner(const struct check_ctx *ctx, sim_owner_t owner, struct check_words *w)
{
	return name_owner(ctx->names, owner, w->owner, sizeof(w->owner));
}

const char *say_task(const struct check_ctx *ctx, int task, struct check_words *w)
{
	return name_task(ctx->names, task, w->task, sizeof(w->task));
}

const char *say_site(const char *site, struct check_words *w)
{
	return sim_site_text(site, w->site);
}

const char *say_kind(uint8_t kind)
{
	switch (kind) {
	case PAGE_REF_PIN:
		return "FOLL_PIN";
	case PAGE_REF_GET:
		return "plain";
	default:
		return probe_ref_kind_name(kind);
	}
}

bool owner_vm(sim_owner_t owner, unsigned int *ret_vm)
{
	switch (SIM_OWNER_KIND(owner)) {
	case OWNER_VM:
		*ret_vm = SIM_OWNER_ID(owner);
		return true;
	case OWNER_SLOT:
		*ret_vm = SIM_OWNER_ID(owner) >> 16;
		return true;
	default:
		return false;
	}
}

uint32_t page_held_by_vm(uint64_t pfn, unsigned int vm, uint8_t kind)
{
	if (!kind)
		return page_held_by_vm(pfn, vm, PAGE_REF_GET) +
		       page_held_by_vm(pfn, vm, PAGE_REF_PIN);
	return probe_page_held(pfn, kind, OWNER_VM, vm, 0) +
	       probe_page_held(pfn, kind, OWNER_SLOT, vm, 16);
}

bool is_zero_page(uint64_t pfn)
{
	return probe_is_zero(pfn);
}

bool is_unlock_of(const struct sim_record *rec, const char *class)
{
	const char *name;

	if (rec->verb != SIM_UNLOCK)
		return false;
	name = sim_lock_class_name((unsigned int)rec->b);
	if (!name)
		return false;
	/* Asked at every unlock: nearly all names are the same or part at once. */
	if (name == class)
		return true;
	while (*name && *name == *class) {
		name++;
		class++;
	}
	return *name == *class;
}
