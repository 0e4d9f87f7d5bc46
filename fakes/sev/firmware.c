/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secure processor.  Stands for sev_do_cmd() of drivers/crypto/ccp/sev-dev.c,
 * v6.12, and what is behind it: LAUNCH_UPDATE_DATA encrypts memory where it lies
 * (contract I.7, I.12).  It reads and writes memory, not through anybody's cache.
 *
 * Simpler than the kernel: a page is encrypted whole, whatever part of it was
 * asked for; what is ciphertext already stays what it is; no other command has
 * an effect that anybody could see, so there is none.
 */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/psp-sev.h>

#include "fakes/fault.h"
#include "fakes/sev/internal.h"

/* The firmware's own words for what went wrong (include/uapi/linux/psp-sev.h). */
#define SEV_RET_INVALID_GUEST	0x0e

static void launch_update(const struct sev_data_launch_update_data *data)
{
	unsigned long pfn = data->address >> PAGE_SHIFT;
	unsigned long end = (data->address + data->len + PAGE_SIZE - 1) >> PAGE_SHIFT;

	sim_step2(SIM_WRITE, OBJ_PAGE_OF(pfn), end - pfn, data->handle, __func__);
	for (; pfn < end; pfn++)
		sev_launch_write(pfn, data->handle);
}

/**
 * sev_do_cmd() - have the secure processor do something
 * @cmd: enum sev_cmd
 * @data: its argument
 * @psp_ret: what the firmware says where it refuses
 *
 * Context: sleepable. A step.
 * Return: 0; -EIO: the firmware refuses; -EINVAL: no such command.
 */
int sev_do_cmd(int cmd, void *data, int *psp_ret)
{
	might_sleep();
	if (cmd != SEV_CMD_LAUNCH_UPDATE_DATA)
		return -EINVAL;
	if (fault_hit(FAULT_SEV_CMD, __func__)) {
		*psp_ret = SEV_RET_INVALID_GUEST;
		return -EIO;
	}
	launch_update(data);
	return 0;
}
