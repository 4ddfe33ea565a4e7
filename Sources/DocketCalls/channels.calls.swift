// Made from docket/v1/channels.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Channels`.
package enum ChannelsMethods {
    /// Lists the channels that the caller may use, in the order of the policy, with everything that it
    /// may choose there: of what others may choose nothing. A caller who may use none gets an empty
    /// reply. It holds until another policy comes into force; whoever is refused with unknown_channel,
    /// invalid_value or missing_fields asks again.
    package static let list = Method(
        "docket.v1.Channels/List", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration, .partner),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [list]
}

/// Where requests and conversations can be begun, and what that takes.
package protocol ChannelsService: Sendable {
    /// Lists the channels that the caller may use, in the order of the policy, with everything that it
    /// may choose there: of what others may choose nothing. A caller who may use none gets an empty
    /// reply. It holds until another policy comes into force; whoever is refused with unknown_channel,
    /// invalid_value or missing_fields asks again.
    func list(
        _ call: Docket_V1_ListChannelsCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListChannelsReply
}

extension ChannelsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.unary(ChannelsMethods.list) {
            (call, context) async throws(RPCError) in
            try await self.list(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Channels`.
package struct ChannelsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Lists the channels that the caller may use, in the order of the policy, with everything that it
    /// may choose there: of what others may choose nothing. A caller who may use none gets an empty
    /// reply. It holds until another policy comes into force; whoever is refused with unknown_channel,
    /// invalid_value or missing_fields asks again.
    package func list(
        _ call: Docket_V1_ListChannelsCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ListChannelsReply {
        try await channel.unary(ChannelsMethods.list, call, options: options)
    }
}
