import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import Synchronization

/// What a client sees of an administrator's streams: scripts, one for each call.
final class FakeStreams: Sendable {
    /// What one call gets: messages, and then an error where there is one.
    struct Script<Message: Sendable>: Sendable {
        var messages: [Message] = []
        var ending: RPCError?
    }

    private struct State {
        var verifications: [Script<Docket_V1_VerifyAuditStep>] = []
        var copies: [Script<Docket_V1_BackupChunk>] = []
        var calls = 0
    }

    private let state = Mutex(State())

    /// What the next verifications send.
    func plan(verifications: Script<Docket_V1_VerifyAuditStep>...) {
        state.withLock { $0.verifications += verifications }
    }

    /// What the next copies send.
    func plan(copies: Script<Docket_V1_BackupChunk>...) {
        state.withLock { $0.copies += copies }
    }

    /// How many streams were opened.
    var calls: Int { state.withLock { $0.calls } }

    func register(in router: inout Router) {
        router.serverStreaming(AuditMethods.verify) {
            (
                _: Docket_V1_VerifyAuditCall,
                replies: ReplyWriter<Docket_V1_VerifyAuditStep>,
                _
            ) async throws(RPCError) in
            let script = self.state.withLock { state in
                state.calls += 1
                return state.verifications.isEmpty ? nil : state.verifications.removeFirst()
            }
            try await Self.play(script, to: replies)
        }
        router.serverStreaming(AdministrationMethods.backup) {
            (
                _: Docket_V1_BackupCall,
                replies: ReplyWriter<Docket_V1_BackupChunk>,
                _
            ) async throws(RPCError) in
            let script = self.state.withLock { state in
                state.calls += 1
                return state.copies.isEmpty ? nil : state.copies.removeFirst()
            }
            try await Self.play(script, to: replies)
        }
    }

    private static func play<Message>(
        _ script: Script<Message>?,
        to replies: ReplyWriter<Message>
    ) async throws(RPCError) {
        guard let script else { throw RPCError(.notFound, "nothing is planned") }
        for message in script.messages { try await replies.write(message) }
        if let ending = script.ending { throw ending }
    }
}
