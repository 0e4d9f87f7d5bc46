/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where in the user's tree is what the simulator lacks?
 */
#ifndef SIM_SUBJECT_NEEDS_TREE_H
#define SIM_SUBJECT_NEEDS_TREE_H

#include "sim/subject/needs.h"

/**
 * subject_needs_tree() - look for it in the headers that the file includes.
 * @needs: subject_needs_known() was asked already
 * @scan: of the file, whose path is from the tree's top
 * @tree: a folder or a tarball, as for subject_tree_open()
 *
 * Headers are read as the file includes them, then those that they include,
 * and so on, until all is found: what stands nearer to the file is named.
 * Return: how many needs are found nowhere.
 */
uint32_t subject_needs_tree(struct subject_needs *needs,
			    const struct subject_scan *scan, const char *tree);

#endif
