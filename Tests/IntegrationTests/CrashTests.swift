import DocketClient
import DocketTestSupport
import Foundation
import Testing

extension IntegrationTests {
    @Suite("A client that is killed loses no message that it has queued, and doubles none")
    struct CrashTests {
        private let texts = ["one", "two", "three"]

        @Test(
            "Killed at any step of a message's way, it goes on from there",
            arguments: OutboxFailpoint.allCases.filter { !OutboxFailpoint.ofMarks.contains($0) }
        )
        func failpoints(_ failpoint: OutboxFailpoint) async throws {
            let desk = try await CrashDesk()
            let environment = ["ATTACHMENT": try desk.attachment]
            let killed = try await desk.run(
                texts,
                failpoint: failpoint.rawValue,
                environment: environment
            )
            #expect(killed.status == 128 + SIGKILL, "\(killed.log)")
            if [.spooled, .beforeKept, .kept].contains(failpoint) {
                #expect(killed.queued.isEmpty)
            }
            let again = try await desk.run([])
            #expect(again.isEmpty, "\(again.log)")
            try await desk.verify(queued: killed.queued, of: texts, files: 1)
            #expect(desk.spooled.isEmpty)
        }

        @Test(
            "Killed at any step of a read mark's way, it reaches the server if it was kept",
            arguments: OutboxFailpoint.ofMarks
        )
        func marks(_ failpoint: OutboxFailpoint) async throws {
            let desk = try await CrashDesk()
            _ = try await desk.run(["one"])
            let offset = try await desk.answer("Have you tried another cable?")
            let killed = try await desk.run(
                [],
                failpoint: failpoint.rawValue,
                environment: ["MARK": "\(offset)"]
            )
            #expect(killed.status == 128 + SIGKILL, "\(killed.log)")
            let again = try await desk.run([])
            #expect(again.isEmpty, "\(again.log)")
            #expect(try await desk.marks() == (failpoint == .beforeMarkKept ? [] : [offset]))
        }

