#!/usr/bin/python3
"""Write the golden vectors of docket/1 and their index into Protocol/vectors/.

    Scripts/make_vectors.py           writes the files, and removes those no longer made
    Scripts/make_vectors.py --check   writes nothing and fails when a file differs

A vector is the bytes of one direction of one exchange, as hex with comments. The messages are
encoded by protoc's Python output (apt-get install protobuf-compiler python3-protobuf; the first
line names the system's Python because that is where the package goes). Every value is fixed: the
same program writes the same bytes on every machine.
"""

from __future__ import annotations

import importlib
import struct
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROTOCOL = ROOT / "Protocol"
VECTORS = PROTOCOL / "vectors"

HELLO, OPEN, MSG, STATUS, CANCEL, CREDIT, STREAMS, PING, PONG, GOAWAY, FIN = range(11)
FIRST_IGNORABLE = 24
MORE, END, COMPRESSED = 4, 2, 1
MESSAGE_BIT = 0x8000

DRAIN, PROTOCOL_ERROR, FRAME_TOO_LARGE, FLOW_CONTROL_ERROR, HELLO_ERROR = range(5)
AUTHENTICATION_FAILED, LIMIT_EXCEEDED, TIMEOUT, INTERNAL_ERROR = range(5, 9)
GOAWAY_NAMES = (
    "drain protocol_error frame_too_large flow_control_error hello_error authentication_failed "
    "limit_exceeded timeout internal_error"
).split()

DEFAULT_MAX_FRAME = 16_376
MAX_HEAD = 8_192
MAX_CREDIT = 2_147_483_647
DEFAULT_WINDOW = 65_536
SMALLEST_COST = 64
PING_BURST = 10
GLITCH_BUDGET = 200

BYTES_PER_LINE = 32
COMMENT_WIDTH = 100


def load_messages(folder: str) -> dict[str, ModuleType]:
    """Compile the .proto files into the folder and import what protoc made of them."""
    files = sorted(str(path.relative_to(PROTOCOL)) for path in PROTOCOL.glob("docket/v1/*.proto"))
    subprocess.run(
        ["protoc", f"-I{PROTOCOL}", "-I/usr/include", f"--python_out={folder}", *files], check=True
    )
    sys.path.insert(0, folder)
    names = [Path(file).stem for file in files]
    return {name: importlib.import_module(f"docket.v1.{name}_pb2") for name in names}


