/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secure processor's commands (include/linux/psp-sev.h, v6.12): those that
 * are about memory, without what goes over the wire.
 */
#ifndef __PSP_SEV_H__
#define __PSP_SEV_H__

#include <linux/types.h>

enum sev_cmd {
	SEV_CMD_LAUNCH_UPDATE_DATA = 0x031,
	SEV_CMD_SEND_UPDATE_DATA = 0x041,
	SEV_CMD_RECEIVE_UPDATE_DATA = 0x051,
};

struct sev_data_launch_update_data {
	u32 handle;
	u32 reserved;
	u64 address;
	u32 len;
};

struct sev_data_send_update_data {
	u32 handle;
	u32 reserved;
	u64 guest_address;
	u32 guest_len;
};

struct sev_data_receive_update_data {
	u32 handle;
	u32 reserved;
	u64 guest_address;
	u32 guest_len;
};

int sev_do_cmd(int cmd, void *data, int *psp_ret);

#endif
