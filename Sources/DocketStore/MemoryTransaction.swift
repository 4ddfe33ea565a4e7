internal import DocketDomain
internal import Foundation

/// Reads and changes a copy of a memory store's state.
final class MemoryTransaction: StoreTransaction {
    var state: MemoryState

    init(_ state: MemoryState) { self.state = state }

    // MARK: Log

    func position() -> LogPosition {
        LogPosition(epoch: state.epoch, floor: 0, head: UInt64(state.log.count))
    }

    func entry(at offset: UInt64) -> LogEntry? {
        guard offset >= 1, offset <= state.log.count else { return nil }
        return state.log[Int(offset) - 1].entry
    }

    func entries(after offset: UInt64, limit: Int) -> [LogEntry] {
        tail(after: offset).prefix(limit).map(\.entry)
    }

    func entries(
        on channel: ChannelKey,
        after offset: UInt64,
        through last: UInt64,
        limit: Int
    ) -> [LogEntry] {
        tail(after: offset).lazy.filter { item in
            item.entry.offset <= last && item.entry.audience == .conversation
                && self.channel(of: item) == channel
        }.prefix(limit).map(\.entry)
    }

    func entries(
        in conversation: ConversationID,
        _ place: LogPlace,
        limit: Int,
        for audience: Audience
    ) -> [LogEntry] {
        let visible = state.log.lazy.filter { item in
            item.conversation == conversation
                && (audience == .staff || item.entry.audience == .conversation)
        }.map(\.entry)
        switch place {
        case .after(let offset):
            return Array(visible.filter { $0.offset > offset }.prefix(limit))
        case .before(let offset):
            return Array(visible.filter { $0.offset < offset }.suffix(limit))
        }
    }

    private func channel(of item: MemoryState.Entry) -> ChannelKey? {
        item.conversation.flatMap { state.conversations[$0] }?.conversation.channel
    }

    func tail(after offset: UInt64) -> ArraySlice<MemoryState.Entry> {
        state.log.dropFirst(Int(clamping: offset))
    }

    func append(
        _ event: Data,
        to conversation: ConversationID?,
        audience: Audience,
        digest: Digest
    ) -> UInt64 {
        let offset = UInt64(state.log.count) + 1
        let entry = LogEntry(offset: offset, audience: audience, event: event)
        state.log.append(
            MemoryState.Entry(entry: entry, conversation: conversation, digest: digest)
        )
        return offset
    }

    // MARK: Commands

    func record(of command: CommandID) -> CommandRecord? { state.records[command]?.record }

    func keep(_ record: CommandRecord, of command: CommandID, at moment: Timestamp) {
        state.records[command] = MemoryState.Kept(record: record, moment: moment)
    }

    func purgeVerdicts(before moment: Timestamp, limit: Int) -> Int {
        let purged = state.records.filter { _, kept in
            if case .created = kept.record.answer { return false }
            return kept.moment < moment
        }.sorted { ($0.value.moment, $0.key) < ($1.value.moment, $1.key) }.prefix(limit)
        for (command, _) in purged { state.records[command] = nil }
        return purged.count
    }

    // MARK: Conversations and requests

    func situation(of conversation: ConversationID) -> Situation {
        guard let opened = state.conversations[conversation] else { return Situation() }
        let newest = opened.conversation.newestRequest.flatMap { state.requests[$0] }
        return Situation(conversation: opened.conversation, request: newest)
    }

    func situation(of contact: ContactID, on channel: ChannelKey) -> Situation {
        let keys = [false, true].map { isInternal in
            MemoryState.ContactChannel(
                contact: contact,
                channel: channel,
                isInternal: isInternal
            )
        }
        let found = keys.lazy.compactMap { self.state.conversationsByContact[$0] }.first
        return found.map { situation(of: $0) } ?? Situation()
    }

    func situation(ofRequest request: RequestID) -> Situation {
        guard let request = state.requests[request] else { return Situation() }
        return Situation(
            conversation: state.conversations[request.conversation]?.conversation,
            request: request
        )
    }

    func openingOffset(of conversation: ConversationID) -> UInt64? {
        state.conversations[conversation]?.offset
    }

    func conversations(of contact: ContactID) -> [ConversationID] {
        state.conversationOrder.filter { id in
            state.conversations[id]?.conversation.contact.id == contact
        }
    }

    func conversations(
        _ scope: ConversationScope,
        after place: UInt64,
        limit: Int
    ) -> [(place: UInt64, situation: Situation)] {
        let places = state.conversationOrder.enumerated().dropFirst(Int(clamping: place))
        let matching = places.lazy.filter { self.matches($0.element, scope) }
        return matching.prefix(limit).map { position, id in
            (UInt64(position) + 1, self.situation(of: id))
        }
    }

    private func matches(_ id: ConversationID, _ scope: ConversationScope) -> Bool {
        guard let conversation = state.conversations[id]?.conversation else { return false }
        switch scope {
        case .all: return true
        case .contact(let contact):
            return conversation.contact.id == contact && !conversation.isInternal
        case .channel(let channel):
            return conversation.channel == channel && !conversation.isInternal
        }
    }

    func request(number: UInt64) -> SupportRequest? {
        guard number >= 1, number <= state.requestOrder.count else { return nil }
        return state.requests[state.requestOrder[Int(number) - 1]]
    }

