# SPDX-License-Identifier: GPL-2.0-or-later
"""Mails that tests make: patches, replies that quote them, and what mailers
and web archives do to both."""

import base64
import difflib
import html
import json
import quopri
import re
import subprocess
import textwrap

TOKEN = re.compile(
    r"/\*.*?\*/|//[^\n]*"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    r"|[A-Za-z_]\w*|\.?\d(?:[eEpP][-+]|[\w.])*"
    r"|->|\+\+|--|<<=?|>>=?|[-+*/%&|^!=<>]=|&&|\|\||\.\.\.|##|\S", re.S)
COMMENT = ("/*", "//")


def tokens(text):
    """The C tokens of a text, comments left out."""
    text = text.replace("\\\n", " ")
    return [t for t in TOKEN.findall(text) if not t.startswith(COMMENT)]


def functions(text):
    """Functions of a C file in kernel style: name -> text, comments above them
    left out. Only those whose braces stand at the left margin, and that are
    not defined in several branches of a conditional."""
    found = {}
    again = set()
    lines = text.split("\n")
    begin = None
    for n, line in enumerate(lines):
        if line == "{" and begin is not None:
            end = lines.index("}", n)
            head = "\n".join(lines[begin:n])
            name = re.search(r"(\w+)\s*\(", head)
            if name and "=" not in head:
                if name.group(1) in found:
                    again.add(name.group(1))
                found[name.group(1)] = "\n".join(lines[begin:end + 1])
            begin = None
        elif re.match(r"[A-Za-z_]", line) and not line.endswith((";", ":")):
            if begin is None or lines[n - 1] in ("", "}"):
                begin = n
        elif not line.strip() or line.startswith(("#", "}", " *", "/*")):
            begin = None
    return {name: f for name, f in found.items() if name not in again}


def diff(old, new, path, context=3):
    """A patch as git writes it, headings included."""
    text = [f"diff --git a/{path} b/{path}", "index 1234567..89abcde 100644"]
    old_lines = old.split("\n")[:-1]
    for line in difflib.unified_diff(old_lines, new.split("\n")[:-1],
                                     f"a/{path}", f"b/{path}", n=context,
                                     lineterm=""):
        match = re.match(r"@@ -(\d+)", line)
        if match:
            above = old_lines[:max(int(match.group(1)) - 1, 0)]
            heads = [s for s in above if re.match(r"[A-Za-z_$]", s)
                     and not s.endswith(":")]
            line += " " + heads[-1] if heads else ""
        text.append(line)
    return text


def added(functions_, path="arch/x86/kvm/svm/sev.c"):
    """A patch that adds functions to a file that has others."""
    before = ("#include <linux/kernel.h>\n\nstatic int first(int a)\n{\n"
              "\tif (a)\n\t\treturn 1;\n\treturn a;\n}\n\n")
    after = "int last(void)\n{\n\treturn 0;\n}\n"
    new = before + "".join(f + "\n\n" for f in functions_) + after
    return diff(before + after, new, path)


def patch_mail(lines, subject="[RFC PATCH 3/6] KVM: pin pages on demand"):
    """The body of a patch mail."""
    return (["Pin the pages of a guest when they are mapped first.", "",
             "Signed-off-by: A Developer <dev@example.org>", "---",
             " arch/x86/kvm/svm/sev.c | 100 +++++++", " 1 file changed", ""]
            + lines + ["-- ", "2.30.2", ""])


STYLES = {
    "spaced": lambda depth: "> " * depth,
    "tight": lambda depth: ">" * depth + " ",
    "mixed": lambda depth: ">" * (depth - 1) + " > " if depth > 1 else "> ",
    "bare": lambda depth: ">" * depth,
}


def quote(lines, depth, style="spaced"):
    """Quoted, and what comes of empty lines when mailers strip blanks."""
    if not depth:
        return list(lines)
    return [(STYLES[style](depth) + line).rstrip() if not line.strip()
            else STYLES[style](depth) + line for line in lines]


def reply(lines, depth, style="spaced", comments=()):
    """A reply to a mail; comments: {index of a line: text} put above lines."""
    text = ["On Fri, Jan 28, 2022, A Reviewer wrote:"]
    for d in range(1, depth):
        text.append("> " * d + "On Thu, Jan 27, 2022, Somebody wrote:")
    for n, line in enumerate(quote(lines, depth, style)):
        if n in comments:
            text += ["", comments[n], ""]
        text.append(line)
    return text + ["", "Is this right?", "", "Thanks,", "R."]


def raw(body, headers=()):
    """A mail as it was sent."""
    return "\n".join(["From: A Reviewer <rev@example.org>",
                      "To: list@example.org",
                      "Subject: Re: [RFC PATCH 3/6] KVM: SVM: pin",
                      "Message-ID: <1@example.org>", *headers, ""] + body) + "\n"


def quoted_printable(body):
    text = quopri.encodestring(("\n".join(body) + "\n").encode()).decode()
    return raw(text.split("\n"), [
        "MIME-Version: 1.0", "Content-Type: text/plain; charset=\"utf-8\"",
        "Content-Transfer-Encoding: quoted-printable"])


def base64_mail(body):
    text = base64.encodebytes(("\n".join(body) + "\n").encode()).decode()
    return raw(text.split("\n"), [
        "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64"])


