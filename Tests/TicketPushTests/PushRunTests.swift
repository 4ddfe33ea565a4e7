import DocketClient
import DocketCommandLine
import DocketTerminal
import Foundation
import Testing

@testable import DocketClient
@testable import docket_ticket_push

@Suite("A file is pushed as a whole, and each row that is not there is told")
struct PushRunTests {
    /// A folder with an input, and what a run has written.
    private final class Folder {
        let path = NSTemporaryDirectory() + "docket-ticket-push-\(UUID().uuidString)"

        init(_ input: [UInt8]) throws {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
            try write(input, to: "input")
            for name in ["out", "log"] { try write([], to: name) }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func callAsFunction(_ name: String) -> String { path + "/" + name }

        func write(_ bytes: [UInt8], to name: String) throws {
            try Data(bytes).write(to: URL(filePath: self(name)))
        }

        func append(_ text: String) throws {
            let file = try FileHandle(forWritingTo: URL(filePath: self("input")))
            try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
            try file.close()
        }

        func text(_ name: String) throws -> String {
            try String(contentsOfFile: self(name), encoding: .utf8)
        }
    }

    private let desk = FakeDesk { ticket, _ in
        guard ticket.text != "refuse" else {
            let reason = Refusal(reason: "invalid_value", message: "", particulars: "topic")
            return .refused(reason, mayBeRepeated: false)
        }
        return .pushed(
            PushedTicket(
                requestID: ticket.id,
                number: 1,
                offset: 1,
                wasKnown: ticket.text == "known"
            )
        )
    }

    private func push(
        _ folder: Folder,
        check: Bool = false,
        rejects: RejectsFile? = nil,
        before: () throws -> Void = {}
    ) async throws -> DocketCommandLine.ExitStatus {
        let input = try InputBytes(folder("input"))
        try before()
        let descriptors = ["out", "log"].map { open(folder($0), O_WRONLY | O_TRUNC) }
        defer { for descriptor in descriptors { close(descriptor) } }
        var run = PushRun(
            over: input,
            RowReader(),
            TicketMap(channel: "api"),
            check ? nil : Pusher(to: desk) { _ in },
            rejects: rejects,
            following: nil,
            report: PushReport(
                to: OutputWriter(descriptor: descriptors[0]),
                OutputWriter(descriptor: descriptors[1]),
                isLive: false,
                width: 80
            ),
            elapsed: { .zero }
        )
        return try await run.run()
    }

    private static let rows = """
        key,contact,text,colour
        1,7,hello,red
        2,7,refuse,red
        3,7
        4,7,known,red
        ,7,hello,red
        """

    @Test("Each refused row has a line with its number, its key and the reason")
    func lines() async throws {
        let folder = try Folder(Array(Self.rows.utf8))
        let rejects = try RejectsFile(folder("mend.csv"))
        #expect(try await push(folder, rejects: rejects) == .partlyDone)
        #expect(
            try folder.text("out") == """
                line 4: the row has 2 fields and the header 4 (field_count)
                line 6: key is empty (field_missing)
                line 3: 2: the desk does not take this value: topic (invalid_value)
                5 rows: 1 opened, 1 there before, 3 refused

                """
        )
        #expect(try folder.text("log").contains("no part of a ticket has this name: colour\n"))
        let mend = "key,contact,text,colour\n3,7\n,7,hello,red\n2,7,refuse,red\n"
        #expect(try folder.text("mend.csv") == mend)
        #expect(!FileManager.default.fileExists(atPath: folder("mend.csv.part")))
        #expect(desk.calls == [["1", "2", "4"]])
        #expect(throws: CommandFailure.self) { try RejectsFile(folder("mend.csv")) }
    }

