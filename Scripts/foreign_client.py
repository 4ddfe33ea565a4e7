#!/usr/bin/python3
"""A client of docket/1 written from Protocol/PROTOCOL.md alone.

It shares no code with the server or its SDK: Python's `ssl` carries the bytes and protoc's Python
output, made into a temporary folder at every start, the messages. What the specification leaves
unsaid, this client cannot know; so it keeps the page honest. It needs protoc and Python's protobuf
(apt-get install protobuf-compiler python3-protobuf; the first line names the system's Python
because that is where the package goes).

    foreign_client.py selftest
    foreign_client.py health       --credentials FILE
    foreign_client.py echo         --credentials FILE [--count N]
    foreign_client.py sign-in      --credentials FILE
    foreign_client.py vectors      --credentials FILE
    foreign_client.py chat         --credentials FILE [--count N]
    foreign_client.py desk         --credentials FILE [--field KEY=VALUE ...]
    foreign_client.py post-ledger  --credentials FILE --ledger FILE [--count N]
    foreign_client.py verify-ledger --credentials FILE --ledger FILE [--allow-unacknowledged N]

The credentials are a JSON object: `address` ("127.0.0.1:7443"), `authority` (PEM text or the path
of a PEM file), `administrator` and `agent` (each with `login` and `password`) and `api_key`. The
exit code is 0 when everything was as the page says, 1 when something differed, 2 when the server
could not be reached.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import random
import secrets
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from google.protobuf.message import DecodeError

PROTOCOL_FOLDER = Path(__file__).resolve().parent.parent / "Protocol"

DEFAULT_MAX_FRAME = 16_376
DEFAULT_MAX_MESSAGE = 4_194_304
DEFAULT_CREDIT = 65_536
DEFAULT_STREAMS = 8
DEFAULT_KEEPALIVE_SECONDS = 30.0
SMALLEST_COST = 64
MESSAGE_BIT = 0x8000
HEADER_BYTES = 8
MISSES_UNTIL_DEAD = 3
READ_BYTES = 65_536

OWN_CREDIT = 4_096
"""A small window, so that every longer stream has to be granted credit."""

CALL_SECONDS = 20.0
"""How long a call may take before this client gives it up."""

FEED_SECONDS = 60.0
"""Two heartbeats: a feed that is silent for so long is broken."""

FIRST_BACKOFF_SECONDS = 0.5
LAST_BACKOFF_SECONDS = 60.0


class Kind(IntEnum):
    """The kinds of frames."""

    HELLO = 0
    OPEN = 1
    MSG = 2
    STATUS = 3
    CANCEL = 4
    CREDIT = 5
    STREAMS = 6
    PING = 7
    PONG = 8
    GOAWAY = 9
    FIN = 10


FIRST_IGNORABLE_KIND = 24
MORE, END, COMPRESSED = 4, 2, 1

CALL_KINDS = {Kind.MSG, Kind.STATUS, Kind.CREDIT}
"""What a server sends about a call."""

CONNECTION_KINDS = {Kind.HELLO, Kind.STREAMS, Kind.PING, Kind.PONG, Kind.GOAWAY}
"""What a server sends about the connection."""

FIXED_LENGTHS = {Kind.CREDIT: 4, Kind.STREAMS: 4, Kind.PING: 8, Kind.PONG: 8}


class GoAway(IntEnum):
    """The codes with which a connection ends."""

    DRAIN = 0
    PROTOCOL_ERROR = 1
    FRAME_TOO_LARGE = 2
    FLOW_CONTROL_ERROR = 3
    HELLO_ERROR = 4
    AUTHENTICATION_FAILED = 5
    LIMIT_EXCEEDED = 6
    TIMEOUT = 7
    INTERNAL_ERROR = 8


CONNECTION_REASONS = {
    GoAway.DRAIN: "draining",
    GoAway.AUTHENTICATION_FAILED: "session_expired",
    GoAway.INTERNAL_ERROR: "server_error",
}
"""The reason for the caller, where it is not the code's own name."""

REPEATED_AFTER_DELAY = {
    "rate_limited",
    "too_many_streams",
    "too_many_incomplete_bytes",
    "too_many_unread_replies",
    "overloaded",
    "disk_full",
    "deadline_exceeded",
    "outcome_unknown",
    "server_error",
    "draining",
}
"""The reasons after which a command is repeated with the same id and bytes."""


class Difference(Exception):
    """Something is not as the specification says."""


class Violation(Exception):
    """The server broke a rule; the connection ends with this code."""

    def __init__(self, code: GoAway, text: str) -> None:
        super().__init__(f"the server broke a rule ({code.name.lower()}): {text}")
        self.code = code


class ConnectionEnded(Exception):
    """The connection is over; what was not answered is unknown."""

    def __init__(self, reason: str, text: str = "", retry_after_seconds: float = 0) -> None:
        super().__init__(f"{reason}: {text}" if text else reason)
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


class NoAnswer(ConnectionEnded):
    """Nothing came in time."""

    def __init__(self) -> None:
        super().__init__("connection_lost", "the server did not answer in time")


class CallRefused(Exception):
    """The call ended with a status other than OK."""

    def __init__(self, status: Any) -> None:
        super().__init__(f"{status.reason or 'no reason'} (code {status.code}): {status.message}")
        self.status = status

    @property
    def reason(self) -> str:
        """The stable word of the refusal."""
        return self.status.reason


def expect(condition: bool, text: str) -> None:
    """Fail with the text unless the condition holds."""
    if not condition:
        raise Difference(text)


# Messages


class Messages:
    """What protoc makes of the .proto files."""

    def __init__(self) -> None:
        self._modules: dict[str, ModuleType] = {}

    def compile(self, folder: str) -> None:
        """Compile the .proto files into the folder and import the result."""
        files = sorted(path.relative_to(PROTOCOL_FOLDER) for path in protocol_files())
        command = ["protoc", f"-I{PROTOCOL_FOLDER}", "-I/usr/include", f"--python_out={folder}"]
        subprocess.run([*command, *map(str, files)], check=True)
        sys.path.insert(0, folder)
        for file in files:
            name = file.stem
            self._modules[name] = importlib.import_module(f"docket.v1.{name}_pb2")

    def __getattr__(self, name: str) -> Any:
        """Find a message type in whichever file declares it."""
        for module in self._modules.values():
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(name)


def protocol_files() -> list[Path]:
    """Find the .proto files beside the specification."""
    return list(PROTOCOL_FOLDER.glob("docket/v1/*.proto"))


MESSAGES = Messages()


