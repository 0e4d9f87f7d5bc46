/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Designs that are loaded code (sim/engine/image.h), by the name that they were
 * loaded under, and what can be seen of their records. The list is the engine's:
 * it outlives the world.
 */
#include "pin/designs.h"
#include "pin/probe.h"
#include "pin/slot_records.h"
#include "sim/engine/image.h"

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

/* Pins when memory is registered. */
static const struct pin_probe loaded_eager_probe = {
	.must_pin = registered_must_pin,
};

static const struct pin_probe *probe_of(const struct sim_image *image)
{
	const struct kvm_x86_ops *ops = image->ops;

	if (!(pin_ops_traits(ops) & PIN_AT_FAULT))
		return &loaded_eager_probe;
	return image->has_records ? &demand_ref_probe : &loaded_probe;
}

/**
 * loaded_ops() - the hooks of loaded code.
 * @name: that it was loaded under
 *
 * Context: any.
 * Return: the hooks, or NULL if nothing is loaded under that name.
 */
const struct kvm_x86_ops *loaded_ops(const char *name)
{
	const struct sim_image *image = find_loaded(name);

	return image ? image->ops : NULL;
}

/**
 * loaded_probe_of() - what shows the records of a VM's design, if it is loaded.
 * @ops: the VM's
 *
 * Context: any; takes no step.
 * Return: the probe, or NULL if these are not hooks of loaded code.
 */
const struct pin_probe *loaded_probe_of(const struct kvm_x86_ops *ops)
{
	const struct sim_image *image;
	unsigned int i;

	for (i = 0; ops && (image = sim_image_nth(i)); i++)
		if (ops == image->ops)
			return probe_of(image);
	return NULL;
}
