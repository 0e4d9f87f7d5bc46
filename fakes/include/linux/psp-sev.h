/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secure processor's commands (include/linux/psp-sev.h, v6.12): the one that
 * changes memory.
 */
#ifndef __PSP_SEV_H__
#define __PSP_SEV_H__

#include <linux/types.h>

enum sev_cmd {
	SEV_CMD_LAUNCH_UPDATE_DATA = 0x031,
};

struct sev_data_launch_update_data {
	u32 handle;
	u32 reserved;
	u64 address;
	u32 len;
};

int sev_do_cmd(int cmd, void *data, int *psp_ret);

#endif
