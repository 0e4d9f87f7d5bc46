# SPDX-License-Identifier: GPL-2.0-or-later
"""Link the model's program once more, with the kernel's functions in it.

How things are compiled and linked is asked of the build directory: a file of
the world side is the pattern for the kernel's files, the model's program is
the pattern for the link. What stands in front of the archives is taken first,
so an archive's member is left out when all that it offers is there already.
"""

import glob
import json
import os
import re
import shlex
import shutil
import subprocess

# Compiled like any file of the world side; this is one.
PATTERN = "fakes/mm/gup_longterm.c"

# What the cutter calls the lines of its table of functions.
EXPORTS = "pinsim-exports"


class BuildError(Exception):
    pass


def run(command, cwd):
    done = subprocess.run(command, cwd=cwd, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise BuildError(f"{shlex.join(command)}\n{done.stdout}")
    return done.stdout


class Builder:
    """@root: of the source; @build: of the build; @model: its program; @out:
    where things are made; @cutter: the program of cutter.c."""

    def __init__(self, root, build, model, out, cutter=None):
        self.root, self.build, self.out, self.cutter = root, build, out, cutter
        self.model = os.path.relpath(model, build)
        os.makedirs(out, exist_ok=True)
        self.compile_args = self.read_compile_args()
        self.link_args = self.read_link_args()

    def read_compile_args(self):
        path = os.path.join(self.build, "compile_commands.json")
        with open(path, encoding="utf-8") as f:
            for entry in json.load(f):
                if entry["file"].endswith(PATTERN):
                    args = shlex.split(entry["command"])
                    break
            else:
                raise BuildError(f"{path}: no {PATTERN}")
        kept, skip = [], 0
        for arg in args:
            if skip:
                skip -= 1
            elif arg in ("-o", "-MF", "-MQ"):
                skip = 1
            elif arg not in ("-c", "-MD") and not arg.endswith(PATTERN):
                kept.append(arg)
        return kept

    def read_link_args(self):
        lines = run(["ninja", "-t", "commands", "-s", self.model], self.build)
        return shlex.split(lines.strip().split("\n")[-1])

    def compile(self, source, name, args):
        target = os.path.join(self.out, name + ".o")
        run([*self.compile_args, *args, "-c", source, "-o", target], self.build)
        return target

    def cut(self, path, name, keep, stop, folders):
        """Return: what cutter.c prints of a file."""
        lists = [f"{word}={','.join(sorted(listed))}"
                 for word, listed in (("keep", keep), ("stop", stop)) if listed]
        return json.loads(run([self.cutter, path, name, *lists,
                               *(f"in={d}" for d in folders)], self.build))

    def cut_header(self, kernel, header, folders):
        """Write the chosen part of a header, to be included behind the model's
        of that name. Of its macros only the chosen ones: the model has its own.

        Return: its path.
        """
        text = kernel.text(header.path)
        macros = {m for m in header.keep if re.search(rf"^#define {m}\b", text, re.M)}
        cut = self.cut(kernel.path(header.path), header.path, header.keep - macros, (), folders)
        text = cut["text"].split(f'#line 1 "{EXPORTS}"')[0]
        text = re.sub(r"^#ifndef (\w+)\n#define \1\n", "#if 1\n\n", text, count=1, flags=re.M)

        def blank(found):
            return "\n" * found[0].count("\n")

        def choose(found):
            return found[0] if found[1] in macros else blank(found)

        text = re.sub(r"^#define (\w+)(?:.*\\\n)*.*\n", choose, text, flags=re.M)
        for name in header.drop:
            text = re.sub(rf"^struct {name} {{\n(?:.*\n)*?}};\n", blank, text, flags=re.M)
        target = os.path.join(self.out, "cut_" + os.path.basename(header.path))
        with open(target, "w", encoding="utf-8") as f:
            f.write(text)
        return target

    def cut_file(self, kernel, section, file):
        """Compile what is named of one kernel file.

        Return: (object, [(function, lines)]).
        """
        quote = [os.path.join(self.root, d) for d in file.quote]
        quote += sorted({os.path.dirname(kernel.path(h)) for h in file.headers})
        folders = [*quote, os.path.join(self.root, "fakes/include")]
        system = [kernel.path("include")] if file.system else []
        folders += system
        cut = self.cut(kernel.path(file.path), file.path, file.keep, file.stop, folders)
        source = os.path.join(self.out, file.name + ".c")
        with open(source, "w", encoding="utf-8") as f:
            f.write(cut["text"])
        args = [f"-iquote{q}" for q in quote]
        args += [f"-idirafter{d}" for d in system]
        args += ["-include", "linux/kconfig.h", *section.args(kernel), *file.args]
        for header in file.cut:
            args += ["-include", self.cut_header(kernel, header, folders)]
        for header in file.behind:
            args += ["-include", header]
        obj = self.compile(source, file.name, args)
        # The table that keeps static functions: each object has one.
        run(["objcopy", "--localize-symbol=pinsim_exports",
             *(f"--globalize-symbol={s}" for s in file.symbols), obj], self.build)
        if file.symbols:
            run(["objcopy", *(f"--redefine-sym={s}={t}"
                              for s, t in file.symbols.items()), obj], self.build)
        return obj, cut["functions"]

    def counted(self, kernel, section):
        """The same once more, with gcc's counters of lines in the kernel's code.

        Return: the program, and what read_lines() wants; None without gcc.
        """
        if "clang" in run([*self.compiler(), "--version"], self.build) or not shutil.which("gcov"):
            return None
        counting = Builder(self.root, self.build, os.path.join(self.build, self.model),
                           os.path.join(self.out, "counted"), self.cutter)
        counting.compile_args += ["--coverage", "-fprofile-update=atomic"]
        counting.link_args.append("--coverage")
        for old in glob.glob(os.path.join(counting.out, "*.gcda")):
            os.unlink(old)
        program, _ = counting.program(kernel, section)
        return program, {file.path: os.path.join(counting.out, file.name + ".gcda")
                         for file in section.files(kernel.version)}

    def compiler(self):
        """Its name, and that of a cache in front of it."""
        return [a for a in self.compile_args[:2] if not a.startswith("-")]

    @staticmethod
    def read_lines(counts):
        """Return: {function: (lines with code, lines that ran)} of a file."""
        said = json.loads(run(["gcov", "--json-format", "--stdout", counts],
                              os.path.dirname(counts)))
        ran = {}
        for file in said["files"]:
            for line in file["lines"]:
                of, did = ran.get(line.get("function_name"), (0, 0))
                ran[line.get("function_name")] = (of + 1, did + (line["count"] > 0))
        return ran

    def program(self, kernel, section):
        """Return: the program, and [(path, [(function, lines)])]."""
        objects, told = [], []
        for file in section.files(kernel.version):
            obj, functions = self.cut_file(kernel, section, file)
            objects.append(obj)
            told.append((file.path, functions))
        for glue in section.glue(kernel.version):
            name = os.path.basename(glue)[:-2]
            objects.append(self.compile(os.path.join(self.root, glue), name,
                                        section.args(kernel)))
        archive = os.path.join(self.out, f"libw_real_{section.name}.a")
        if os.path.exists(archive):
            os.unlink(archive)
        run(["ar", "rcs", archive, *objects], self.build)
        program = os.path.join(self.out, f"real_{section.name}")
        args = list(self.link_args)
        at = args.index("-o")
        args[at + 1] = program
        args[at + 2:at + 2] = ["-Wl,--whole-archive", archive, "-Wl,--no-whole-archive"]
        run(args, self.build)
        return program, told

    def subject(self, kernel, section, pinsim):
        """The same by way of 'pinsim subject': what it wrote, and what it says
        that it took: [(path, [(function, lines)])]."""
        file = section.subject[kernel.version]
        target = os.path.join(self.out, f"{file.name}.so")
        said = run([pinsim, "subject", "--tree", kernel.tarball,
                    "--functions", ",".join(sorted(file.keep)),
                    "--stop", ",".join(sorted(file.stop)),
                    "--kernel", kernel.version, "--output", target], self.build)
        taken = [(m[1], int(m[3]) - int(m[2]) + 1) for m in
                 re.finditer(rf"^  (\w+) +{re.escape(file.path)}:(\d+)-(\d+)", said, re.M)]
        if not taken:
            raise BuildError(said)
        return target, [(file.path, taken)]
