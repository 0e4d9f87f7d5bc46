/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The designs by name: the built-in ones, each once for each of its options, the
 * plain one first; and those that were loaded (loaded_probe.c).
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "pin/designs.h"
#include "pin/probe.h"

struct pin_design {
	struct pin_design_info info;
	const struct kvm_x86_ops *ops;
	const struct pin_probe *probe;
};

static const struct pin_design designs[] = {
	{
		{ "pinned-spte", "",
		  "RFC of 2020: get_page() for a bit of the SPTE, put_page() when that goes" },
		&pinned_spte_ops, &pinned_spte_probe,
	}, {
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
	}, {
		{ "demand-double", "",
		  "RFC v1: KVM itself pins long-term, then a hook pins once more for the slot" },
		&demand_double_ops, &demand_double_probe,
	}, {
		{ "gmem", "",
		  "guest_memfd (6.8): KVM's own memory, that nobody maps, moves or pins" },
		&gmem_ops, &gmem_probe,
	}, {
		{ "demand-sound", "",
		  "ours: charge, long-term pin for the VM's life, then KVM's ordinary flow" },
		&demand_sound_ops, &demand_sound_probe,
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
	return find_design(name) || loaded_ops(name);
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

	return d ? d->ops : loaded_ops(name);
}

/**
 * pin_ops_traits() - when hooks pin, and what they can be asked to.
 * @ops: a design's
 *
 * What has a hook in the fault path pins there, and only takes note of what is
 * registered; what has none pins what is registered. Private memory is got by
 * faults, and stays without a pin.
 *
 * Context: any.
 * Return: PIN_*.
 */
unsigned int pin_ops_traits(const struct kvm_x86_ops *ops)
{
	unsigned int traits = 0;

	if (ops->mem_enc_register_region)
		traits |= PIN_TAKES_REGIONS;
	if (ops->launch_update)
		traits |= PIN_AT_LAUNCH;
	if (ops->private_mem)
		traits |= PIN_AT_FAULT | PIN_PRIVATE_MEM;
	else if (ops->pin_spte || ops->pin_new_spte || ops->pin_pfn || ops->faultin_pfn)
		traits |= PIN_AT_FAULT;
	else if (ops->mem_enc_register_region)
		traits |= PIN_AT_REGISTER;
	return traits;
}

/**
 * pin_design_traits() - when a design pins, and what it can be asked to.
 * @name: "name" or "name:option"
 *
 * Context: any.
 * Return: PIN_*; 0 if there is no such design.
 */
unsigned int pin_design_traits(const char *name)
{
	const struct kvm_x86_ops *ops = pin_design_ops(name);

	return ops ? pin_ops_traits(ops) : 0;
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
	unsigned int i;

	if (!kvm)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(designs); i++)
		if (kvm->arch.ops == designs[i].ops)
			return designs[i].probe;
	return loaded_probe_of(kvm->arch.ops);
}
