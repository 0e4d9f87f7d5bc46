/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a guest's memory lies: QEMU's machine q35 (hw/i386/pc_q35.c, pc_q35_init(),
 * and pc.c, pc_memory_init()).  One block of host memory is shown to the guest below
 * a hole for devices and above 4 GiB; firmware ends where the hole does.
 */
#include "sim/startup/startup.h"

#define GIB		(1ULL << 30)
#define LOW_MAX		0xb0000000ULL	/* less RAM than this is all below the hole */
#define LOW_IF_MORE	(2 * GIB)	/* of more, so much is */
#define HOLE_END	(4 * GIB)

static struct startup_slot slot(uint64_t gpa, uint64_t bytes, uint64_t offset, bool firmware)
{
	return (struct startup_slot){
		.gfn = gpa / STARTUP_PAGE_SIZE,
		.pages = bytes / STARTUP_PAGE_SIZE,
		.offset = offset,
		.firmware = firmware,
	};
}

/**
 * startup_slots() - the memslots of a guest.
 * @p: its size, and whether there is a hole
 * @ret: gets them, RAM first
 *
 * Without a hole RAM begins at 4 GiB, as one slot, above the firmware.
 * Return: how many.
 */
unsigned int startup_slots(const struct startup_point *p, struct startup_slot *ret)
{
	uint64_t low = p->memory < LOW_MAX ? p->memory : LOW_IF_MORE;
	unsigned int n = 0;

	if (p->one_slot)
		low = 0;
	if (low)
		ret[n++] = slot(0, low, 0, false);
	if (p->memory > low)
		ret[n++] = slot(HOLE_END, p->memory - low, low, false);
	ret[n++] = slot(HOLE_END - STARTUP_FIRMWARE, STARTUP_FIRMWARE, 0, true);
	return n;
}