        @Test(
            "Killed at any step of the erasing, the next one finds nothing and is somebody new",
            arguments: ErasingFailpoint.allCases
        )
        func erasing(_ failpoint: ErasingFailpoint) async throws {
            let desk = try await CrashDesk()
            try await desk.stopServer()
            let queueing = try desk.start(
                ["one"],
                environment: ["ATTACHMENT": try desk.attachment]
            )
            try await eventually("a message is queued") {
                CrashDesk.Run(queueing).queued.count == 1
            }
            queueing.send(SIGKILL)
            try await queueing.ended()
            #expect(desk.spooled.count == 1)
            let killed = try await desk.run(
                [],
                failpoint: failpoint.rawValue,
                environment: ["ERASE": "1"]
            )
            #expect(killed.status == 128 + SIGKILL, "\(killed.log)")
            #expect(desk.profileFiles.contains("erase.pending"))
            if failpoint != .marked { #expect(!desk.profileFiles.contains("state.sqlite")) }
            try await desk.startServer()
            let known = desk.forgetConversation()
            let again = try await desk.run([])
            #expect(again.isEmpty, "\(again.log)")
            #expect(again.conversation != nil && again.conversation != known)
            #expect(desk.spooled.isEmpty)
            #expect(!desk.profileFiles.contains("erase.pending"))
            #expect(try await desk.verify(queued: [], of: []).isEmpty)
        }

        @Test("Marked as read without a server, killed, started again: the server hears of it once")
        func markedOffline() async throws {
            let desk = try await CrashDesk()
            _ = try await desk.run(["one"])
            let offset = try await desk.answer("Have you tried another cable?")
            try await desk.stopServer()
            let program = try desk.start([], environment: ["MARK": "\(offset)"])
            try await eventually("the mark is kept") {
                program.output.contains("marked \(offset)")
            }
            program.send(SIGKILL)
            #expect(try await program.ended() == 128 + SIGKILL)
            let second = try desk.start([])
            try await desk.startServer()
            #expect(try await second.ended() == 0, "\(second.log)")
            #expect(try await desk.marks() == [offset])
        }

        @Test("Queued without a server, killed, started again: all arrives, once and in order")
        func offline() async throws {
            let desk = try await CrashDesk()
            try await desk.stopServer()
            let program = try desk.start(texts)
            try await eventually("three messages are queued") {
                CrashDesk.Run(program).queued.count == 3
            }
            program.send(SIGKILL)
            #expect(try await program.ended() == 128 + SIGKILL)
            let queued = CrashDesk.Run(program).queued
            let second = try desk.start([])
            try await desk.startServer()
            #expect(try await second.ended() == 0, "\(second.log)")
            #expect(try await desk.verify(queued: queued, of: texts) == texts)
        }

        @Test("A server that is killed and comes back gets everything once and in order")
        func serverKilled() async throws {
            let desk = try await CrashDesk()
            let many = (1...200).map { "message \($0)" }
            let program = try desk.start(many)
            for _ in 0..<3 {
                let seen = CrashDesk.Run(program).queued.count
                try await eventually("more is queued, or all") {
                    let count = CrashDesk.Run(program).queued.count
                    return count > seen || count == many.count
                }
                try await desk.killServer()
                try await desk.startServer()
            }
            #expect(try await program.ended() == 0, "\(program.log)")
            let queued = CrashDesk.Run(program).queued
            #expect(try await desk.verify(queued: queued, of: many) == many)
        }

        @Test("Killed before any commit, of the profile's making or of a message's way, it goes on")
        func everyCommit() async throws {
            let disk = try await FailingDisk()
            let desk = try await CrashDesk()
            var step = 0
            var status: Int32 = -1
            while status != 0, step < 200 {
                step += 1
                desk.beginAnew()
                let environment = [
                    "LD_PRELOAD": disk.folder("disk.so"), "FAULT_KILL": "\(step)",
                    "ATTACHMENT": try desk.attachment,
                ]
                let first = try await desk.run(texts, environment: environment)
                status = first.status
                #expect(status == 0 || status == 128 + SIGKILL, "step \(step): \(first.log)")
                let again = try await desk.run([])
                #expect(again.isEmpty, "step \(step): \(again.log)")
                try await desk.verify(queued: first.queued, of: texts, files: 1)
                // A process may end between a verdict and the end of its file; the next one sweeps.
                if !desk.spooled.isEmpty { _ = try await desk.run([]) }
                #expect(desk.spooled.isEmpty, "step \(step)")
            }
            #expect(step > 10 && status == 0, "the last step was \(step)")
        }

        @Test("Killed before any commit of a snapshot, a page or the feed, all is shown, and once")
        func everyCommitOfReading() async throws {
            let disk = try await FailingDisk()
            let desk = try await CrashDesk()
            var step = 0
            var statuses: [Int32] = [-1]
            while !statuses.allSatisfy({ $0 == 0 }), step < 100 {
                step += 1
                statuses = []
                desk.beginAnew()
                _ = try await desk.run(["one"])
                // At first everything comes by a snapshot and pages of the past, then by the feed.
                for (answer, said) in [
                    ("two", ["one", "two"]), ("three", ["one", "two", "three"]),
                ] {
                    _ = try await desk.answer(answer)
                    let killed = try await desk.run(
                        [],
                        environment: [
                            "LD_PRELOAD": disk.folder("disk.so"), "FAULT_KILL": "\(step)",
                            "SYNC": "1",
                        ]
                    )
                    #expect([0, 128 + SIGKILL].contains(killed.status), "\(killed.log)")
                    statuses.append(killed.status)
                    let again = try await desk.run([], environment: ["SYNC": "1"])
                    #expect(again.shown == said, "step \(step): \(again.log)")
                }
            }
            #expect(step > 3 && statuses == [0, 0], "the last step was \(step)")
        }

        @Test(
            "After a power cut before any commit, what was acknowledged is there and arrives once"
        )
        func powerCut() async throws {
            var random = SeededRandom()
            let disk = try await FailingDisk()
            let desk = try await CrashDesk()
            var step = 0
            var status: Int32 = -1
            while status != 0, step < 200 {
                step += 1
                desk.beginAnew()
                let seed = UInt32.random(in: 0 ... .max, using: &random)
                let environment = [
                    "LD_PRELOAD": disk.folder("disk.so"), "FAULT_KILL": "\(step)",
                    "FAULT_CUT": "\(seed)", "ATTACHMENT": try desk.attachment,
                ]
                let first = try await desk.run(texts, environment: environment)
                status = first.status
                let comment: Comment = "step \(step), cut \(seed), \(random.replay)"
                #expect(status == 0 || status == 128 + SIGKILL, "\(comment): \(first.log)")
                let again = try await desk.run([])
                #expect(again.isEmpty, "\(comment): \(again.log)")
                try await desk.verify(queued: first.queued, of: texts, files: 1)
                // A process may end between a verdict and the end of its file; the next one sweeps.
                if !desk.spooled.isEmpty { _ = try await desk.run([]) }
                #expect(desk.spooled.isEmpty, "step \(step)")
            }
            #expect(step > 10 && status == 0, "the last step was \(step)")
        }
    }
}

/// A server and a profile for `docket-crash`.
private final class CrashDesk {
    /// What a run of the program has printed.
    struct Run {
        let status: Int32
        let log: String
        private let lines: [Substring]

        init(_ program: Program, status: Int32 = 0) {
            self.status = status
            log = program.log
            lines = program.output.split(separator: "\n")
        }

        /// The ids of the messages that it said it had queued.
        var queued: [MessageID] {
            lines.filter { $0.hasPrefix("queued ") }
                .compactMap { MessageID(String($0.dropFirst(7))) }
        }

