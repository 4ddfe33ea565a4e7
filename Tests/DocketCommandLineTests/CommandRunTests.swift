import DocketTerminal
import Glibc
import Testing

@testable import DocketCommandLine

@Suite("Every program ends by the same rules")
struct CommandRunTests {
    private struct Action: CommandAction {
        let body: @Sendable () throws -> DocketCommandLine.ExitStatus

        func act() async throws -> DocketCommandLine.ExitStatus { try body() }
    }

    private struct Mistake: Error {}

    private struct Explained: CommandEnding {
        let failure = CommandFailure("no", status: .unreachable)
    }

    /// A pipe with both its ends.
    private struct Pipe: ~Copyable {
        let input: Int32
        let output: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            (input, output) = (ends[0], ends[1])
        }

        /// What was written, once nobody writes any more.
        consuming func text() -> String {
            close(output)
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = read(input, &bytes, bytes.count)
            close(input)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
    }

    private func status(
        _ body: @escaping @Sendable () throws -> DocketCommandLine.ExitStatus
    ) async -> DocketCommandLine.ExitStatus {
        let nowhere = OutputWriter(descriptor: -1)
        return await CommandRun(of: "docket", output: nowhere, errors: nowhere)
            .run {
                Action(body: body)
            } explain: { _ in
                .init("", isHelp: true)
            }
    }

    @Test("A program whose reader has left has done what it was asked")
    func closedPipe() async throws {
        let pipe = try Pipe()
        close(pipe.input)
        let writer = OutputWriter(descriptor: pipe.output)
        let status = await status {
            try writer.write("stored as message 1 of request 1\n")
            return .done
        }
        close(pipe.output)
        #expect(status == .done)
    }

    @Test("A full disk is no mistake in the command line")
    func fullDisk() async throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let writer = OutputWriter(descriptor: full)
        let errors = try Pipe()
        let run = CommandRun(of: "docket", errors: OutputWriter(descriptor: errors.output))
        let action = Action {
            try writer.write("lost\n")
            return .done
        }
        let status = await run.run {
            action
        } explain: { _ in
            .init("", isHelp: true)
        }
        #expect(status == .localFile)
        let told = errors.text()
        #expect(told == "docket: cannot write: No space left on device\n")
    }

    @Test("What an action throws decides how the program ends, and never counts as usage")
    func faults() async {
        let cases: [(error: any Error, status: DocketCommandLine.ExitStatus)] = [
            (CommandFailure("no", status: .notFound), .notFound),
            (Explained(), .unreachable), (CancellationError(), .interrupted),
            (Mistake(), .localFile),
        ]
        for (error, expected) in cases {
            let status = await status { throw error }
            #expect(status == expected, "\(error)")
        }
    }

    @Test("Help is a success on standard output, a mistake a failure on standard error")
    func explanations() async throws {
        for isHelp in [true, false] {
            let output = try Pipe()
            let errors = try Pipe()
            let status = await CommandRun(
                of: "docket",
                output: OutputWriter(descriptor: output.output),
                errors: OutputWriter(descriptor: errors.output)
            ).run {
                throw Mistake()
            } explain: { _ in
                .init("words", isHelp: isHelp)
            }
            #expect(status == (isHelp ? .done : .usage))
            let (shown, told) = (output.text(), errors.text())
            #expect(shown == (isHelp ? "words\n" : ""))
            #expect(told == (isHelp ? "" : "words\n"))
        }
    }

    @Test("A command line that asks for nothing is a success")
    func nothing() async {
        let status = await CommandRun(of: "docket").run {
            nil
        } explain: { _ in
            .init("", isHelp: false)
        }
        #expect(status == .done)
    }
}
