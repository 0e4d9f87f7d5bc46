/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One launch, as a VMM makes it (QEMU, target/i386/sev.c and accel/kvm/kvm-all.c):
 * a VM, its memslots, its RAM registered in one piece as encrypted memory, and the
 * firmware encrypted; then the guest runs and writes to its RAM from the beginning.
 *
 * The machine has as much memory as it takes, in the zone that the layout names and,
 * for what has to move out of there, in ZONE_NORMAL.  It costs what is touched.
 */
#include "sim/startup/startup.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "fakes/build.h"
#include "fakes/host/probe.h"
#include "fakes/objects.h"
#include "fakes/profile.h"
#include "pin/build.h"
#include "pin/probe.h"
#include "sim/check/names.h"
#include "sim/core/world.h"
#include "sim/engine/fault.h"
#include "sim/race/actor.h"
#include "sim/startup/tally.h"

#define BLOCK		(4ULL << 20)		/* machines are made of these */
#define SPARE		(64ULL << 20)		/* for whatever is no guest memory */
#define RAM_ADDR	0x100000000000ULL	/* where the VMM has the guest's RAM, */
#define FIRMWARE_ADDR	0x0f0000000000ULL	/* and its firmware */
#define LARGE_TABLE	(1ULL << 20)
#define UNROLL		1000

const char *const startup_layout_name[STARTUP_NR_LAYOUTS] = {
	[STARTUP_NORMAL] = "normal",
	[STARTUP_MOVABLE] = "movable",
	[STARTUP_CMA] = "cma",
};

/* A launch in progress. */
struct launch {
	const struct startup_point *p;
	struct startup_result *ret;
	struct startup_slot slots[STARTUP_MAX_SLOTS];
	unsigned int nr_slots;
	struct tally tally;
	uint64_t faults;
	bool good;
};

static uint64_t blocks(uint64_t bytes)
{
	return (bytes + BLOCK - 1) / BLOCK * BLOCK;
}

static int make_machine(const struct startup_point *p)
{
	const struct sim_params params = {
		.nr_cpus = 1,
		.sums = true,
		.sum_kinds = { PAGE_REF_GET, PAGE_REF_PIN, PAGE_REF_ALLOC },
	};
	uint64_t need = blocks(p->memory + STARTUP_FIRMWARE + SPARE);
	struct build_machine m = {
		.profile = p->profile,
		/* Tables, 16 bytes a page with some designs, are of it as well. */
		.normal_bytes = need + blocks(p->memory / 32) + BLOCK,
		.cma_in = BUILD_ZONE_NORMAL,
	};

	if (p->layout == STARTUP_MOVABLE)
		m.movable_bytes = need;
	if (p->layout == STARTUP_CMA) {
		m.cma_bytes = need;
		m.normal_bytes += need;
	}
	sim_live_omit(LARGE_TABLE);
	sim_world_init(&params);
	return build_machine(&m);
}

static enum build_zone zone_of(const struct startup_point *p)
{
	static const enum build_zone zones[STARTUP_NR_LAYOUTS] = {
		[STARTUP_NORMAL] = BUILD_ZONE_NORMAL,
		[STARTUP_MOVABLE] = BUILD_ZONE_MOVABLE,
		[STARTUP_CMA] = BUILD_ZONE_CMA,
	};

	return zones[p->layout];
}

static long do_op(const struct actor_op *op)
{
	const struct actor vmm = { .name = "vmm", .process = 0, .vm = 0, .unroll = UNROLL };

	return actor_do(&vmm, op);
}

/* The VMM, with all its guest's memory mapped and none of it there. */
static int make_vmm(const struct startup_point *p)
{
	const struct build_process vmm = { .name = "vmm", .memlock_bytes = UINT64_MAX };
	int err;

	actors_init();
	err = build_process(&vmm);
	if (err < 0)
		return err;
	build_host_thread(0);
	err = build_map(0, RAM_ADDR, p->memory, zone_of(p));
	return err ? err : build_map(0, FIRMWARE_ADDR, STARTUP_FIRMWARE, zone_of(p));
}

/* All of the RAM is there before there is a VM: memory-backend's prealloc=on. */
static int preallocate(const struct startup_point *p)
{
	const struct actor_op touch = { .kind = ACTOR_TOUCH, .addr = RAM_ADDR,
					.npages = p->memory / STARTUP_PAGE_SIZE };
	const struct actor_op drain = { .kind = ACTOR_DRAIN };
	long err = do_op(&touch);

	return err ? (int)err : (int)do_op(&drain);
}

/* The launch ends here. Return: false. */
static bool ends(struct launch *l, const char *at, uint64_t number, long err)
{
	uint64_t refused = probe_alloc_refused();
	struct startup_result *r = l->ret;

	r->err = (int)err;
	if (number == UINT64_MAX)
		snprintf(r->at, sizeof(r->at), "%s", at);
	else
		snprintf(r->at, sizeof(r->at), "%s %llu", at, (unsigned long long)number);
	if (err == -ENOMEM && refused)
		snprintf(r->why, sizeof(r->why), "kvmalloc() is asked for %llu bytes and gives "
			 "%d at most (mm/util.c)", (unsigned long long)refused, INT_MAX);
	return false;
}

static uint64_t addr_of(const struct startup_slot *slot)
{
	return slot->firmware ? FIRMWARE_ADDR : RAM_ADDR + slot->offset;
}

