// Made from docket/v1/audit.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Audit`.
package enum AuditMethods {
    /// Goes through the whole log and tells what was altered since it was written.
    package static let verify = Method(
        "docket.v1.Audit/Verify", .serverStreaming,
        callers: Callers(.administrator),
        defaultTimeout: nil)
    /// Lists entries of the log, the oldest first.
    package static let list = Method(
        "docket.v1.Audit/List", .unary,
        callers: Callers(.supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [verify, list]
}

/// Who did what, and whether the log is what was written.
package protocol AuditService: Sendable {
    /// Goes through the whole log and tells what was altered since it was written.
    func verify(
        _ call: Docket_V1_VerifyAuditCall, replies: ReplyWriter<Docket_V1_VerifyAuditStep>,
        context: CallContext
    ) async throws(RPCError)
    /// Lists entries of the log, the oldest first.
    func list(
        _ call: Docket_V1_ListAuditCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListAuditReply
}

extension AuditService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.serverStreaming(AuditMethods.verify) {
            (call, replies, context) async throws(RPCError) in
            try await self.verify(call, replies: replies, context: context)
        }
        router.unary(AuditMethods.list) {
            (call, context) async throws(RPCError) in
            try await self.list(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Audit`.
package struct AuditCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Goes through the whole log and tells what was altered since it was written.
    package func verify(
        _ call: Docket_V1_VerifyAuditCall, options: CallOptions = CallOptions()
    ) throws(RPCError) -> MessageStream<Docket_V1_VerifyAuditStep> {
        try channel.serverStreaming(AuditMethods.verify, call, options: options)
    }

    /// Lists entries of the log, the oldest first.
    package func list(
        _ call: Docket_V1_ListAuditCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ListAuditReply {
        try await channel.unary(AuditMethods.list, call, options: options)
    }
}
