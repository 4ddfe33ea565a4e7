import DocketCalls
import DocketMessages
import DocketRPC
import DocketTestSupport
import Foundation
import SwiftProtobuf
import Testing

extension Contract {
    @Suite("A feed tells everything once, in order")
    struct Feeds {
        /// A guest who has talked, and an agent who has answered.
        private func talk(
            _ scene: Scene
        ) async throws -> (guest: Someone, agent: Someone, chat: Data) {
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let other = try await scene.guest("Cy")
            let chat = try await guest.open()
            let elsewhere = try await other.open()
            let first = try await guest.post("one", in: chat)
            try await other.post("elsewhere", in: elsewhere)
            _ = try await agent.requests.postNote(agent.note("secret", on: first.requestID))
            let answer = try await agent.post("two", in: chat)
            try await guest.read(upTo: answer.offset, in: chat)
            try await other.post("elsewhere", in: elsewhere)
            try await guest.post("three", in: chat)
            return (guest, agent, chat)
        }

        @Test("From the beginning it tells what the history has", arguments: Subject.allCases)
        func history(_ subject: Subject) async throws {
            let (guest, agent, chat) = try await talk(try Scene(subject))
            for reader in [guest, agent] {
                let told = try await reader.subscribe(.fromBeginning(true)).past()
                let history = try await reader.history(of: chat)
                #expect(told.filter { $0.event.conversationID == chat } == history.entries)
                #expect(!history.more && history.entries.count >= 6)
            }
        }

        @Test(
            "It begins with a marker, tells what was, says so, and goes on live",
            arguments: Subject.allCases
        )
        func markers(_ subject: Subject) async throws {
            let (guest, agent, chat) = try await talk(try Scene(subject))
            let feed = try guest.subscribe(.fromBeginning(true))
            let started = try await feed.next()
            #expect(started.marker == .feedStarted && started.prev == started.offset)
            #expect(started.epoch.count == 8)
            let past = try await feed.past()
            #expect(past.map(\.event.messagePosted.text).filter { !$0.isEmpty }.last == "three")
            let posted = try await agent.post("four", in: chat)
            var event = try await feed.nextEvent()
            while event.offset < posted.offset { event = try await feed.nextEvent() }
            #expect(event.offset == posted.offset)
            #expect(event.event.messagePosted.text == "four")
        }

        @Test("Without a place it tells what happens from now on", arguments: Subject.allCases)
        func now(_ subject: Subject) async throws {
            let (guest, _, chat) = try await talk(try Scene(subject))
            let feed = try guest.subscribe()
            #expect(try await feed.past().isEmpty)
            let posted = try await guest.post("four", in: chat)
            #expect(try await feed.nextEvent().offset == posted.offset)
        }

        @Test("From each cursor it tells exactly what follows", arguments: Subject.allCases)
        func resumption(_ subject: Subject) async throws {
            let (guest, _, _) = try await talk(try Scene(subject))
            let whole = try guest.subscribe(.fromBeginning(true))
            let all = try await whole.past()
            for (place, entry) in all.enumerated() {
                let cursor = Docket_V1_Cursor.with {
                    $0.epoch = whole.cursor.epoch
                    $0.offset = entry.offset
                }
                let resumed = try guest.subscribe(.cursor(cursor))
                let started = try await resumed.next()
                #expect(started.marker == .feedStarted && started.prev == entry.offset)
                #expect(try await resumed.past() == Array(all[(place + 1)...]))
            }
            #expect(try await guest.subscribe(.cursor(whole.cursor)).past().isEmpty)
        }

        @Test(
            "A cursor of another life or above the head wants a snapshot",
            arguments: Subject.allCases
        )
        func resync(_ subject: Subject) async throws {
            let (guest, _, _) = try await talk(try Scene(subject))
            let head = try await guest.snapshot().asOf
            let cursors = [
                ("epoch_changed", head.changed { $0.epoch = Data(repeating: 0xEE, count: 8) }),
                ("above_head", head.changed { $0.offset += 1_000 }),
            ]
            for (cause, cursor) in cursors {
                let feed = try guest.subscribe(.cursor(cursor))
                let error = await #expect(throws: RPCError.self) { try await feed.next() }
                #expect(error?.reason == .resyncRequired && error?.trailer("cause") == cause)
            }
        }

        @Test(
            "Heartbeats keep the cursor of a quiet feed level with the log",
            arguments: Subject.allCases
        )
        func heartbeats(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let (guest, _, _) = try await talk(scene)
            let other = try await scene.guest("Di")
            let feed = try guest.subscribe()
            _ = try await feed.past()
            let elsewhere = try await other.post("elsewhere", in: try await other.open())
            let server = scene.server
            let beat = try await feed.heartbeat { server.passSilence() }
            #expect(beat.marker == .feedHeartbeat && beat.offset == elsewhere.offset)
            #expect(try await guest.subscribe(.cursor(feed.cursor)).past().isEmpty)
        }

