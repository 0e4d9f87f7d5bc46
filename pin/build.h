/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building virtual machines: what the host calls after fakes/build.h made the
 * machine and its processes, and before any task runs.
 */
#ifndef PIN_BUILD_H
#define PIN_BUILD_H

#include <stdbool.h>
#include <stdint.h>

struct build_vm {
	unsigned int owner;		/* process that created it */
	bool sev;
	bool sev_later;			/* build_vm_sev() will be called */
	bool mirror;			/* not one of its own: of VM @mirrors */
	bool no_context;		/* whose context somebody will give it */
	unsigned int mirrors;
	const char *design;		/* "demand-late:in-map"; NULL: none, plain KVM */
	unsigned int nr_vcpus;
	const unsigned int *roles;	/* nr_vcpus of them, or NULL: all 0 */
};

/**
 * build_vm() - create a VM with its vCPUs, through KVM's own path.
 *
 * Context: host; the host's context must be a thread of @v->owner.
 * Return: VM number, counted from 0, or -errno.
 */
int build_vm(const struct build_vm *v);

/**
 * build_vm_sev() - what build_vm() left out for @v->sev_later.
 *
 * Makes the VM an SEV guest and creates its vCPUs, of which there must be none
 * before. Slots may be there already.
 *
 * Context: as build_vm().
 * Return: 0 or -errno.
 */
int build_vm_sev(unsigned int vm, const struct build_vm *v);

#endif
