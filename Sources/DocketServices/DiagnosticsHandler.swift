internal import DocketCalls
package import DocketMessages
package import DocketRPC

/// Serves `Diagnostics`.
package struct DiagnosticsHandler: DiagnosticsService {
    /// The longest body given back, in bytes.
    package static let maximumBody = 65_536

    /// The service has no state.
    package init() {}

    package func echo(
        _ call: Docket_V1_EchoCall,
        context: CallContext
    ) throws(RPCError) -> Docket_V1_EchoReply {
        guard call.body.count <= Self.maximumBody else {
            throw .field("body", isLongerThan: Self.maximumBody)
        }
        var reply = Docket_V1_EchoReply()
        reply.body = call.body
        return reply
    }
}
