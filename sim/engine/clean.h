/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stacks without what calls left on them.
 */
#ifndef SIM_ENGINE_CLEAN_H
#define SIM_ENGINE_CLEAN_H

/**
 * sim_stack_clean() - zero what lies below the caller's frame.
 *
 * What returned functions left there since the last step would lie in the frames
 * of whatever is called next, in places that nobody writes, and tell states apart
 * that are the same (hash.h).  So the functions in which a task stands before most
 * of its steps are called on a clean stack.  It is nothing but speed: where it does
 * nothing, as with ucontext, there are more states.
 *
 * Context: any; nothing lives there, as who calls has no red zone.
 */
void sim_stack_clean(void);

#endif
