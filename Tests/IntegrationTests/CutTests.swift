import DocketTestSupport
import DocketTesting
import Testing

@testable import DocketClient

extension IntegrationTests {
    @Suite("A connection may be cut at any byte")
    struct CutTests {
        private static let texts = (1...150).map { "message \($0)" }

        @Test(
            "Wherever connections are cut, each message is stored once and in order",
            arguments: 1...4
        )
        func cut(seed: UInt64) async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let network = try await SlowNetwork(before: server, in: folder)
            let saved = try SavedCredentials(contentsOf: folder("data/dev-credentials.json"))
            var place = try #require(Server(address: network.address))
            place.trust = saved.server.trust
            // Many do not get as far as the first message, and none carries all of them.
            try network.cut(within: 20_000, seed: seed)
            let clock = VirtualClock()
            let client = try DocketClient(
                NetworkConnector(to: place, software: "cut"),
                as: .newGuest(name: "Ana"),
                clock: EngineClock(clock),
                random: SeededRandom(seed: seed)
            )
            defer { client.close() }
            // Whatever the client waits for passes at once: there is no backoff but in the count.
            let id = try await clock.run(within: .seconds(60)) {
                let chat = try await client.openConversation(
                    channel: "chat",
                    within: .seconds(1_000_000)
                )
                var pending: [PendingMessage] = []
                for text in Self.texts { pending.append(try await chat.send(text)) }
                for message in pending {
                    let outcome = await message.outcome()
                    guard case .delivered = outcome else {
                        Issue.record("seed \(seed): \(outcome)")
                        break
                    }
                }
                return chat.id
            }
            #expect(try network.cuts >= 3, "seed \(seed)")
            let guest = Credential.guest(try #require(client.guestKey))
            let reader = try await DocketClient.connect(to: saved.server, as: guest)
            defer { reader.close() }
            #expect(try await Self.texts(in: reader.conversation(id)) == Self.texts, "seed \(seed)")
            try await network.end()
            #expect(try await server.stop() == 0)
        }

        /// Everything that was said in a conversation.
        private static func texts(
            in chat: Conversation
        ) async throws(DocketClientError) -> [String] {
            var (texts, place): ([String], UInt64) = ([], 0)
            while true {
                let page = try await chat.history(.after(place), limit: 200)
                texts += page.events.compactMap { event in
                    if case .messagePosted(let message) = event.fact { message.text } else { nil }
                }
                guard page.hasMore, let last = page.events.last else { return texts }
                place = last.offset
            }
        }
    }
}