static bool make_vm(struct launch *l)
{
	const struct build_vm vm = { .owner = 0, .sev = true, .design = l->p->design,
				     .nr_vcpus = 1 };
	int err = build_vm(&vm);

	return err >= 0 || ends(l, "KVM_CREATE_VM", UINT64_MAX, err);
}

static bool make_slots(struct launch *l)
{
	unsigned int i;

	for (i = 0; i < l->nr_slots; i++) {
		const struct startup_slot *slot = &l->slots[i];
		const struct actor_op op = {
			.kind = ACTOR_SLOT_SET, .slot = i, .gfn = slot->gfn,
			.addr = addr_of(slot), .npages = slot->pages,
		};
		long err = do_op(&op);

		if (err)
			return ends(l, "memslot", i, err);
	}
	return true;
}

/* Each block of the VMM's memory as a whole, whatever the slots that show it. */
static bool register_memory(struct launch *l)
{
	const struct actor_op ram = { .kind = ACTOR_REGISTER, .addr = RAM_ADDR,
				      .npages = l->p->memory / STARTUP_PAGE_SIZE };
	const struct actor_op firmware = { .kind = ACTOR_REGISTER, .addr = FIRMWARE_ADDR,
					   .npages = STARTUP_FIRMWARE / STARTUP_PAGE_SIZE };
	long err;

	if (!(pin_design_traits(l->p->design) & PIN_TAKES_REGIONS))
		return true;
	err = do_op(&ram);
	if (err)
		return ends(l, "registering RAM", UINT64_MAX, err);
	err = do_op(&firmware);
	return !err || ends(l, "registering firmware", UINT64_MAX, err);
}

static bool encrypt_firmware(struct launch *l)
{
	const uint64_t pages = STARTUP_FIRMWARE / STARTUP_PAGE_SIZE;
	const struct actor_op write = { .kind = ACTOR_TOUCH, .addr = FIRMWARE_ADDR,
					.npages = pages };
	const struct actor_op update = { .kind = ACTOR_LAUNCH_UPDATE, .addr = FIRMWARE_ADDR,
					 .npages = pages };
	long err;

	/* An SNP guest's is copied by a command that is not modelled. */
	if (pin_design_traits(l->p->design) & PIN_PRIVATE_MEM)
		return true;
	err = do_op(&write);
	if (err)
		return ends(l, "loading firmware", UINT64_MAX, err);
	err = do_op(&update);
	return !err || ends(l, "KVM_SEV_LAUNCH_UPDATE_DATA", UINT64_MAX, err);
}

/* The guest writes to the first @pages pages of its RAM. */
static bool run_guest(struct launch *l, uint64_t pages, uint64_t *ret_faults)
{
	unsigned int i;
	uint64_t k;

	for (i = 0; i < l->nr_slots; i++) {
		const struct startup_slot *slot = &l->slots[i];

		for (k = 0; k < slot->pages && pages && !slot->firmware; k++, pages--) {
			const struct actor_op op = { .kind = ACTOR_FAULT, .write = true,
						     .gfn = slot->gfn + k };
			long err = do_op(&op);

			if (err)
				return ends(l, "the guest's write to gfn", op.gfn, err);
			++*ret_faults;
		}
	}
	return true;
}

static void launch(void *arg)
{
	struct launch *l = arg;

	l->good = make_vm(l) && make_slots(l) && register_memory(l) && encrypt_firmware(l);
}

/* Rounded up: a guest that touches something touches a page. */
static uint64_t share_of(uint64_t pages, double share)
{
	uint64_t whole = (uint64_t)((double)pages * share);

	return whole + ((double)whole < (double)pages * share);
}

static void guest(void *arg)
{
	struct launch *l = arg;
	uint64_t pages = l->p->memory / STARTUP_PAGE_SIZE;

	run_guest(l, share_of(pages, l->p->touch), &l->faults);
}

/* Carry a part out. What nobody comes back from is the end as well. */
static void carry_out(struct launch *l, const char *part, void (*fn)(void *arg))
{
	struct startup_result *r = l->ret;
	struct sim_record rec;

	if (!sim_fatal_catch(fn, l, &rec))
		return;
	l->good = false;
	r->err = -EDEADLK;
	snprintf(r->at, sizeof(r->at), "%s", part);
	snprintf(r->why, sizeof(r->why), "%s in %.100s()", name_verb(rec.verb), rec.site);
}

static void run(struct launch *l)
{
	carry_out(l, "launch", launch);
	tally_read(&l->tally, 0, 0, &l->ret->launched);
	if (l->good)
		carry_out(l, "guest", guest);
	tally_read(&l->tally, 0, 0, &l->ret->touched);
	l->ret->touched.faults = l->faults;
}

int startup_launch(const struct startup_point *p, struct startup_result *ret)
{
	struct launch l = { .p = p, .ret = ret };
	int err;

	memset(ret, 0, sizeof(*ret));
	sim_arena_reset();
	l.nr_slots = startup_slots(p, l.slots);
	tally_host_begin(&l.tally);
	err = make_machine(p);
	if (!err)
		err = make_vmm(p);
	if (!err && p->prealloc)
		err = preallocate(p);
	if (err)
		return err;
	tally_begin(&l.tally, 0);
	run(&l);
	tally_end();
	return 0;
}
