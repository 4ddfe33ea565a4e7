internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// The agents to whom requests can be handed.
///
/// For agents. Who manages them has `DocketClient.administration`.
public struct Agents: Sendable {
    let client: DocketClient

    /// Lists the agents who may sign in, by login.
    ///
    /// - Parameters:
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func list(
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> Page<Colleague> {
        let call = Docket_V1_ListColleaguesCall.with {
            $0.limit = UInt32(clamping: count)
            $0.page = Data(page?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AgentsCaller(channel: channel).list(call, options: options)
        }
        return try Page(reply.colleagues, next: reply.nextPage) {
            message throws(DocketClientError) in
            guard let id = PartyID(bytes: message.agent.id) else {
                throw .malformed("an agent without its id")
            }
            return Colleague(id: id, name: message.agent.name, login: message.login)
        }
    }
}
