import DocketClient
import DocketTestSupport
import Foundation
import Testing

extension IntegrationTests {
    @Suite("Several processes on one profile", .serialized)
    struct SharingTests {
        /// Kills a process after random times, again and again, and starts another in its place.
        private func disturb(
            _ crowd: inout Crowd,
            kills: Int,
            using random: inout SeededRandom
        ) async throws {
            for _ in 0..<kills {
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...300, using: &random)))
                let victim = Int.random(in: crowd.programs.indices, using: &random)
                try await crowd.replace(victim)
            }
        }

        @Test(
            "Processes that are killed at random deliver once what any of them has acknowledged",
            arguments: [2, 4, 8]
        )
        func kills(count: Int) async throws {
            var random = SeededRandom()
            let desk = try await SharedDesk()
            var crowd = try Crowd(count, at: desk)
            try await disturb(&crowd, kills: 2 * count + 4, using: &random)
            try await crowd.end()
            // What a killed holder has left is sent by the next one.
            let last = try desk.start(["the last word"])
            #expect(try await last.ended(within: .seconds(120)) == 0, "\(last.log)")
            let stored = try await desk.stored()
            let acknowledged = crowd.queued + SharedDesk.queued(by: last)
            let ids = stored.map(\.id)
            #expect(Set(ids).count == ids.count, "\(random.replay)")
            #expect(Set(acknowledged).isSubset(of: ids), "\(random.replay)")
            // What nobody acknowledged may have arrived, but only what somebody said.
            #expect(Set(stored.map(\.text)).isSubset(of: crowd.texts + ["the last word"]))
            for queued in crowd.queuedByProgram {
                let arrived = ids.filter(queued.contains)
                #expect(arrived == queued, "in the order of its process; \(random.replay)")
            }
        }

        @Test("Eight that begin at once are one guest with one conversation")
        func together() async throws {
            let desk = try await SharedDesk()
            let programs = try (0..<8).map { try desk.start(["message \($0)"]) }
            for program in programs {
                #expect(try await program.ended() == 0, "\(program.log)")
                #expect(program.output.contains("delivered "), "\(program.output)")
            }
            let conversations = Set(programs.compactMap(SharedDesk.conversation))
            #expect(conversations.count == 1)
            #expect(try await desk.stored().count == 8)
        }

        @Test("A holder that does not answer is named, and nobody waits for it for long")
        func silent() async throws {
            let desk = try await SharedDesk()
            let holder = try desk.start(["one"], environment: ["SHARED": "linger"])
            try await eventually("the holder has the profile") {
                holder.output.contains("delivered ")
            }
            holder.send(SIGSTOP)
            let visitor = try desk.start(["two"])
            #expect(try await visitor.ended(within: .seconds(30)) != 0)
            #expect(visitor.log.contains("process \(holder.processID)"), "\(visitor.log)")
            holder.send(SIGCONT)
            holder.send(SIGKILL)
            _ = try await holder.ended()
            let next = try desk.start(["three"])
            #expect(try await next.ended() == 0, "\(next.log)")
            #expect(try await desk.stored().map(\.text).contains("three"))
        }

        @Test("What a visitor has read is kept by the holder, and told by the next where that ends")
        func marks() async throws {
            let desk = try await SharedDesk()
            let holder = try desk.start(["one"], environment: ["SHARED": "linger"])
            try await eventually("the holder has the profile") {
                holder.output.contains("delivered ")
            }
            let offset = try await desk.answer("Have you tried another cable?")
            let visitor = try desk.start([], environment: ["MARK": "\(offset)"])
            #expect(try await visitor.ended(within: .seconds(30)) == 0, "\(visitor.log)")
            #expect(visitor.output.contains("marked \(offset)"))
            try await eventually("the holder has told the mark") {
                try await desk.marks() == [offset]
            }
            let later = try await desk.answer("Or another printer?")
            holder.send(SIGKILL)
            _ = try await holder.ended()
            let next = try desk.start([], environment: ["MARK": "\(later)"])
            #expect(try await next.ended(within: .seconds(30)) == 0, "\(next.log)")
            let last = try desk.start(["two"])
            #expect(try await last.ended(within: .seconds(30)) == 0, "\(last.log)")
            try await eventually("the next holder has told the mark") {
                try await desk.marks() == [offset, later]
            }
        }

        @Test("A folder whose path is too long for a socket is shared all the same")
        func longPath() async throws {
            let name = String(repeating: "long", count: 40)
            let desk = try await SharedDesk(profile: "\(name)/\(name)")
            let programs = try (0..<3).map { try desk.start(["message \($0)"]) }
            for program in programs {
                #expect(try await program.ended() == 0, "\(program.log)")
            }
            #expect(try await desk.stored().count == 3)
        }
    }
}

