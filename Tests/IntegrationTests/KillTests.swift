import DocketMessages
import DocketRPC
import DocketTestSupport
import Foundation
import Synchronization
import Testing

extension IntegrationTests {
    @Suite("A server that is killed keeps what it acknowledged")
    struct KillTests {
        /// How often the server is killed: fifty times, or as the environment says.
        private static var rounds: Int {
            ProcessInfo.processInfo.environment["DOCKET_KILL_ROUNDS"].flatMap(Int.init) ?? 50
        }

        @Test("Rounds of SIGKILL during posting lose no acknowledged message and double none")
        func ledger() async throws {
            var random = SeededRandom()
            let folder = try TestFolder()
            var posters: [Poster] = []
            for round in 1...Self.rounds {
                let server = try await TestServer.start(in: folder)
                if posters.isEmpty {
                    for _ in 0..<4 { posters.append(try await Poster(at: server)) }
                }
                let goal = UInt64.random(in: 1...60, using: &random)
                let acknowledged = Counter(counting: posters.count)
                await withTaskGroup(of: Void.self) { tasks in
                    for poster in posters {
                        tasks.addTask {
                            await poster.post(to: server, acknowledged)
                            acknowledged.leaves()
                        }
                    }
                    #expect(await acknowledged.reaches(goal), "round \(round): nobody posts")
                    server.program.send(SIGKILL)
                }
                let status = try await server.program.ended()
                #expect(status == 128 + SIGKILL, "round \(round): \(server.program.log)")
            }
            let server = try await TestServer.start(in: folder)
            for poster in posters { try await poster.verify(at: server, random.replay) }
            #expect(try await server.stop() == 0)
            let check = try await TestServer.run("check", "--data", folder("data"), in: folder)
            #expect(check.status == 0, "\(check.output) \(random.replay)")
        }
    }
}

/// Counts what posters have acknowledged, and tells when it is enough.
private final class Counter: Sendable {
    private let count = Mutex<UInt64>(0)
    private let counting: Mutex<Int>
    private let steps = AsyncStream<UInt64>.makeStream(bufferingPolicy: .bufferingNewest(1))

    init(counting: Int) {
        self.counting = Mutex(counting)
    }

    /// One of those who count stops.
    func leaves() {
        let rest = counting.withLock { counting in
            counting -= 1
            return counting
        }
        if rest == 0 { steps.continuation.finish() }
    }

    func add() {
        let count = count.withLock { count in
            count += 1
            return count
        }
        steps.continuation.yield(count)
    }

    /// Waits until so many have been counted; false when nobody counts any more.
    func reaches(_ goal: UInt64) async -> Bool {
        for await count in steps.stream where count >= goal { return true }
        return false
    }
}

/// A guest who posts without pause, and keeps a ledger of what the server has acknowledged.
private final class Poster: Sendable {
    /// What was sent and what came of it.
    private struct Ledger {
        var acknowledged: [Said] = []
        /// Sent, without an answer: repeated with the same id until there is one.
        var pending: (id: Data, text: String)?
        var count = 0

        /// What to send next.
        mutating func next() -> (id: Data, text: String) {
            if let pending { return pending }
            count += 1
            let made = (id: TestClient.newID(), text: "message \(count)")
            pending = made
            return made
        }

        mutating func note(_ reply: Docket_V1_PostReply) {
            guard let sent = pending else { return }
            acknowledged.append(Said(id: sent.id, text: sent.text, reply))
            pending = nil
        }
    }

    private let guest: Docket_V1_GuestSecret
    private let conversation: Data
    private let ledger = Mutex(Ledger())

    init(at server: TestServer) async throws {
        let client = try await TestClient(to: server)
        guest = try await client.becomeGuest()
        conversation = try await client.open()
        client.close()
    }

    /// Posts until the server is gone.
    func post(to server: TestServer, _ acknowledged: Counter) async {
        do {
            let client = try await TestClient(to: server)
            defer { client.close() }
            try await client.signIn(guest)
            while true {
                let next = ledger.withLock { $0.next() }
                let error = await refusal { () async throws(RPCError) in
                    let reply = try await client.post(next.text, in: conversation, id: next.id)
                    ledger.withLock { $0.note(reply) }
                    acknowledged.add()
                }
                guard let error else { continue }
                // A guest may post 20 messages a second; the one refused is sent again. Any other
                // refusal means that the server is gone.
                guard error.reason == .rateLimited else { return }
                try await Task.sleep(for: error.retryAfter ?? .milliseconds(10))
            }
        } catch {
            // The server was killed: what is pending is sent in the next round.
        }
    }

    /// Compares the history with the ledger: everything that was acknowledged is there as it was
    /// acknowledged, once, and nothing but the one pending message beside it.
    func verify(at server: TestServer, _ replay: String) async throws {
        let client = try await TestClient(to: server)
        try await client.signIn(guest)
        let said = try await client.messages(in: conversation)
        let (acknowledged, pending) = ledger.withLock { ($0.acknowledged, $0.pending) }
        #expect(!acknowledged.isEmpty)
        #expect(Array(said.prefix(acknowledged.count)) == acknowledged, "\(replay)")
        let rest = said.dropFirst(acknowledged.count)
        #expect(rest.allSatisfy { $0.id == pending?.id } && rest.count <= 1, "\(replay)")
        #expect(said.map(\.sequence) == said.indices.map { UInt64($0 + 1) }, "\(replay)")
        client.close()
    }
}
