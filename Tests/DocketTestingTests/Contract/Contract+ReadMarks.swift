import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

extension Contract {
    @Suite("What a client that keeps read marks relies on")
    struct ReadMarks {
        @Test("Whoever marks is told the mark by the own feed", arguments: Subject.allCases)
        func told(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let chat = try await guest.open()
            try await guest.post("one", in: chat)
            let answer = try await agent.post("two", in: chat)
            for reader in [guest, agent] {
                let place = try await reader.read(upTo: answer.offset, in: chat)
                let past = try await reader.subscribe(.fromBeginning(true)).past()
                let mark = try #require(past.first { $0.offset == place })
                #expect(mark.event.readMarked.upToOffset == answer.offset)
                #expect(mark.event.actor.id == reader.id)
            }
        }

        @Test(
            "The shortest snapshot names the life that the feed names",
            arguments: Subject.allCases
        )
        func lives(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            for channel in ["chat", "portal"] { _ = try await guest.open(channel) }
            let started = try await guest.subscribe(.fromBeginning(true)).next()
            let page = try await guest.feed.snapshot(.with { $0.limit = 1 })
            #expect(page.asOf.epoch == started.epoch && page.conversations.count == 1)
        }
    }
}
