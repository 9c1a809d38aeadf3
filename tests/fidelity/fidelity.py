#!/usr/bin/env python3
"""Compare one of our headers with mingw-w64's of the same name.

Both are read by their own compiler. What a header declares is taken from the preprocessed text of
the files that belong to it: object-like macros, enumerators, typedefs, structures and functions.
What the names are worth is asked of the compilers: a table of constant expressions is compiled to
an object file on each side and read back from its bytes, so nothing is run.

    macro, enumerator     value
    typedef               size, and sign where it has one
    structure, union      size, alignment, order of members, offset and size of each
    function              number of parameters

Our header is compiled with both widths of WCHAR. With 2-byte WCHARs everything must be equal. With
4-byte WCHARs, members that are arrays of WCHAR are twice as large and move what follows them, and
names under a `wide` rule are twice as large; everything else must be equal.

Rules (one a line, `#` starts a comment):
    partial                     we declare only a part: what mingw-w64 has besides is not missing
    value NAME OURS THEIRS why  the values differ, and these are they
    absent NAME why             mingw-w64 has it, the SDK has not
    wide NAME why               the value or size is a number of bytes of WCHARs
    skip NAME why               not comparable
A rule that does not apply (any more) is an error as well, unless it is written with a question
mark (`skip? NAME why`) because it depends on the compiler.

Exit status: 0 equal, 1 different, 2 the comparison itself failed, 77 no cross compiler.
"""
import argparse
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

MAGIC = b"fidelity-table-1"
SKIP = 77


class Broken(Exception):
    """The comparison could not be made; not the header's fault."""


class Side:
    """One compiler with one header."""

    def __init__(self, label, command, prelude, header, owned, work):
        self.label, self.command, self.work = label, command, work
        lines = [f"#include <{name}>" for name in prelude.split() + [header]]
        self.includes = "\n".join(lines) + "\n"
        self.owned = owned
        self.read()

    def run(self, source, *flags):
        path = os.path.join(self.work, re.sub(r"\W", "_", self.label) + ".c")
        with open(path, "w") as out:
            out.write(source)
        return path, subprocess.run(self.command + list(flags) + [path], capture_output=True,
                                    text=True, errors="replace")

    def preprocess(self, source, *flags):
        _, done = self.run(source, "-E", *flags)
        if done.returncode:
            raise Broken(f"{self.label}: {done.stderr}")
        return done.stdout

    def read(self):
        """Split the preprocessed text by file; keep what the header's own files say."""
        self.macros, text, mine = {}, [], False
        everything = self.preprocess(self.includes, "-dD")
        # Asking a compiler for names it never heard of makes it guess what was meant, slowly.
        self.words = set(re.findall(r"\w+", everything))
        for line in everything.splitlines():
            marker = re.match(r'#\s*\d+ "([^"]*)"', line)
            if marker:
                mine = self.owned(marker[1])
            elif not mine:
                continue
            elif line.startswith("#undef "):
                self.macros.pop(line.split()[1], None)
            elif line.startswith("#define "):
                name = re.match(r"#define (\w+)(\(?)", line)
                if not name[2]:
                    self.macros[name[1]] = line[name.end(1):].strip()
            elif not line.startswith("#"):
                text.append(line)
        self.code = parse(clean("\n".join(text)))

    def expand(self, names):
        source = self.includes + "".join(f'"@@{name}@@" {name}\n' for name in names)
        found, current = {}, None
        for line in self.preprocess(source, "-P").splitlines():
            mark = re.match(r'"@@(\w+)@@"(.*)', line)
            if mark:
                current = mark[1]
                found[current] = mark[2].strip()
            elif current:
                found[current] += " " + line.strip()
        return found

    def evaluate(self, wanted):
        """Values of {key: C expression}; expressions this side does not know are left out."""
        wanted = dict(wanted)
        while wanted:
            head = self.includes + "#include <stddef.h>\n"
            head += "extern const struct fidelity { char magic[16]; unsigned long long v[%d]; } " \
                    "fidelity;\nconst struct fidelity fidelity = { \"%s\", {\n" \
                    % (len(wanted) + 1, MAGIC.decode())
            keys = list(wanted)
            first = head.count("\n") + 1
            source = head + "".join(f"(unsigned long long)({wanted[k]}),\n" for k in keys)
            source += "0\n}};\n"       # gcc reports a broken list once more, at its last element
            target = os.path.join(self.work, "probe.o")
            path, done = self.run(source, "-c", "-w", "-o", target)
            if done.returncode == 0:
                with open(target, "rb") as obj:
                    blob = obj.read()
                at = blob.find(MAGIC)
                if at < 0 or blob.find(MAGIC, at + 1) >= 0:
                    raise Broken(f"{self.label}: no table in the object file")
                values = struct.unpack_from(f"<{len(keys)}Q", blob, at + len(MAGIC))
                return dict(zip(keys, values))
            bad = {int(m) - first for m in
                   re.findall(re.escape(path) + r":(\d+):(?:\d+:)? (?:fatal )?error", done.stderr)}
            drop = [keys[i] for i in bad if 0 <= i < len(keys)]
            if not drop:
                raise Broken(f"{self.label}: {done.stderr}")
            for key in drop:
                del wanted[key]
        return {}


