internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketStore

/// Keys of one kind in a list's filter at most: more than anybody names at once.
let mostFilterKeys = 32
/// The longest key of a status or a channel, in bytes of UTF-8.
let longestKey = 64

extension RequestFilter {
    /// Reads which requests a principal asks to list.
    init(_ call: Docket_V1_ListRequestsCall, of principal: Principal) throws(RPCError) {
        let categories = try call.categories.map { category throws(RPCError) in
            guard let known = category.domain else { throw .field(.invalidArgument, "categories") }
            return known
        }
        try requireKeys(call.statuses, "statuses")
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
        try narrow(to: call, of: principal)
    }

    /// Reads what only the staff may ask for: it tells of what contacts do not see.
    private mutating func narrow(
        to call: Docket_V1_ListRequestsCall,
        of principal: Principal
    ) throws(RPCError) {
        let keys: [(name: String, keys: [String])] = [
            ("topics", call.topics), ("types", call.types), ("priorities", call.priorities),
            ("tags", call.tags),
        ]
        for (name, keys) in keys where !keys.isEmpty {
            guard principal.isStaff else { throw .field(.invalidArgument, name) }
            try requireKeys(keys, name)
        }
        for (name, isSet) in [("waiting_only", call.waitingOnly), ("live_only", call.liveOnly)] {
            guard !isSet || principal.isStaff else { throw .field(.invalidArgument, name) }
        }
        topics = call.topics
        types = call.types
        priorities = call.priorities
        tags = call.tags
        isWaitingOnly = call.waitingOnly
        isLiveOnly = call.liveOnly
    }
}

/// Checks keys that a filter names.
func requireKeys(_ keys: [String], _ name: String) throws(RPCError) {
    guard keys.count <= mostFilterKeys else { throw .field(.invalidArgument, name) }
    for key in keys { try require(key, atMost: longestKey, name) }
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
