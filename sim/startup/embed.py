#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A data file as C.

usage: embed.py FILE NAME > FILE.c
"""

import sys


def main():
    path, name = sys.argv[1:]
    with open(path, "rb") as file:
        data = file.read()
    print(f"extern const char {name}[];\nconst char {name}[] = {{")
    for i in range(0, len(data), 12):
        print("\t" + " ".join(f"{byte}," for byte in data[i:i + 12]))
    print("\t0\n};")


if __name__ == "__main__":
    main()
