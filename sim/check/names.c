/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plain names: what an object is called when nobody knows it by a better
 * one.  Numbers are those of the trace, never addresses.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fakes/fault.h"
#include "fakes/host/probe.h"
#include "fakes/objects.h"
#include "sim/check/names.h"
#include "sim/core/lock.h"
#include "sim/core/task.h"

static const char *const verb_words[SIM_NR_VERBS] = {
#define VERB(name, word, meaning) [SIM_##name] = word,
#include "sim/core/verbs.def"
#undef VERB
};

static const char *const hook_words[] = {
	[HOOK_VM_INIT] = "vm_init",
	[HOOK_VM_DESTROY] = "vm_destroy",
	[HOOK_REGISTER] = "register_region",
	[HOOK_UNREGISTER] = "unregister_region",
	[HOOK_ALLOC_METADATA] = "alloc_memslot_metadata",
	[HOOK_FREE_MEMSLOT] = "free_memslot",
	[HOOK_FAULTIN] = "faultin",
	[HOOK_PIN_PFN] = "pin_pfn",
	[HOOK_PIN_SPTE] = "pin_spte",
	[HOOK_PIN_NEW_SPTE] = "pin_new_spte",
	[HOOK_DROP_PINNED_SPTE] = "drop_pinned_spte",
	[HOOK_LAUNCH_UPDATE] = "launch_update",
	[HOOK_SEND_UPDATE] = "send_update",
	[HOOK_RECEIVE_UPDATE] = "receive_update",
};

static const char *const zone_words[] = { "ZONE_NORMAL", "ZONE_MOVABLE" };

/**
 * name_verb() - the trace's word for a verb
 * @verb: enum sim_verb
 *
 * Return: a constant string, "?" for a number that is none.
 */
const char *name_verb(unsigned int verb)
{
	return verb < SIM_NR_VERBS ? verb_words[verb] : "?";
}

/**
 * name_hook() - a design's hook as kvm_x86_ops would call it
 * @hook: enum fake_hook
 *
 * Return: a constant string.
 */
const char *name_hook(unsigned int hook)
{
	if (hook >= sizeof(hook_words) / sizeof(*hook_words))
		return "hook";
	return hook_words[hook];
}

/**
 * name_fault() - a primitive that was made to fail, as a race names it
 * @fault: enum fault_point
 *
 * Return: a constant string, "?" for a number that is none.
 */
const char *name_fault(int64_t fault)
{
	static const char *const fault_words[] = {
#define FAULT_POINT(name, word, function, result, contract) [FAULT_##name] = word,
#include "fakes/fault.def"
#undef FAULT_POINT
	};

	return fault >= 0 && fault < FAULT_ANY ? fault_words[fault] : "?";
}

/**
 * name_errno() - a result as the kernel's users write it
 * @err: 0, a count, or a negative errno
 * @buf: where to write, @size bytes
 * @size: at least 24
 *
 * Return: "-ENOMEM" and the like, else the number.
 */
const char *name_errno(int64_t err, char *buf, size_t size)
{
	const char *word = NULL;

	if (err < 0 && err > -4096)
		word = strerrorname_np((int)-err);
	if (word)
		snprintf(buf, size, "-%s", word);
	else
		snprintf(buf, size, "%" PRId64, err);
	return buf;
}

static const char *plain_process(unsigned int process, char *buf, size_t size)
{
	struct probe_process p;

	if (probe_process(process, &p) && p.name[0])
		snprintf(buf, size, "process %s", p.name);
	else
		snprintf(buf, size, "process %u", process);
	return buf;
}

/* Objects that core knows. */
static const char *plain_core(sim_obj_t obj, char *buf, size_t size)
{
	uint64_t id = SIM_OBJ_ID(obj);

	switch (SIM_OBJ_CLASS(obj)) {
	case SIM_CLASS_TASK:
		return name_task(NULL, (int)id, buf, size);
	case SIM_CLASS_CPU:
		snprintf(buf, size, "CPU %" PRIu64, id);
		break;
	case SIM_CLASS_LOCK:
		if (id >> 40)
			snprintf(buf, size, "%s %" PRIu64, sim_lock_class_name((id >> 40) - 1),
				 id & UINT64_C(0xffffffffff));
		else
			snprintf(buf, size, "lock %" PRIu64, id);
		break;
	case SIM_CLASS_WAITQ:
		snprintf(buf, size, "wait queue %" PRIu64, id);
		break;
	case SIM_CLASS_MEMORY:
		/* Numbered by who made it: a task, or the host. */
		if (!id)
			snprintf(buf, size, "static data");
		else if (id >> 32 >= SIM_MAX_TASKS)
			snprintf(buf, size, "allocation %u of the set-up", (uint32_t)id);
		else
			snprintf(buf, size, "allocation %u of task %u", (uint32_t)id,
				 (unsigned int)(id >> 32));
		break;
	case SIM_CLASS_NONE:
		snprintf(buf, size, "-");
		break;
	default:
		snprintf(buf, size, "object %u:%" PRIu64, SIM_OBJ_CLASS(obj), id);
		break;
	}
	return buf;
}