def method_hash(name: str) -> int:
    """Hash a method's full name with 32-bit FNV-1a (RFC 9923)."""
    value = 0x811C9DC5
    for byte in f"docket.v1.{name}".encode("ascii"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def new_identifier() -> bytes:
    """Make a UUID of version 7 (RFC 9562, section 5.7)."""
    value = bytearray(int(time.time() * 1_000).to_bytes(6, "big") + secrets.token_bytes(10))
    value[6] = 0x70 | value[6] & 0x0F
    value[8] = 0x80 | value[8] & 0x3F
    return bytes(value)


# Frames


@dataclass(frozen=True)
class Frame:
    """One frame."""

    kind: int
    stream: int = 0
    payload: bytes = b""
    flags: int = 0

    def encode(self) -> bytes:
        """Write the header and the payload."""
        first = len(self.payload) << 8 | self.kind << 3 | self.flags
        return struct.pack(">II", first, self.stream) + self.payload

    def has(self, flag: int) -> bool:
        """Whether the flag is set."""
        return bool(self.flags & flag)


class FrameDecoder:
    """Cuts bytes into frames, however they arrive."""

    def __init__(self, max_frame: int = DEFAULT_MAX_FRAME) -> None:
        self.max_frame = max_frame
        self._buffer = bytearray()

    @property
    def is_between_frames(self) -> bool:
        """Whether no frame has begun."""
        return not self._buffer

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take bytes and give the frames that they complete."""
        self._buffer += data
        while len(self._buffer) >= HEADER_BYTES:
            first, stream = struct.unpack_from(">II", self._buffer)
            length = first >> 8
            if length > self.max_frame:
                raise Violation(GoAway.FRAME_TOO_LARGE, f"a payload of {length} bytes")
            if len(self._buffer) < HEADER_BYTES + length:
                return
            payload = bytes(self._buffer[HEADER_BYTES : HEADER_BYTES + length])
            del self._buffer[: HEADER_BYTES + length]
            yield Frame(first >> 3 & 31, stream, payload, first & 7)


def check_server_frame(frame: Frame) -> None:
    """Check whatever does not depend on the state of the connection."""
    kind = frame.kind

    def rule(condition: bool, text: str) -> None:
        if not condition:
            raise Violation(GoAway.PROTOCOL_ERROR, f"frame of kind {kind}: {text}")

    rule(kind in CALL_KINDS or kind in CONNECTION_KINDS, "a server does not send this")
    rule((frame.stream == 0) == (kind in CONNECTION_KINDS), f"stream {frame.stream}")
    rule(frame.stream < 1 << 31, f"stream {frame.stream}")
    allowed = MORE | END if kind == Kind.MSG else 0
    rule(frame.flags & ~allowed == 0, f"flags {frame.flags}")
    rule(frame.flags != MORE | END, "MORE with END")
    length = len(frame.payload)
    if kind in FIXED_LENGTHS:
        rule(length == FIXED_LENGTHS[Kind(kind)], f"length {length}")
    if kind == Kind.GOAWAY:
        rule(12 <= length <= 268, f"length {length}")


def decode_status(payload: bytes) -> Any:
    """Decode the payload of a STATUS; one that does not parse counts as UNKNOWN."""
    try:
        return MESSAGES.Status.FromString(payload)
    except DecodeError as error:
        return MESSAGES.Status(code=2, message=str(error))


# Connections


class Transport(Protocol):
    """Carries bytes both ways."""

    def send(self, data: bytes) -> None:
        """Send all of the bytes."""

    def receive(self, seconds: float) -> bytes:
        """Wait for bytes; none means the end. Raises TimeoutError when nothing came."""

    def close(self) -> None:
        """Close in order."""

    def abort(self) -> None:
        """Break the connection without a word."""


class TLSTransport:
    """TLS 1.3 over TCP with ALPN docket/1."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        plain = socket.create_connection((host, port), timeout=CALL_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = context.wrap_socket(
            plain, server_hostname=host, suppress_ragged_eofs=False
        )
        selected = self._socket.selected_alpn_protocol()
        expect(selected == "docket/1", f"the server selected the protocol {selected}")

    def send(self, data: bytes) -> None:
        """Send all of the bytes."""
        self._socket.settimeout(CALL_SECONDS)
        self._socket.sendall(data)

    def receive(self, seconds: float) -> bytes:
        """Wait for bytes; none means the end."""
        self._socket.settimeout(max(seconds, 0.001))
        return self._socket.recv(READ_BYTES)

    def close(self) -> None:
        """Send close_notify and close."""
        try:
            self._socket.settimeout(1)
            self._socket.unwrap()
        except OSError:
            pass
        self._socket.close()

    def abort(self) -> None:
        """Reset the TCP connection."""
        linger = struct.pack("ii", 1, 0)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._socket.close()


@dataclass
class Stream:
    """One call, as the client sees it."""

    id: int
    send_credit: int
    receive_credit: int
    window: int
    messages: deque[tuple[bytes, int]] = field(default_factory=deque)
    partial: bytearray = field(default_factory=bytearray)
    grant: int = 0
    status: Any = None

    @property
    def has_ended(self) -> bool:
        """Whether the server has ended the call."""
        return self.status is not None


