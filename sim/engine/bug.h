/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim's own faults.  Never an errno, never a verdict: the program says what
 * it found wrong with itself and ends with status 3.
 */
#ifndef SIM_ENGINE_BUG_H
#define SIM_ENGINE_BUG_H

_Noreturn void sim_bug(const char *what, const char *file, int line);

#define SIM_BUG(what)		sim_bug(what, __FILE__, __LINE__)
#define SIM_BUG_ON(cond)	do { if (cond) SIM_BUG(#cond); } while (0)

#endif
