#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An exhaustive search in N parts under GNU parallel, and its verdict.
# usage: parallel.sh N DIRECTORY EXPLORE-ARGUMENT...   (PINSIM names the program)
set -eu
n=$1 dir=$2 pinsim=${PINSIM:-pinsim}
shift 2
mkdir -p "$dir"
# A part that was cut or failed is told of by the merge, as missing.
seq "$n" | parallel -q "$pinsim" explore "$@" --shard "{}/$n" --output "$dir/{}.json" >&2 || :
exec "$pinsim" merge "$dir"/*.json
