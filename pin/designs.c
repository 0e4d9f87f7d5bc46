/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The designs by name: the built-in ones, each once for each of its options, the
 * plain one first; and loaded code (sim/engine/image.h), by the name that it was
 * loaded under. The list of those is the engine's: it outlives the world.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "pin/designs.h"
#include "pin/probe.h"
#include "pin/slot_records.h"
#include "sim/engine/image.h"

struct pin_design {
	struct pin_design_info info;
	const struct kvm_x86_ops *ops;
	const struct pin_probe *probe;
};

static const struct pin_design designs[] = {
	{
		{ "eager", "",
		  "registering pins everything up front, not long-term (5.8 to 6.14)" },
		&eager_ops, &eager_probe,
	}, {
		{ "eager-longterm", "",
		  "registering pins everything up front, long-term (stable kernels, 6.15)" },
		&eager_longterm_ops, &eager_probe,
	}, {
		{ "eager-longterm", "write",
		  "the same with FOLL_WRITE" },
		&eager_longterm_write_ops, &eager_probe,
	}, {
		{ "demand-ref", "",
		  "RFC v0: get_page() when the SPTE is set, put_page() with the slot" },
		&demand_ref_ops, &demand_ref_probe,
	}, {
		{ "demand-late", "",
		  "long-term pin while KVM's own reference is held, before mmu_lock" },
		&demand_late_ops, &demand_late_probe,
	}, {
		{ "demand-late", "in-map",
		  "long-term pin inside the map step, under mmu_lock" },
		&demand_late_in_map_ops, &demand_late_probe,
	}, {
		{ "demand-takeover", "",
		  "long-term pin first, then get_page() for KVM's ordinary flow" },
		&demand_takeover_ops, &demand_takeover_probe,
	},
};

/* Is @name "name" or "name:option" of the design? */
static bool is_called(const struct pin_design_info *info, const char *name)
{
	const char *n = info->name;
	const char *o = info->options;

	while (*n && *n == *name) {
		n++;
		name++;
	}
	if (*n)
		return false;
	if (!*o)
		return !*name;
	if (*name++ != ':')
		return false;
	while (*o && *o == *name) {
		o++;
		name++;
	}
	return !*o && !*name;
}

static const struct pin_design *find_design(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(designs); i++)
		if (is_called(&designs[i].info, name))
			return &designs[i];
	return NULL;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static const struct sim_image *find_loaded(const char *name)
{
	const struct sim_image *image;
	unsigned int i;

	for (i = 0; (image = sim_image_nth(i)); i++)
		if (same(image->name, name))
			return image;
	return NULL;
}

/*
 * Of loaded code whose records nobody knows: record-mismatch cannot be checked,
 * and what pins when it maps has to hold what it maps.
 */
static const struct pin_probe loaded_probe = {
	.must_pin = slot_must_pin,
};

/* Pins when memory is registered: who knows which. */
static bool no_must_pin(unsigned int vm, uint64_t gfn)
{
	return false;
}

static const struct pin_probe loaded_eager_probe = {
	.must_pin = no_must_pin,
};

static const struct pin_probe *probe_of_loaded(const struct sim_image *image)
{
	const struct kvm_x86_ops *ops = image->ops;

	if (!ops->pin_spte && !ops->pin_pfn && !ops->faultin_pfn)
		return &loaded_eager_probe;
	return image->has_records ? &demand_ref_probe : &loaded_probe;
}

/**
 * pin_design_nth() - list the built-in designs.
 * @i: counted from 0
 *
 * Context: any.
 * Return: the design, or NULL past the last.
 */
const struct pin_design_info *pin_design_nth(unsigned int i)
{
	return i < ARRAY_SIZE(designs) ? &designs[i].info : NULL;
}

/**
 * pin_design_exists() - is there such a design?
 * @name: "name" or "name:option"
 *
 * Context: any.
 * Return: whether there is.
 */
bool pin_design_exists(const char *name)
{
	return find_design(name) || find_loaded(name);
}

/**
 * pin_design_ops() - a design's hooks.
 * @name: "name" or "name:option"
 *
 * Context: any.
 * Return: the hooks, or NULL if there is no such design.
 */
const struct kvm_x86_ops *pin_design_ops(const char *name)
{
	const struct pin_design *d = find_design(name);
	const struct sim_image *image = d ? NULL : find_loaded(name);

	return d ? d->ops : image ? image->ops : NULL;
}

/**
 * pin_probe_of() - what shows the records of a VM's design.
 * @vm: number
 *
 * Context: any; takes no step.
 * Return: the probe, or NULL for plain KVM and for a VM that is gone.
 */
const struct pin_probe *pin_probe_of(unsigned int vm)
{
	struct kvm *kvm = kvm_find(vm);
	const struct sim_image *image;
	unsigned int i;

	if (!kvm)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(designs); i++)
		if (kvm->arch.ops == designs[i].ops)
			return designs[i].probe;
	for (i = 0; (image = sim_image_nth(i)); i++)
		if (kvm->arch.ops == image->ops)
			return probe_of_loaded(image);
	return NULL;
}