        /// What it said was shown.
        var shown: [String] {
            lines.filter { $0.hasPrefix("shown ") }.map { String($0.dropFirst(6)) }
        }

        /// The conversation that it opened.
        var conversation: ConversationID? {
            lines.lazy.filter { $0.hasPrefix("conversation ") }
                .compactMap { ConversationID(String($0.dropFirst(13))) }.first
        }

        /// Whether its outbox was empty at its end.
        var isEmpty: Bool { lines.last == "empty" }
    }

    private let folder: TestFolder
    private var server: TestServer
    private let credentials: String
    private let agent: Credential
    private var conversation: ConversationID?
    private var profiles = 1

    /// Starts a server, and lets the profile's guest open its conversation.
    init() async throws {
        folder = try TestFolder()
        server = try await TestServer.start(in: folder)
        credentials = folder("data/dev-credentials.json")
        agent = try #require(try SavedCredentials(contentsOf: credentials).agent)
        let run = try await run([])
        #expect(run.isEmpty, "\(run.log)")
    }

    /// Takes a new profile.
    func beginAnew() {
        profiles += 1
        conversation = nil
    }

    /// Lets the next run open its conversation; gives the one that was known.
    func forgetConversation() -> ConversationID? {
        defer { conversation = nil }
        return conversation
    }

    func startServer() async throws {
        server = try await TestServer.start(in: folder, listen: server.address)
    }

    func stopServer() async throws {
        #expect(try await server.stop() == 0)
    }

    func killServer() async throws {
        try await server.kill()
    }

    /// Starts the program.
    func start(
        _ texts: [String],
        failpoint: String = "none",
        environment: [String: String] = [:]
    ) throws -> Program {
        var environment = environment
        if let conversation { environment["CONVERSATION"] = "\(conversation)" }
        return try Program(
            try Program.built("docket-crash"),
            [folder("profile-\(profiles)"), credentials, failpoint] + texts,
            environment: environment,
            in: folder
        )
    }

    /// Runs the program to its end.
    func run(
        _ texts: [String],
        failpoint: String = "none",
        environment: [String: String] = [:]
    ) async throws -> Run {
        let program = try start(texts, failpoint: failpoint, environment: environment)
        let run = Run(program, status: try await program.ended())
        conversation = run.conversation ?? conversation
        return Run(program, status: run.status)
    }

    /// A file of several parts, for messages to have.
    var attachment: String {
        get throws {
            let path = folder("attachment")
            try Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
                .write(to: URL(filePath: path))
            return path
        }
    }

    /// What lies in the profile's folder.
    var profileFiles: [String] {
        let path = folder("profile-\(profiles)")
        return (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    /// What is left in the profile's spool.
    var spooled: [String] {
        let path = folder("profile-\(profiles)/spool")
        return (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    /// Lets an agent answer; gives where the answer stands.
    func answer(_ text: String) async throws -> UInt64 {
        let conversation = try #require(conversation)
        let server = try SavedCredentials(contentsOf: credentials).server
        return try await DocketClient.withClient(to: server, as: agent) { client in
            let outcome = try await client.conversation(conversation).post(text)
            guard case .posted(let receipt) = outcome else { throw Unanswered(outcome: outcome) }
            return receipt.offset
        }
    }

    private struct Unanswered: Error {
        let outcome: PostOutcome
    }

    /// The guest's read marks that the server has, in order.
    func marks() async throws -> [UInt64] {
        let conversation = try #require(conversation)
        let server = try SavedCredentials(contentsOf: credentials).server
        return try await DocketClient.withClient(to: server, as: agent) { client in
            try await client.conversation(conversation).history(limit: 200).events.compactMap {
                guard case .readMarked(let offset) = $0.fact, $0.actor?.kind == .contact else {
                    return nil
                }
                return offset
            }
        }
    }

    /// Compares what the server has with what was queued; gives the texts that it has.
    @discardableResult
    func verify(
        queued: [MessageID],
        of texts: [String],
        files: Int = 0
    ) async throws -> [String] {
        let conversation = try #require(conversation)
        let server = try SavedCredentials(contentsOf: credentials).server
        return try await DocketClient.withClient(to: server, as: agent) { client in
            let page = try await client.conversation(conversation).history(limit: 200)
            let more = try await client.conversation(conversation).history(
                .before(page.range.lowerBound),
                limit: 200
            )
            let messages = (more.events + page.events).compactMap { event -> Message? in
                if case .messagePosted(let message) = event.fact { message } else { nil }
            }
            #expect(messages.map(\.text) == Array(texts.prefix(messages.count)))
            for message in messages {
                #expect(message.attachments.map(\.size) == Array(repeating: 100_000, count: files))
            }
            #expect(messages.count - queued.count <= 1)
            #expect(Array(messages.map(\.id).prefix(queued.count)) == queued)
            return messages.map(\.text)
        }
    }
}
