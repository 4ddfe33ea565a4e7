"""Writes the pages of the programs in section 1 of the manual, from what they say of themselves:
Documentation/man/docket.1, docket-chat.1, docket-ticket-push.1 and docket-channel-bridge.1.

    /usr/bin/python3 Scripts/make_man_pages.py [FOLDER]

FOLDER has the built programs; without it, .build/debug. The page of section 5, docket-profile.5, is
written by hand.
"""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ROOT / "Documentation" / "man"
HIDDEN = {"help", "help-hidden"}
ENVIRONMENT = [
    ("DOCKET_PROFILE", "The name of the profile, where no --profile names one."),
    ("XDG_STATE_HOME", "Where profiles are; without it, below ~/.local/state."),
    ("NO_COLOR", "If it is set, no colours are written."),
]


def escaped(text):
    """A text as troff takes it for itself."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.split("\n"))


def paragraphs(text):
    """Prose, and the indented lines between as they stand."""
    lines, is_example = [], False
    for line in text.rstrip().split("\n"):
        indented = line.startswith("  ")
        if indented != is_example:
            lines.append(".EX" if indented else ".EE")
            is_example = indented
        if line.strip():
            lines.append(escaped(line.rstrip()))
        elif lines and not is_example:
            lines.append(".PP")
    if is_example:
        lines.append(".EE")
    return lines


def option(argument):
    """The lines of an option or an argument."""
    value = "\\fI" + escaped(argument.get("valueName", "")) + "\\fR"
    names = []
    for name in argument.get("names") or []:
        dashes = "--" if name["kind"] == "long" else "-"
        names.append("\\fB" + escaped(dashes + name["name"]) + "\\fR")
    if argument["kind"] == "positional":
        head = value
    elif argument["kind"] == "flag":
        head = ", ".join(names)
    else:
        head = ", ".join(names) + " " + value
    words = argument.get("abstract") or ""
    if argument.get("defaultValue"):
        words += f" Default: {argument['defaultValue']}."
    return [".TP", head, *escaped(words).split("\n")]


def arguments(command):
    """The lines of all options and arguments of a command."""
    lines = []
    for argument in command.get("arguments") or []:
        names = {name["name"] for name in argument.get("names") or []}
        if argument.get("shouldDisplay", True) and not names & HIDDEN:
            lines += option(argument)
    return lines


def sections(command, path):
    """The commands below one, each with what it takes."""
    lines = []
    for child in command.get("subcommands") or []:
        if child["commandName"] == "help":
            continue
        words = f"{path} {child['commandName']}"
        lines += [f'.SS "{escaped(words)}"', escaped(child.get("abstract") or "")]
        if child.get("discussion"):
            lines += [".PP", *paragraphs(child["discussion"])]
        lines += arguments(child) + sections(child, words)
    return lines


def page(program, command):
    """The page of a program."""
    lines = [
        '.\\" Made by Scripts/make_man_pages.py; do not edit.',
        f'.TH "{program.upper()}" 1 "" "Docket" "Docket"',
        ".SH NAME",
        f"{escaped(program)} \\- {escaped(command['abstract'].rstrip('.'))}",
        ".SH SYNOPSIS",
        f".B {escaped(program)}",
        "\\fIcommand\\fR [\\fIoptions\\fR]",
        ".SH DESCRIPTION",
        *paragraphs(command.get("discussion") or ""),
        ".SH COMMANDS",
        *sections(command, program),
        ".SH ENVIRONMENT",
    ]
    for name, words in ENVIRONMENT:
        lines += [".TP", f"\\fB{name}\\fR", escaped(words)]
    lines += [".SH SEE ALSO", ".BR docket (1),", ".BR docket\\-chat (1),"]
    lines.append(".BR docket\\-ticket\\-push (1),")
    lines.append(".BR docket\\-profile (5)")
    return "\n".join(lines) + "\n"


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".build" / "debug"
    for program in ("docket", "docket-chat", "docket-ticket-push", "docket-channel-bridge"):
        told = subprocess.run(
            [folder / program, "--experimental-dump-help"], check=True, capture_output=True
        )
        command = json.loads(told.stdout)["command"]
        (PAGES / f"{program}.1").write_text(page(program, command), encoding="utf-8")


if __name__ == "__main__":
    main()
