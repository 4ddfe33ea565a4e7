#!/usr/bin/env python3
"""Write what is made from Protocol/errors.yaml, the registry of reasons.

    Scripts/generate_reasons.py           writes Sources/DocketRPC/Reason.swift and the table of
                                          reasons in Protocol/PROTOCOL.md
    Scripts/generate_reasons.py --check   writes nothing and fails when either is out of date

Only the standard library is needed: the registry keeps to a small subset of YAML, and whatever
lies outside the subset is refused with its line number.
"""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REGISTRY = ROOT / "Protocol" / "errors.yaml"
SWIFT = ROOT / "Sources" / "DocketRPC" / "Reason.swift"
SPECIFICATION = ROOT / "Protocol" / "PROTOCOL.md"

TABLE_BEGIN = "<!-- reasons: begin, made by Scripts/generate_reasons.py -->"
TABLE_END = "<!-- reasons: end -->"

LINE_LENGTH = 100
"""The longest line of Swift, in columns; the limit of the project's formatter."""

SWIFT_CODES = {
    "CANCELLED": "cancelled",
    "UNKNOWN": "unknown",
    "INVALID_ARGUMENT": "invalidArgument",
    "DEADLINE_EXCEEDED": "deadlineExceeded",
    "NOT_FOUND": "notFound",
    "ALREADY_EXISTS": "alreadyExists",
    "PERMISSION_DENIED": "permissionDenied",
    "RESOURCE_EXHAUSTED": "resourceExhausted",
    "FAILED_PRECONDITION": "failedPrecondition",
    "ABORTED": "aborted",
    "OUT_OF_RANGE": "outOfRange",
    "UNIMPLEMENTED": "unimplemented",
    "INTERNAL": "internalError",
    "UNAVAILABLE": "unavailable",
    "DATA_LOSS": "dataLoss",
    "UNAUTHENTICATED": "unauthenticated",
}
"""The case of StatusCode for each gRPC code that a reason may travel with."""

SCOPES = ("call", "connection")
RETRIES = ("never", "same_id", "after_delay", "after_sign_in", "after_resync")
REQUIRED = ("reason", "code", "scope", "final", "retry", "meaning", "action")
OPTIONAL = ("trailer",)


class RegistryError(Exception):
    """A line of the registry that is wrong or outside the subset of YAML."""


@dataclass(frozen=True)
class Reason:
    """One entry of the registry."""

    word: str
    code: str
    scope: str
    is_final: bool
    retry: str
    trailer: str
    meaning: str
    action: str

    @property
    def swift_name(self) -> str:
        """The word in lowerCamelCase."""
        first, *others = self.word.split("_")
        return first + "".join(part.capitalize() for part in others)

    @property
    def summary(self) -> str:
        """The first sentence of the meaning."""
        return self._sentences[0]

    @property
    def details(self) -> str:
        """What the meaning says beyond its first sentence; may be empty."""
        return self._sentences[1]

    @property
    def _sentences(self) -> tuple[str, str]:
        head, separator, tail = self.meaning.partition(". ")
        return (head + "." if separator else head, tail)


def read_mappings(text: str) -> list[dict[str, str]]:
    """Read the one list of flat mappings that the subset of YAML allows."""
    mappings: list[dict[str, str]] = []
    folding: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#") or line == "reasons:":
            continue
        if folding is not None and line.startswith(" " * 6):
            mappings[-1][folding] = f"{mappings[-1][folding]} {stripped}".lstrip()
            continue
        match = re.fullmatch(r"(  - |    )([a-z]+): (.+)", line)
        if match is None:
            raise RegistryError(f"line {number}: expected '    key: value', found: {stripped}")
        indent, key, value = match.groups()
        if indent == "  - ":
            mappings.append({})
        if not mappings or key in mappings[-1]:
            raise RegistryError(f"line {number}: {key} stands outside an entry or twice in one")
        folding = key if value == ">-" else None
        mappings[-1][key] = "" if folding else value
    return mappings


def require(condition: bool, message: str) -> None:
    """Fail with the message unless the condition holds."""
    if not condition:
        raise RegistryError(message)


