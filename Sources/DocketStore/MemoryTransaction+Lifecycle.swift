internal import DocketDomain

extension MemoryTransaction {
    // MARK: Chains

    private func chain(of conversation: ConversationID) -> [SupportRequest] {
        state.requestOrder.compactMap { state.requests[$0] }.filter { request in
            request.conversation == conversation && request.details.isRouted
                && request.category != .merged
        }
    }

    func newestRequest(
        in conversation: ConversationID,
        beside request: RequestID
    ) -> RequestID? {
        chain(of: conversation).last { $0.id != request }?.id
    }

    func neighbours(
        of request: SupportRequest
    ) -> (previous: SupportRequest?, next: SupportRequest?) {
        let chain = chain(of: request.conversation)
        return (
            chain.last { $0.number < request.number }, chain.first { $0.number > request.number }
        )
    }

    // MARK: Policies

    func isInUse(_ use: PolicyUse) -> Bool {
        switch use {
        case .channel(let key):
            return state.conversations.values.contains { $0.conversation.channel == key }
        case .status(let key): return state.requests.values.contains { $0.status == key }
        case .topic(let key): return state.requests.values.contains { $0.details.topic == key }
        case .type(let key): return state.requests.values.contains { $0.details.type == key }
        case .priority(let key):
            return state.requests.values.contains { $0.details.priority == key }
        case .kind(let kind): return state.requests.values.contains { $0.details.kind == kind }
        case .statusOfKind(let key, let kind):
            return state.requests.values.contains { $0.status == key && $0.details.kind == kind }
        case .field(let key):
            return state.requests.values.contains { $0.details.fields[key] != nil }
        }
    }

    func statusesInUse() -> [(status: StatusKey, category: StatusCategory)] {
        let all = state.requests.values.map { ($0.status, $0.category) }
        return Dictionary(all) { first, _ in first }.sorted { $0.key < $1.key }
            .map { (status: $0.key, category: $0.value) }
    }

    func channelsInUse() -> [ChannelKey] {
        Set(state.conversations.values.map(\.conversation.channel)).sorted()
    }

    func policies(before version: UInt64, limit: Int) -> [PolicyRecord] {
        Array(state.policies.reversed().lazy.filter { $0.version < version }.prefix(limit))
    }

    func insert(_ policy: PolicyRecord) { state.policies.append(policy) }
}