class Connection:
    """One connection: its streams, its credit and its end."""

    def __init__(
        self, transport: Transport, token: bytes = b"", credit: int = 0, software: str = "foreign/1"
    ) -> None:
        self._transport = transport
        self._decoder = FrameDecoder()
        self._streams: dict[int, Stream] = {}
        self._last_id = 0
        self._granted = DEFAULT_STREAMS
        self._window = credit or DEFAULT_CREDIT
        self._pings = 0
        self.hello: Any = None
        self.keepalive_seconds = DEFAULT_KEEPALIVE_SECONDS
        self.server_max_frame = DEFAULT_MAX_FRAME
        self.server_credit = DEFAULT_CREDIT
        self.drain_seconds: float | None = None
        own = MESSAGES.Hello(software=software, token=token, stream_credit=credit)
        self._send(Frame(Kind.HELLO, 0, own.SerializeToString()))

    # What a caller does.

    def open(self, method: str, message: bytes, seconds: float | None = None) -> Stream:
        """Begin a call with its only message, in as many fragments as it takes."""
        while self._last_id >= self._granted:
            self._pump(time.monotonic() + CALL_SECONDS)
        if self.drain_seconds is not None:
            raise ConnectionEnded("draining", retry_after_seconds=self.drain_seconds)
        self._last_id += 1
        stream = Stream(self._last_id, self.server_credit, self._window, self._window)
        self._streams[stream.id] = stream
        timeout = int((seconds or 0) * 1_000)
        head = MESSAGES.Head(method=method_hash(method), timeout_milliseconds=timeout)
        self._send_message(stream, head.SerializeToString(), message)
        return stream

    def next_message(self, stream: Stream, seconds: float) -> bytes | None:
        """Wait for the call's next message; None when the call has ended with OK."""
        deadline = time.monotonic() + seconds
        while not stream.messages and not stream.has_ended:
            self._pump_for(stream, deadline)
        if stream.messages:
            return self._consume(stream)
        if stream.status.code != 0:
            raise CallRefused(stream.status)
        return None

    def unary(self, method: str, message: bytes, seconds: float = CALL_SECONDS) -> bytes:
        """Make a call with one message and one reply."""
        stream = self.open(method, message, seconds)
        reply = self.next_message(stream, seconds)
        expect(reply is not None, f"{method} succeeded without a reply")
        expect(self.next_message(stream, seconds) is None, f"{method} sent two replies")
        return reply or b""

    def cancel(self, stream: Stream, reason: int = 1) -> None:
        """Give the call up."""
        if self._streams.pop(stream.id, None) is not None:
            self._send(Frame(Kind.CANCEL, stream.id, struct.pack(">I", reason)))

    def drain_input(self) -> None:
        """Read until the connection ends."""
        while True:
            self._pump(time.monotonic() + CALL_SECONDS)

    def close(self) -> None:
        """Leave in order."""
        self._transport.close()

    def abort(self) -> None:
        """Break the connection without a word."""
        self._transport.abort()

    def _pump_for(self, stream: Stream, deadline: float) -> None:
        """Read once for the call, and give it up when its time is over."""
        try:
            self._pump(deadline)
        except NoAnswer as error:
            self.cancel(stream, reason=2)
            status = MESSAGES.Status(code=4, reason="deadline_exceeded", message="the client's")
            raise CallRefused(status) from error

    # Sending.

    def _send(self, frame: Frame) -> None:
        try:
            self._transport.send(frame.encode())
        except OSError as error:
            self._explain_broken_pipe()
            raise ConnectionEnded("connection_lost", str(error)) from error

    def _explain_broken_pipe(self) -> None:
        """Read the GOAWAY that may have come before the connection broke."""
        try:
            while data := self._transport.receive(1):
                self._receive(data)
        except (OSError, Violation):
            pass

    def _send_message(self, stream: Stream, head: bytes, message: bytes) -> None:
        opening = struct.pack(">H", len(head) | MESSAGE_BIT) + head
        kind, room = Kind.OPEN, self.server_max_frame - len(opening)
        while True:
            while stream.send_credit <= 0 and not stream.has_ended:
                self._pump(time.monotonic() + CALL_SECONDS)
            if stream.has_ended:
                return
            part, message = message[:room], message[room:]
            stream.send_credit -= max(SMALLEST_COST, len(part))
            payload = opening + part if kind == Kind.OPEN else part
            self._send(Frame(kind, stream.id, payload, MORE if message else END))
            if not message:
                return
            kind, room = Kind.MSG, self.server_max_frame

    def _consume(self, stream: Stream) -> bytes:
        message, cost = stream.messages.popleft()
        self._grant(stream, cost)
        return message

    def _grant(self, stream: Stream, cost: int) -> None:
        stream.grant += cost
        if stream.id in self._streams and stream.grant >= stream.window // 2:
            self._send(Frame(Kind.CREDIT, stream.id, struct.pack(">I", stream.grant)))
            stream.receive_credit += stream.grant
            stream.grant = 0

    # Receiving.

    def _pump(self, deadline: float) -> None:
        """Read once and handle what came; keep the connection alive meanwhile."""
        wait = min(deadline - time.monotonic(), self.keepalive_seconds)
        if wait <= 0:
            raise NoAnswer
        try:
            data = self._transport.receive(wait)
        except TimeoutError:
            self._heard_nothing(wait)
            return
        except OSError as error:
            raise ConnectionEnded("connection_lost", str(error)) from error
        if not data:
            raise ConnectionEnded("connection_lost", "the server closed the connection")
        self._pings = 0
        try:
            self._receive(data)
        except Violation as violation:
            self._send(Frame(Kind.GOAWAY, 0, struct.pack(">III", 0, violation.code, 0)))
            self.close()
            raise

    def _heard_nothing(self, wait: float) -> None:
        if wait < self.keepalive_seconds:
            return
        self._pings += 1
        if self._pings >= MISSES_UNTIL_DEAD:
            raise ConnectionEnded("connection_lost", "the server is silent")
        self._send(Frame(Kind.PING, 0, secrets.token_bytes(8)))

    def _receive(self, data: bytes) -> None:
        for frame in self._decoder.feed(data):
            if self.hello is None and frame.kind != Kind.HELLO:
                raise Violation(GoAway.HELLO_ERROR, "the first frame is no HELLO")
            if frame.kind >= FIRST_IGNORABLE_KIND:
                continue
            check_server_frame(frame)
            if frame.stream == 0:
                self._receive_connection_frame(frame)
            else:
                self._receive_call_frame(frame)

    def _receive_connection_frame(self, frame: Frame) -> None:
        match frame.kind:
            case Kind.HELLO:
                self._receive_hello(frame.payload)
            case Kind.STREAMS:
                self._granted = max(self._granted, *struct.unpack(">I", frame.payload))
            case Kind.PING:
                self._send(Frame(Kind.PONG, 0, frame.payload))
            case Kind.GOAWAY:
                self._receive_goaway(frame.payload)

    def _receive_hello(self, payload: bytes) -> None:
        if self.hello is not None:
            raise Violation(GoAway.HELLO_ERROR, "a second HELLO")
        try:
            self.hello = MESSAGES.Hello.FromString(payload)
        except DecodeError as error:
            raise Violation(GoAway.HELLO_ERROR, str(error)) from error
        self.server_max_frame = self.hello.max_frame or DEFAULT_MAX_FRAME
        self.server_credit = self.hello.stream_credit or DEFAULT_CREDIT
        self._granted = max(self._granted, self.hello.first_streams)
        milliseconds = self.hello.keepalive_milliseconds
        self.keepalive_seconds = milliseconds / 1_000 or DEFAULT_KEEPALIVE_SECONDS

    def _receive_goaway(self, payload: bytes) -> None:
        _, code, retry_after = struct.unpack_from(">III", payload)
        if code == GoAway.DRAIN:
            self.drain_seconds = retry_after / 1_000
            return
        known = GoAway(code) if code in GoAway.__members__.values() else GoAway.INTERNAL_ERROR
        reason = CONNECTION_REASONS.get(known, known.name.lower())
        text = payload[12:].decode("utf-8", "replace")
        self._transport.close()
        raise ConnectionEnded(reason, text, retry_after / 1_000)

    def _receive_call_frame(self, frame: Frame) -> None:
        stream = self._streams.get(frame.stream)
        if stream is None:
            if frame.stream > self._last_id:
                raise Violation(GoAway.PROTOCOL_ERROR, f"stream {frame.stream} was never opened")
            return
        match frame.kind:
            case Kind.MSG:
                self._receive_message(stream, frame)
            case Kind.STATUS:
                self._end(stream, decode_status(frame.payload))
            case Kind.CREDIT:
                stream.send_credit += struct.unpack(">I", frame.payload)[0]

    def _receive_message(self, stream: Stream, frame: Frame) -> None:
        if stream.receive_credit <= 0:
            raise Violation(GoAway.FLOW_CONTROL_ERROR, f"stream {stream.id} has no credit")
        cost = max(SMALLEST_COST, len(frame.payload))
        stream.receive_credit -= cost
        stream.partial += frame.payload
        if len(stream.partial) > DEFAULT_MAX_MESSAGE:
            self.cancel(stream, reason=3)
            return
        if frame.has(MORE):
            self._grant(stream, cost)
            return
        stream.messages.append((bytes(stream.partial), cost))
        stream.partial.clear()
        if frame.has(END):
            self._end(stream, MESSAGES.Status())

    def _end(self, stream: Stream, status: Any) -> None:
        stream.status = status
        self._streams.pop(stream.id, None)


# Clients


@dataclass
class Server:
    """Where the server is, and the secrets for it."""

    host: str
    port: int
    context: ssl.SSLContext
    secrets: dict[str, Any]

    @classmethod
    def load(cls, path: Path) -> Server:
        """Read the credentials file."""
        values = json.loads(path.read_text("utf-8"))
        host, _, port = values["address"].rpartition(":")
        context = ssl.create_default_context(**authority(values.get("authority"), path))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.set_alpn_protocols(["docket/1"])
        return cls(host.strip("[]"), int(port), context, values)

    def connect(self, token: bytes = b"", credit: int = OWN_CREDIT) -> Connection:
        """Open a connection."""
        try:
            transport = TLSTransport(self.host, self.port, self.context)
        except OSError as error:
            raise ConnectionEnded("connection_lost", str(error)) from error
        return Connection(transport, token, credit)


def authority(value: str | None, credentials: Path) -> dict[str, str]:
    """Give the arguments of a TLS context that trusts the authority."""
    if not value:
        return {}
    if "-----BEGIN" in value:
        return {"cadata": value}
    return {"cafile": str(credentials.parent / value)}


def call(connection: Connection, method: str, message: Any, reply: Any) -> Any:
    """Make a unary call with typed messages."""
    return reply.FromString(connection.unary(method, message.SerializeToString()))


def expect_refusal(connection: Connection, method: str, message: Any, reason: str) -> Any:
    """Make a call that has to be refused with the reason, and give the status."""
    try:
        connection.unary(method, message.SerializeToString())
    except CallRefused as refusal:
        expect(refusal.reason == reason, f"{method}: expected {reason}, got {refusal}")
        return refusal.status
    raise Difference(f"{method} was accepted, expected {reason}")


class Client:
    """Somebody who acts at the desk, and survives lost connections."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._token = b""
        self.connection: Connection | None = None

    def connected(self) -> Connection:
        """Give a connection that acts as the client."""
        if self.connection is None:
            connection = self.server.connect(self._token)
            if not self._token:
                self._token = self._sign_in(connection)
            self.connection = connection
        return self.connection

    @property
    def token(self) -> bytes:
        """The token of the session, which is opened where there is none yet."""
        self.connected()
        return self._token

    def lose_connection(self) -> None:
        """Break the connection without a word."""
        if self.connection is not None:
            self.connection.abort()
        self.connection = None

    def repeat(self, method: str, message: bytes, patience: float = CALL_SECONDS) -> bytes:
        """Make a call, and repeat the same bytes until there is a lasting answer."""
        give_up = time.monotonic() + patience
        bound = FIRST_BACKOFF_SECONDS
        while True:
            try:
                return self.connected().unary(method, message)
            except (CallRefused, ConnectionEnded) as error:
                wait = self._pause(error, bound)
                if time.monotonic() + wait > give_up:
                    raise
            time.sleep(wait)
            bound = min(bound * 2, LAST_BACKOFF_SECONDS)

    def ask(self, method: str, message: Any, reply: Any) -> Any:
        """Make a call with typed messages, and repeat it as long as it may be."""
        return reply.FromString(self.repeat(method, message.SerializeToString()))

    def _sign_in(self, connection: Connection) -> bytes:
        """Sign the connection in, and give the session's token."""
        raise NotImplementedError

    def _pause(self, error: CallRefused | ConnectionEnded, bound: float) -> float:
        if isinstance(error, CallRefused):
            if error.reason not in REPEATED_AFTER_DELAY:
                raise error
            return max(error.status.retry_after_milliseconds / 1_000, random.uniform(0, bound))
        if error.reason == "session_expired":
            self._token = b""
        self.connection = None
        return max(error.retry_after_seconds, random.uniform(0, bound))