def reason_of(mapping: dict[str, str]) -> Reason:
    """Check one entry and make it a Reason."""
    word = mapping.get("reason", "")
    require(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", word) is not None, f"bad word: {word!r}")
    for key in REQUIRED:
        require(bool(mapping.get(key)), f"{word}: {key} is missing")
    for key in mapping:
        require(key in REQUIRED + OPTIONAL, f"{word}: unknown key {key}")
    require(mapping["code"] in SWIFT_CODES, f"{word}: unknown code {mapping['code']}")
    require(mapping["scope"] in SCOPES, f"{word}: scope is one of {', '.join(SCOPES)}")
    require(mapping["retry"] in RETRIES, f"{word}: retry is one of {', '.join(RETRIES)}")
    require(mapping["final"] in ("true", "false"), f"{word}: final is true or false")
    is_final = mapping["final"] == "true"
    require(not is_final or mapping["retry"] == "never", f"{word}: what is final is not retried")
    for key in ("meaning", "action"):
        require(mapping[key].endswith("."), f"{word}: {key} does not end with a full stop")
    return Reason(
        word=word,
        code=mapping["code"],
        scope=mapping["scope"],
        is_final=is_final,
        retry=mapping["retry"],
        trailer=mapping.get("trailer", ""),
        meaning=mapping["meaning"],
        action=mapping["action"],
    )


def read_registry() -> list[Reason]:
    """Read and check the whole registry."""
    reasons = [reason_of(mapping) for mapping in read_mappings(REGISTRY.read_text("utf-8"))]
    words = [reason.word for reason in reasons]
    require(len(set(words)) == len(words), "a word stands twice in the registry")
    return reasons


def comment(text: str, indent: str = "    ") -> list[str]:
    """Wrap a text as lines of Swift documentation."""
    prefix = f"{indent}/// "
    return [prefix + line for line in textwrap.wrap(text, LINE_LENGTH - len(prefix))]


def swift_member(reason: Reason) -> list[str]:
    """Write the static member of one reason."""
    summary = comment(reason.summary)
    require(len(summary) == 1, f"{reason.word}: the first sentence is longer than a line")
    details = " ".join(part for part in (reason.details, f"What to do: {reason.action}") if part)
    arguments = [
        f'"{reason.word}"',
        f".{SWIFT_CODES[reason.code]}",
        f"isFinal: {str(reason.is_final).lower()}",
    ]
    opening = f"    package static let {reason.swift_name} = Reason("
    declaration = [f"{opening}{', '.join(arguments)})"]
    if len(declaration[0]) > LINE_LENGTH:
        listed = ",\n".join(" " * 8 + argument for argument in arguments)
        declaration = [opening, listed, "    )"]
    return [*summary, "    ///", *comment(details), *declaration]


SWIFT_HEADER = """\
// Made from Protocol/errors.yaml by Scripts/generate_reasons.py; do not edit.

/// A stable word that says why a call was refused or a connection ended.
///
/// The words are the registry of `Protocol/errors.yaml`. Programs branch on them and never on a
/// status' message. A word that a newer peer sends is kept as it came, with the code `unknown` and
/// not final; the status it came in carries the code that the peer meant.
package struct Reason: Hashable, Sendable, CustomStringConvertible {
    /// The word on the wire, in lower_snake_case.
    package let rawValue: String
    /// The status code that the word always travels with.
    package let code: StatusCode
    /// Whether the refusal belongs to the command for ever.
    ///
    /// A final refusal is the command's stored verdict, or follows from its bytes alone. After any
    /// other refusal the same command may succeed later.
    package let isFinal: Bool

    /// The word on the wire.
    package var description: String { rawValue }

    /// Finds the reason that a word on the wire names.
    package init(rawValue: String) {
        self = Self.byWord[rawValue] ?? Reason(rawValue, .unknown, isFinal: false)
    }

    private init(_ rawValue: String, _ code: StatusCode, isFinal: Bool) {
        self.rawValue = rawValue
        self.code = code
        self.isFinal = isFinal
    }

    private static let byWord: [String: Reason] = registered.reduce(into: [:]) { table, reason in
        table[reason.rawValue] = reason
    }
}
"""


def swift_source(reasons: list[Reason]) -> str:
    """Write Reason.swift."""
    lines = [SWIFT_HEADER, "extension Reason {"]
    for reason in reasons:
        lines += [*swift_member(reason), ""]
    lines += ["    /// Every reason of the registry, in its order."]
    lines += ["    package static let registered: [Reason] = ["]
    lines += [f"        .{reason.swift_name}," for reason in reasons]
    lines += ["    ]", "}"]
    return "\n".join(lines) + "\n"


def table_row(reason: Reason) -> str:
    """Write the row of one reason."""
    final = "yes" if reason.is_final else "no"
    trailer = f"`{reason.trailer}`" if reason.trailer else ""
    cells = (
        f"`{reason.word}`",
        reason.code,
        reason.scope,
        final,
        reason.retry,
        trailer,
        reason.meaning,
        reason.action,
    )
    return "| " + " | ".join(cells) + " |"


def specification(reasons: list[Reason]) -> str:
    """Give PROTOCOL.md with a fresh table between the markers."""
    text = SPECIFICATION.read_text("utf-8")
    before, begin, rest = text.partition(TABLE_BEGIN)
    _, end, after = rest.partition(TABLE_END)
    require(bool(begin and end), f"{SPECIFICATION.name} lacks the markers of the table")
    head = "| reason | code | scope | final | retry | trailer | meaning | what to do |"
    rows = [head, "|---|---|---|---|---|---|---|---|", *map(table_row, reasons)]
    return before + begin + "\n\n" + "\n".join(rows) + "\n\n" + end + after


def main(arguments: list[str]) -> int:
    """Write the products of the registry, or compare them."""
    if arguments not in ([], ["--check"]):
        print("usage: generate_reasons.py [--check]", file=sys.stderr)
        return 64
    try:
        reasons = read_registry()
        products = {SWIFT: swift_source(reasons), SPECIFICATION: specification(reasons)}
    except (OSError, RegistryError) as error:
        print(f"errors.yaml: {error}", file=sys.stderr)
        return 65
    stale = [
        path
        for path, text in products.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    if not arguments:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(products[path], "utf-8")
        return 0
    for path in stale:
        name = path.relative_to(ROOT)
        print(f"{name} is out of date: run {Path(__file__).name}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