def multipart(body):
    return raw(["This is a message in MIME format.", "--=_b1",
                "Content-Type: multipart/alternative;", "\tboundary=b2", "",
                "--b2", "Content-Type: text/html", "",
                "<html><body><p>see the plain text</p></body></html>",
                "--b2", "Content-Type: text/plain", ""] + body
               + ["--b2--", "", "--=_b1", "Content-Type: application/pgp",
                  "", "signature", "--=_b1--"],
               ["MIME-Version: 1.0",
                "Content-Type: multipart/mixed; boundary=\"=_b1\""])


def flowed(body):
    """RFC 3676: spaces, '>' and 'From ' at the margin are stuffed, long lines
    end in a space and go on in the next one."""
    out = []
    for line in body:
        prefix = re.match(r"[> ]*>", line)
        prefix = prefix.group().replace(" ", "") if prefix else ""
        rest = line[re.match(r"(?:[> ]*>)?", line).end():]
        if not prefix and rest.startswith((" ", ">", "From ")):
            rest = " " + rest
        out.append((prefix + rest).rstrip() if line != "-- " else line)
    return raw(out, ["MIME-Version: 1.0",
                     "Content-Type: text/plain; charset=utf-8; format=flowed"])


def mbox(body):
    return "From mboxrd@z Thu Jan  1 00:00:00 1970\n" + raw(body)


def _escaped(body, quotes=False):
    return [html.escape(line, quotes) for line in body]


def lore(body):
    """Like public-inbox: one <pre>, quotes and diffs in colours."""
    lines = []
    for line in _escaped(body, True):
        if line.startswith("&gt;"):
            line = f'<span\nclass="q">{line}</span>'
        line = line.replace("diff --git",
                            '<a\nhref="#iZ2e.30">diff</a> --git')
        lines.append(line)
    return ("<html><head><title>Re: [PATCH] KVM</title><style>pre{x:a<b}"
            "</style></head><body><form\naction=\"../\"><pre\n"
            'id="b">From: Reviewer &lt;r@e.org&gt;\n'
            + "\n".join(lines) + "\n\n<a\nhref=\"x\">^</a> permalink"
            "</pre></body></html>\n")


def marc(body):
    """Like marc.info: tables around, tabs gone, addresses hidden."""
    lines = [line.replace("\t", "        ").replace("@example", " () example")
             for line in _escaped(body)]
    return ("<HTML>\n<HEAD>\n<TITLE>'Re: KVM' - MARC</TITLE>\n</HEAD>\n<BODY "
            "BGCOLOR=\"#ffffff\">\n<PRE>\n[<A HREF=\"?l=kvm\">prev in list</A>]"
            "\n<B>List:       <A HREF=\"?l=kvm\">kvm</A></B>\n\n"
            + "\n".join(lines) + "\n[prev in thread]\n</PRE>\n</BODY></HTML>\n")


def pipermail(body):
    """Like Mailman's archives: italics, links, numbers for characters."""
    lines = []
    for line in _escaped(body):
        line = line.replace("\t", "&#9;").replace("_", "&#95;")
        if line.startswith("&gt;"):
            line = f"<i>{line}</i>"
        lines.append(re.sub(r"(linux/\w+\.h)", r'<A HREF="\1">\1</A>', line))
    return ('<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01">\n<HTML>\n <HEAD>\n'
            "   <TITLE> KVM </TITLE>\n </HEAD>\n <BODY>\n   <H1>KVM</H1>\n"
            "<!--beginarticle-->\n<PRE>" + "\n".join(lines)
            + "\n</PRE>\n<!--endarticle-->\n<hr></body></html>\n")


def broken_lines(body):
    """No <pre>: a <br> at each end of line, blanks as &nbsp;."""
    lines = [re.sub(r"^ +|\t|  +", lambda m: "&nbsp;" * max(2, len(m.group())),
                    line) for line in _escaped(body)]
    return ("<html><body><div class=\"mail\">" + "<br>\n".join(lines)
            + "</div><div>footer</div></body></html>\n")


HTML = {"lore": lore, "marc": marc, "pipermail": pipermail,
        "broken": broken_lines}
RAW = {"raw": raw, "qp": quoted_printable, "base64": base64_mail,
       "multipart": multipart, "flowed": flowed, "mbox": mbox,
       "bare": lambda body: "\n".join(body) + "\n",
       "crlf": lambda body: raw(body).replace("\n", "\r\n")}


def spaces(lines):
    """Tabs as an archive shows them: one blank, or eight."""
    return [line.replace("\t", " ") for line in lines]


def wrapped(lines, width=76):
    """What a mailer does to long lines; the quoting is not repeated."""
    out = []
    for line in lines:
        if len(line) > width:
            out += textwrap.wrap(line, width, expand_tabs=False,
                                 replace_whitespace=False,
                                 break_long_words=False,
                                 break_on_hyphens=False,
                                 drop_whitespace=True)
        else:
            out.append(line)
    return out


class Dump:
    """What the program recovers from a mail."""

    def __init__(self, program, path, text):
        if isinstance(text, str):
            text = text.encode()
        path.write_bytes(text)
        done = subprocess.run([program, str(path)], capture_output=True,
                              timeout=60, check=False)
        self.status = done.returncode
        self.error = done.stderr.decode(errors="replace")
        self.all = json.loads(done.stdout) if not self.status else {}

    def __getattr__(self, name):
        return self.all[name]

    def names(self):
        return [f["name"] for f in self.functions]

    def function(self, name):
        return next(f for f in self.functions if f["name"] == name)

    def text(self, name):
        """A function as it was recovered."""
        f = self.function(name)
        where = self.header if f["path"].endswith(".h") else self.source
        lines = where.split("\n")
        return "\n".join(lines[f["line"] - 1:f["end_line"]])