class Guest(Client):
    """A contact without an account."""

    def __init__(
        self, server: Server, name: str, identifier: bytes = b"", secret: bytes = b""
    ) -> None:
        super().__init__(server)
        self.id = identifier or new_identifier()
        self.secret = secret or secrets.token_bytes(32)
        self._name = name
        self._exists = bool(identifier)

    def _sign_in(self, connection: Connection) -> bytes:
        if self._exists:
            secret = MESSAGES.GuestSecret(contact_id=self.id, secret=self.secret)
            message = MESSAGES.SignInCall(guest=secret)
            reply = call(connection, "Sessions/SignIn", message, MESSAGES.SignInReply)
        else:
            header = MESSAGES.CommandHeader(command_id=self.id)
            message = MESSAGES.CreateGuestCall(header=header, name=self._name, secret=self.secret)
            reply = call(connection, "Sessions/CreateGuest", message, MESSAGES.CreateGuestReply)
            self._exists = True
        principal = reply.session.principal
        expect(principal.id == self.id, "the session is of another principal")
        expect(len(reply.session.token) == 32, "the token is not 32 bytes")
        return reply.session.token


class Agent(Client):
    """An employee with a login and a password."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.id = b""

    def _sign_in(self, connection: Connection) -> bytes:
        secret = MESSAGES.LoginSecret(**self.server.secrets["agent"])
        message = MESSAGES.SignInCall(login=secret)
        session = call(connection, "Sessions/SignIn", message, MESSAGES.SignInReply).session
        expect(session.principal.kind == MESSAGES.PRINCIPAL_AGENT, "the login is not an agent's")
        self.id = session.principal.id
        return session.token


class Feed:
    """A subscription that keeps its cursor and checks the chain."""

    def __init__(self, client: Client, from_beginning: bool = True) -> None:
        self._client = client
        self._from_beginning = from_beginning
        self._stream: Stream | None = None
        self.epoch = b""
        self.offset: int | None = None

    def subscribe(self) -> None:
        """Begin, or resume after the cursor."""
        if self.offset is None:
            message = MESSAGES.SubscribeCall()
            if self._from_beginning:
                message.from_beginning = True
        else:
            cursor = MESSAGES.Cursor(epoch=self.epoch, offset=self.offset)
            message = MESSAGES.SubscribeCall(cursor=cursor)
        connection = self._client.connected()
        self._stream = connection.open("Feed/Subscribe", message.SerializeToString())
        entry = self._next_entry()
        expect(entry.marker == MESSAGES.FEED_STARTED, "the feed does not begin with FEED_STARTED")
        expect(entry.prev == entry.offset, "FEED_STARTED moves the cursor")
        if self.offset is not None:
            expect(entry.offset == self.offset, f"resumed at {entry.offset}, not {self.offset}")
            expect(entry.epoch == self.epoch, "the epoch changed without resync_required")
        self.epoch, self.offset = entry.epoch, entry.offset

    def next_event(self) -> tuple[int, Any] | None:
        """Apply one entry; give its offset and event, or None for a marker or a signal."""
        entry = self._next_entry()
        kinds = bool(entry.event) + bool(entry.ephemeral) + bool(entry.marker)
        expect(kinds == 1, "a feed entry is not exactly one of event, marker and signal")
        if entry.ephemeral:
            expect(entry.prev == entry.offset == 0, "a signal has a place in the chain")
            return None
        expect(entry.prev == self.offset, f"the chain broke: {entry.prev} after {self.offset}")
        expect(entry.offset >= entry.prev, f"the chain runs back to {entry.offset}")
        self.offset = entry.offset
        if entry.marker:
            self.epoch = entry.epoch
            return None
        expect(entry.offset > entry.prev, "an event has the offset of the entry before it")
        return entry.offset, MESSAGES.Event.FromString(entry.event)

    def _next_entry(self) -> Any:
        stream, connection = self._stream, self._client.connection
        expect(stream is not None and connection is not None, "the feed is not subscribed")
        message = connection.next_message(stream, FEED_SECONDS)
        expect(message is not None, "the feed ended with OK")
        return MESSAGES.FeedEntry.FromString(message)


@dataclass(frozen=True)
class Posted:
    """One message, as the log has it."""

    id: bytes
    offset: int
    sequence: int
    text: str

    def __str__(self) -> str:
        """Name the message for a person."""
        return f"{self.id.hex()} at {self.offset}, number {self.sequence}, {self.text!r}"


class Chat:
    """A guest's conversation, and everything that is checked about it."""

    def __init__(self, guest: Guest, conversation: bytes = b"") -> None:
        self.guest = guest
        self.conversation = conversation
        self.posted: list[Posted] = []
        self.seen: list[Posted] = []

    def open(self) -> None:
        """Open the conversation on the channel "chat", twice."""
        header = MESSAGES.CommandHeader(command_id=new_identifier())
        message = MESSAGES.OpenConversationCall(header=header, channel="chat")
        ask = self.guest.ask
        first = ask("Conversations/Open", message, MESSAGES.OpenConversationReply)
        again = ask("Conversations/Open", message, MESSAGES.OpenConversationReply)
        expect(first.conversation.id == again.conversation.id, "Open repeated gave another one")
        expect(first.offset == again.offset, "Open repeated gave another offset")
        self.conversation = first.conversation.id

    def post_call(self, identifier: bytes, text: str) -> bytes:
        """Encode the command that posts the text."""
        header = MESSAGES.CommandHeader(command_id=identifier)
        message = MESSAGES.PostCall(header=header, conversation_id=self.conversation, text=text)
        return message.SerializeToString()

    def post(self, text: str, patience: float = CALL_SECONDS) -> Posted:
        """Post the text, and repeat it until it is acknowledged."""
        identifier = new_identifier()
        encoded = self.post_call(identifier, text)
        return self.acknowledge(identifier, text, encoded, patience)

    def acknowledge(
        self, identifier: bytes, text: str, encoded: bytes, patience: float = CALL_SECONDS
    ) -> Posted:
        """Send the command until it is acknowledged, and check that the log grows."""
        answer = self.guest.repeat("Conversations/Post", encoded, patience)
        reply = MESSAGES.PostReply.FromString(answer)
        posted = Posted(identifier, reply.offset, reply.sequence, text)
        if self.posted:
            expect(posted.offset > self.posted[-1].offset, "offsets do not grow")
        self.posted.append(posted)
        return posted

    def post_without_reading(self, text: str) -> tuple[bytes, bytes]:
        """Send a post and lose the connection before its answer."""
        identifier = new_identifier()
        encoded = self.post_call(identifier, text)
        self.guest.connected().open("Conversations/Post", encoded)
        self.guest.lose_connection()
        return identifier, encoded

    def check_replay(self, posted: Posted) -> None:
        """Check that a repetition gets the same answer and other content none."""
        encoded = self.post_call(posted.id, posted.text)
        once = self.guest.repeat("Conversations/Post", encoded)
        twice = self.guest.repeat("Conversations/Post", encoded)
        expect(once == twice, "a repeated post got another answer")
        reply = MESSAGES.PostReply.FromString(once)
        expect(reply.offset == posted.offset, "a repeated post has another offset")
        expect(reply.sequence == posted.sequence, "a repeated post has another sequence")
        other = MESSAGES.PostCall.FromString(self.post_call(posted.id, posted.text + "!"))
        connection = self.guest.connected()
        status = expect_refusal(connection, "Conversations/Post", other, "key_reused")
        expect(status.code == 6 and status.final, "key_reused is not final or has another code")

    def follow(self, feed: Feed, count: int) -> None:
        """Read the feed until it has told of so many own messages."""
        while len(self.seen) < count:
            event = feed.next_event()
            if event is not None:
                self.note(*event)

    def note(self, offset: int, event: Any) -> None:
        """Take an event of the feed."""
        expect(event.WhichOneof("fact") != "note_posted", "a contact's feed has a note")
        expect(event.conversation_id == self.conversation, "an event of another conversation")
        if posted := own_message(offset, event):
            self.seen.append(posted)

    def history(self, backwards: bool = False, limit: int = 7) -> list[Posted]:
        """Read the whole conversation page by page."""
        pages: list[list[Posted]] = []
        place: dict[str, int] = {} if backwards else {"after": 0}
        while True:
            page = self.page(limit, **place)
            offsets = [entry.offset for entry in page.entries]
            expect(offsets == sorted(set(offsets)), "a page of history is not in order")
            for offset in offsets:
                expect(page.from_offset <= offset <= page.to_offset, "an entry beyond its range")
            pages.append([p for e in page.entries if (p := own_message(e.offset, e.event))])
            if not page.more:
                break
            place = {"before": page.from_offset} if backwards else {"after": page.to_offset}
        return [posted for page in (reversed(pages) if backwards else pages) for posted in page]

    def page(self, limit: int, **place: int) -> Any:
        """Read one page of the conversation."""
        call = MESSAGES.HistoryCall(conversation_id=self.conversation, limit=limit, **place)
        return self.guest.ask("Conversations/History", call, MESSAGES.HistoryReply)