        @Test("A contact hears of its own and of no note", arguments: Subject.allCases)
        func audience(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let (guest, agent, chat) = try await talk(scene)
            let told = try await guest.subscribe(.fromBeginning(true)).past()
            #expect(told.allSatisfy { $0.event.conversationID == chat })
            #expect(!told.contains { !$0.event.notePosted.text.isEmpty })
            let staff = try await agent.subscribe(.fromBeginning(true)).past()
            #expect(Set(told.map(\.offset)).isSubset(of: staff.map(\.offset)))
            #expect(staff.count { $0.event.notePosted.text == "secret" } == 1)
            #expect(staff.count { $0.event.messagePosted.text == "elsewhere" } == 2)
        }

        @Test("An integration hears of its channel and of no other", arguments: Subject.allCases)
        func integrations(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let bridge = try await scene.integration(of: "bridge")
            let inside = try await guest.open("bridge")
            try await guest.post("inside", in: inside)
            try await guest.post("outside", in: try await guest.open("chat"))
            let told = try await bridge.subscribe(.fromBeginning(true)).past()
            #expect(told.allSatisfy { $0.event.conversationID == inside })
            #expect(told == (try await bridge.history(of: inside).entries))
        }

        @Test(
            "That somebody types reaches the others and moves no cursor",
            arguments: Subject.allCases
        )
        func typing(_ subject: Subject) async throws {
            let (guest, agent, chat) = try await talk(try Scene(subject))
            let feed = try agent.subscribe()
            _ = try await feed.past()
            let place = feed.cursor
            for _ in 0..<2 {
                _ = try await guest.conversations.typing(.with { $0.conversationID = chat })
            }
            let signal = try await feed.next()
            let event = try Docket_V1_Event(serializedBytes: signal.ephemeral)
            #expect(event.actor.id == guest.id && event.conversationID == chat)
            #expect(signal.prev == 0 && signal.offset == 0 && feed.cursor == place)
            let posted = try await guest.post("four", in: chat)
            #expect(try await feed.next().offset == posted.offset, "a second one is dropped")
        }

        @Test("A connection has at most 16 feeds", arguments: Subject.allCases)
        func many(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            var feeds: [ReadFeed] = []
            for _ in 0..<16 {
                let feed = try guest.subscribe()
                _ = try await feed.next()
                feeds.append(feed)
            }
            let another = try guest.subscribe()
            let error = await #expect(throws: RPCError.self) { try await another.next() }
            #expect(error?.reason == .tooManyFeeds)
            #expect(feeds.count == 16)
        }
    }

    @Suite("A snapshot and the feed after it leave no gap")
    struct Snapshots {
        @Test("Whatever happens between the pages is told by the feed", arguments: Subject.allCases)
        func noGap(_ subject: Subject) async throws {
            var random = SeededRandom()
            let scene = try Scene(subject)
            let agent = try await scene.agent()
            var talkers: [(guest: Someone, chat: Data)] = []
            for number in 0..<5 {
                let guest = try await scene.guest("Guest \(number)")
                talkers.append((guest, try await guest.open()))
            }
            var newest: [Data: UInt64] = [:]
            var asOf: Docket_V1_Cursor?
            var page = Data()
            repeat {
                try await play(&talkers, &random)
                let reply = try await agent.snapshot(
                    page: page,
                    limit: .random(in: 1...3, using: &random)
                )
                #expect(asOf == nil || reply.asOf == asOf, "\(random.replay)")
                asOf = reply.asOf
                for conversation in reply.conversations {
                    #expect(newest[conversation.id] == nil, "\(random.replay)")
                    newest[conversation.id] = conversation.newestRequest.sequence
                }
                page = reply.nextPage
            } while !page.isEmpty
            try await play(&talkers, &random)
            let cursor = try #require(asOf)
            for told in try await agent.subscribe(.cursor(cursor)).past() {
                let id = told.event.conversationID
                guard !id.isEmpty else { continue }
                let place = told.event.messagePosted.sequence
                newest[id] = max(newest[id] ?? 0, place)
            }
            let truth = try await agent.snapshot().conversations
            let known = Dictionary(
                uniqueKeysWithValues: truth.map { ($0.id, $0.newestRequest.sequence) }
            )
            #expect(newest == known, "\(random.replay)")
        }

        /// A few random things happen.
        private func play(
            _ talkers: inout [(guest: Someone, chat: Data)],
            _ random: inout SeededRandom
        ) async throws {
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let (guest, chat) = talkers[Int.random(in: talkers.indices, using: &random)]
                if Int.random(in: 0..<4, using: &random) == 0 {
                    let guest = try await guest.scene.guest("New")
                    talkers.append((guest, try await guest.open()))
                } else {
                    try await guest.post("hello", in: chat)
                }
            }
        }

        @Test("Everybody's snapshot has what they may see", arguments: Subject.allCases)
        func rights(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let other = try await scene.guest("Cy")
            let agent = try await scene.agent()
            let bridge = try await scene.integration(of: "bridge")
            let own = [try await guest.open(), try await guest.open("bridge")]
            let others = try await other.open()
            #expect(Set(try await guest.snapshot().conversations.map(\.id)) == Set(own))
            #expect(try await bridge.snapshot().conversations.map(\.id) == [own[1]])
            let all = try await agent.snapshot().conversations.map(\.id)
            #expect(Set(all) == Set(own + [others]))
        }
    }
}
