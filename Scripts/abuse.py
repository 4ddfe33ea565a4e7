#!/usr/bin/python3
"""Abuses a server as a stranger or a contact may, and checks what that costs everybody else.

It shares no code with the server: Python's `ssl` carries the bytes, and frames and messages are
those of foreign_client.py, which was written from Protocol/PROTOCOL.md alone. It starts the given
docketd on a loopback port and a temporary folder, abuses it in one way after another, and ends it.

    abuse.py --docketd FILE [--short] [--only NAME ...]

Each abuse prints one line: how many connections the abuser still holds, what the server's memory
grew by for each of them, the lines of the log in a second, and the longest that an honest client
had to wait meanwhile for a new connection and an answer. The exit code is 0 when every bound held,
1 when one did not, 2 when the server could not be started. `--short` takes less than a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import select
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import foreign_client as wire
from foreign_client import END, MESSAGES, MESSAGE_BIT, MORE, Frame, FrameDecoder, Kind, Server

START_SECONDS = 60
"""A server built for debugging hashes the passwords of its first accounts slowly."""

PLACES_OF_NETWORK = 500
HANDSHAKES_OF_NETWORK = 200
HANDSHAKE_SECONDS = 5
LIFE_SECONDS = 30
FRAME_SECONDS = 10
WAITING_MEBIBYTES = 16
WAITING_MEBIBYTES_IN_ALL = 256
UNFINISHED_MEBIBYTES_IN_ALL = 256
CONNECTIONS_OF_CONTACT = 100
"""Bounds of the table of limits in PROTOCOL.md."""

SLACK_SECONDS = 3
"""A server looks at the time once a second, and the machine has other work."""

HONEST_SECONDS = 3.0
"""How long an honest client may have to wait for a new connection and an answer."""

LOG_LINES_A_SECOND = 5.0
"""What strangers cause is logged in sums: a line of a kind in ten seconds."""

MEBIBYTE = 1 << 20


class Broken(Exception):
    """A bound does not hold."""


def check(condition: bool, text: str) -> None:
    """Fail with the text unless the condition holds."""
    if not condition:
        raise Broken(text)


class Docketd:
    """A server of this script's own."""

    def __init__(self, program: str, folder: Path, descriptors: int | None = None) -> None:
        self.folder = folder
        folder.mkdir()
        self._log = (folder / "log").open("wb")
        ready = folder / "ready"
        command = [program, "serve", "--dev", "--data", str(folder / "data")]
        command += ["--listen", "127.0.0.1:0", "--ready-file", str(ready)]

        def limit() -> None:
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(folder)}
        self.process = subprocess.Popen(
            command, stderr=self._log, stdout=self._log, env=environment, preexec_fn=limit
        )
        self.program = program
        end = time.monotonic() + START_SECONDS
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise OSError(f"docketd does not serve: {self.log[-2000:]}")
            time.sleep(0.05)
        self.credentials = folder / "data" / "dev-credentials.json"
        self.client = Server.load(self.credentials)

    def stop(self) -> None:
        """End the server, kindly at first."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()

    @property
    def log(self) -> str:
        """What the server has logged."""
        return (self.folder / "log").read_text("utf-8", "replace")

    @property
    def resident(self) -> int:
        """The server's memory, in bytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def processor_seconds(self) -> float:
        """The server's time on the processor."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def free_descriptor(self) -> int:
        """The number that the server's next file or socket gets."""
        taken = set(map(int, os.listdir(f"/proc/{self.process.pid}/fd")))
        return next(number for number in range(len(taken) + 1) if number not in taken)

    def counts(self) -> dict[str, float]:
        """Ask the server for its counters."""
        command = [self.program, "stats", "--json", "--credentials", str(self.credentials)]
        output = self._run(command)
        return json.loads(output)

    def _run(self, command: list[str]) -> bytes:
        result = subprocess.run(command, check=False, capture_output=True, timeout=30)
        if result.returncode != 0:
            raise OSError(f"{command[1]} failed: {result.stderr.decode(errors='replace')}")
        return result.stdout


