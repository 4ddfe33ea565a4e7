// Made from docket/v1/health.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Health`.
package enum HealthMethods {
    /// Says whether the server takes calls now.
    package static let check = Method(
        "docket.v1.Health/Check", .unary,
        callers: Callers(.anyone),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [check]
}

/// Answers whether the server serves; open to everybody.
package protocol HealthService: Sendable {
    /// Says whether the server takes calls now.
    func check(
        _ call: Docket_V1_HealthCheckCall, context: CallContext
    ) throws(RPCError) -> Docket_V1_HealthCheckReply
}

extension HealthService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.promptUnary(HealthMethods.check) {
            (call, context) throws(RPCError) in
            try self.check(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Health`.
package struct HealthCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Says whether the server takes calls now.
    package func check(
        _ call: Docket_V1_HealthCheckCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_HealthCheckReply {
        try await channel.unary(HealthMethods.check, call, options: options)
    }
}