def clean(text):
    """Preprocessed C without attributes, assembler labels and extension marks."""
    text = re.sub(r"\b(__extension__|__inline__|__inline|inline)\b", " ", text)
    kept, done = [], 0
    for at in re.finditer(r"\b(__attribute__|__asm__|__declspec)\s*\(", text):
        if at.start() >= done:
            kept.append(text[done:at.start()])
            done = close(text, at.end() - 1) + 1
    return " ".join(kept + [text[done:]])


def close(text, at):
    """Index of the bracket that closes the one at `at`."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    opening, closing, depth = text[at], pairs[text[at]], 0
    for i in range(at, len(text)):
        depth += (text[i] == opening) - (text[i] == closing)
        if depth == 0:
            return i
    raise Broken("unbalanced " + text[at:at + 60])


def statements(text):
    """Top-level declarations, each ended by ; at depth 0, or by a function body."""
    depth, start = 0, 0
    for i, char in enumerate(text):
        depth += (char in "({[") - (char in ")}]")
        if depth == 0 and char == ";":
            yield text[start:i].strip()
            start = i + 1
        elif depth == 0 and char == "}" and re.search(r"\)\s*\{", text[start:i]) \
                and not re.match(r"\s*(typedef|struct|union|enum)\b", text[start:i]):
            yield text[start:text.index("{", start)].strip()
            start = i + 1


class Code:
    def __init__(self):
        self.enumerators, self.typedefs, self.structs, self.functions = [], [], {}, {}


def parse(text):
    code = Code()
    for part in statements(text):
        body = part.find("{")
        kind = re.match(r"(typedef\s+)?(?:const\s+)?(struct|union|enum)\b\s*(\w*)", part)
        if kind and body >= 0:
            end = close(part, body)
            names = declarators(part[end + 1:]) if kind[1] else []
            plain = [name for name, pointer in names if not pointer]
            code.typedefs += [name for name, _ in names]
            if kind[2] == "enum":
                code.enumerators += re.findall(r"(?:^|,)\s*(\w+)", part[body + 1:end])
            else:
                name = plain[0] if plain else f"{kind[2]} {kind[3]}"
                code.structs[name] = members(part[body + 1:end])
        elif part.startswith("typedef"):
            code.typedefs += typedef_names(part[len("typedef"):])
        elif not part.startswith("static"):
            function(part, code)
    return code


def declarators(text):
    found = []
    for item in text.split(","):
        name = re.search(r"(\w+)\s*(\[[^\]]*\]\s*)*$", item.strip())
        if name:
            found.append((name[1], "*" in item))
    return found


def typedef_names(text):
    pointer = re.search(r"\(\s*\w*\s*\*\s*(\w+)\s*\)\s*\(", text)
    if pointer:
        return [pointer[1]]
    if "(" in text:
        return re.findall(r"(\w+)\s*\(", text)[:1]
    first, *rest = text.split(",")
    return [name for name, _ in declarators(first) + declarators(",".join(rest))]


def function(part, code):
    at = re.search(r"(\w+)\s*\(", part)
    if not at or at[1] in ("_Static_assert", "__pragma"):
        return
    arguments = part[at.end():close(part, at.end() - 1)].strip()
    count = 0 if arguments in ("", "void", "VOID") else 1
    depth = 0
    for char in arguments:
        depth += (char in "({[") - (char in ")}]")
        count += char == "," and depth == 0
    code.functions[at[1]] = count


def members(text, prefix=""):
    """[(path, is an array of WCHAR)] in order; anonymous aggregates are looked through."""
    found = []
    for part in statements(text + ";"):
        body = part.find("{")
        if body >= 0:
            end = close(part, body)
            names = declarators(part[end + 1:])
            for name in [n for n, _ in names] or [None]:
                if name:
                    found.append((prefix + name, False))
                if "[" not in part[end + 1:]:
                    found += members(part[body + 1:end], prefix + (name + "." if name else ""))
        elif part:
            pointer = re.search(r"\(\s*\w*\s*\*\s*(\w+)\s*\)\s*\(", part)
            if pointer:
                found.append((prefix + pointer[1], False))
                continue
            if re.search(r":\s*\d+\s*$", part):
                continue                # a bit-field has no offset; the size tells
            wide = bool(re.match(r"(const\s+)?(WCHAR|wchar_t|TCHAR)\b", part)) and "[" in part
            found += [(prefix + name, wide) for name, _ in declarators(part)]
    return found


def constants(side, names):
    """{name: value} of those that are integers or a number cast to a pointer."""
    text = side.expand([name for name in names if name in side.words])
    wanted = {}
    for name in names:
        body = text.get(name, "")
        if not body or '"' in body:
            continue
        if re.match(r"[(\s]*\(\s*[A-Za-z_][\w\s]*\*?\s*\)\s*\(*\s*-?\d\w*[)\s]*$", body):
            wanted[name] = body         # a number cast to a pointer, which no `| 0` survives
        else:
            wanted[name] = f"({body}) | 0"
    return side.evaluate(wanted)


def layouts(side, structs):
    wanted = {}
    for name, fields in structs.items():
        if name not in side.words:
            continue
        wanted[name, "size"] = f"sizeof({name})"
        wanted[name, "alignment"] = f"_Alignof({name})"
        for field, _ in fields:
            if field.split(".")[-1] not in side.words:
                continue
            wanted[name, "offset of " + field] = f"offsetof({name}, {field})"
            wanted[name, "size of " + field] = f"sizeof((({name} *)0)->{field})"
    return side.evaluate(wanted)


def types(side, names):
    wanted = {}
    for name in side.words.intersection(names):
        wanted[name, "size"] = f"sizeof({name})"
        wanted[name, "sign"] = f"(({name})-1 < ({name})1) | 0"
    return side.evaluate(wanted)


class Rules:
    def __init__(self, path):
        self.partial, self.rules, self.used = False, {}, set()
        with open(path) as lines:
            for line in lines:
                words = line.split("#")[0].split()
                if words == ["partial"]:
                    self.partial = True
                elif words:
                    kind = words[0].rstrip("?")
                    self.rules[kind, words[1]] = words[2:]
                    if kind != words[0]:
                        self.used.add((kind, words[1]))

    def take(self, kind, name):
        if (kind, name) in self.rules:
            self.used.add((kind, name))
            return self.rules[kind, name]
        return None


class Report:
    def __init__(self):
        self.faults, self.newer, self.compared = [], set(), 0

    def fault(self, text):
        self.faults.append(text)

    def same(self, what, ours, theirs, width):
        self.compared += 1
        if ours != theirs:
            self.fault(f"{what}: ours is {show(ours)}, mingw-w64's {show(theirs)}"
                       f" (WCHAR of {width} bytes)")


def show(value):
    return f"{value} ({value:#x})"


def compare_constants(ours, theirs, rules, report, width):
    names = list(ours.macros) + ours.code.enumerators
    other = [] if rules.partial else list(theirs.macros) + theirs.code.enumerators
    known = constants(ours, names)
    expected = constants(theirs, sorted(set(known) | set(other)))
    for name, value in known.items():
        if rules.take("skip", name) is not None:
            continue
        if name not in expected:
            report.newer.add(name)
            continue
        differ = rules.take("value", name)
        if differ:
            report.same(name, value, int(differ[0], 0), width)
            report.same(name + " (theirs)", expected[name], int(differ[1], 0), width)
        elif rules.take("wide", name) is not None:
            report.same(name, value, expected[name] * width // 2, width)
        else:
            report.same(name, value, expected[name], width)
    for name in set(other) & set(expected) - set(known):
        if rules.take("absent", name) is None and not rules.partial:
            report.fault(f"{name}: missing, mingw-w64 has {show(expected[name])}")


def compare_layouts(ours, theirs, rules, report, width):
    # Tags differ (and need not agree) where the SDK leaves a structure unnamed: only typedef names.
    mine = {n: f for n, f in ours.code.structs.items() if " " not in n}
    known, expected = layouts(ours, mine), layouts(theirs, mine)
    for name, fields in mine.items():
        if rules.take("skip", name) is not None:
            continue
        if (name, "size") not in expected:
            report.newer.add(name)
            continue
        if (name, "size") not in known:
            report.fault(f"{name}: our own compiler cannot measure it")
            continue
        if name in theirs.code.structs:
            report.compared += 1
            order = [field for field, _ in theirs.code.structs[name]]
            if [field for field, _ in fields] != order:
                report.fault(f"{name}: members differ: ours {[f for f, _ in fields]}, "
                             f"mingw-w64's {order}")
                continue
        wide = {field for field, is_wide in fields if is_wide} if width == 4 else set()
        for key, value in known.items():
            if key[0] != name:
                continue
            if key not in expected:
                report.fault(f"{name}: {key[1]}: mingw-w64 has no such member")
            elif key[1].startswith("size of ") and key[1][len("size of "):] in wide:
                report.same(f"{name}: {key[1]}", value, expected[key] * 2, width)
            elif wide and not key[1].startswith("size of ") and key[1] != "alignment":
                continue                # arrays of WCHAR have grown in front of it
            else:
                report.same(f"{name}: {key[1]}", value, expected[key], width)
    for name in theirs.code.structs:
        if " " not in name and name not in mine and not rules.partial \
                and rules.take("absent", name) is None:
            report.fault(f"{name}: structure missing")


def compare_types(ours, theirs, rules, report, width):
    mine = sorted(set(ours.code.typedefs) - set(ours.code.structs))
    known, expected = types(ours, mine), types(theirs, mine)
    for (name, what), value in known.items():
        if rules.take("skip", name) is not None:
            continue
        if (name, what) not in expected:
            if what == "size":
                report.newer.add(name)
            continue
        if rules.take("wide", name) is None:
            report.same(f"{name}: {what}", value, expected[name, what], width)
        elif what == "size":            # wchar_t is signed on some systems: no matter
            report.same(f"{name}: size", value, expected[name, what] * width // 2, width)
    for name in set(theirs.code.typedefs) - set(ours.code.typedefs):
        if not rules.partial and rules.take("absent", name) is None:
            report.fault(f"{name}: type missing")


def compare_functions(ours, theirs, rules, report, width):
    for name, count in ours.code.functions.items():
        if rules.take("skip", name) is not None:
            continue
        if name in theirs.code.functions:
            report.same(f"{name}: parameters", count, theirs.code.functions[name], width)
        else:
            report.newer.add(name + "()")
    for name in set(theirs.code.functions) - set(ours.code.functions):
        if not rules.partial and rules.take("absent", name) is None:
            report.fault(f"{name}(): missing")


def arguments():
    ask = argparse.ArgumentParser(description="compare a header with mingw-w64's")
    ask.add_argument("header", help="as in #include <header>")
    ask.add_argument("--rules", required=True)
    ask.add_argument("--cc", default="cc", help="our compiler")
    ask.add_argument("--cross", default="x86_64-w64-mingw32-gcc")
    ask.add_argument("--include", action="append", default=[], help="our include directories")
    ask.add_argument("--define", action="append", default=[], help="macros of both sides")
    ask.add_argument("--own", action="append", default=[],
                     help="directory or file whose declarations are compared; "
                          "default: those of the header itself")
    ask.add_argument("--our-prelude", default="", help="headers to include before ours")
    ask.add_argument("--their-prelude", default="", help="headers to include before mingw-w64's")
    return ask.parse_args()


def main():
    ask = arguments()
    if not shutil.which(ask.cross):
        print(f"skipped: no {ask.cross} (Debian: gcc-mingw-w64-x86-64)")
        return SKIP
    if not shutil.which(ask.cc):
        raise Broken(f"no compiler {ask.cc}")

    own = [os.path.realpath(path) for path in ask.own]

    def is_ours(path):
        real = os.path.realpath(path)
        if own:
            return any(real == o or real.startswith(o + os.sep) for o in own)
        return os.path.basename(path) == ask.header

    def is_theirs(path):
        return bool(own) or os.path.basename(path) == ask.header

    rules, report = Rules(ask.rules), Report()
    defines = ["-D" + macro for macro in ask.define]
    directories = defines + [flag for path in ask.include for flag in ("-I", path)]
    with tempfile.TemporaryDirectory() as work:
        theirs = Side("mingw-w64", [ask.cross, "-std=gnu11", "-D_WIN32_WINNT=0x0A00"] + defines,
                      ask.their_prelude, ask.header, is_theirs, work)
        for width in (4, 2):
            command = [ask.cc, "-std=gnu11"] + directories
            command += ["-fshort-wchar"] if width == 2 else []
            ours = Side(f"ours {width}", command, ask.our_prelude, ask.header, is_ours, work)
            for compare in (compare_constants, compare_layouts, compare_types, compare_functions):
                compare(ours, theirs, rules, report, width)
    for kind, name in rules.rules.keys() - rules.used:
        report.fault(f"rule `{kind} {name}` of {ask.rules} applies to nothing")

    print(f"{ask.header}: {report.compared} comparisons, {len(report.faults)} differences, "
          f"{len(report.newer)} names newer than mingw-w64")
    print("  newer than mingw-w64: " + " ".join(sorted(report.newer)))
    for text in sorted(set(report.faults)):
        print("  " + text)
    if report.compared == 0:
        raise Broken("nothing was compared")
    return 1 if report.faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        sys.exit(2)
