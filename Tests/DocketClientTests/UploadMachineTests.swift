import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketClient

@Suite("The uploads of an outbox, on a clock that only the test moves")
struct UploadMachineTests {
    private static let conversation = ConversationID()
    private let start = ContinuousClock.now
    private let lane = Lane(Self.conversation)

    /// Files of a command, of 100 bytes each.
    private static func files(_ position: UInt64, count: Int = 1) -> [QueuedFile] {
        (0..<count).map { index in
            QueuedFile(
                id: AttachmentID(),
                position: position,
                index: index,
                conversation: conversation,
                name: "file",
                size: 100,
                digest: SHA256Digest(of: []),
                spoolName: SpoolName()
            )
        }
    }

    private static func machine(
        _ change: (inout OutboxLimits) -> Void = { _ in }
    ) -> UploadMachine {
        var limits = OutboxLimits()
        change(&limits)
        return UploadMachine(limits: limits)
    }

    /// Starts everything that may be uploaded now; gives the positions.
    private func begun(
        _ machine: inout UploadMachine,
        after wait: Duration = .zero
    ) -> [QueuedFile] {
        var files: [QueuedFile] = []
        while case .upload(let file) = machine.next(at: start + wait) { files.append(file) }
        return files
    }

    @Test("Files go in the order of their commands, so many at once, whatever lane they are of")
    func order() throws {
        var machine = Self.machine()
        let (late, early) = (Self.files(7), Self.files(3, count: 3))
        machine.restore(late, in: Lane(ConversationID()))
        machine.restore(early, in: lane)
        #expect(begun(&machine) == early)
        #expect(machine.completed(early[1], at: start) == nil)
        #expect(begun(&machine) == late)
        #expect(machine.completed(late[0], at: start) == 7)
        #expect(machine.completed(early[0], at: start) == nil)
        #expect(machine.completed(early[2], at: start) == 3)
    }

    @Test("So many files are uploaded ahead, and those of each lane's first command all the same")
    func ahead() throws {
        var machine = Self.machine {
            $0.filesAhead = 2
            $0.filesUnderWay = 10
        }
        for position in UInt64(1)...4 { machine.restore(Self.files(position), in: lane) }
        #expect(begun(&machine).map(\.position) == [1, 2])
        machine.restore(Self.files(9, count: 2), in: Lane(ConversationID()))
        #expect(begun(&machine).map(\.position) == [9, 9])
        _ = machine.remove(1)
        _ = machine.remove(9)
        #expect(begun(&machine).map(\.position) == [3])
    }

    @Test("A busy server is left alone by all files, and a lost connection delays nothing")
    func failures() throws {
        var random = SeededRandom(seed: 1)
        var machine = Self.machine()
        machine.restore(Self.files(1, count: 2), in: lane)
        let files = begun(&machine)
        let requested = Duration.seconds(30)
        #expect(
            machine.failed(files[0], .busy(retryAfter: requested), at: start, using: &random)
        )
        #expect(machine.failed(files[1], .connection, at: start, using: &random))
        #expect(begun(&machine, after: .seconds(29)).isEmpty)
        #expect(begun(&machine, after: .seconds(31)) == files)
        #expect(machine.failed(files[1], .connection, at: start, using: &random))
        #expect(begun(&machine, after: .seconds(31)) == [files[1]])
    }

    @Test("A file at which the server fails every time for ten minutes stops")
    func faults() throws {
        var random = SeededRandom(seed: 1)
        var machine = Self.machine()
        machine.restore(Self.files(1), in: lane)
        for attempt in 0..<11 {
            let now = start + .seconds(60) * attempt
            guard case .upload(let file) = machine.next(at: now) else {
                Issue.record("attempt \(attempt) does not begin")
                return
            }
            #expect(machine.failed(file, .fault, at: now, using: &random) == (attempt < 10))
        }
        #expect(begun(&machine, after: .seconds(3_600)).isEmpty)
        machine.renew(1, as: nil)
        #expect(begun(&machine, after: .seconds(3_600)).count == 1)
    }

    @Test("A file that no message names for half a day is looked for again before it leaves")
    func stale() throws {
        var machine = Self.machine()
        machine.restore(Self.files(5), in: lane)
        let file = try #require(begun(&machine).first)
        #expect(machine.completed(file, at: start) == 5)
        #expect(machine.isReady(5))
        let limit = OutboxLimits().confirmation
        #expect(machine.next(at: start) == .rest(until: start + limit))
        #expect(machine.next(at: start + limit) == .hold(5))
        #expect(!machine.isReady(5))
        #expect(machine.next(at: start + limit) == .upload(file))
        #expect(machine.completed(file, at: start + limit) == 5)
    }

    @Test("A retry uploads under new ids, and what comes of the old ones changes nothing")
    func renewed() throws {
        var machine = Self.machine()
        machine.restore(Self.files(5), in: lane)
        let old = try #require(begun(&machine).first)
        let id = AttachmentID()
        machine.renew(5, as: [id])
        #expect(machine.completed(old, at: start) == nil)
        let new = begun(&machine)
        #expect(new.map(\.id) == [id])
        #expect(new.map(\.spoolName) == [old.spoolName])
        #expect(machine.completed(new[0], at: start) == 5)
        #expect(machine.attachments(of: 5).map(\.isUploaded) == [true])
        #expect(machine.remove(5) == [old.spoolName])
        #expect(machine.bytes == 0)
    }

    @Test("Room is taken before a content is copied, and beyond the limits nothing is")
    func room() throws {
        var machine = Self.machine { $0.file = 60 }
        let small = AttachmentDraft(.bytes([UInt8](repeating: 0, count: 50)), name: "small")
        let large = AttachmentDraft(.bytes([UInt8](repeating: 0, count: 61)), name: "large")
        try machine.reserve([small], capacity: 100)
        #expect(throws: EnqueueError.attachmentTooLarge("large", limit: 60)) {
            try machine.reserve([large], capacity: 100)
        }
        #expect(throws: EnqueueError.outboxFull(.files(100))) {
            try machine.reserve([small, small], capacity: 100)
        }
        try machine.reserve([small], capacity: 100)
        machine.giveBack(50)
        #expect(machine.bytes == 50)
    }
}
