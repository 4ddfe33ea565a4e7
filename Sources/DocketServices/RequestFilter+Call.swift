internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketStore

/// Statuses of a list at most: more than any policy's list names at once.
private let mostStatuses = 32
/// The longest key of a status or a channel, in bytes of UTF-8.
private let longestKey = 64

extension RequestFilter {
    /// Reads which requests a principal asks to list.
    init(_ call: Docket_V1_ListRequestsCall, of principal: Principal) throws(RPCError) {
        let categories = try call.categories.map { category throws(RPCError) in
            guard let known = category.domain else { throw .field(.invalidArgument, "categories") }
            return known
        }
        guard call.statuses.count <= mostStatuses else {
            throw .field(.invalidArgument, "statuses")
        }
        for status in call.statuses { try require(status, atMost: longestKey, "statuses") }
        if !call.channel.isEmpty { try require(call.channel, atMost: longestKey, "channel") }
        self.init(
            categories: Set(categories).sorted { $0.rawValue < $1.rawValue },
            ownership: try Ownership(call, of: principal),
            limit: try pageLimit(call.limit),
            statuses: Array(Set(call.statuses)),
            contact: try optionalIdentifier(call.contactID, "contact_id"),
            conversation: try optionalIdentifier(call.conversationID, "conversation_id"),
            channel: call.channel.isEmpty ? nil : call.channel,
            order: call.newestFirst ? .newestFirst : .oldestFirst
        )
    }
}

extension RequestFilter.Ownership {
    fileprivate init(
        _ call: Docket_V1_ListRequestsCall,
        of principal: Principal
    ) throws(RPCError) {
        if let agent: AgentID = try optionalIdentifier(call.assigneeID, "assignee_id") {
            guard call.ownership == .any else { throw .field(.invalidArgument, "assignee_id") }
            self = .agent(agent)
            return
        }
        switch call.ownership {
        case .any: self = .any
        case .none: self = .none
        case .mine: self = principal.agent.map { .agent($0.agent.id) } ?? .any
        case .UNRECOGNIZED: throw .field(.invalidArgument, "ownership")
        }
    }
}