def method_hash(name: str) -> int:
    """Hash a method's name with 32-bit FNV-1a (RFC 9923)."""
    value = 0x811C9DC5
    for byte in f"docket.v1.{name}".encode("ascii"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def encode(message: Any) -> bytes:
    """Encode a message with its fields in the order of their numbers."""
    return message.SerializeToString(deterministic=True)


def comment_lines(text: str) -> list[str]:
    """Wrap a text as comments of a vector."""
    return ["# " + line for line in textwrap.wrap(text, COMMENT_WIDTH - 2)]


def frame_bytes(kind: int, stream: int = 0, payload: bytes = b"", flags: int = 0) -> bytes:
    """Write a frame."""
    return struct.pack(">II", len(payload) << 8 | kind << 3 | flags, stream) + payload


@dataclass
class Direction:
    """The bytes that one side sends, with a comment on each part."""

    parts: list[tuple[str, bytes]] = field(default_factory=list)

    def raw(self, comment: str, data: bytes) -> Direction:
        """Add bytes as they are."""
        self.parts.append((comment, data))
        return self

    def frame(
        self, comment: str, kind: int, stream: int = 0, payload: bytes = b"", flags: int = 0
    ) -> Direction:
        """Add a frame."""
        return self.raw(comment, frame_bytes(kind, stream, payload, flags))

    def goaway(self, code: int, last: int = 0, retry_after: int = 0, text: str = "") -> Direction:
        """Add a GOAWAY."""
        payload = struct.pack(">III", last, code, retry_after) + text.encode()
        comment = f"GOAWAY {code} {GOAWAY_NAMES[code]}, last id {last}"
        return self.frame(comment, GOAWAY, 0, payload)

    def hex_text(self, title: str) -> str:
        """Write the bytes as hex with comments."""
        lines = [*comment_lines(title), ""]
        for comment, data in self.parts:
            lines += comment_lines(comment)
            for start in range(0, len(data), BYTES_PER_LINE):
                lines.append(data[start : start + BYTES_PER_LINE].hex(" ", -4))
        return "\n".join(lines) + "\n"


@dataclass
class Vector:
    """One exchange: what the client sends and what the server sends."""

    name: str
    shows: str
    client: Direction | None = None
    server: Direction | None = None


class Maker:
    """Makes every vector from the messages that protoc compiled."""

    def __init__(self, messages: dict[str, ModuleType]) -> None:
        self.messages = messages
        self.vectors: list[Vector] = []

    def make(self) -> list[Vector]:
        """Make all vectors, in the order of the index."""
        self.single_frames()
        self.hello()
        self.opens()
        self.exchanges()
        self.hello_errors()
        self.grammar_errors()
        self.state_errors()
        self.flow_errors()
        self.abuse_errors()
        self.server_errors()
        self.refused_calls()
        return self.vectors

    # Building blocks.

    def add(
        self,
        name: str,
        shows: str,
        client: Direction | None = None,
        server: Direction | None = None,
    ) -> None:
        """Add a vector to the collection."""
        self.vectors.append(Vector(name, shows, client, server))

    def message(self, module: str, kind: str, **values: Any) -> bytes:
        """Encode a message of the protocol."""
        return encode(getattr(self.messages[module], kind)(**values))

    def client_hello(self, **values: Any) -> Direction:
        """Begin a client's direction with its HELLO."""
        hello = self.message("wire", "Hello", software="example/1.0", **values)
        return Direction().frame('HELLO: software "example/1.0"', HELLO, 0, hello)

    def server_hello(self) -> Direction:
        """Begin a server's direction with its HELLO."""
        hello = self.message(
            "wire",
            "Hello",
            software="docketd/1.0",
            catalog=bytes(range(0xA0, 0xA8)),
            server_time_milliseconds=1_767_225_600_000,
        )
        comment = 'HELLO: software "docketd/1.0", catalog a0 ... a7, 2026-01-01 00:00:00 UTC'
        return Direction().frame(comment, HELLO, 0, hello)

    def open_payload(self, method: str, message: bytes | None, **head: Any) -> bytes:
        """Write the payload of an OPEN; without a message there is no message bit."""
        encoded = self.message("wire", "Head", method=method_hash(method), **head)
        bit = MESSAGE_BIT if message is not None else 0
        return struct.pack(">H", len(encoded) | bit) + encoded + (message or b"")

    def status(self, code: int, reason: str, **values: Any) -> bytes:
        """Write the payload of a STATUS."""
        return self.message("wire", "Status", code=code, reason=reason, **values)

    # Every kind of frame alone.

    def single_frames(self) -> None:
        """Make one vector for each kind."""
        trace = bytes([0, 0, *range(0x10, 0x20), 1, *range(0x20, 0x28), 2, 1])
        head = {"timeout_milliseconds": 5_000, "trace": trace}
        head["metadata"] = [{"key": "origin", "value": b"web"}]
        payload = self.open_payload("Diagnostics/Echo", self.echo(b"hello"), **head)
        trailers = [{"key": "cause", "value": b"below_floor"}]
        status = self.status(11, "resync_required", message="offset 7", trailers=trailers)
        hello = self.message(
            "wire",
            "Hello",
            minor=1,
            max_frame=65_536,
            max_message=67_108_864,
            stream_credit=1_048_576,
            first_streams=8,
            keepalive_milliseconds=45_000,
            features=0x8000000000000001,
            codecs=[1, 300],
            software="x",
            token=bytes(range(32)),
            catalog=bytes(range(8)),
            server_time_milliseconds=1,
        )
        full = "HELLO: all fields; a receiver ignores those that only the other side may set"
        self.one("frame_hello", full, "client", HELLO, 0, hello)
        open_text = "OPEN #1: Echo with timeout, trace and metadata; B and END"
        self.one("frame_open", open_text, "client", OPEN, 1, payload, END)
        self.one("frame_msg", "MSG #1: 5 bytes, END", "server", MSG, 1, self.echo(b"abc"), END)
        text = "STATUS #1: OUT_OF_RANGE, resync_required, trailer cause = below_floor"
        self.one("frame_status", text, "server", STATUS, 1, status)
        self.one("frame_status_ok", "STATUS #1: OK, an empty payload", "server", STATUS, 1, b"")
        text = "CANCEL #3: reason 2, the deadline passed"
        self.one("frame_cancel", text, "client", CANCEL, 3, u32(2))
        self.one("frame_credit", "CREDIT #3: 49,128 units", "client", CREDIT, 3, u32(49_128))
        self.one("frame_streams", "STREAMS: up to id 100", "server", STREAMS, 0, u32(100))
        self.one("frame_ping", "PING", "client", PING, 0, bytes(range(8)))
        self.one("frame_pong", "PONG", "server", PONG, 0, bytes(range(8)))
        text = "GOAWAY, drain, last id 100, after 41,000 ms"
        goaway = Direction().goaway(DRAIN, 100, 41_000, "maintenance")
        self.add("frame_goaway", f'{text}, "maintenance"', server=goaway)
        self.one("frame_fin", "FIN #3", "client", FIN, 3, b"")
        text = "kind 24, which no version defines: skipped, with any flag and stream"
        self.one("frame_ignorable", text, "server", FIRST_IGNORABLE, 9, b"later", MORE | END)

    def one(
        self,
        name: str,
        shows: str,
        side: str,
        kind: int,
        stream: int,
        payload: bytes,
        flags: int = 0,
    ) -> None:
        """Add a vector of one frame."""
        direction = Direction().frame(shows, kind, stream, payload, flags)
        self.add(name, shows, **{side: direction})

    def echo(self, body: bytes) -> bytes:
        """Encode an EchoCall; an EchoReply has the same bytes."""
        return self.message("diagnostics", "EchoCall", body=body)

    # HELLO and OPEN.

    def hello(self) -> None:
        """Make the HELLO pairs."""
        self.add(
            "hello", "The two HELLOs, sent at once", self.client_hello(), self.server_hello()
        )
        empty = Direction().frame("HELLO: every field has its default", HELLO)
        self.add("hello_defaults", "An empty HELLO is a whole one", empty, self.server_hello())

    def opens(self) -> None:
        """Make the four variants of OPEN."""
        body = self.echo(b"hello")
        variants = [
            ("open_message_end", "B and END: a call with its only message", body, END),
            ("open_message", "B without END: the first of several messages", body, 0),
            ("open_bare", "neither: messages follow in MSG", None, 0),
            ("open_bare_end", "END without B: a call without messages", None, END),
            ("open_empty_message_end", "B and END with an empty message", b"", END),
        ]
        for name, shows, message, flags in variants:
            payload = self.open_payload("Diagnostics/Echo", message)
            self.one(name, f"OPEN #1 {shows}", "client", OPEN, 1, payload, flags)

    # Exchanges that succeed.

    def exchanges(self) -> None:
        """Make the exchanges of PROTOCOL.md's walks."""
        self.unary()
        self.fragments()
        self.server_stream()
        self.cancel()
        self.resume()
        self.drain()

    def unary(self) -> None:
        """Make a unary call and its reply."""
        client = self.client_hello()
        client.frame(
            "OPEN #1 Health/Check, B, END", OPEN, 1, self.open_payload("Health/Check", b""), END
        )
        reply = self.message("health", "HealthCheckReply", state=1)
        server = self.server_hello().frame("MSG #1 SERVING, END", MSG, 1, reply, END)
        self.add("unary", "A unary call: one frame each way", client, server)

    def fragments(self) -> None:
        """Make a message in three fragments, in both directions."""
        body = bytes(index * 7 & 0xFF for index in range(300))
        message = self.echo(body)
        cuts = [message[:100], message[100:200], message[200:]]
        client = self.client_hello(token=TOKEN)
        first = self.open_payload("Diagnostics/Echo", cuts[0])
        client.frame("OPEN #1 Echo, B, MORE: 100 bytes of message", OPEN, 1, first, MORE)
        client.frame("MSG #1 MORE: 100 bytes", MSG, 1, cuts[1], MORE)
        client.frame("MSG #1 END: the rest", MSG, 1, cuts[2], END)
        server = self.server_hello().frame("STREAMS: the token is good", STREAMS, 0, u32(100))
        server.frame("MSG #1 MORE: 100 bytes", MSG, 1, cuts[0], MORE)
        server.frame("MSG #1 MORE: an empty fragment", MSG, 1, b"", MORE)
        server.frame("MSG #1 END: the rest", MSG, 1, message[100:], END)
        self.add("fragments", "A message of 300 bytes of body in three fragments", client, server)

    def subscribe(self, **values: Any) -> bytes:
        """Write the payload of an OPEN of Feed/Subscribe."""
        return self.open_payload("Feed/Subscribe", self.message("feed", "SubscribeCall", **values))

    def entry(self, **values: Any) -> bytes:
        """Encode a feed's entry."""
        return self.message("feed", "FeedEntry", **values)

    def marker(self, marker: int, prev: int, offset: int) -> bytes:
        """Encode a feed's marker."""
        return self.entry(prev=prev, offset=offset, marker=marker, epoch=EPOCH)

    def posted(self, prev: int, offset: int, text: str) -> bytes:
        """Encode a feed's entry that tells of a message."""
        event = {
            "at_milliseconds": 1_767_225_600_000 + offset,
            "actor": {"kind": 1, "id": identifier(1), "name": "Ada"},
            "conversation_id": identifier(2),
            "request_id": identifier(3),
            "request_number": 17,
            "request_version": offset,
            "message_posted": {"message_id": identifier(offset), "sequence": offset, "text": text},
        }
        return self.entry(prev=prev, offset=offset, event=self.message("events", "Event", **event))

    def long_entry(self, prev: int, offset: int) -> bytes:
        """Encode a feed's entry of exactly 1,050 bytes."""
        shorter = self.posted(prev, offset, "m" * 900)
        return self.posted(prev, offset, "m" * (900 + 1_050 - len(shorter)))

    def server_stream(self) -> None:
        """Make a feed whose sender runs out of credit."""
        client = self.client_hello(stream_credit=4_096, token=TOKEN)
        opening = self.subscribe(from_beginning=True)
        client.frame("OPEN #1 Subscribe from_beginning, B, END", OPEN, 1, opening, END)
        client.frame("CREDIT #1 2,164: three entries are consumed", CREDIT, 1, u32(2_164))
        client.frame("CREDIT #1 2,100: five entries are consumed", CREDIT, 1, u32(2_100))
        server = self.server_hello().frame("STREAMS: the token is good", STREAMS, 0, u32(100))
        credit = 4_096 - SMALLEST_COST
        started = self.marker(1, 0, 0)
        server.frame(f"MSG #1 FEED_STARTED: cost 64, credit {credit}", MSG, 1, started)
        for offset in range(2, 7):
            if credit <= 0:
                credit += 2_164
            message = self.long_entry(offset - 1 if offset > 2 else 0, offset)
            credit -= len(message)
            comment = f"MSG #1 event at {offset}: cost {len(message)}, credit {credit}"
            server.frame(comment, MSG, 1, message)
        caught_up = self.marker(2, 6, 9)
        credit -= SMALLEST_COST
        server.frame(f"MSG #1 FEED_CAUGHT_UP: cost 64, credit {credit}", MSG, 1, caught_up)
        shows = "A server stream that waits for credit; the window is 4,096"
        self.add("server_stream", shows, client, server)

    def cancel(self) -> None:
        """Make a call that the client gives up while a message is on its way."""
        client = self.client_hello(token=TOKEN)
        client.frame("OPEN #1 Subscribe, B, END", OPEN, 1, self.subscribe(), END)
        client.frame("CANCEL #1 reason 1: the caller lost interest", CANCEL, 1, u32(1))
        payload = self.open_payload("Diagnostics/Echo", self.echo(b"still here"))
        client.frame("OPEN #2 Echo, B, END", OPEN, 2, payload, END)
        server = self.server_hello().frame("STREAMS: the token is good", STREAMS, 0, u32(100))
        server.frame("MSG #1 FEED_STARTED", MSG, 1, self.marker(1, 9, 9))
        late = self.posted(9, 12, "late")
        server.frame("MSG #1 event, on its way: dropped by the client", MSG, 1, late)
        server.frame("MSG #2 END", MSG, 2, self.echo(b"still here"), END)
        self.add("cancel", "A cancelled stream; the connection goes on", client, server)

    def resume(self) -> None:
        """Make the second connection of a client that resumes its feed."""
        client = self.client_hello(token=TOKEN)
        opening = self.subscribe(cursor={"epoch": EPOCH, "offset": 15})
        client.frame("OPEN #1 Subscribe after cursor 15, B, END", OPEN, 1, opening, END)
        server = self.server_hello().frame("STREAMS: the token is good", STREAMS, 0, u32(100))
        server.frame("MSG #1 FEED_STARTED at 15", MSG, 1, self.marker(1, 15, 15))
        missed = self.posted(15, 19, "meanwhile")
        server.frame("MSG #1 event at 19, prev 15", MSG, 1, missed)
        server.frame("MSG #1 FEED_CAUGHT_UP: 19 to 23", MSG, 1, self.marker(2, 19, 23))
        signal = self.message(
            "events",
            "Event",
            actor={"kind": 2, "id": identifier(4), "name": "Grace"},
            conversation_id=identifier(2),
            typing_started={},
        )
        typing = self.entry(ephemeral=signal)
        server.frame("MSG #1 somebody types: the cursor stays", MSG, 1, typing)
        server.frame("MSG #1 FEED_HEARTBEAT: 23 to 40", MSG, 1, self.marker(3, 23, 40))
        self.add("resume", "A feed resumed by its cursor, with every marker", client, server)

    def drain(self) -> None:
        """Make a drain with a subscription and an OPEN on its way."""
        client = self.client_hello(token=TOKEN)
        client.frame("OPEN #1 Subscribe, B, END", OPEN, 1, self.subscribe(), END)
        payload = self.open_payload("Diagnostics/Echo", self.echo(b"in flight"))
        client.frame("OPEN #2 Echo, B, END: crosses the GOAWAY", OPEN, 2, payload, END)
        server = self.server_hello().frame("STREAMS: the token is good", STREAMS, 0, u32(100))
        server.frame("MSG #1 FEED_STARTED", MSG, 1, self.marker(1, 9, 9))
        server.goaway(DRAIN, last=100, retry_after=41_000)
        ended = self.status(14, "draining", retry_after_milliseconds=41_000)
        server.frame("STATUS #1 UNAVAILABLE, draining, after 41,000 ms", STATUS, 1, ended)
        server.frame("MSG #2 END: still served", MSG, 2, self.echo(b"in flight"), END)
        self.add("drain", "One GOAWAY ends a connection without losing a call", client, server)

    # Exchanges that end the connection.

    def fatal(
        self,
        name: str,
        shows: str,
        client: Direction,
        code: int,
        last: int = 0,
        signed_in: bool = False,
    ) -> None:
        """Add an exchange that the server ends with a GOAWAY."""
        server = self.server_hello()
        if signed_in:
            server.frame("STREAMS: the token is good", STREAMS, 0, u32(100))
        server.goaway(code, last)
        outcome = f"GOAWAY {code} {GOAWAY_NAMES[code]}, last id {last}"
        self.add(f"error_{name}", f"{shows}: {outcome}", client, server)

    def after_hello(
        self, name: str, shows: str, kind: int, stream: int, payload: bytes, flags: int = 0
    ) -> None:
        """Add an exchange whose frame after HELLO breaks the grammar of frames."""
        client = self.client_hello().frame(shows, kind, stream, payload, flags)
        self.fatal(name, shows, client, PROTOCOL_ERROR)

    def hello_errors(self) -> None:
        """Make the ways in which a HELLO goes wrong."""
        ping = Direction().frame("PING as the first frame", PING, 0, bytes(8))
        self.fatal("first_frame", "Another frame before HELLO", ping, HELLO_ERROR)
        later = Direction().frame("kind 24 as the first frame", FIRST_IGNORABLE, 0, b"later")
        shows = "A frame before HELLO that may be skipped behind it"
        self.fatal("first_frame_ignorable", shows, later, HELLO_ERROR)
        twice = self.client_hello().frame("a second HELLO", HELLO)
        self.fatal("second_hello", "A second HELLO", twice, HELLO_ERROR)
        garbage = Direction().frame("HELLO that ends within a field", HELLO, 0, b"\x4a\x09abc")
        self.fatal("hello_malformed", "A HELLO that does not parse", garbage, HELLO_ERROR)
        small = Direction().frame(
            "HELLO: max_frame 1,023", HELLO, 0, self.message("wire", "Hello", max_frame=1_023)
        )
        self.fatal("hello_range", "A HELLO with max_frame below 1,024", small, HELLO_ERROR)
        long_token = self.client_hello(token=bytes(257))
        self.fatal("hello_token_too_long", "A token of 257 bytes", long_token, HELLO_ERROR)
        unfinished = Direction().raw("5 bytes of a header, then silence", bytes(5))
        self.fatal("hello_unfinished", "No HELLO within 3 seconds", unfinished, TIMEOUT)
        refused = self.client_hello(token=bytes(32))
        payload = self.open_payload("Sessions/Describe", b"")
        refused.frame("OPEN #1 Describe, B, END: never looked at", OPEN, 1, payload, END)
        self.fatal("token_refused", "An unknown token", refused, AUTHENTICATION_FAILED)

    def grammar_errors(self) -> None:
        """Make frames that are wrong whatever the state."""
        bare = self.open_payload("Health/Check", None)
        whole = self.open_payload("Health/Check", b"")
        for name, shows, kind, stream, payload, flags in [
            ("unknown_kind", "An undefined kind, 11", 11, 0, b"", 0),
            ("wrong_side_status", "STATUS from a client", STATUS, 1, b"", 0),
            ("wrong_side_streams", "STREAMS from a client", STREAMS, 0, u32(100), 0),
            ("open_on_zero", "OPEN on stream 0", OPEN, 0, whole, END),
            ("ping_on_stream", "PING on stream 1", PING, 1, bytes(8), 0),
            ("stream_above_maximum", "A stream id of 2^31", OPEN, 1 << 31, whole, END),
            ("compressed", "Z, which is reserved", OPEN, 1, whole, END | COMPRESSED),
            ("more_and_end", "MORE and END together", OPEN, 1, whole, END | MORE),
            ("ping_with_end", "PING with END", PING, 0, bytes(8), END),
            ("ping_length", "PING of 7 bytes", PING, 0, bytes(7), 0),
            ("goaway_length", "GOAWAY of 11 bytes", GOAWAY, 0, bytes(11), 0),
            ("open_empty", "OPEN of 1 byte", OPEN, 1, b"\0", END),
            ("open_head_beyond", "A Head beyond the frame", OPEN, 1, b"\0\x06\x0d\0\0", END),
            ("open_trailing", "Bytes behind the Head without B", OPEN, 1, bare + b"x", END),
            ("open_more_bare", "MORE without B", OPEN, 1, bare, MORE),
        ]:
            self.after_hello(name, shows, kind, stream, payload, flags)
        self.too_large()

    def too_large(self) -> None:
        """Make a frame and a Head beyond their limits."""
        header = struct.pack(">II", (DEFAULT_MAX_FRAME + 1) << 8 | OPEN << 3 | END, 1)
        client = self.client_hello().raw("the header alone claims 16,377 bytes", header)
        self.fatal("frame_too_large", "A length of 16,377", client, FRAME_TOO_LARGE)
        payload = struct.pack(">H", MAX_HEAD + 1) + bytes(MAX_HEAD + 1)
        client = self.client_hello().frame("OPEN #1: Head of 8,193 bytes", OPEN, 1, payload, END)
        self.fatal("head_too_large", "A Head of 8,193 bytes", client, FRAME_TOO_LARGE)

    def opened(self, flags: int = 0) -> Direction:
        """Begin with HELLO and an OPEN of Check without its message, which needs no principal."""
        payload = self.open_payload("Health/Check", None)
        comment = "OPEN #1 Check" + (", END" if flags & END else "")
        return self.client_hello().frame(comment, OPEN, 1, payload, flags)

    def state_errors(self) -> None:
        """Make frames that are wrong in the state they meet."""
        payload = self.open_payload("Health/Check", None)
        gap = self.client_hello().frame("OPEN #2 as the first", OPEN, 2, payload)
        self.fatal("id_gap", "An id that is not the next", gap, PROTOCOL_ERROR)
        again = self.opened().frame("OPEN #1 again", OPEN, 1, payload)
        self.fatal("id_used", "An id that is used", again, PROTOCOL_ERROR, last=1)
        beyond = self.client_hello()
        for stream in range(1, 10):
            beyond.frame(f"OPEN #{stream}", OPEN, stream, payload)
        self.fatal("id_not_granted", "A ninth call where 8 are granted", beyond, PROTOCOL_ERROR, 8)
        for name, kind, data in [
            ("msg", MSG, b""),
            ("fin", FIN, b""),
            ("cancel", CANCEL, u32(0)),
            ("credit", CREDIT, u32(1)),
        ]:
            shows = f"{name.upper()} on an id never opened"
            self.after_hello(f"{name}_unopened", shows, kind, 1, data)
        for name, kind in [("msg", MSG), ("fin", FIN)]:
            closed = self.client_hello(token=TOKEN)
            closed.frame("OPEN #1 Subscribe, B, END", OPEN, 1, self.subscribe(), END)
            closed.frame(f"{name.upper()} #1", kind, 1)
            shows = f"{name.upper()} after END, before the call has ended"
            key = f"{name}_after_end"
            self.fatal(key, shows, closed, PROTOCOL_ERROR, last=1, signed_in=True)
        within = self.opened().frame("MSG #1 MORE", MSG, 1, b"\x0a", MORE).frame("FIN #1", FIN, 1)
        self.fatal("fin_within_message", "FIN within a message", within, PROTOCOL_ERROR, last=1)

    def flow_errors(self) -> None:
        """Make the ways in which credit goes wrong."""
        payload = self.open_payload("Diagnostics/Echo", None)
        spent = self.client_hello().frame("OPEN #1 Echo", OPEN, 1, payload)
        count = DEFAULT_WINDOW // SMALLEST_COST + 1
        spent.raw("1,025 times MSG #1, empty, cost 64", frame_bytes(MSG, 1) * count)
        shows = "1,025 empty messages that nobody consumes, in a window of 65,536"
        self.fatal("credit_spent", shows, spent, FLOW_CONTROL_ERROR, last=1)
        comment = "CREDIT #1 2,147,483,647 on top of the window"
        excess = self.opened().frame(comment, CREDIT, 1, u32(MAX_CREDIT))
        shows = "CREDIT above 2,147,483,647 in sum"
        self.fatal("credit_overflow", shows, excess, FLOW_CONTROL_ERROR, last=1)

    def abuse_errors(self) -> None:
        """Make harmless frames in harmful numbers."""
        pings = self.client_hello()
        for number in range(PING_BURST + 1):
            pings.frame(f"PING {number + 1}", PING, 0, struct.pack(">Q", number))
        server = self.server_hello().goaway(LIMIT_EXCEEDED)
        shows = "11 PINGs at once (PONGs may come before the GOAWAY)"
        self.add("error_pings", f"{shows}: GOAWAY 6 limit_exceeded, last id 0", pings, server)
        glitches = self.client_hello()
        pongs = frame_bytes(PONG, 0, bytes(8)) * (GLITCH_BUDGET + 1)
        glitches.raw("201 times PONG without a PING", pongs)
        self.fatal("glitches", "201 glitches at once", glitches, LIMIT_EXCEEDED)
        client = self.client_hello(token=TOKEN)
        client.raw("half a header, then silence for 10 seconds", bytes(4))
        shows = "A frame that is not finished"
        self.fatal("frame_unfinished", shows, client, TIMEOUT, signed_in=True)

    def server_errors(self) -> None:
        """Make what a server may get wrong, and the GOAWAY with which the client ends it."""
        check = self.open_payload("Health/Check", b"")
        for name, shows, kind, stream, payload in [
            ("open", "OPEN from a server", OPEN, 2, check),
            ("cancel", "CANCEL from a server", CANCEL, 1, u32(0)),
            ("fin", "FIN from a server", FIN, 1, b""),
            ("msg_unopened", "MSG from a server on an id never opened", MSG, 2, b""),
        ]:
            server = self.server_hello().frame(shows, kind, stream, payload)
            self.client_fatal(name, shows, server, PROTOCOL_ERROR)
        first = Direction().frame("STREAMS before HELLO", STREAMS, 0, u32(100))
        self.client_fatal("first_frame", "A server's first frame is no HELLO", first, HELLO_ERROR)
        frames = frame_bytes(MSG, 1) * (4_096 // SMALLEST_COST + 1)
        spent = self.server_hello().raw("65 times MSG #1, empty, cost 64", frames)
        shows = "65 empty messages that the client does not consume, in a window of 4,096"
        self.client_fatal("credit_spent", shows, spent, FLOW_CONTROL_ERROR)

    def client_fatal(self, name: str, shows: str, server: Direction, code: int) -> None:
        """Add an exchange that the client ends with a GOAWAY."""
        client = self.client_hello(stream_credit=4_096, token=TOKEN)
        client.frame("OPEN #1 Subscribe, B, END", OPEN, 1, self.subscribe(), END).goaway(code)
        outcome = f"the client's GOAWAY {code} {GOAWAY_NAMES[code]}"
        self.add(f"error_server_{name}", f"{shows}: {outcome}", client, server)

    # Exchanges that end one call.

    def refused_calls(self) -> None:
        """Make the errors that end a call and leave the connection alone."""
        describe = self.open_payload("Sessions/Describe", b"")
        self.refused("unauthenticated", "A call without a principal", describe, 16)
        unknown = self.open_payload("Nobody/Knows", b"")
        self.refused("method_unknown", "A hash that no method has", unknown, 12)
        sign_in = self.open_payload("Sessions/SignIn", b"\x12\x7f")
        self.refused("malformed_message", "A message that does not parse", sign_in, 3)
        head = struct.pack(">H", MESSAGE_BIT | 2) + b"\x0d\x00"
        name, shows = "malformed_head", "A Head that does not parse"
        self.refused(name, shows, head, 3, reason="malformed_message")
        invalid = self.open_payload("Sessions/SignIn", b"\x12\x02\xc3\x28")
        self.refused("invalid_utf8", "A text that is not UTF-8", invalid, 3)
        check = self.open_payload("Health/Check", None)
        self.refused("wrong_message_count", "A unary call without a message", check, 3)
        bad_key = [{"key": "Upper", "value": b""}]
        metadata = self.open_payload("Health/Check", b"", metadata=bad_key)
        self.refused("invalid_metadata", "A key with an upper-case letter", metadata, 3)

    def refused(
        self, name: str, shows: str, payload: bytes, code: int, reason: str | None = None
    ) -> None:
        """Add an exchange in which one call is refused and the next one served."""
        word = reason or name
        client = self.client_hello().frame(f"OPEN #1: {shows}", OPEN, 1, payload, END)
        check = self.open_payload("Health/Check", b"")
        client.frame("OPEN #2 Health/Check: the connection goes on", OPEN, 2, check, END)
        final = code == 3
        status = self.status(code, word, final=final, not_processed=True)
        text = f"STATUS #1 code {code}, {word}, {'final, ' if final else ''}not processed"
        reply = self.message("health", "HealthCheckReply", state=1)
        server = self.server_hello().frame(text, STATUS, 1, status)
        server.frame("MSG #2 SERVING, END", MSG, 2, reply, END)
        self.add(f"status_{name}", f"{shows}: STATUS {code} {word}", client, server)


TOKEN = bytes(range(0x40, 0x60))
"""The token of the vectors' signed-in clients."""

EPOCH = bytes(range(0xE0, 0xE8))
"""The epoch of the vectors' desk."""


def u32(value: int) -> bytes:
    """Write a payload of one number."""
    return struct.pack(">I", value)


def identifier(number: int) -> bytes:
    """Make a fixed UUID of version 7 (RFC 9562, section 5.7)."""
    moment = 1_767_225_600_000 + number
    return moment.to_bytes(6, "big") + b"\x70\x00\x80" + bytes(6) + bytes([number & 0xFF])


INDEX_HEADER = """\
# Golden vectors

Exchanges of docket/1 as hex, to test an implementation against. `NAME.client.hex` holds the bytes
that a client sends, `NAME.server.hex` those of the server; a line that begins with `#` is a comment
on the bytes after it, spaces and line ends mean nothing.

How to use them:

- Decode each file whole, one byte at a time, and cut at random: the frames are the same.
- Encode the frames again: the bytes are the same. Messages have their fields in the order of their
  numbers; fields with default values are absent.
- Feed the client's bytes of an `error_` or `status_` vector to a server and compare what it says;
  of `error_server_` the server's bytes to a client that has sent what the vector's client sends
  before its GOAWAY. HELLO's contents, the text of GOAWAY, `Status.message` and pauses are each
  implementation's own.
- Where HELLO has a token, put one that the server accepts in its place. Frames of calls and PONGs
  may come before the last GOAWAY.
- `error_credit_spent` is for a connection without services behind it, since every service reads
  what it is sent. `error_hello_unfinished` and `error_frame_unfinished` need a clock.
- `Scripts/foreign_client.py vectors` plays them against a running server.

Made by `Scripts/make_vectors.py`.

| vector | client | server | shows |
|---|---|---|---|
"""


def index_row(vector: Vector) -> str:
    """Write the row of one vector."""
    sides = {"client": vector.client, "server": vector.server}
    links = [
        f"[{sum(len(data) for _, data in direction.parts):,} bytes]({vector.name}.{side}.hex)"
        if direction
        else ""
        for side, direction in sides.items()
    ]
    return f"| `{vector.name}` | {links[0]} | {links[1]} | {vector.shows} |"


def products(vectors: list[Vector]) -> dict[Path, str]:
    """Give the text of every file."""
    rows = "\n".join(map(index_row, vectors))
    files = {VECTORS / "INDEX.md": INDEX_HEADER + rows + "\n"}
    for vector in vectors:
        for side, direction in (("client", vector.client), ("server", vector.server)):
            if direction is not None:
                title = f"{vector.shows} (what the {side} sends)"
                files[VECTORS / f"{vector.name}.{side}.hex"] = direction.hex_text(title)
    return files


def write(files: dict[Path, str]) -> None:
    """Write the files and remove what is no longer made."""
    VECTORS.mkdir(exist_ok=True)
    for path in set(VECTORS.iterdir()) - set(files):
        path.unlink()
    for path, text in files.items():
        path.write_text(text, "utf-8")


def check(files: dict[Path, str]) -> int:
    """Name the files that differ from what would be written."""
    present = set(VECTORS.iterdir()) if VECTORS.is_dir() else set()
    stale = present - set(files)
    for path, text in files.items():
        if path not in present or path.read_text("utf-8") != text:
            stale.add(path)
    for path in sorted(stale):
        name = path.relative_to(ROOT)
        print(f"{name} is out of date: run {Path(__file__).name}", file=sys.stderr)
    return 1 if stale else 0


def main(arguments: list[str]) -> int:
    """Write the vectors, or compare them."""
    if arguments not in ([], ["--check"]):
        print("usage: make_vectors.py [--check]", file=sys.stderr)
        return 64
    with tempfile.TemporaryDirectory() as folder:
        files = products(Maker(load_messages(folder)).make())
    if arguments:
        return check(files)
    write(files)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
