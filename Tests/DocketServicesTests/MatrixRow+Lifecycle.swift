import DocketCalls
import DocketMessages
import DocketPolicy
import DocketRPC
import Foundation
import SwiftProtobuf

extension MatrixRow {
    /// Those who open a request for the owner: the owner, and whoever works for the company.
    ///
    /// An integration and a partner open requests of the contacts they brought themselves.
    private static let openers: Set<Visitor> = [.owner, .agent, .supervisor, .administrator]

    /// Does what has to be done before, whether it can be done or not: it shows in what follows.
    private static func prepare(_ steps: () async throws(RPCError) -> Void) async {
        _ = await DocketServicesTests.refusal(steps)
    }

    /// The rows of what is done to requests through their lives.
    static let lifecycle: [Method: MatrixRow] = [
        ConversationsMethods.markReceived: .thing(of: Visitor.seers) {
            person,
            target throws(RPCError) in
            var call = Docket_V1_MarkReceivedCall()
            call.header = person.header()
            call.conversationID = target.conversation
            call.upToOffset = 1
            _ = try await person.conversations.markReceived(call)
        },
        RequestsMethods.create: .thing(of: openers, elsewhere: [.otherIntegration, .partner]) {
            person,
            target throws(RPCError) in
            _ = try await person.create(for: target.contact)
        },
        RequestsMethods.view: .thing { person, target throws(RPCError) in
            var call = Docket_V1_ViewCall()
            call.header = person.header()
            call.requestID = target.request
            _ = try await person.requests.view(call)
        },
        RequestsMethods.setStatus: .thing { person, target throws(RPCError) in
            await prepare { () async throws(RPCError) in try await person.take(target.request) }
            try await person.set(target.request, to: "waiting")
        },
        RequestsMethods.edit: .thing { person, target throws(RPCError) in
            try await person.edit(target.request, [.with { $0.addTag = "new" }])
        },
        RequestsMethods.messages: .thing { person, target throws(RPCError) in
            _ = try await person.messages(of: target.request)
        },
        RequestsMethods.chain: .thing { person, target throws(RPCError) in
            var call = Docket_V1_ChainCall()
            call.requestID = target.request
            _ = try await person.requests.chain(call)
        },
        RequestsMethods.delete: .thing { person, target throws(RPCError) in
            await prepare { () async throws(RPCError) in try await person.take(target.request) }
            try await person.delete(target.request)
        },
        RequestsMethods.restore: .thing { person, target throws(RPCError) in
            await prepare { () async throws(RPCError) in try await person.take(target.request) }
            await prepare { () async throws(RPCError) in try await person.delete(target.request) }
            var call = Docket_V1_RestoreCall()
            call.header = person.header()
            call.requestID = target.request
            _ = try await person.requests.restore(call)
        },
    ].merging(belonging) { first, _ in first }

    /// The rows of what is done to several requests at once.
    private static let belonging: [Method: MatrixRow] = [
        // Nothing can be split off a chat that was never finished, so that even those who may are
        // refused; what is absent, they are told, is absent.
        RequestsMethods.splitNewMessages: MatrixRow(reach: [], refusal: .splitNotOffered) {
            person,
            target throws(RPCError) in
            var call = Docket_V1_SplitNewMessagesCall()
            call.header = person.header()
            call.requestID = target.request
            _ = try await person.requests.splitNewMessages(call)
        },
        RequestsMethods.splitMessages: .thing { person, target throws(RPCError) in
            _ = try await person.splitOwnMessage(off: target)
        },
        RequestsMethods.merge: .thing { person, target throws(RPCError) in
            var call = Docket_V1_MergeCall()
            call.header = person.header()
            call.requestID = target.request
            call.otherID = person.fixture.newID
            await prepare { () async throws(RPCError) in
                call.otherID = try await person.splitOwnMessage(off: target).request.id
            }
            _ = try await person.requests.merge(call)
        },
        RequestsMethods.link: .thing { person, target throws(RPCError) in
            _ = try await person.requests.link(await link(by: person, target))
        },
        RequestsMethods.unlink: .thing { person, target throws(RPCError) in
            var call = await link(by: person, target)
            let made = call
            await prepare { () async throws(RPCError) in
                _ = try await person.requests.link(made)
            }
            call.header = person.header()
            _ = try await person.requests.unlink(call)
        },
    ]

    /// Links the request to another of its contact's.
    private static func link(by person: Person, _ target: Target) async -> Docket_V1_LinkCall {
        var call = Docket_V1_LinkCall()
        call.header = person.header()
        call.requestID = target.request
        call.kind = .linkRelated
        call.otherID = person.fixture.newID
        await prepare { () async throws(RPCError) in
            call.otherID = try await person.create(for: target.contact).request.id
        }
        return call
    }

    /// The rows of the desk's rules.
    static let policies: [Method: MatrixRow] = [
        PoliciesMethods.apply: .open { person, target throws(RPCError) in
            _ = try await person.apply(PolicyDocument.defaultText)
        },
        PoliciesMethods.check: .open { person, target throws(RPCError) in
            var call = Docket_V1_CheckPolicyCall()
            call.text = PolicyDocument.defaultText
            _ = try await PoliciesCaller(channel: person.channel).check(call)
        },
        // The desk of these tests keeps no first policy, so that there is none to give.
        PoliciesMethods.get: MatrixRow(reach: [], refusal: .notFound) {
            person,
            target throws(RPCError) in
            _ = try await PoliciesCaller(channel: person.channel).get(Docket_V1_GetPolicyCall())
        },
        PoliciesMethods.history: .open { person, target throws(RPCError) in
            let call = Docket_V1_PolicyHistoryCall()
            _ = try await PoliciesCaller(channel: person.channel).history(call)
        },
    ]
}
