/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes of types, see layout.h. Stands for nothing in the kernel. */
#include "fakes/layout.h"

#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <svm/svm.h>

#define LAYOUT(type)	{ #type, sizeof(type) }

const struct fakes_layout fakes_layout[] = {
	LAYOUT(enum pg_level),
	LAYOUT(long),
	LAYOUT(struct folio),
	LAYOUT(struct kvm),
	LAYOUT(struct kvm_arch_memory_slot),
	LAYOUT(struct kvm_enc_region),
	LAYOUT(struct kvm_memory_slot),
	LAYOUT(struct kvm_svm),
	LAYOUT(struct kvm_vcpu),
	LAYOUT(struct kvm_x86_ops),
	LAYOUT(struct mm_struct),
	LAYOUT(struct page),
	LAYOUT(struct task_struct),
	LAYOUT(struct vm_area_struct),
};

const unsigned int fakes_nr_layouts = sizeof(fakes_layout) / sizeof(fakes_layout[0]);