def own_message(offset: int, event: Any) -> Posted | None:
    """Give the contact's message that the event tells of, if it does."""
    is_message = event.WhichOneof("fact") == "message_posted"
    if not is_message or event.actor.kind != MESSAGES.PRINCIPAL_CONTACT:
        return None
    fact = event.message_posted
    return Posted(fact.message_id, offset, fact.sequence, fact.text)


def compare(expected: list[Posted], actual: list[Posted], what: str) -> None:
    """Fail with the first difference between two lists of messages."""
    for index, (one, other) in enumerate(zip(expected, actual)):
        expect(one == other, f"{what}: message {index + 1} is {other}, expected {one}")
    lengths = f"{len(actual)} messages, expected {len(expected)}"
    expect(len(expected) == len(actual), f"{what}: {lengths}")


# Commands


def health(server: Server, _: argparse.Namespace) -> None:
    """Ask whether the server serves."""
    connection = server.connect()
    reply = call(connection, "Health/Check", MESSAGES.HealthCheckCall(), MESSAGES.HealthCheckReply)
    connection.close()
    state = MESSAGES.HealthCheckReply.State.Name(reply.state)
    print(f"{state} {reply.reason}".strip())
    expect(reply.state == MESSAGES.HealthCheckReply.SERVING, "the server does not serve")


def echo(server: Server, options: argparse.Namespace) -> None:
    """Send bodies of all sizes and compare what comes back."""
    guest = Guest(server, "Echo")
    sizes = [0, 1, SMALLEST_COST, DEFAULT_MAX_FRAME, DEFAULT_MAX_FRAME + 1, 65_536]
    for number in range(options.count):
        body = secrets.token_bytes(sizes[number % len(sizes)])
        reply = guest.ask("Diagnostics/Echo", MESSAGES.EchoCall(body=body), MESSAGES.EchoReply)
        expect(reply.body == body, f"an echo of {len(body)} bytes differs")
    long = MESSAGES.EchoCall(body=bytes(65_537))
    expect_refusal(guest.connected(), "Diagnostics/Echo", long, "field_too_long")
    print(f"{options.count} echoes are equal")


def sign_in(server: Server, _: argparse.Namespace) -> None:
    """Sign in as everybody in the credentials, and as nobody."""
    connection = server.connect()
    expect_refusal(connection, "Sessions/Describe", MESSAGES.DescribeCall(), "unauthenticated")
    wrong = MESSAGES.LoginSecret(login="nobody", password=secrets.token_hex(8))
    attempt = MESSAGES.SignInCall(login=wrong)
    expect_refusal(connection, "Sessions/SignIn", attempt, "credentials_invalid")
    connection.close()
    check_refused_token(server)
    for name in ("administrator", "agent"):
        if name in server.secrets:
            secret = MESSAGES.LoginSecret(**server.secrets[name])
            check_session(server, name, MESSAGES.SignInCall(login=secret))
    if "api_key" in server.secrets:
        message = MESSAGES.SignInCall(api_key=server.secrets["api_key"])
        check_session(server, "api_key", message)


def check_refused_token(server: Server) -> None:
    """Check that a token nobody has ends the connection."""
    connection = server.connect(token=bytes(32))
    try:
        connection.unary("Sessions/Describe", b"")
    except ConnectionEnded as ended:
        expect(ended.reason == "session_expired", f"a false token ended with {ended}")
        return
    raise Difference("a false token was accepted")


def check_session(server: Server, name: str, message: Any) -> None:
    """Sign in, describe the session, and use its token on another connection."""
    first = server.connect()
    session = call(first, "Sessions/SignIn", message, MESSAGES.SignInReply).session
    described = call(first, "Sessions/Describe", MESSAGES.DescribeCall(), MESSAGES.DescribeReply)
    expect(described.principal == session.principal, f"{name}: Describe tells of another one")
    expect_refusal(first, "Sessions/SignIn", message, "already_signed_in")
    first.close()
    second = server.connect(session.token)
    again = call(second, "Sessions/Describe", MESSAGES.DescribeCall(), MESSAGES.DescribeReply)
    expect(again.principal == session.principal, f"{name}: the token is of another one")
    second.close()
    kind = MESSAGES.PrincipalKind.Name(session.principal.kind)
    print(f"{name}: {session.principal.name} ({kind}), {session.expires_in_seconds} s")


