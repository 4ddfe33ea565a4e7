#!/usr/bin/env python3
"""Makes the library's documentation of what was built, its doc comments and its catalogue.

    /usr/bin/python3 Scripts/make_documentation.py [FOLDER]

FOLDER has what was built; without it, .build/debug. The pages come to .build/documentation, for any
web server. Whatever docc warns of is an error, and so is a public symbol that the first page does
not list under a topic.
"""

import glob
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "ClientSDK" / "Sources" / "Documentation.docc"
OUTPUT = ROOT / ".build" / "documentation"
MODULE = "DocketClient"


def tool(name):
    """A tool of the toolchain that builds the project."""
    swift = shutil.which("swift")
    if swift is None:
        sys.exit("there is no swift in the path")
    path = pathlib.Path(swift).resolve().parent / name
    if not path.exists():
        sys.exit(f"the toolchain has no {name}: there is no {path}")
    return str(path)


def target():
    """The triple that the toolchain builds for."""
    told = subprocess.run(
        [tool("swiftc"), "-print-target-info"], check=True, capture_output=True
    )
    return json.loads(told.stdout)["target"]["unversionedTriple"]


def module_maps(built):
    """The maps of the C modules that the library is built on, one for each."""
    places = [
        f"{built}/*.build/module.modulemap",
        f"{ROOT}/.build/checkouts/*/Sources/*/module.modulemap",
        f"{ROOT}/.build/checkouts/*/Sources/*/include/module.modulemap",
    ]
    maps = {}
    for path in (path for place in places for path in sorted(glob.glob(place))):
        name = re.search(r"module (\w+)", pathlib.Path(path).read_text(encoding="utf-8"))
        if name:
            maps.setdefault(name[1], path)
    return maps.values()


def extract(built, folder):
    """Writes what is public in the built module, and gives it."""
    command = [tool("swift-symbolgraph-extract"), "-module-name", MODULE, "-target", target()]
    command += ["-I", str(built / "Modules"), "-output-dir", folder]
    command += ["-minimum-access-level", "public"]
    command += ["-skip-inherited-docs", "-skip-synthesized-members"]
    for path in module_maps(built):
        command += ["-Xcc", f"-fmodule-map-file={path}"]
    subprocess.run(command, check=True)
    graph = pathlib.Path(folder) / f"{MODULE}.symbols.json"
    return json.loads(graph.read_text(encoding="utf-8"))["symbols"]


def check_topics(symbols):
    """Ends the program where a symbol is under no topic, or under two."""
    page = (CATALOGUE / f"{MODULE}.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- ``(?:%s/)?([^`]+)``$" % MODULE, page, re.MULTILINE)
    public = {symbol["pathComponents"][0] for symbol in symbols}
    faults = [f"list it under a topic of {MODULE}.md: {name}" for name in public - set(listed)]
    faults += [f"list it once in {MODULE}.md: {n}" for n in set(listed) if listed.count(n) > 1]
    if not public:
        faults.append(f"{MODULE} has nothing public")
    if faults:
        sys.exit("\n".join(sorted(faults)))


def main():
    built = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".build" / "debug"
    with tempfile.TemporaryDirectory() as folder:
        check_topics(extract(built, folder))
        shutil.rmtree(OUTPUT, ignore_errors=True)
        subprocess.run(
            [
                tool("docc"), "convert", str(CATALOGUE), "--warnings-as-errors",
                "--fallback-display-name", MODULE, "--fallback-bundle-identifier", MODULE,
                "--additional-symbol-graph-dir", folder, "--output-path", str(OUTPUT),
            ],
            check=True,
        )
    print(f"the documentation of {MODULE} is in {OUTPUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
