#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel functions that our files say they stand for still exist.

    cited.py SOURCE_ROOT CACHE

The head comment of each file of fakes/ and mmu/ is read. A kernel file named in
it ("mm/gup.c") is a citation, with every function that its paragraph names:
as name(), or as a bare name with an underscore. The file has to be in one of
Debian's source packages, and so has each name in one of the files that the head
cites: of 6.1 and of 6.12, or of the one version that the paragraph names.

A name in a paragraph that cites no file is not looked for, nor is what a fake
leaves out: heads also speak of our own functions.

Exit 1: something is not there; 77: none of the packages is installed.
"""

import argparse
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "real"))
import kernel  # noqa: E402

ROOMS = ("fakes", "mmu")
VERSIONS = ("6.1", "6.12")
HEAD = re.compile(r"/\* SPDX[^\n]*\*/\n/\*\n(.*?)\*/", re.S)
FILE = re.compile(r"(?<![\w/.-])((?:arch|mm|virt|kernel|lib|include|security|fs|init)"
                  r"/[\w/.-]*\w\.[chS])\b")
NAME = re.compile(r"\b([a-z_]\w*)\(\)|\b([a-z]\w*_\w+)\b(?!\.\w|[/*])")
VERSION = re.compile(r"\bv?(6\.12?)(?![\d])")
# What is left out is no citation.
NOT_CITED = re.compile(r"^(Simpler than|Not modelled|Left out|Ours|Other than)")


class Paragraph:
    """What one paragraph of a head says about the kernel."""

    def __init__(self, text):
        self.files = FILE.findall(text)
        versions = sorted(set(VERSION.findall(text)), key=len)
        self.versions = versions or list(VERSIONS)
        bare = FILE.sub(" ", text)
        self.names = sorted({a or b for a, b in NAME.findall(bare)})


def paragraphs(path):
    """Those of the head of @path that cite the kernel."""
    head = HEAD.match(path.read_text(encoding="utf-8"))
    if not head:
        return []
    text = re.sub(r"^ \* ?", "", head.group(1), flags=re.M)
    found = []
    for part in re.split(r"\n[ \t]*\n", text):
        part = " ".join(part.split())
        if not NOT_CITED.match(part):
            found.append(Paragraph(part))
    return [p for p in found if p.files]


def citations(root):
    """Every file with its paragraphs, in order."""
    found = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.[ch]")):
            parts = paragraphs(path)
            if parts:
                found[str(path.relative_to(root))] = parts
    return found


def installed(cache, files):
    """The text of each of @files in each version that is there."""
    texts = {}
    for version in VERSIONS:
        try:
            tree = kernel.Kernel(version, cache)
        except kernel.Absent as absent:
            print(f"cited: {absent}")
            continue
        tree.unpack(files, strict=False)
        texts[version] = {f: tree.text(f) for f in files
                          if pathlib.Path(tree.path(f)).exists()}
    return texts


def missing(paragraph, texts):
    """What @paragraph cites and no version that it speaks of has."""
    looked = [texts[v] for v in paragraph.versions if v in texts]
    if not looked:
        return
    for f in paragraph.files:
        if not any(f in text for text in looked):
            yield f"no file {f}"
    whole = "\n".join(t[f] for t in looked for f in paragraph.files if f in t)
    for name in paragraph.names:
        if not re.search(rf"\b{name}\b", whole):
            yield f"no {name} in {', '.join(paragraph.files)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("cache")
    args = parser.parse_args()
    cited = citations(args.root)
    files = sorted({f for parts in cited.values() for p in parts for f in p.files})
    texts = installed(args.cache, files)
    if not texts:
        sys.exit(77)
    bad = [f"{path}: {what} ({' and '.join(p.versions)})"
           for path, parts in cited.items() for p in parts for what in missing(p, texts)]
    for line in bad:
        print(line)
    names = sum(len(p.names) for parts in cited.values() for p in parts)
    print(f"{len(cited)} heads cite {len(files)} kernel files and {names} names; "
          f"{len(bad)} not found in {' and '.join(texts)}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
