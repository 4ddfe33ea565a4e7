// Made from docket/v1/contacts.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Contacts`.
package enum ContactsMethods {
    /// Gives the contact whom the integration's channel knows by an external id, and makes it if
    /// there is none.
    package static let ensure = Method(
        "docket.v1.Contacts/Ensure", .unary,
        callers: Callers(.integration),
        defaultTimeout: .milliseconds(30000), isCommand: true)

    /// All of them.
    package static let all: [Method] = [ensure]
}

/// Contacts that integrations speak for.
package protocol ContactsService: Sendable {
    /// Gives the contact whom the integration's channel knows by an external id, and makes it if
    /// there is none.
    func ensure(
        _ call: Docket_V1_EnsureContactCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_EnsureContactReply
}

extension ContactsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.unary(ContactsMethods.ensure) {
            (call, context) async throws(RPCError) in
            try await self.ensure(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Contacts`.
package struct ContactsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Gives the contact whom the integration's channel knows by an external id, and makes it if
    /// there is none.
    package func ensure(
        _ call: Docket_V1_EnsureContactCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_EnsureContactReply {
        try await channel.unary(ContactsMethods.ensure, call, options: options)
    }
}