class Raw:
    """A connection that sends what an abuser likes and keeps what comes."""

    def __init__(self, server: Docketd, hello: dict[str, Any] | None = None) -> None:
        client = server.client
        self.transport = wire.TLSTransport(client.host, client.port, client.context)
        self._decoder = FrameDecoder(65_536)
        self._last = 0
        self.frames: list[Frame] = []
        self.has_ended = False
        if hello is not None:
            self.send(Frame(Kind.HELLO, 0, MESSAGES.Hello(**hello).SerializeToString()))

    def send(self, *frames: Frame) -> None:
        """Send frames in one write."""
        try:
            self.transport.send(b"".join(frame.encode() for frame in frames))
        except OSError:
            self.has_ended = True

    def open(self, method: str, message: bytes, timeout: int = 0, ends: bool = True) -> Frame:
        """Make the OPEN of the next call, without sending it."""
        self._last += 1
        head = MESSAGES.Head(method=wire.method_hash(method), timeout_milliseconds=timeout)
        encoded = head.SerializeToString()
        payload = struct.pack(">H", len(encoded) | MESSAGE_BIT) + encoded + message
        return Frame(Kind.OPEN, self._last, payload, END if ends else 0)

    def receive(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Keep what comes, for so long or until something is so."""
        end = time.monotonic() + seconds
        while not self.has_ended and not until() and time.monotonic() < end:
            try:
                data = self.transport.receive(min(0.2, max(0.0, end - time.monotonic())))
            except TimeoutError:
                continue
            except OSError:
                data = b""
            self.has_ended = not data
            self.frames += self._decoder.feed(data)

    def reasons(self) -> Counter[str]:
        """Count the calls that were refused, by reason."""
        statuses = (frame for frame in self.frames if frame.kind == Kind.STATUS)
        return Counter(wire.decode_status(frame.payload).reason for frame in statuses)

    def close(self) -> None:
        """Leave without a word."""
        self.transport.abort()


class Honest:
    """A client that connects, asks and leaves, again and again, and notes its longest wait."""

    def __init__(self, server: Docketd) -> None:
        self._server = server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.longest = 0.0
        self.failures: list[str] = []
        self.answers = 0

    def __enter__(self) -> Honest:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._stop.wait(0.1):
            begun = time.monotonic()
            try:
                connection = self._server.client.connect()
                connection.unary("Health/Check", b"", 10)
                connection.close()
                self.answers += 1
            except (OSError, wire.ConnectionEnded, wire.CallRefused) as error:
                self.failures.append(str(error))
            self.longest = max(self.longest, time.monotonic() - begun)


@dataclass
class Figures:
    """What an abuse has cost."""

    name: str
    begun: int = 0
    held: int = 0
    mebibytes: float = 0.0
    notes: list[str] = field(default_factory=list)


@contextmanager
def measured(server: Docketd, name: str, is_served: bool = True) -> Iterator[Figures]:
    """Run an abuse beside an honest client; print what it cost and check the common bounds."""
    figures = Figures(name)
    lines, begun = server.log.count("\n"), time.monotonic()
    try:
        with Honest(server) as honest:
            yield figures
    finally:
        seconds = time.monotonic() - begun
        rate = (server.log.count("\n") - lines) / seconds
        text = f"{name}: {figures.held} of {figures.begun} places held, "
        text += f"{figures.mebibytes:.2f} MiB a connection, {rate:.1f} log lines/s, "
        text += f"an honest client waited {honest.longest * 1_000:.0f} ms at most"
        print("; ".join([text, *figures.notes]), flush=True)
    check(rate <= LOG_LINES_A_SECOND, f"{name}: {rate:.1f} lines of log in a second")
    if is_served:
        check(honest.answers > 0, f"{name}: the honest client got no answer")
        check(not honest.failures, f"{name}: the honest client failed: {honest.failures[:1]}")
        check(honest.longest <= HONEST_SECONDS, f"{name}: it waited {honest.longest:.1f} s")


def is_alive(plain: socket.socket) -> bool:
    """Whether the server has not closed a connection on which it says nothing."""
    poll = select.poll()
    poll.register(plain, select.POLLIN)
    if not poll.poll(0):
        return True
    try:
        return bool(plain.recv(1, socket.MSG_PEEK))
    except OSError:
        return False


def guest_token(server: Docketd) -> bytes:
    """Make a guest and give the token of its session."""
    guest = wire.Guest(server.client, "Abuser")
    token = guest.token
    guest.lose_connection()
    return token


def crowded(server: Docketd, short: bool) -> None:
    """T8: more connections of one contact than it may have."""
    count = CONNECTIONS_OF_CONTACT + (20 if short else 400)
    with measured(server, "one contact") as figures:
        token = guest_token(server)
        peers = [Raw(server, {"token": token}) for _ in range(count)]
        figures.begun = count
        for peer in peers:
            peer.receive(0.01)
        figures.held = sum(not peer.has_ended for peer in peers)
        for peer in peers:
            peer.close()
        check(figures.held <= CONNECTIONS_OF_CONTACT, f"{figures.held} of one contact are held")
        check(figures.held > 0, "a contact has no connection left")


def unended(server: Docketd, short: bool) -> None:
    """T4: messages that begin on many connections and do not end."""
    count = 20 if short else 90
    with measured(server, "unended messages") as figures:
        before = server.resident
        token = guest_token(server)
        peers = [Raw(server, {"token": token}) for _ in range(count)]
        figures.begun = count
        for peer in peers:
            for _ in range(2):
                opening = peer.open("Conversations/History", b"", 0xFFFFFFFF, ends=False)
                peer.send(opening)
                part = Frame(Kind.MSG, opening.stream, bytes(16_000), MORE)
                peer.send(*[part] * 250)
        waiting = server.counts()["unfinished_message_bytes"] / MEBIBYTE
        figures.held = sum(not peer.has_ended for peer in peers)
        figures.mebibytes = (server.resident - before) / MEBIBYTE / count
        figures.notes.append(f"{waiting:.0f} MiB of messages are unfinished in all")
        for peer in peers:
            peer.close()
        check(waiting <= UNFINISHED_MEBIBYTES_IN_ALL, f"{waiting:.0f} MiB are unfinished")


def silent(server: Docketd, short: bool) -> None:
    """T8: connections that never say a word."""
    count = 700 if short else 5_000
    with measured(server, "silent") as figures:
        before = server.resident
        peers = []
        for _ in range(count):
            peers.append(socket.create_connection(("127.0.0.1", server.client.port), 10))
        figures.begun = count
        time.sleep(1)
        figures.held = sum(map(is_alive, peers))
        figures.mebibytes = (server.resident - before) / MEBIBYTE / max(1, figures.held)
        check(
            figures.held <= HANDSHAKES_OF_NETWORK + 1,
            f"{figures.held} silent connections have a place",
        )
        time.sleep(HANDSHAKE_SECONDS + SLACK_SECONDS)
        left = sum(map(is_alive, peers))
        figures.notes.append(f"{left} after {HANDSHAKE_SECONDS + SLACK_SECONDS} s")
        for peer in peers:
            peer.close()
        check(left == 0, f"{left} silent connections outlived the time of a handshake")


class Lingerers:
    """T1: connections that begin to sign in, never end that, and send a PING now and then."""

    def __init__(self, server: Docketd, short: bool) -> None:
        self._server = server
        self._count = 60 if short else PLACES_OF_NETWORK + 100
        self._begun = time.monotonic()
        self._measure = ExitStack()
        self._figures = self._measure.enter_context(measured(server, "without a principal"))
        self._peers = [self._connect() for _ in range(self._count)]

    def _connect(self) -> Raw:
        peer = Raw(self._server, {"software": "abuse/1"})
        peer.send(peer.open("Sessions/SignIn", b"", timeout=0xFFFFFFFF, ends=False))
        return peer

    def finish(self) -> None:
        """Wait until their life is over, and count who is left."""
        figures = self._figures
        with self._measure:
            figures.begun = self._count
            while time.monotonic() - self._begun < LIFE_SECONDS + SLACK_SECONDS:
                for peer in self._peers:
                    if not peer.has_ended:
                        peer.send(Frame(Kind.PING, 0, secrets.token_bytes(8)))
                time.sleep(2)
            for peer in self._peers:
                peer.receive(0.5, lambda peer=peer: peer.has_ended)
            figures.held = sum(not peer.has_ended for peer in self._peers)
            for peer in self._peers:
                peer.close()
            check(figures.held == 0, f"{figures.held} connections outlived 30 s")


def crowd(server: Docketd, short: bool) -> None:
    """T1: more connections without a principal than a network may have."""
    count = PLACES_OF_NETWORK + 60
    with measured(server, "a crowd without a principal") as figures:
        before = server.resident
        peers = [Raw(server, {}) for _ in range(count)]
        for peer in peers:
            peer.send(peer.open("Sessions/SignIn", b"", timeout=0xFFFFFFFF, ends=False))
        figures.begun = count
        # Those that came last are held, unless their life was over before all had come.
        for peer in peers:
            peer.receive(0.01)
        figures.held = sum(not peer.has_ended for peer in peers)
        figures.mebibytes = (server.resident - before) / MEBIBYTE / max(1, figures.held)
        for peer in peers:
            peer.close()
        check(figures.held <= PLACES_OF_NETWORK + 1, f"{figures.held} have a place")
        check(figures.held > 0, "nobody has a place")


def unread(server: Docketd, short: bool) -> None:
    """T4: a contact that asks for pages and never grants credit for them."""
    guest = wire.Guest(server.client, "Abuser")
    talk = wire.Chat(guest)
    talk.open()
    for _ in range(60 if short else 90):
        talk.post("x" * 16_000)
    page = MESSAGES.HistoryCall(conversation_id=talk.conversation, limit=200).SerializeToString()
    # Seventeen pages fit; a server built for debugging takes its time for each of them.
    count = 19 if short else 100
    with measured(server, "unread pages") as figures:
        before = server.resident
        figures.begun = 1 if short else 4
        hello = {"token": guest.token, "stream_credit": 4_096}
        peers = [Raw(server, hello) for _ in range(figures.begun)]
        for peer in peers:
            ask_and_wait(peer, page, count, 0)
        figures.mebibytes = (server.resident - before) / MEBIBYTE / figures.begun
        waiting = server.counts()["waiting_reply_bytes"] / MEBIBYTE / figures.begun
        figures.notes.append(f"{waiting:.1f} MiB of replies wait for a connection")
        check(0 < waiting <= WAITING_MEBIBYTES, f"{waiting:.1f} MiB of replies wait for one")
        refused = sum(peer.reasons()["too_many_unread_replies"] for peer in peers)
        figures.held = sum(not peer.has_ended for peer in peers)
        for peer in peers:
            peer.close()
        impatient = Raw(server, hello)
        ask_and_wait(impatient, page, 1, 2_000)
        impatient.receive(2 + SLACK_SECONDS, lambda: impatient.reasons().total() >= 1)
        late = impatient.reasons()["deadline_exceeded"]
        waiting = server.counts()["waiting_reply_bytes"]
        impatient.close()
        figures.notes.append(f"{refused} calls refused, {late} of 1 ended with its deadline")
        check(refused > 0, "no call was refused although far more pages waited than may")
        check(late == 1 and waiting == 0, f"{waiting:.0f} bytes wait beyond their deadline")
        # A page is in memory once more while it is made, and buffers are powers of two.
        most = 4 * WAITING_MEBIBYTES
        check(figures.mebibytes <= most, f"{figures.mebibytes:.0f} MiB for a connection")


def ask_and_wait(peer: Raw, page: bytes, count: int, timeout: int) -> None:
    """Ask for pages one after the other, each once the one before has begun to come."""
    peer.receive(10, lambda: any(frame.kind == Kind.STREAMS for frame in peer.frames))
    for _ in range(count):
        opening = peer.open("Conversations/History", page, timeout=timeout)
        peer.send(opening)
        peer.receive(5, lambda: peer.frames[-1].stream == opening.stream)


def greedy(server: Docketd, short: bool) -> None:
    """T4: one contact fills what may wait on all connections, with deadlines of weeks."""
    del short
    abuser, other = wire.Guest(server.client, "Abuser"), wire.Guest(server.client, "Other")
    pages: list[bytes] = []
    for guest in (abuser, other):
        talk = wire.Chat(guest)
        talk.open()
        for _ in range(90):
            talk.post("x" * 16_000)
        call = MESSAGES.HistoryCall(conversation_id=talk.conversation, limit=200)
        pages.append(call.SerializeToString())
    with measured(server, "greedy") as figures:
        before = server.resident
        figures.begun = WAITING_MEBIBYTES_IN_ALL // WAITING_MEBIBYTES + 4
        hello = {"token": abuser.token, "stream_credit": 4_096}
        peers = [Raw(server, hello) for _ in range(figures.begun)]
        for peer in peers:
            ask_and_wait(peer, pages[0], 20, 0xFFFFFFFF)
        waiting = server.counts()["waiting_reply_bytes"] / MEBIBYTE
        figures.mebibytes = (server.resident - before) / MEBIBYTE / figures.begun
        figures.held = sum(not peer.has_ended for peer in peers)
        figures.notes.append(f"{waiting:.0f} MiB of replies wait in all")
        check(waiting <= WAITING_MEBIBYTES_IN_ALL, f"{waiting:.0f} MiB of replies wait in all")
        patient = Raw(server, {"token": other.token, "stream_credit": 4_096})
        ask_and_wait(patient, pages[1], 3, 0)
        refused = patient.reasons().total()
        figures.notes.append(f"{refused} calls of another contact refused")
        check(refused == 0, "another contact's replies ended for the sake of the greedy one's")
        patient.close()
        for peer in peers:
            peer.close()


def noise(server: Docketd, short: bool) -> None:
    """T5: what strangers would make a log full with."""
    seconds = 4 if short else 20
    with measured(server, "noise") as figures:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            peer = Raw(server, {})
            calls = [peer.open("Sessions/SignIn", b"", timeout=1, ends=False) for _ in range(8)]
            peer.send(*calls)
            peer.receive(0.02)
            peer.send(Frame(15))
            peer.close()
            plain = socket.create_connection(("127.0.0.1", server.client.port), 10)
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
            plain.close()
            figures.begun += 2
        counts = server.counts()
    failed = sum(v for name, v in counts.items() if name.startswith("calls_failed_total"))
    check(failed > 0, "what failed is not counted")


def slow_frames(server: Docketd, token: bytes) -> list[str]:
    """T6: whole frames whose writes never end on a frame's border."""
    peer = Raw(server, {"token": token})
    frame = Frame(wire.FIRST_IGNORABLE_KIND, 0, bytes(15_000)).encode()
    stream = frame * 10
    place = 7_000
    peer.transport.send(stream[:place])
    begun = time.monotonic()
    while time.monotonic() - begun < FRAME_SECONDS + SLACK_SECONDS and place < len(stream):
        time.sleep(1.5)
        peer.transport.send(stream[place : place + len(frame)])
        place += len(frame)
        peer.receive(0.01)
        if peer.has_ended:
            return ["a frame every 1.5 s was cut"]
    peer.close()
    return []


def slow_greeting(server: Docketd) -> list[str]:
    """T7: a slow handshake, then a HELLO that takes its time."""
    client = server.client
    plain = socket.create_connection((client.host, client.port), 10)
    time.sleep(HANDSHAKE_SECONDS - 1.5)
    secure = client.context.wrap_socket(plain, server_hostname=client.host)
    time.sleep(1.5)
    secure.sendall(Frame(Kind.HELLO, 0, b"").encode() + Frame(Kind.PING, 0, bytes(8)).encode())
    secure.settimeout(5)
    frames: list[Frame] = []
    decoder = FrameDecoder(65_536)
    try:
        while not any(frame.kind in (Kind.PONG, Kind.GOAWAY) for frame in frames):
            data = secure.recv(65_536)
            if not data:
                break
            frames += decoder.feed(data)
    except OSError as error:
        return [f"HELLO after a slow handshake: {error}"]
    secure.close()
    if not any(frame.kind == Kind.PONG for frame in frames):
        return ["HELLO in time after a slow handshake was refused"]
    return []


class Patience:
    """T6 and T7: what is slow, but in time."""

    def __init__(self, server: Docketd) -> None:
        token = guest_token(server)
        self._problems: list[str] = []
        tasks = [lambda: slow_frames(server, token), lambda: slow_greeting(server)]
        self._threads = [
            threading.Thread(target=lambda task=task: self._problems.extend(task()))
            for task in tasks
        ]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Wait for both, and see that neither was cut off."""
        for thread in self._threads:
            thread.join(60)
        held = len(self._threads) - len(self._problems)
        print(f"slow but in time: {held} of {len(self._threads)} served", flush=True)
        check(not self._problems, "; ".join(self._problems))


def upload(server: Docketd, talk: wire.Chat) -> str:
    """Upload a small file; give the reason of the refusal, or nothing."""
    data = b"a small file"
    call = MESSAGES.UploadCall(
        header=MESSAGES.CommandHeader(command_id=wire.new_identifier()),
        conversation_id=talk.conversation,
        name="small.txt",
        size=len(data),
        data=data,
    )
    try:
        talk.guest.connected().unary("Attachments/Upload", call.SerializeToString())
    except wire.CallRefused as refused:
        check(refused.status.retry_after_milliseconds > 0, f"{refused} names no time to retry")
        return refused.reason
    return ""


def descriptors(program: str, folder: Path) -> None:
    """T8 and T11: no descriptor is left for another connection."""
    server = Docketd(program, folder, descriptors=300)
    try:
        guest = wire.Guest(server.client, "Uploader")
        talk = wire.Chat(guest)
        talk.open()
        with measured(server, "few descriptors", is_served=False) as figures:
            figures.begun = 300
            # One contact may not have so many connections.
            tokens = [guest_token(server) for _ in range(4)]
            peers = []
            for number in range(figures.begun):
                try:
                    peers.append(Raw(server, {"token": tokens[number % len(tokens)]}))
                except OSError:
                    continue
            for peer in peers:
                peer.receive(0.01)
            figures.held = sum(not peer.has_ended for peer in peers)
            check(figures.held < 300 - 64, f"{figures.held} connections take all descriptors")
            check(figures.held > 100, f"only {figures.held} connections have a place")
            check(upload(server, talk) == "", "no descriptor was kept back for a file")
            for peer in peers[:20]:
                peer.close()
            exhaust(server, talk, figures)
            for peer in peers[20:]:
                peer.close()
        connection = server.client.connect()
        connection.unary("Health/Check", b"", 10)
        connection.close()
    finally:
        server.stop()


def exhaust(server: Docketd, talk: wire.Chat, figures: Figures) -> None:
    """Take the last descriptor away, have somebody connect, and see that the server rests."""
    time.sleep(1.5)
    before, lines = server.processor_seconds, server.log.count("descriptors")
    # The limit is above every number that may still be given.
    limit = server.free_descriptor
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (limit, 300))
    plain = socket.create_connection(("127.0.0.1", server.client.port), 10)
    try:
        time.sleep(3)
        reason = upload(server, talk)
        used = server.processor_seconds - before
        told = server.log.count("descriptors") - lines
        figures.notes.append(f"{used:.2f} s of processor time in 3 s without a descriptor")
        check(reason == "overloaded", f"a file without a descriptor is answered '{reason}'")
        check(used < 1, f"it took {used:.1f} s of processor time to accept nothing")
        check(told == 1, f"{told} lines of log tell of the missing descriptors")
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (300, 300))
        plain.close()
    time.sleep(2)


ABUSES: dict[str, Callable[[Docketd, bool], None]] = {
    "silent": silent,
    "unread": unread,
    "greedy": greedy,
    "crowded": crowded,
    "unended": unended,
    "noise": noise,
    "crowd": crowd,
}


FULL_ONLY = {"greedy"}
"""What takes more memory than a short run should."""

NAMES = [*ABUSES, "patience", "lingerers", "descriptors"]


def run(options: argparse.Namespace, folder: Path) -> list[str]:
    """Run the abuses; give what does not hold."""
    problems: list[str] = []

    def attempt(body: Callable[[], None]) -> None:
        try:
            body()
        except Broken as broken:
            problems.append(str(broken))

    chosen = options.only or NAMES
    server = Docketd(options.docketd, folder / "first")
    try:
        # Those that are slow go on beside the others, but for the silent, who take their places.
        slow: list[Lingerers | Patience] = []
        if "lingerers" in chosen:
            slow.append(Lingerers(server, options.short))
        for name, abuse in ABUSES.items():
            if name in chosen and not (options.short and name in FULL_ONLY):
                attempt(lambda abuse=abuse: abuse(server, options.short))
            if name == "silent" and "patience" in chosen:
                slow.append(Patience(server))
        if "descriptors" in chosen:
            attempt(lambda: descriptors(options.docketd, folder / "second"))
        for task in slow:
            attempt(task.finish)
    finally:
        server.stop()
    return problems


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--docketd", required=True, help="The server's program.")
    parser.add_argument("--short", action="store_true", help="Less of everything.")
    parser.add_argument("--only", nargs="+", choices=NAMES, help="These abuses alone.")
    options = parser.parse_args()
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))
    with tempfile.TemporaryDirectory(prefix="docket-abuse-") as folder:
        MESSAGES.compile(folder)
        try:
            problems = run(options, Path(folder))
        except OSError as error:
            print(error, file=sys.stderr)
            return 2
    for problem in problems:
        print(f"does not hold: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
