// Made from docket/v1/diagnostics.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Diagnostics`.
package enum DiagnosticsMethods {
    /// Gives the body back.
    package static let echo = Method(
        "docket.v1.Diagnostics/Echo", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration, .partner),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [echo]
}

/// Tools for measuring a connection.
package protocol DiagnosticsService: Sendable {
    /// Gives the body back.
    func echo(
        _ call: Docket_V1_EchoCall, context: CallContext
    ) throws(RPCError) -> Docket_V1_EchoReply
}

extension DiagnosticsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.promptUnary(DiagnosticsMethods.echo) {
            (call, context) throws(RPCError) in
            try self.echo(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Diagnostics`.
package struct DiagnosticsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Gives the body back.
    package func echo(
        _ call: Docket_V1_EchoCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_EchoReply {
        try await channel.unary(DiagnosticsMethods.echo, call, options: options)
    }
}