    func requests(_ filter: RequestFilter) throws(StoreError) -> ListedRequests {
        let parts = try parts(of: filter)
        let numbered = state.requestOrder.compactMap { state.requests[$0] }
            .filter { request in parts.contains { $0.includes(request) } }
        let ordered = filter.order == .oldestFirst ? numbered : numbered.reversed()
        var listing = RequestListing(filter)
        for request in ordered where filter.reaches(request.number) {
            listing.examine(request)
            if listing.isComplete { break }
        }
        return listing.page
    }

    func readMark(of principal: PrincipalID, in conversation: ConversationID) -> ReadMark? {
        state.marks[MemoryState.Reader(principal: principal, conversation: conversation)]
    }

    func insert(_ conversation: Conversation, openedAt offset: UInt64) {
        let key = MemoryState.ContactChannel(
            contact: conversation.contact.id,
            channel: conversation.channel,
            isInternal: conversation.isInternal
        )
        state.conversations[conversation.id] = MemoryState.Opened(
            conversation: conversation,
            offset: offset
        )
        state.conversationOrder.append(conversation.id)
        state.conversationsByContact[key] = conversation.id
    }

    func nextRequestNumber() -> UInt64 { UInt64(state.requestOrder.count) + 1 }

    func insert(_ request: SupportRequest, openedAt offset: UInt64) {
        state.requests[request.id] = request
        state.requestOpenings[request.id] = offset
        state.requestOrder.append(request.id)
        guard request.details.isRouted else { return }
        state.conversations[request.conversation]?.conversation.newestRequest = request.id
    }

    func setNewest(_ request: RequestID?, of conversation: ConversationID) {
        state.conversations[conversation]?.conversation.newestRequest = request
    }

    func update(_ request: SupportRequest, from before: SupportRequest) {
        state.requests[request.id] = request
    }

    func keep(
        _ mark: ReadMark,
        of principal: PrincipalID,
        in conversation: ConversationID
    ) {
        let reader = MemoryState.Reader(principal: principal, conversation: conversation)
        state.marks[reader] = mark
    }

    // MARK: Timers

    func nextTimer() -> TimerRecord? {
        let timers = state.timers.values.lazy.flatMap { $0.values }
        return timers.min { left, right in
            (left.due, number(of: left), left.kind.rawValue)
                < (right.due, number(of: right), right.kind.rawValue)
        }
    }

    private func number(of timer: TimerRecord) -> UInt64 {
        state.requests[timer.request]?.number ?? 0
    }

    func timer(of request: RequestID, kind: TimerRecord.Kind) -> TimerRecord? {
        state.timers[request]?[kind]
    }

    func hasTimersSetBack() -> Bool {
        state.timers.values.contains { $0.values.contains { $0.setBack > .zero } }
    }

    func lastSetBack() -> (moment: Timestamp, head: UInt64)? { state.lastSetBack }

    func setTimersBack(by span: Duration, at moment: Timestamp) {
        state.lastSetBack = (moment, UInt64(state.log.count))
        state.timers = state.timers.mapValues { timers in
            timers.mapValues { $0.setBack(by: span) }
        }
    }

    func makeParkedTimersDue(at moment: Timestamp) {
        state.timers = state.timers.mapValues { timers in
            timers.mapValues { $0.due < TimerRecord.parking ? $0 : $0.due(at: moment) }
        }
    }

    func set(_ timer: TimerRecord) {
        state.timers[timer.request, default: [:]][timer.kind] = timer
    }

    func removeTimer(of request: RequestID, kind: TimerRecord.Kind) {
        state.timers[request]?[kind] = nil
    }

    func timersRevisedThrough() -> UInt64? { state.timersRevisedThrough }

    func keep(timersRevisedThrough number: UInt64?) { state.timersRevisedThrough = number }

    // MARK: Identities

    func principal(_ id: PrincipalID) -> PrincipalRecord? { state.principals[id] }

    func agent(login: String) -> PrincipalRecord? {
        state.principals.values.first { $0.login == login }
    }

    func agents(after login: String, limit: Int) -> [PrincipalRecord] {
        let found = state.principals.values.filter { record in
            record.login.map { login.utf8.lexicographicallyPrecedes($0.utf8) } ?? false
        }
        let sorted = found.sorted {
            ($0.login ?? "").utf8.lexicographicallyPrecedes(($1.login ?? "").utf8)
        }
        return Array(sorted.prefix(limit))
    }

    func activeAdministrators(limit: Int) -> Int {
        let found = state.principals.values.lazy.filter { record in
            guard case .agent(.administrator, _, _, false) = record.details else { return false }
            return true
        }
        return found.prefix(limit).count
    }

    func contact(of integration: PrincipalID, externalID: String) -> PrincipalRecord? {
        state.principals.values.first { record in
            record.details == .external(integration: integration, externalID: externalID)
        }
    }

    func insert(_ principal: PrincipalRecord, at moment: Timestamp) {
        state.principals[principal.id] = principal
        guard let profile = ContactProfile(new: principal, at: moment) else { return }
        state.profiles[profile.id] = profile
        state.contactOrder.append(profile.id)
    }

    func updateSignIn(of agent: PrincipalRecord, at moment: Timestamp) {
        state.principals[agent.id] = agent
    }
}

extension PrincipalRecord {
    /// What an agent signs in with; `nil` for everybody else.
    package var login: String? {
        guard case .agent(_, let login, _, _) = details else { return nil }
        return login
    }
}
