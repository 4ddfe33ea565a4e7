import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

extension Contract {
    @Suite("The calls of a lane")
    struct Lanes {
        @Test(
            "A lane makes its calls in order, up to the first refusal",
            arguments: Subject.allCases
        )
        func order(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            let texts = ["one", "two", "three"]
            var calls = texts.map { guest.message($0, in: chat) }
            let answers = try await guest.submit(calls)
            #expect(answers.count == 3)
            #expect(answers.allSatisfy { $0.answer?.isReply == true })
            #expect(try await guest.texts(in: chat) == texts)
            calls = ["four", "five", "six"].map { guest.message($0, in: chat) }
            calls[1].conversationID = guest.scene.newID
            let others = try await guest.submit(calls)
            #expect(others.count == 2)
            #expect(others.last?.refusal.reason == "not_found")
            #expect(try await guest.texts(in: chat) == texts + ["four"])
        }

        @Test(
            "A call of a lane is the same command when it is repeated by itself",
            arguments: Subject.allCases
        )
        func repetition(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            let call = guest.message("one", in: chat)
            let answer = try await guest.submit([call])
            let alone = try await guest.conversations.post(call)
            #expect(answer.map(\.reply) == [Data(try encoded(alone))])
            #expect(try await guest.submit([call]) == answer)
            #expect(try await guest.texts(in: chat) == ["one"])
        }

        @Test("A lane has 1 to 64 calls of methods that it may have", arguments: Subject.allCases)
        func limits(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            for count in [0, 65] {
                let calls = (0..<count).map { guest.message("\($0)", in: chat) }
                let error = await refusal { () async throws(RPCError) in
                    try await guest.submit(calls)
                }
                #expect(error != nil)
            }
            let history = Docket_V1_LaneCall.with { $0.method = ConversationsMethods.history.hash }
            let reply = try await guest.commands.submitLane(.with { $0.calls = [history] })
            #expect(reply.answers.map(\.refusal.reason) == ["method_unknown"])
            #expect(try await guest.texts(in: chat) == [])
        }
    }
}

extension Someone {
    var commands: CommandsCaller { CommandsCaller(channel: channel) }

    /// Posts messages in one lane.
    func submit(
        _ posts: [Docket_V1_PostCall]
    ) async throws(RPCError) -> [Docket_V1_LaneAnswer] {
        var call = Docket_V1_SubmitLaneCall()
        for post in posts {
            var member = Docket_V1_LaneCall()
            member.method = ConversationsMethods.post.hash
            member.message = Data(try encoded(post))
            call.calls.append(member)
        }
        return try await commands.submitLane(call).answers
    }
}

extension Docket_V1_LaneAnswer.OneOf_Answer {
    /// Whether the call took effect.
    fileprivate var isReply: Bool {
        if case .reply = self { true } else { false }
    }
}
