"""Is every function that compat/include and websocket.h declare named in docs/compatibility.md, and no other?

websocket.h has a section of its own. The document's section "The Win32 base" writes the A and the W form of a function as one name with
A/W behind it, and each interlocked operation in one spelling. Prints what is missing or invented, one a line; the exit status says whether
there was any.  compat_docs.py --list prints what the headers declare, header by header.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = ROOT / "compat" / "include"
DOCUMENT = ROOT / "docs" / "compatibility.md"
TITLE = "## The Win32 base"
WEBSOCKET_HEADER = ROOT / "include" / "websocket.h"
WEBSOCKET_TITLE = "## The WebSocket Protocol Component API"

EXPORT = re.compile(
    r"^\s*(?:EXTERN_C\s+)?(?:WINBASEAPI|WINPOSIX_EXPORT|RPCRTAPI|WINCRYPT32API|WINUSERAPI|NTSYSAPI|static inline"
    r"|inline|FORCEINLINE|VERSIONHELPERAPI)\b([^;{}#=()]*?)\b(\w+)\s*\(", re.M)
HELPER = re.compile(r"^WINPOSIX_VERSION_HELPER\((\w+),", re.M)
OPERATION = re.compile(r"^#define\s+(Interlocked\w+)\b", re.M)
SPELLING = re.compile(r"^(Interlocked\w*?)(?:8|16|64)?(?:Acquire|Release|NoFence)?$")


def declared_in(text):
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    for match in EXPORT.finditer(text):
        yield match.group(2)
    for match in OPERATION.finditer(text):
        yield SPELLING.match(match.group(1)).group(1)
    for match in HELPER.finditer(text):
        yield match.group(1)
    for match in re.finditer(r"\bX\([\w \*]+, (\w+), \(", text):
        yield match.group(1)


def is_public(name):
    return not re.match(r"winposix_|WINPOSIX_|IsEqual|name$", name)


def declared():
    found = {}
    for header in sorted(HEADERS.rglob("*.h")):
        names = {n for n in declared_in(header.read_text(encoding="utf-8")) if is_public(n)}
        if names:
            found[header.relative_to(HEADERS).as_posix()] = names
    return found


def declared_by_websocket():
    text = re.sub(r"/\*.*?\*/", " ", WEBSOCKET_HEADER.read_text(encoding="utf-8"), flags=re.S)
    return set(re.findall(r"^WEBSOCKETAPI\s+\w+\s+WINAPI\s+(\w+)\(", text, re.M))


def documented(title):
    text = DOCUMENT.read_text(encoding="utf-8")
    section = text[text.index(title) + len(title):]
    section = section.split("\n## ", 1)[0]
    names = set()
    for cell in re.findall(r"^\| ([^|]*) \|", section, re.M):
        for name in re.findall(r"`([^`]+)`", cell):
            if name.endswith("A/W"):
                names |= {name[:-3] + "A", name[:-3] + "W"}
            else:
                names.add(name)
    return names


def main():
    by_header = declared()
    if "--list" in sys.argv:
        for header, names in by_header.items():
            print(header + ":", " ".join(sorted(names)))
        return 0
    there = set().union(*by_header.values())
    said = documented(TITLE)
    websocket = declared_by_websocket()
    if len(there) < 400 or len(websocket) != 13:
        print("too few functions were found in the headers")
        return 1
    there |= websocket
    said |= documented(WEBSOCKET_TITLE)
    for name in sorted(there - said):
        print("declared, but not in docs/compatibility.md:", name)
    for name in sorted(said - there):
        print("in docs/compatibility.md, but not declared:", name)
    return 1 if there != said else 0


if __name__ == "__main__":
    sys.exit(main())
