/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secure processor.  Stands for sev_do_cmd() of drivers/crypto/ccp/sev-dev.c,
 * v6.12, and what is behind it: LAUNCH_UPDATE_DATA encrypts memory where it lies
 * (contract I.7, I.12), RECEIVE_UPDATE_DATA writes what came from another machine
 * there, SEND_UPDATE_DATA reads what is to go to one.  It reads and writes memory,
 * not through anybody's cache.
 *
 * Simpler than the kernel: a page is encrypted whole, whatever part of it was
 * asked for; what is ciphertext already stays what it is; what comes in is one more
 * than what stood there; a guest may launch, send and receive at any time; no other
 * command has an effect that anybody could see, so there is none.
 */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/psp-sev.h>

#include "fakes/fault.h"
#include "fakes/sev/internal.h"

/* The firmware's own words for what went wrong (include/uapi/linux/psp-sev.h). */
#define SEV_RET_INVALID_ADDRESS	0x09
#define SEV_RET_INVALID_GUEST	0x0e

/* It looks whether there is memory before it does anything. */
static int update(int cmd, u64 address, u32 len, u8 key, int *psp_ret)
{
	unsigned long pfn = address >> PAGE_SHIFT;
	unsigned long end = (address + len + PAGE_SIZE - 1) >> PAGE_SHIFT;

	if (!pfn_valid(pfn) || !pfn_valid(end - 1)) {
		*psp_ret = SEV_RET_INVALID_ADDRESS;
		return -EIO;
	}
	sim_step2(cmd == SEV_CMD_SEND_UPDATE_DATA ? SIM_READ : SIM_WRITE, OBJ_PAGE_OF(pfn),
		  end - pfn, key, cmd == SEV_CMD_LAUNCH_UPDATE_DATA ? "launch_update" :
		  cmd == SEV_CMD_SEND_UPDATE_DATA ? "send_update" : "receive_update");
	for (; pfn < end; pfn++) {
		if (cmd == SEV_CMD_LAUNCH_UPDATE_DATA)
			sev_launch_write(pfn, key);
		else if (cmd == SEV_CMD_RECEIVE_UPDATE_DATA)
			sev_receive_write(pfn, key);
	}
	return 0;
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
	/* Sending and receiving have the same argument, as far as it is modelled. */
	const struct sev_data_send_update_data *transport = data;
	const struct sev_data_launch_update_data *launch = data;

	might_sleep();
	switch (cmd) {
	case SEV_CMD_LAUNCH_UPDATE_DATA:
	case SEV_CMD_SEND_UPDATE_DATA:
	case SEV_CMD_RECEIVE_UPDATE_DATA:
		break;
	default:
		return -EINVAL;
	}
	if (fault_hit(FAULT_SEV_CMD, __func__)) {
		*psp_ret = SEV_RET_INVALID_GUEST;
		return -EIO;
	}
	if (cmd == SEV_CMD_LAUNCH_UPDATE_DATA)
		return update(cmd, launch->address, launch->len, launch->handle, psp_ret);
	return update(cmd, transport->guest_address, transport->guest_len,
		      transport->handle, psp_ret);
}
