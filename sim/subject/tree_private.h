/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internal: what the files about trees share.
 */
#ifndef SIM_SUBJECT_TREE_PRIVATE_H
#define SIM_SUBJECT_TREE_PRIVATE_H

#include "sim/subject/tree.h"

/*
 * See to it that a file is in the tree's folder with all its neighbours, if it
 * is in the tree at all. Return: 0, or a negative errno with @err.
 */
int subject_tree_unpack_for(struct subject_tree *tree, const char *path,
			    struct subject_error *err);

#endif