static const char *plain_vm(sim_obj_t obj, char *buf, size_t size)
{
	uint64_t id = SIM_OBJ_ID(obj);

	switch (SIM_OBJ_CLASS(obj)) {
	case OBJ_VM:
		snprintf(buf, size, "vm %" PRIu64, id);
		break;
	case OBJ_VCPU:
		snprintf(buf, size, "vcpu %" PRIu64 " of vm %" PRIu64, id & 0xff, id >> 8);
		break;
	case OBJ_SLOT:
		snprintf(buf, size, "slot %" PRIu64 " of vm %" PRIu64, id & 0xffff, id >> 16);
		break;
	case OBJ_SPTE:
		snprintf(buf, size, "gfn 0x%" PRIx64, id & UINT64_C(0xfffffffffff));
		if ((id >> 44) & 0xf)
			snprintf(buf + strlen(buf), size - strlen(buf), " (role %u)",
				 (unsigned int)(id >> 44) & 0xf);
		break;
	case OBJ_REGION:
		snprintf(buf, size, "region 0x%" PRIx64, (id & UINT64_C(0xffffffffff)) << 12);
		break;
	case OBJ_HOOK:
		snprintf(buf, size, "%s", name_hook((unsigned int)(id >> 16)));
		break;
	default:
		return plain_core(obj, buf, size);
	}
	return buf;
}

static const char *plain_obj(sim_obj_t obj, char *buf, size_t size)
{
	uint64_t id = SIM_OBJ_ID(obj);

	switch (SIM_OBJ_CLASS(obj)) {
	case OBJ_PAGE:
		snprintf(buf, size, "pfn 0x%" PRIx64, id);
		break;
	case OBJ_PTE:
		snprintf(buf, size, "address 0x%" PRIx64, (id & UINT64_C(0xffffffffff)) << 12);
		break;
	case OBJ_MM:
		return plain_process((unsigned int)id, buf, size);
	case OBJ_ZONE:
		snprintf(buf, size, "%s", id < 2 ? zone_words[id] : "zone");
		break;
	case OBJ_PAGEBLOCK:
		snprintf(buf, size, "pageblock %" PRIu64, id);
		break;
	case OBJ_BATCH:
		snprintf(buf, size, "LRU batch of CPU %" PRIu64, id >> 8);
		break;
	case OBJ_FILE:
		snprintf(buf, size, "page %u of file %u", (uint32_t)id,
			 (unsigned int)(id >> 32));
		break;
	case OBJ_SWAP:
		if (id)
			snprintf(buf, size, "swap slot %" PRIu64, id);
		else
			snprintf(buf, size, "the swap device");
		break;
	case OBJ_CACHELINE:
		snprintf(buf, size, "cache lines of pfn 0x%" PRIx64, id);
		break;
	default:
		return plain_vm(obj, buf, size);
	}
	return buf;
}

/**
 * name_obj() - what to call an object
 * @names: who may know, or NULL
 * @obj: the object
 * @buf: room for the name, @size bytes; NAME_SIZE is enough
 * @size: of @buf
 *
 * Return: a name, never NULL; may or may not be @buf.
 */
const char *name_obj(const struct names *names, sim_obj_t obj, char *buf, size_t size)
{
	const char *name = NULL;

	if (names && names->obj)
		name = names->obj(names, obj, buf, size);
	return name ? name : plain_obj(obj, buf, size);
}

/**
 * name_task() - what to call a task
 * @names: who may know, or NULL
 * @task: its number; -1 is the host that builds and tears down
 * @buf: room for the name
 * @size: of @buf
 *
 * Return: a name, never NULL.
 */
const char *name_task(const struct names *names, int task, char *buf, size_t size)
{
	struct sim_task_info info;
	const char *name = NULL;

	if (names && names->task)
		name = names->task(names, task, buf, size);
	if (name)
		return name;
	if (task < 0)
		return "set-up";
	if (sim_task_info((unsigned int)task, &info) && info.name[0])
		snprintf(buf, size, "%s", info.name);
	else
		snprintf(buf, size, "task %d", task);
	return buf;
}

/* An owner that is an object of the trace, or 0. */
static sim_obj_t owner_object(sim_owner_t owner)
{
	uint32_t id = SIM_OWNER_ID(owner);

	switch (SIM_OWNER_KIND(owner)) {
	case OWNER_MM:
		return SIM_OBJ(OBJ_MM, id);
	case OWNER_FAULT:
		return SIM_OBJ(OBJ_VCPU, id);
	case OWNER_BATCH:
		return SIM_OBJ(OBJ_BATCH, id);
	case OWNER_VM:
		return SIM_OBJ(OBJ_VM, id);
	case OWNER_SLOT:
		return SIM_OBJ(OBJ_SLOT, id);
	case OWNER_SWAP:
		return OBJ_SWAP_OF(id);
	default:
		return 0;
	}
}

/**
 * name_owner() - what to call a reference's owner
 * @names: who may know, or NULL
 * @owner: from the ledger
 * @buf: room for the name
 * @size: of @buf
 *
 * Return: a name, never NULL.
 */
const char *name_owner(const struct names *names, sim_owner_t owner, char *buf, size_t size)
{
	static const char *const of_task[] = {
		[OWNER_IOCTL] = "an ioctl of",
		[OWNER_MIGRATION] = "a migration by",
		[OWNER_ACTOR] = "a statement of",
	};
	unsigned int kind = SIM_OWNER_KIND(owner);
	sim_obj_t obj = owner_object(owner);
	char other[NAME_SIZE];
	const char *name = NULL;

	if (names && names->owner)
		name = names->owner(names, owner, buf, size);
	if (name)
		return name;
	if (kind == OWNER_FAULT) {
		snprintf(buf, size, "a fault of %s", name_obj(names, obj, other, sizeof(other)));
		return buf;
	}
	if (kind == OWNER_FILE) {
		snprintf(buf, size, "the page cache of file %u", SIM_OWNER_ID(owner));
		return buf;
	}
	if (obj)
		return name_obj(names, obj, buf, size);
	if (kind == OWNER_IOCTL || kind == OWNER_MIGRATION || kind == OWNER_ACTOR) {
		snprintf(buf, size, "%s %s", of_task[kind],
			 name_task(names, (int)SIM_OWNER_ID(owner) - 1, other, sizeof(other)));
		return buf;
	}
	return "nobody";
}