/// A server and a profile that several processes share.
private final class SharedDesk {
    private let folder: TestFolder
    private let server: TestServer
    private let credentials: SavedCredentials
    private let profile: String

    init(profile: String = "profile") async throws {
        folder = try TestFolder()
        server = try await TestServer.start(in: folder)
        credentials = try SavedCredentials(contentsOf: folder("data/dev-credentials.json"))
        self.profile = profile
    }

    /// Starts a process on the profile that sends texts.
    func start(_ texts: [String], environment: [String: String] = [:]) throws -> Program {
        try Program(
            try Program.built("docket-crash"),
            [folder(profile), folder("data/dev-credentials.json"), "none"] + texts,
            environment: ["SHARED": "1"].merging(environment) { $1 },
            in: folder
        )
    }

    /// The ids that a process has said to be durable, in order.
    static func queued(by program: Program) -> [MessageID] {
        program.output.split(separator: "\n").filter { $0.hasPrefix("queued ") }
            .compactMap { MessageID(String($0.dropFirst(7))) }
    }

    /// The conversation that a process has opened.
    static func conversation(of program: Program) -> String? {
        program.output.split(separator: "\n").first { $0.hasPrefix("conversation ") }
            .map(String.init)
    }

    /// Does something with the guest's one conversation, as an agent.
    private func inConversation<Value>(
        _ body: (Conversation) async throws -> Value
    ) async throws -> Value {
        let agent = try #require(credentials.agent)
        return try await DocketClient.withClient(to: credentials.server, as: agent) { client in
            let id = try #require(try await client.snapshot().conversations.first).id
            return try await body(client.conversation(id))
        }
    }

    private struct Unanswered: Error {
        let outcome: PostOutcome
    }

    /// Lets an agent answer; gives where the answer stands.
    func answer(_ text: String) async throws -> UInt64 {
        try await inConversation { conversation in
            let outcome = try await conversation.post(text)
            guard case .posted(let receipt) = outcome else { throw Unanswered(outcome: outcome) }
            return receipt.offset
        }
    }

    /// The guest's read marks that the server has, in order.
    func marks() async throws -> [UInt64] {
        try await inConversation { conversation in
            try await conversation.history(limit: 200).events.compactMap { event in
                guard case .readMarked(let offset) = event.fact, event.actor?.kind == .contact
                else {
                    return nil
                }
                return offset
            }
        }
    }

    /// Every message of every conversation on the server, in order.
    func stored() async throws -> [Message] {
        let agent = try #require(credentials.agent)
        return try await DocketClient.withClient(to: credentials.server, as: agent) { client in
            let conversations = try await client.snapshot().conversations
            #expect(conversations.count == 1)
            let conversation = client.conversation(try #require(conversations.first).id)
            var messages: [Message] = []
            var place = HistoryPlace.after(0)
            while true {
                let page = try await conversation.history(place, limit: 200)
                messages += page.events.compactMap { event in
                    if case .messagePosted(let message) = event.fact { message } else { nil }
                }
                guard page.events.count == 200, let last = page.events.last else { break }
                place = .after(last.offset)
            }
            return messages
        }
    }
}

/// Processes that send at once, some of which are killed and replaced.
private struct Crowd {
    private(set) var programs: [Program] = []
    private var ended: [Program] = []
    private(set) var texts: [String] = []
    private let desk: SharedDesk

    init(_ count: Int, at desk: SharedDesk) throws {
        self.desk = desk
        for _ in 0..<count { programs.append(try next()) }
    }

    private mutating func next() throws -> Program {
        let more = (0..<10).map { "text \(texts.count + $0)" }
        texts += more
        return try desk.start(more)
    }

    /// Kills a process and starts another in its place.
    mutating func replace(_ index: Int) async throws {
        let program = programs[index]
        program.send(SIGKILL)
        _ = try await program.ended()
        ended.append(program)
        programs[index] = try next()
    }

    /// Waits until all that still run have ended by themselves.
    func end() async throws {
        for program in programs {
            #expect(try await program.ended(within: .seconds(120)) == 0, "\(program.log)")
            #expect(!program.output.contains("not delivered"), "\(program.output)")
        }
    }

    /// What each process has said to be durable, in its order.
    var queuedByProgram: [[MessageID]] {
        (ended + programs).map(SharedDesk.queued)
    }

    var queued: [MessageID] { queuedByProgram.flatMap(\.self) }
}
