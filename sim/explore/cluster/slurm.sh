#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An exhaustive search in N parts as a Slurm array, and its verdict. DIRECTORY is seen by all nodes.
# usage: slurm.sh N DIRECTORY EXPLORE-ARGUMENT...   (PINSIM names the program)
set -eu
n=$1 dir=$2 pinsim=${PINSIM:-pinsim} part=${SLURM_ARRAY_TASK_ID-}
shift 2
[ -z "$part" ] || exec "$pinsim" explore "$@" --shard "$part/$n" --output "$dir/$part.json"
mkdir -p "$dir"
# A part that was cut or failed is told of by the merge, as missing.
sbatch --wait --array "1-$n" --output "$dir/%a.log" "$0" "$n" "$dir" "$@" >&2 || :
exec "$pinsim" merge "$dir"/*.json
