import Glibc
import Testing

@testable import DocketTerminal

/// Serialized, since a process has one terminal.
@Suite("The terminal", .serialized)
struct TerminalTests {
    @Test("An open terminal gives keys one by one, and closing puts it back")
    func opensAndCloses() async throws {
        let pseudo = try PseudoTerminal()
        #expect(pseudo.isCooked)
        let terminal = try Terminal(input: pseudo.slave, output: pseudo.slave)
        #expect(!pseudo.isCooked)
        #expect(pseudo.read() == Array(ControlSequence.bracketedPasteOn.utf8))
        terminal.close()
        terminal.close()
        #expect(pseudo.isCooked)
        let farewell = String(decoding: pseudo.read(), as: UTF8.self)
        #expect(farewell.contains(ControlSequence.bracketedPasteOff))
        #expect(farewell.contains(ControlSequence.wrappingOn))
        for await event in terminal.events {
            Issue.record("\(event) after the end")
        }
        try terminal.write([0x61])
    }

    @Test("What is typed arrives as keys, and a lone Escape after a moment")
    func readsKeys() async throws {
        let pseudo = try PseudoTerminal()
        let terminal = try Terminal(input: pseudo.slave, output: pseudo.slave)
        defer { terminal.close() }
        pseudo.type("é\u{1B}[A\u{3}\u{1B}")
        let keys: [Key] = [.scalar("é"), .up, .control("c"), .escape]
        #expect(await first(4, of: terminal.events) == keys.map(TerminalEvent.key))
    }

    @Test("Keys wait for a consumer that is late, in order and without loss")
    func keepsKeys() async throws {
        let pseudo = try PseudoTerminal()
        let terminal = try Terminal(input: pseudo.slave, output: pseudo.slave)
        defer { terminal.close() }
        let count = 3 * TerminalReader.maximumBufferedEvents
        let letters = (0..<count).map { Unicode.Scalar(UInt8(0x61 + $0 % 26)) }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: letters)
        pseudo.type(String(text))
        let expected = letters.map { TerminalEvent.key(.scalar($0)) }
        #expect(await first(count, of: terminal.events) == expected)
    }

    @Test("A new size is told, and the size can be asked for")
    func tellsSize() async throws {
        let pseudo = try PseudoTerminal()
        let terminal = try Terminal(input: pseudo.slave, output: pseudo.slave)
        defer { terminal.close() }
        #expect(terminal.size == .usual)
        pseudo.resize(columns: 132, rows: 43)
        kill(getpid(), SIGWINCH)
        let size = TerminalSize(columns: 132, rows: 43)
        #expect(await first(1, of: terminal.events) == [.resized(size)])
        #expect(terminal.size == size)
    }

    @Test("Going on after a stop makes the terminal raw again")
    func resumes() async throws {
        let pseudo = try PseudoTerminal()
        let terminal = try Terminal(input: pseudo.slave, output: pseudo.slave)
        defer { terminal.close() }
        SavedTerminal.restore()
        #expect(pseudo.isCooked)
        kill(getpid(), SIGCONT)
        #expect(await first(1, of: terminal.events) == [.resumed(.usual)])
        #expect(!pseudo.isCooked)
    }

    @Test(
        "A signal to end puts the terminal back at once and ends the events",
        arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT]
    )
    func endsOnSignal(signal: Int32) async throws {
        let pseudo = try PseudoTerminal()
        let terminal = try Terminal(input: pseudo.slave, output: pseudo.slave)
        defer { terminal.close() }
        kill(getpid(), signal)
        #expect(await first(9, of: terminal.events) == [.interrupted(signal: signal)])
        #expect(pseudo.isCooked)
    }

    @Test("A terminal that hangs up ends the events, and writing to it is told")
    func endsOnHangUp() async throws {
        let pseudo = try PseudoTerminal()
        let terminal = try Terminal(input: pseudo.slave, output: pseudo.slave)
        defer { terminal.close() }
        pseudo.hangUp()
        #expect(await first(9, of: terminal.events) == [.closed])
        #expect(throws: OutputError.closed) { try terminal.write([0x61]) }
    }

    @Test("A process has one terminal, and only a terminal is one")
    func opensOne() throws {
        let pseudo = try PseudoTerminal()
        let terminal = try Terminal(input: pseudo.slave, output: pseudo.slave)
        #expect(throws: TerminalError.alreadyOpen) {
            try Terminal(input: pseudo.slave, output: pseudo.slave)
        }
        terminal.close()
        let pipe = try SignalPipe()
        #expect(throws: TerminalError.notInteractive) {
            try Terminal(input: pipe.readingEnd, output: pseudo.slave)
        }
        try Terminal(input: pseudo.slave, output: pseudo.slave).close()
        close(pipe.readingEnd)
        close(pipe.writingEnd)
    }

    private func first(
        _ count: Int,
        of events: AsyncStream<TerminalEvent>
    ) async -> [TerminalEvent] {
        var received: [TerminalEvent] = []
        for await event in events {
            received.append(event)
            if received.count == count {
                break
            }
        }
        return received
    }
}

@Suite("Writing to a descriptor")
struct OutputWriterTests {
    @Test("All is written also where the descriptor takes little at a time")
    func writesAll() async throws {
        let pipe = try SignalPipe()
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let writer = Task.detached { try OutputWriter(descriptor: pipe.writingEnd).write(bytes) }
        var received: [UInt8] = []
        while received.count < bytes.count {
            var request = pollfd(fd: pipe.readingEnd, events: Int16(POLLIN), revents: 0)
            poll(&request, 1, -1)
            received += [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initialized in
                initialized = max(0, read(pipe.readingEnd, buffer.baseAddress, 4096))
            }
        }
        try await writer.value
        #expect(received == bytes)
        close(pipe.readingEnd)
        close(pipe.writingEnd)
    }

    @Test("A reader who left is an error, not the end of the process")
    func survivesBrokenPipe() throws {
        let pipe = try SignalPipe()
        let writer = OutputWriter(descriptor: pipe.writingEnd)
        try writer.writeLine(TerminalText("x").bold)
        close(pipe.readingEnd)
        #expect(throws: OutputError.closed) { try writer.write("y") }
        close(pipe.writingEnd)
        #expect(throws: OutputError.failed(code: EBADF)) {
            try OutputWriter(descriptor: -1).write("z")
        }
    }
}
