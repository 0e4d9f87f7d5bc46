/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much of it was seen: distinct things among many samples, and an estimate
 * of what was not seen.
 *
 * Good and Turing: after n independent samples, of which s are the only one of
 * their kind, the next sample is of a kind not seen before with a probability
 * of about s/n.  That is a statement about what this way of sampling meets,
 * not about what there is: a kind that it meets once in a million samples is
 * not in the estimate after a thousand.
 */
#ifndef SIM_EXPLORE_ESTIMATE_H
#define SIM_EXPLORE_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_ESTIMATE_MAX	(1u << 22)	/* kinds told apart: 64 MiB at most */

/**
 * struct sim_estimate - a set of numbers that stand for kinds
 * @samples: counted; none after the set was full
 * @distinct: kinds among them
 * @single: kinds with one sample
 * @full: SIM_ESTIMATE_MAX kinds were seen, or memory ran short: later samples
 *	are not counted
 */
struct sim_estimate {
	uint64_t samples, distinct, single;
	bool full;
	uint64_t *slot;
	size_t mask;
};

/* Begin, with nothing seen. */
void sim_estimate_init(struct sim_estimate *e);
/* Give the memory back; begin again. */
void sim_estimate_free(struct sim_estimate *e);

/**
 * sim_estimate_add() - one more sample.
 * @e: where
 * @kind: a hash of 64 bits; the lowest is not looked at
 */
void sim_estimate_add(struct sim_estimate *e, uint64_t kind);

/* Was there a sample of this kind? */
bool sim_estimate_has(const struct sim_estimate *e, uint64_t kind);

/**
 * sim_estimate_unseen() - the chance that the next sample is of a new kind.
 *
 * Return: 0..1; 1 if there are no samples.
 */
double sim_estimate_unseen(const struct sim_estimate *e);

/* A number for a list of words. */
uint64_t sim_estimate_hash(const uint32_t *word, size_t n);

#endif