def chat(server: Server, options: argparse.Namespace) -> None:
    """Chat, lose the connection, resume, and compare every account of what was said."""
    chat = Chat(Guest(server, "Foreign client"))
    chat.open()
    feed = Feed(chat.guest)
    feed.subscribe()
    half = max(1, options.count // 2)
    for number in range(half):
        chat.post(f"message {number + 1} of {options.count}")
    chat.check_replay(chat.posted[0])
    chat.check_replay(chat.posted[-1])
    chat.follow(feed, max(1, half // 2))
    identifier, encoded = chat.post_without_reading("sent, and its answer lost")
    chat.acknowledge(identifier, "sent, and its answer lost", encoded)
    for number in range(half, options.count):
        chat.post(f"message {number + 1} of {options.count}")
    feed.subscribe()
    chat.follow(feed, len(chat.posted))
    compare(chat.posted, chat.seen, "the feed")
    compare(chat.posted, chat.history(), "the history, read forwards")
    compare(chat.posted, chat.history(backwards=True), "the history, read backwards")
    check_stranger(server, chat)
    print(f"{len(chat.posted)} messages are the same in answers, feed and history")


def check_stranger(server: Server, chat: Chat) -> None:
    """Check that another guest cannot tell the conversation from one that is not there."""
    stranger = Guest(server, "Stranger").connected()
    forbidden = MESSAGES.HistoryCall(conversation_id=chat.conversation)
    absent = MESSAGES.HistoryCall(conversation_id=new_identifier())
    one = expect_refusal(stranger, "Conversations/History", forbidden, "not_found")
    other = expect_refusal(stranger, "Conversations/History", absent, "not_found")
    expect(one == other, "forbidden and absent are answered differently")


# The desk


class Desk:
    """An agent's list of open work, kept by the feed alone."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.requests: dict[bytes, Any] = {}
        self._feed = Feed(agent, from_beginning=False)
        self._told: set[tuple[bytes, str]] = set()

    def open(self) -> None:
        """Subscribe first and list then, so that nothing falls between."""
        self._feed.subscribe()
        page = b""
        while True:
            message = MESSAGES.ListRequestsCall(page=page)
            reply = self.agent.ask("Requests/List", message, MESSAGES.ListRequestsReply)
            self.requests |= {request.id: request for request in reply.requests}
            page = reply.next_page
            if not page:
                return

    def arrival(self, conversation: bytes) -> Any:
        """Read the feed until there is a request of the conversation, and give it."""
        while True:
            for request in self.requests.values():
                if request.conversation_id == conversation:
                    return request
            self._step()

    def follow(self, request: Any, *facts: str) -> None:
        """Read the feed until it has told these facts, and leads to the request given."""
        while not {(request.id, fact) for fact in facts} <= self._told:
            self._step()
        while self.requests[request.id].version < request.version:
            self._step()
        expect(self.requests[request.id] == request, "the feed leads to another request")

    def _step(self) -> None:
        if (told := self._feed.next_event()) is None:
            return
        event = told[1]
        self._told.add((event.request_id, event.WhichOneof("fact")))
        kept = self.requests.get(event.request_id)
        if event.request_id and (kept is None or kept.version < event.request_version):
            message = MESSAGES.GetRequestCall(id=event.request_id)
            reply = self.agent.ask("Requests/Get", message, MESSAGES.GetRequestReply)
            self.requests[event.request_id] = reply.request

    def change(self, verb: str, request: Any, **fields: Any) -> Any:
        """Give a command that expects the version seen, and give the request after it."""
        message = command(f"{verb}Call", request.version, request_id=request.id, **fields)
        reply = self.agent.ask(f"Requests/{verb}", message, MESSAGES.RequestChangeReply)
        expect(reply.request.version > request.version, f"{verb} left the version as it was")
        return reply.request

    def refused(self, reason: str, verb: str, request: Any, **fields: Any) -> dict[str, str]:
        """Give a command that has to be refused with the reason, and read its trailers."""
        message = command(f"{verb}Call", request.version, request_id=request.id, **fields)
        connection = self.agent.connected()
        return trailers(expect_refusal(connection, f"Requests/{verb}", message, reason))

    def answer(self, request: Any, text: str) -> None:
        """Say something to the contact."""
        place = {"conversation_id": request.conversation_id, "request_id": request.id}
        message = command("PostCall", text=text, **place)
        reply = self.agent.ask("Conversations/Post", message, MESSAGES.PostReply)
        expect(reply.request_id == request.id, "the answer went to another request")

    def finish(self, request: Any, values: dict[str, str]) -> Any:
        """Finish a request; where the policy asks for fields, fill them first."""
        try:
            return self.change("Finish", request)
        except CallRefused as refusal:
            expect(refusal.reason == "missing_fields", f"the end is refused: {refusal}")
            missing = trailers(refusal.status)["fields"].split(",")
        expect(set(missing) <= set(values), f"give --field for each of {', '.join(missing)}")
        edits = [edit_of(key, values[key]) for key in missing]
        return self.change("Finish", self.change("Edit", request, edits=edits))


def command(name: str, version: int | None = None, **fields: Any) -> Any:
    """Make a command with an id of its own."""
    header = MESSAGES.CommandHeader(command_id=new_identifier(), expected_version=version)
    return getattr(MESSAGES, name)(header=header, **fields)


def trailers(status: Any) -> dict[str, str]:
    """Give a refusal's particulars."""
    return {entry.key: entry.value.decode("utf-8") for entry in status.trailers}


def edit_of(key: str, value: str) -> Any:
    """Make the edit that fills a fixed field, or one of the policy's that holds text."""
    edit = MESSAGES.EditCall.Edit
    if key in ("title", "topic", "type", "priority"):
        return edit(**{key: value})
    return edit(field=edit.Field(key=key, value=MESSAGES.FieldValue(text=value)))


def desk(server: Server, options: argparse.Namespace) -> None:
    """Work as an agent: list, take, answer, note, edit and finish a customer's request."""
    desk, customer = Desk(Agent(server)), Chat(Guest(server, "Foreign customer"))
    desk.open()
    customer.open()
    customer.post("it prints blank pages")
    opened = desk.arrival(customer.conversation)
    taken = desk.change("Take", opened)
    expect(taken.assignee.id == desk.agent.id, "another agent has the request")
    desk.refused("version_conflict", "Edit", opened, edits=[edit_of("title", "Printer")])
    desk.refused("already_assigned", "Take", taken)
    desk.refused("unknown_status", "SetStatus", taken, status="no_such_status")
    desk.answer(taken, "which printer is it?")
    note = command("PostNoteCall", request_id=taken.id, text="a friendly one")
    desk.agent.ask("Requests/PostNote", note, MESSAGES.PostNoteReply)
    query = MESSAGES.GetRequestCall(id=taken.id)
    answered = desk.agent.ask("Requests/Get", query, MESSAGES.GetRequestReply).request
    desk.follow(answered, "request_assigned", "message_posted", "note_posted")
    edited = desk.change("Edit", answered, edits=[edit_of("title", "Printer")])
    desk.refused("no_change", "Edit", edited, edits=[edit_of("title", "Printer")])
    finished = desk.finish(edited, dict(pair.split("=", 1) for pair in options.field))
    expect(not finished.is_live, "the finished chat is live")
    desk.follow(finished, "title_changed", "status_changed")
    check_customer(customer, finished)
    print(f"request {finished.number} is {finished.status}: the feed leads to what was answered")


def check_customer(customer: Chat, finished: Any) -> None:
    """Check that the customer got the answer, the end, and nothing of the note."""
    call = MESSAGES.GetRequestCall(id=finished.id)
    seen = customer.guest.ask("Requests/Get", call, MESSAGES.GetRequestReply).request
    expect(seen.category == finished.category, "the customer sees another category")
    events = [entry.event for entry in customer.page(limit=200).entries]
    facts = [event.WhichOneof("fact") for event in events]
    expect("note_posted" not in facts, "the customer sees a note")
    texts = [event.message_posted.text for event in events if event.HasField("message_posted")]
    expect(texts[:2] == ["it prints blank pages", "which printer is it?"], f"it reads {texts}")


# The ledger


def open_private(path: str, flags: int) -> int:
    """Open a file that only its owner may read, for it holds a secret."""
    return os.open(path, flags, mode=0o600)


@dataclass
class Ledger:
    """A file of what the server has acknowledged, kept outside the server."""

    path: Path

    def append(self, **values: Any) -> None:
        """Write a line and make it durable."""
        with open(self.path, "a", encoding="utf-8", opener=open_private) as file:
            file.write(json.dumps(values) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def load(self, server: Server) -> tuple[Chat, list[Posted]]:
        """Read whose conversation it is and what was acknowledged in it."""
        lines = [json.loads(line) for line in self.path.read_text("utf-8").splitlines()]
        who, *acknowledged = lines
        values = (bytes.fromhex(who["guest"]), bytes.fromhex(who["secret"]))
        chat = Chat(Guest(server, "Ledger", *values), bytes.fromhex(who["conversation"]))
        return chat, [
            Posted(bytes.fromhex(line["id"]), line["offset"], line["sequence"], line["text"])
            for line in acknowledged
        ]

    def begin(self, server: Server) -> tuple[Chat, list[Posted]]:
        """Make a guest and a conversation, or go on with those of the file."""
        if self.path.exists() and self.path.stat().st_size > 0:
            return self.load(server)
        chat = Chat(Guest(server, "Ledger"))
        chat.open()
        guest = {"guest": chat.guest.id.hex(), "secret": chat.guest.secret.hex()}
        self.append(**guest, conversation=chat.conversation.hex())
        return chat, []


def post_ledger(server: Server, options: argparse.Namespace) -> None:
    """Post messages through every loss of the server, and note each acknowledgement."""
    ledger = Ledger(options.ledger)
    chat, earlier = ledger.begin(server)
    for number in range(options.count):
        text = f"ledger message {len(earlier) + number + 1}"
        posted = chat.post(text, patience=options.patience)
        ledger.append(
            id=posted.id.hex(), offset=posted.offset, sequence=posted.sequence, text=posted.text
        )
    print(f"{options.count} messages are acknowledged")


def verify_ledger(server: Server, options: argparse.Namespace) -> None:
    """Compare the history with what was acknowledged: nothing lost, nothing doubled."""
    chat, acknowledged = Ledger(options.ledger).load(server)
    history = chat.history(limit=200)
    by_id = {posted.id: posted for posted in history}
    expect(len(by_id) == len(history), "a message stands twice in the history")
    texts = {posted.text for posted in history}
    expect(len(texts) == len(history), "a text stands twice in the history")
    for posted in acknowledged:
        found = by_id.pop(posted.id, None)
        expect(found is not None, f"an acknowledged message is lost: {posted}")
        expect(found == posted, f"a message differs: {found}, acknowledged as {posted}")
    extra = f"{len(by_id)} messages were never acknowledged"
    expect(len(by_id) <= options.allow_unacknowledged, extra)
    print(f"{len(acknowledged)} acknowledged messages are there, {extra}")


# The self-test


class ScriptedTransport:
    """Plays a server's bytes and records the client's."""

    def __init__(self, data: bytes, chunk: int) -> None:
        self._data = data
        self._chunk = chunk
        self.sent = bytearray()

    def send(self, data: bytes) -> None:
        """Record the bytes."""
        self.sent += data

    def receive(self, seconds: float) -> bytes:
        """Give the next bytes of the script."""
        part, self._data = self._data[: self._chunk], self._data[self._chunk :]
        return part

    def close(self) -> None:
        """Do nothing."""

    def abort(self) -> None:
        """Do nothing."""


VECTOR_TOKEN = bytes(range(0x40, 0x60))
VECTOR_EPOCH = bytes(range(0xE0, 0xE8))
CHUNKS = (1 << 20, 7, 1)
"""How many bytes a scripted server gives at once."""

LESS_THAN_A_FRAME = 7
"""The longest chunk where the script must not run ahead of what the client says."""


def vector(name: str, side: str) -> bytes:
    """Read one direction of a vector."""
    text = (PROTOCOL_FOLDER / "vectors" / f"{name}.{side}.hex").read_text("utf-8")
    return bytes.fromhex("".join(line for line in text.splitlines() if not line.startswith("#")))


def vector_names(prefix: str, side: str) -> list[str]:
    """Name the vectors that begin with the prefix."""
    paths = (PROTOCOL_FOLDER / "vectors").glob(f"{prefix}*.{side}.hex")
    return sorted(path.name.removesuffix(f".{side}.hex") for path in paths)


def selftest(_: argparse.Namespace) -> None:
    """Hold the frame layer and the connection against the golden vectors."""
    expect(method_hash("Health/Check") == 0xBCFB566D, "the hash of Health/Check is wrong")
    files = [(name, side) for side in ("client", "server") for name in vector_names("", side)]
    for name, side in files:
        check_codec(name, side)
    for chunk in CHUNKS:
        for name, play in PLAYS.items():
            check_play(name, play, chunk)
        check_fragments(chunk)
        for name in vector_names("status_", "server"):
            check_refused_call(name, chunk)
        for name in vector_names("error_server_", "server"):
            check_violation(name, chunk)
        for name in vector_names("error_", "server"):
            check_goaway(name, chunk)
    print(f"{len(files)} files of vectors and {len(PLAYS)} exchanges agree")


def decode_all(data: bytes, cuts: Iterator[int]) -> tuple[list[Frame], bool]:
    """Decode bytes in pieces; also tell whether a length was refused."""
    decoder, frames = FrameDecoder(), []
    try:
        while data:
            size = next(cuts)
            frames += decoder.feed(data[:size])
            data = data[size:]
    except Violation:
        return frames, True
    return frames, False


def check_codec(name: str, side: str) -> None:
    """Decode a file whole, in bytes and at random, and encode it again."""
    data = vector(name, side)
    seed = int(os.environ.get("DOCKET_SEED", "0")) or int(hashlib.sha256(data).hexdigest()[:8], 16)
    source = random.Random(seed)
    whole, refused = decode_all(data, iter([len(data)]))
    again = b"".join(frame.encode() for frame in whole)
    expect(data.startswith(again), f"{name}.{side}: encoded again it differs")
    unfinished = refused or name.endswith("_unfinished")
    expect(unfinished or again == data, f"{name}.{side}: bytes are left over")
    expect(refused == (name == "error_frame_too_large" and side == "client"), f"{name}: length")
    for cuts in (iter(lambda: 1, 0), iter(lambda: source.randint(1, 40), 0)):
        expect(decode_all(data, cuts) == (whole, refused), f"{name}.{side}, seed {seed}: cut")


def connect_scripted(name: str, chunk: int, **hello: Any) -> tuple[Connection, ScriptedTransport]:
    """Connect to the server of a vector."""
    transport = ScriptedTransport(vector(name, "server"), chunk)
    return Connection(transport, software="example/1.0", **hello), transport


def play_unary(chunk: int) -> ScriptedTransport:
    """Make a unary call."""
    connection, transport = connect_scripted("unary", chunk)
    reply = MESSAGES.HealthCheckReply.FromString(opened(connection, "Health/Check", b""))
    expect(reply.state == MESSAGES.HealthCheckReply.SERVING, "unary: the state")
    return transport


def opened(connection: Connection, method: str, message: bytes) -> bytes:
    """Make a unary call whose Head names no timeout, as those of the vectors."""
    reply = connection.next_message(connection.open(method, message), CALL_SECONDS)
    expect(reply is not None, f"{method}: no reply")
    return reply or b""


def play_server_stream(chunk: int) -> ScriptedTransport:
    """Read a feed longer than the window."""
    chunk = min(chunk, LESS_THAN_A_FRAME)
    connection, transport = connect_scripted(
        "server_stream", chunk, credit=OWN_CREDIT, token=VECTOR_TOKEN
    )
    message = MESSAGES.SubscribeCall(from_beginning=True).SerializeToString()
    stream = connection.open("Feed/Subscribe", message)
    offsets = []
    for _ in range(7):
        data = connection.next_message(stream, CALL_SECONDS)
        entry = MESSAGES.FeedEntry.FromString(data)
        expect(entry.prev == (offsets[-1] if offsets else 0), "server_stream: the chain")
        offsets.append(entry.offset)
    expect(offsets == [0, 2, 3, 4, 5, 6, 9], "server_stream: the offsets")
    return transport


def play_cancel(chunk: int) -> ScriptedTransport:
    """Give a feed up and go on."""
    chunk = min(chunk, LESS_THAN_A_FRAME)
    connection, transport = connect_scripted("cancel", chunk, token=VECTOR_TOKEN)
    stream = connection.open("Feed/Subscribe", MESSAGES.SubscribeCall().SerializeToString())
    connection.next_message(stream, CALL_SECONDS)
    connection.cancel(stream)
    message = MESSAGES.EchoCall(body=b"still here").SerializeToString()
    expect(opened(connection, "Diagnostics/Echo", message) == message, "cancel: the echo")
    return transport


def play_resume(chunk: int) -> ScriptedTransport:
    """Resume a feed and meet every marker."""
    connection, transport = connect_scripted("resume", chunk, token=VECTOR_TOKEN)
    guest = Guest(Server("", 0, ssl.create_default_context(), {}), "")
    guest.connection = connection
    feed = Feed(guest)
    feed.epoch, feed.offset = VECTOR_EPOCH, 15
    feed.subscribe()
    events = [feed.next_event() for _ in range(4)]
    expect([event is None for event in events] == [False, True, True, True], "resume: the events")
    expect(feed.offset == 40, "resume: the cursor")
    return transport


def play_drain(chunk: int) -> ScriptedTransport:
    """See a drain through."""
    connection, transport = connect_scripted("drain", chunk, token=VECTOR_TOKEN)
    feed = connection.open("Feed/Subscribe", MESSAGES.SubscribeCall().SerializeToString())
    message = MESSAGES.EchoCall(body=b"in flight").SerializeToString()
    expect(opened(connection, "Diagnostics/Echo", message) == message, "drain: the echo")
    expect(connection.drain_seconds == 41, "drain: the GOAWAY")
    connection.next_message(feed, CALL_SECONDS)
    try:
        connection.next_message(feed, CALL_SECONDS)
    except CallRefused as refusal:
        expect(refusal.reason == "draining", "drain: the status of the feed")
        return transport
    raise Difference("drain: the feed goes on")


PLAYS: dict[str, Callable[[int], ScriptedTransport]] = {
    "unary": play_unary,
    "server_stream": play_server_stream,
    "cancel": play_cancel,
    "resume": play_resume,
    "drain": play_drain,
}
"""The exchanges in which this client says byte for byte what the vector's client says."""


def check_play(name: str, play: Callable[[int], ScriptedTransport], chunk: int) -> None:
    """Play an exchange and compare what this client sent."""
    sent, expected = bytes(play(chunk).sent), vector(name, "client")
    expect(sent == expected, f"{name}: sent {sent.hex()}, expected {expected.hex()}")


def check_fragments(chunk: int) -> None:
    """Check that a reply in fragments becomes one message."""
    connection, _ = connect_scripted("fragments", chunk, token=VECTOR_TOKEN)
    body = bytes(index * 7 & 0xFF for index in range(300))
    message = MESSAGES.EchoCall(body=body).SerializeToString()
    expect(opened(connection, "Diagnostics/Echo", message) == message, "fragments: the echo")


def check_refused_call(name: str, chunk: int) -> None:
    """Check that a refusal ends its call and leaves the next one alone."""
    connection, _ = connect_scripted(name, chunk)
    refused = connection.open("Sessions/Describe", b"")
    reply = opened(connection, "Health/Check", b"")
    expect(MESSAGES.HealthCheckReply.FromString(reply).state == 1, f"{name}: the next call")
    expect(refused.status.code != 0, f"{name}: the call was not refused")
    word = name.removeprefix("status_").replace("malformed_head", "malformed_message")
    expect(refused.status.reason == word, f"{name}: the reason is {refused.status.reason}")


def check_violation(name: str, chunk: int) -> None:
    """Check that this client ends the connection when the server breaks a rule."""
    connection, transport = connect_scripted(name, chunk, credit=OWN_CREDIT, token=VECTOR_TOKEN)
    connection.open("Feed/Subscribe", MESSAGES.SubscribeCall().SerializeToString())
    try:
        connection.drain_input()
    except Violation:
        expect(bytes(transport.sent) == vector(name, "client"), f"{name}: the GOAWAY")
        return
    raise Difference(f"{name}: the violation was not noticed")


def check_goaway(name: str, chunk: int) -> None:
    """Check that a server's GOAWAY ends the connection with its reason."""
    if name.startswith("error_server_"):
        return
    connection, _ = connect_scripted(name, chunk)
    *_, last = FrameDecoder().feed(vector(name, "server"))
    code = GoAway(struct.unpack_from(">III", last.payload)[1])
    try:
        connection.drain_input()
    except ConnectionEnded as ended:
        reason = CONNECTION_REASONS.get(code, code.name.lower())
        expect(ended.reason == reason, f"{name}: ended with {ended.reason}, expected {reason}")


# The vectors against a running server


UNPLAYABLE = {"error_credit_spent"}
"""Needs a call whose service reads nothing."""


def play_vectors(server: Server, _: argparse.Namespace) -> None:
    """Play the vectors of errors and of refused calls against the server."""
    secret = MESSAGES.LoginSecret(**server.secrets["agent"])
    connection = server.connect()
    message = MESSAGES.SignInCall(login=secret)
    session = call(connection, "Sessions/SignIn", message, MESSAGES.SignInReply).session
    errors = [
        name
        for name in vector_names("error_", "client")
        if not name.startswith("error_server_") and name not in UNPLAYABLE
    ]
    for name in errors:
        played = played_frames(server, name, session.token, until_end=True)
        expected = list(FrameDecoder().feed(vector(name, "server")))[-1]
        goaways = [frame for frame in played if frame.kind == Kind.GOAWAY]
        expect(played[:1] != [] and played[0].kind == Kind.HELLO, f"{name}: no HELLO first")
        expect(len(goaways) == 1 and played[-1] is goaways[0], f"{name}: not one GOAWAY at last")
        said, wanted = (
            struct.unpack_from(">II", frame.payload) for frame in (goaways[0], expected)
        )
        expect(said == wanted, f"{name}: last id and code are {said}, expected {wanted}")
    refused = vector_names("status_", "client")
    for name in refused:
        check_played_status(name, played_frames(server, name, session.token, until_end=False))
    connection.close()
    print(f"{len(errors) + len(refused)} vectors were answered as they say")


def played_frames(server: Server, name: str, token: bytes, until_end: bool) -> list[Frame]:
    """Send what the vector's client sends; give what the server says, to its end or as much."""
    transport = TLSTransport(server.host, server.port, server.context)
    transport.send(vector(name, "client").replace(VECTOR_TOKEN, token))
    count = len(list(FrameDecoder().feed(vector(name, "server"))))
    decoder, frames = FrameDecoder(), []
    while until_end or len(frames) < count:
        data = transport.receive(CALL_SECONDS)
        if not data:
            break
        frames += decoder.feed(data)
    transport.close()
    return frames


def check_played_status(name: str, played: list[Frame]) -> None:
    """Compare the refusal and the answer to the call behind it."""
    expected = list(FrameDecoder().feed(vector(name, "server")))
    # Two calls may be answered in either order.
    said, wanted = (
        sorted(frames[1:], key=lambda frame: frame.stream) for frames in (played, expected)
    )
    kinds = [[(frame.kind, frame.stream, frame.flags) for frame in part] for part in (said, wanted)]
    expect(kinds[0] == kinds[1], f"{name}: the frames are {kinds[0]}, expected {kinds[1]}")
    status, meant = decode_status(said[0].payload), decode_status(wanted[0].payload)
    status.message = meant.message = ""
    expect(status == meant, f"{name}: the status is {status}, expected {meant}")


# The command line


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="A client of docket/1 made from PROTOCOL.md.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("selftest", help=selftest.__doc__)
    for name, run in SERVER_COMMANDS.items():
        command = commands.add_parser(name, help=run.__doc__)
        command.add_argument("--credentials", type=Path, required=True, metavar="FILE")
        if name in ("echo", "chat", "post-ledger"):
            command.add_argument("--count", type=int, default=20, metavar="N")
        if name == "desk":
            command.add_argument("--field", action="append", default=[], metavar="KEY=VALUE")
        if name.endswith("-ledger"):
            command.add_argument("--ledger", type=Path, required=True, metavar="FILE")
        if name == "post-ledger":
            command.add_argument("--patience", type=float, default=120, metavar="SECONDS")
        if name == "verify-ledger":
            command.add_argument("--allow-unacknowledged", type=int, default=0, metavar="N")
    return parser.parse_args()


SERVER_COMMANDS: dict[str, Callable[[Server, argparse.Namespace], None]] = {
    "health": health,
    "echo": echo,
    "sign-in": sign_in,
    "vectors": play_vectors,
    "chat": chat,
    "desk": desk,
    "post-ledger": post_ledger,
    "verify-ledger": verify_ledger,
}


def main() -> int:
    """Run the command and turn its outcome into an exit code."""
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        MESSAGES.compile(folder)
        try:
            if options.command == "selftest":
                selftest(options)
            else:
                SERVER_COMMANDS[options.command](Server.load(options.credentials), options)
        except (Difference, Violation, CallRefused, DecodeError) as error:
            print(f"{options.command}: {error}", file=sys.stderr)
            return 1
        except ConnectionEnded as error:
            print(f"{options.command}: the connection ended: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
