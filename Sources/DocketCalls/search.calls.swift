// Made from docket/v1/search.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Search`.
package enum SearchMethods {
    /// Finds messages and notes by their words, and requests by their titles and their contacts'
    /// names, the newest first.
    package static let messages = Method(
        "docket.v1.Search/Messages", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [messages]
}

/// Finding what was said.
package protocol SearchService: Sendable {
    /// Finds messages and notes by their words, and requests by their titles and their contacts'
    /// names, the newest first.
    func messages(
        _ call: Docket_V1_SearchMessagesCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_SearchMessagesReply
}

extension SearchService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.unary(SearchMethods.messages) {
            (call, context) async throws(RPCError) in
            try await self.messages(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Search`.
package struct SearchCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Finds messages and notes by their words, and requests by their titles and their contacts'
    /// names, the newest first.
    package func messages(
        _ call: Docket_V1_SearchMessagesCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_SearchMessagesReply {
        try await channel.unary(SearchMethods.messages, call, options: options)
    }
}
