/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where an address of running code is in its source, by the debug information
 * of the program and of what it has loaded.
 */
#ifndef SIM_ENGINE_WHERE_H
#define SIM_ENGINE_WHERE_H

#include <stddef.h>
#include <stdint.h>

#define SIM_WHERE_SIZE	200

/**
 * sim_where() - "function (file.c:line)" of a return address.
 * @pc: return address: the call before it is meant
 * @buf: at least SIM_WHERE_SIZE bytes
 *
 * Without debug information only the function is named, without symbols the
 * program: an address is never printed, as it differs from run to run.
 * Context: host; the first call reads debug information, which takes its time.
 * Return: @buf.
 */
const char *sim_where(uint64_t pc, char buf[SIM_WHERE_SIZE]);

/**
 * sim_where_inlined() - the function that the one of sim_where() is inlined into.
 * @pc: return address
 *
 * Context: host.
 * Return: the name of the function that was really called, or NULL if it is the
 * same one or not known; valid until more code is loaded.
 */
const char *sim_where_inlined(uint64_t pc);

#endif