    @Test("A check pushes nothing, and tells keys that are used twice")
    func check() async throws {
        let text = "key,contact,text\n1,7,a\n1,7,b\n1,7,a\n2,7,c\n"
        let folder = try Folder(Array(text.utf8))
        #expect(try await push(folder, check: true) == .partlyDone)
        #expect(
            try folder.text("out") == """
                line 3: 1: an earlier row has its key and another content (key_reused)
                4 rows: 3 can be pushed, 1 cannot

                """
        )
        #expect(desk.calls.isEmpty)
    }

    @Test("Nothing refused leaves no file behind")
    func noRejects() async throws {
        let folder = try Folder(Array("key,contact,text\n1,7,a\n".utf8))
        let rejects = try RejectsFile(folder("mend.csv"))
        #expect(try await push(folder, rejects: rejects) == .done)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.sorted() == ["input", "log", "out"])
    }

    @Test("A row that is too long is told and among the refused as it stood, and stops no other")
    func longRow() async throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: Row.longest)
        let row = Array("1,7,".utf8) + long + Array("\n".utf8)
        let text = Array("key,contact,text\n0,7,refuse\n".utf8) + row + Array("2,7,a\n".utf8)
        let folder = try Folder(text)
        let rejects = try RejectsFile(folder("mend.csv"))
        #expect(try await push(folder, rejects: rejects) == .partlyDone)
        #expect(
            try folder.text("out").contains("\nline 3: the row has more than 1048576 bytes (row_")
        )
        #expect(desk.calls == [["0"], ["2"]])
        let mend = Array("key,contact,text\n0,7,refuse\n".utf8) + row
        #expect(try Data(contentsOf: URL(filePath: folder("mend.csv"))) == Data(mend))
    }

    @Test("All rows that an open quote has taken are told, and among the refused as they stood")
    func openQuote() async throws {
        let rows = (1...60_000).map { "\($0),7,hello there\n" }.joined()
        let taken = "0,7,\"not closed\n" + rows
        let folder = try Folder(Array(("key,contact,text\n" + taken).utf8))
        let rejects = try RejectsFile(folder("mend.csv"))
        #expect(try await push(folder, rejects: rejects) == .refused)
        let told = "lines 2 to 60002: the quote that opens on line 2 is never closed"
        #expect(try folder.text("out").hasPrefix(told))
        #expect(try folder.text("mend.csv") == "key,contact,text\n" + taken)
        let closed = taken + "x,7,\"closed\"\ny,7,hello\n"
        let second = try Folder(Array(("key,contact,text\n" + closed).utf8))
        #expect(try await push(second, rejects: RejectsFile(second("mend.csv"))) == .partlyDone)
        #expect(
            try second.text("out").hasPrefix(
                "lines 2 to 60003: the row has more than 1048576 bytes: the quote that opens on "
                    + "line 2 is not closed before that (row_too_long)\n"
            )
        )
        #expect(desk.calls == [["y"]])
        let mend = try second.text("mend.csv")
        #expect(mend == "key,contact,text\n" + taken + "x,7,\"closed\"\n")
    }

    @Test("Rows that are added while the file is read are pushed, but for one that is not whole")
    func growing() async throws {
        let folder = try Folder(Array("key,contact,text\n1,7,a\n".utf8))
        #expect(try await push(folder) { try folder.append("2,7,b\n") } == .done)
        let failure = await #expect(throws: CommandFailure.self) {
            try await push(folder) { try folder.append("3,7,hal") }
        }
        #expect(failure?.status == .tryAgainLater)
        #expect(desk.calls == [["1", "2"], ["1", "2"]])
        #expect(try await push(folder) { try folder.append("f\n4,7,d\n") } == .done)
    }

    @Test("A file without the columns of a ticket is refused before anything is pushed")
    func columns() async throws {
        let folder = try Folder(Array("id,contact,text\n1,7,a\n".utf8))
        let failure = await #expect(throws: CommandFailure.self) { try await push(folder) }
        #expect(failure?.status == .usage)
        #expect(failure?.advice.contains("--map key=COLUMN") == true)
        #expect(desk.calls.isEmpty)
    }

    @Test("Many rows go in calls of a hundred, in their order")
    func batches() async throws {
        let rows = (1...250).map { "\($0),7,hello\n" }.joined()
        let folder = try Folder(Array(("key,contact,text\n" + rows).utf8))
        #expect(try await push(folder) == .done)
        #expect(desk.calls.map(\.count) == [100, 100, 50])
        #expect(desk.calls.flatMap(\.self) == (1...250).map(String.init))
        #expect(try folder.text("out") == "250 rows: 250 opened, 0 there before, 0 refused\n")
    }

    @Test("What cannot be read is told with its name")
    func unreadable() async throws {
        #expect(throws: CommandFailure.self) { try InputBytes("/nowhere/at/all") }
        let folder = try Folder([0xFF, 0xFE, 0x6B, 0x00])
        let failure = await #expect(throws: CommandFailure.self) { try await push(folder) }
        #expect(failure?.message.hasSuffix("input is not UTF-8 text") == true)
    }
}
