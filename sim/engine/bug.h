/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim's own faults.  Never an errno, never a verdict: the program says what
 * it found wrong with itself and ends with status 3.
 */
#ifndef SIM_ENGINE_BUG_H
#define SIM_ENGINE_BUG_H

_Noreturn void sim_bug(const char *what, const char *file, int line);

/* What was found wrong when loaded code was made responsible for it. */
const char *sim_bug_said(void);
/* The host goes on: whatever task there was has ended. */
void sim_bug_ended(void);

#define SIM_BUG(what)		sim_bug(what, __FILE__, __LINE__)
#define SIM_BUG_ON(cond)	do { if (cond) SIM_BUG(#cond); } while (0)

#endif
