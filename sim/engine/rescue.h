/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at what loaded code may have spoilt.  Host side only.
 */
#ifndef SIM_ENGINE_RESCUE_H
#define SIM_ENGINE_RESCUE_H

#include <setjmp.h>
#include <stdbool.h>

/**
 * struct sim_rescue - a way back for the host
 * @at: where to
 * @outer: the way back before
 * @armed: it is one
 *
 * Loaded code can spoil what it likes of the simulated machine, and the host
 * that looks at it then (a check, a report) follows pointers that lead nowhere.
 * That is the loaded code's fault, not pinsim's.
 */
struct sim_rescue {
	jmp_buf at;
	struct sim_rescue *outer;
	bool armed;
};

/*
 * "if (SIM_RESCUED(&r)) ..." is false first. If the host, on this stack, meets a
 * fault before sim_rescue_end(), it is true, a second time; the rescue is over
 * then. Costs next to nothing while no code is loaded.
 * Context: host, no task running when the fault is met.
 */
#define SIM_RESCUED(r)	(sim_rescue_begin(r) && _setjmp((r)->at))
bool sim_rescue_begin(struct sim_rescue *r);
void sim_rescue_end(struct sim_rescue *r);

/* The host met a fault: go back, if there is a way. Else it returns. */
void sim_rescue_go(void);

#endif
