/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of things: object classes for the trace, owners and kinds for the
 * ledger.  Both sides include this, so there are only numbers here.
 */
#ifndef FAKES_OBJECTS_H
#define FAKES_OBJECTS_H

#include "sim/core/ledger.h"
#include "sim/core/step.h"

enum fake_class {
	OBJ_PAGE = SIM_CLASS_ROOMS,	/* id: pfn */
	OBJ_PTE,			/* id: mm << 40 | virtual page number */
	OBJ_MM,				/* id: process number */
	OBJ_ZONE,			/* id: enum zone_type */
	OBJ_PAGEBLOCK,			/* id: pfn / 512 */
	OBJ_BATCH,			/* id: cpu << 8 | which */
	OBJ_VM,				/* id: VM number */
	OBJ_VCPU,			/* id: vm << 8 | vcpu */
	OBJ_SLOT,			/* id: vm << 16 | slot number */
	OBJ_SPTE,			/* id: vm << 48 | role << 44 | gfn */
	OBJ_REGION,			/* id: vm << 40 | hva >> 12 */
	OBJ_CACHELINE,			/* id: pfn */
	OBJ_HOOK,			/* id: enum fake_hook << 16 | vm << 8 | vcpu */
	OBJ_SWAP,			/* id: 0 the swap device, else a slot of it */
	OBJ_FILE,			/* id: file << 32 | page */
};

/* A lock: its class (sim_lock_class()) plus 1, and which one of that class. */
#define OBJ_LOCK_OF(class, id)		SIM_OBJ(SIM_CLASS_LOCK, \
						((uint64_t)(class) + 1) << 40 | (id))
#define OBJ_VM_OF(vm)			SIM_OBJ(OBJ_VM, vm)
#define OBJ_PAGE_OF(pfn)		SIM_OBJ(OBJ_PAGE, pfn)
#define OBJ_PTE_OF(mm, addr)		SIM_OBJ(OBJ_PTE, ((uint64_t)(mm) << 40) | ((addr) >> 12))
#define OBJ_VCPU_OF(vm, vcpu)		SIM_OBJ(OBJ_VCPU, ((vm) << 8) | (vcpu))
#define OBJ_SLOT_OF(vm, slot)		SIM_OBJ(OBJ_SLOT, ((vm) << 16) | (slot))
#define OBJ_FILE_OF(file, index)	SIM_OBJ(OBJ_FILE, ((uint64_t)(file) << 32) | (index))
#define OBJ_SWAP_OF(slot)		SIM_OBJ(OBJ_SWAP, slot)
#define OBJ_SPTE_OF(vm, role, gfn)	SIM_OBJ(OBJ_SPTE, ((uint64_t)(vm) << 48) | \
						((uint64_t)(role) << 44) | (gfn))

/* Why a unit of a page's _refcount is held. */
enum page_ref_kind {
	PAGE_REF_ALLOC = 1,	/* the allocator's, until handed on */
	PAGE_REF_MAP,		/* a present PTE */
	PAGE_REF_BATCH,		/* membership of a per-CPU LRU batch */
	PAGE_REF_ISOLATE,	/* taken off the LRU by folio_isolate_lru() */
	PAGE_REF_GET,		/* get_page() and FOLL_GET */
	PAGE_REF_PIN,		/* FOLL_PIN: 1024 of a small folio's count */
	PAGE_REF_CACHE,		/* page cache or swap cache */
	PAGE_REF_PROBE,		/* transient look of an allocator or scanner */
	PAGE_REF_ZERO,		/* the zero page's own */
};

/* Who holds it: the scope that was open. */
enum fake_owner {
	OWNER_NONE,
	OWNER_MM,		/* id: process number; its page tables */
	OWNER_FAULT,		/* id: vm << 8 | vcpu; KVM's fault path */
	OWNER_IOCTL,		/* id: task + 1 */
	OWNER_MIGRATION,	/* id: task + 1 */
	OWNER_BATCH,		/* id: cpu << 8 | which */
	OWNER_ACTOR,		/* id: task + 1; a race's hold or pin statement */
	OWNER_VM,		/* id: VM number; hook scopes */
	OWNER_SLOT,		/* id: vm << 16 | slot number; hook scopes */
	OWNER_SWAP,		/* id: slot of the swap device; its cache */
	OWNER_FILE,		/* id: file; the page cache */
};

/* The hooks a design may fill, as they stand in kvm_x86_ops. */
enum fake_hook {
	HOOK_VM_INIT,
	HOOK_VM_DESTROY,
	HOOK_REGISTER,
	HOOK_UNREGISTER,
	HOOK_ALLOC_METADATA,
	HOOK_FREE_MEMSLOT,
	HOOK_FAULTIN,
	HOOK_PIN_PFN,
	HOOK_PIN_SPTE,
	HOOK_PIN_NEW_SPTE,
	HOOK_DROP_PINNED_SPTE,
	HOOK_LAUNCH_UPDATE,
	HOOK_SEND_UPDATE,
	HOOK_RECEIVE_UPDATE,
};

#endif
