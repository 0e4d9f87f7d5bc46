/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nobody loads a module: parameters keep their defaults. */
#ifndef _LINUX_MODULE_PARAMS_H
#define _LINUX_MODULE_PARAMS_H

#define module_param_named(name, value, type, perm)
#define module_param(name, type, perm)
#define MODULE_PARM_DESC(name, desc)

#endif
