import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore

/// Compares what a desk says, and what its store holds, with what the log says.
struct DeskChecks {
    let play: Play
    let store: any Store

    /// How many entries a feed is asked for at a time.
    private static let feedPage = 64
    /// Words that are in what people say in a play, and in what is said of it.
    private static let words = [
        "text", "answer", "note", "description", "title", "contact", "external",
    ]

    /// What of the store differs from its log.
    ///
    /// A quick look leaves out what the store itself looks for.
    func ofStore(isQuick: Bool = false) throws -> [PlayFinding] {
        let readers = play.everybody.compactMap(\.id)
        let content = try PlayContent(store, readers: readers, checks: !isQuick)
        let invariants = StoreInvariants(
            content: content,
            model: play.model,
            readers: readers,
            now: play.fixture.clock.now()
        )
        var findings = invariants.findings()
        var altered: [AuditFinding] = []
        try store.readLog { reading throws(StoreError) in
            try AuditVerifier.verify(reading, hash: DeskFixture.auditHash) { altered.append($0) }
        }
        findings += altered.map { PlayFinding("Audit", "\($0)") }
        let creations = play.model.entries.compactMap { Event(encoded: $0.event) }
            .compactMap(Creation.init)
        if Set(creations).count < creations.count {
            findings.append(PlayFinding("Durability", "something was created twice"))
        }
        return findings
    }

    /// What differs from the log: of the store, of what a search finds, and of feeds.
    func ofEverything() async throws -> [PlayFinding] {
        try await ofStore() + ofSearch() + ofFeeds()
    }

    private func ofSearch() throws -> [PlayFinding] {
        let head = UInt64(play.model.entries.count)
        while try store.follow(.search, atMost: .max) < head {}
        var texts: [(offset: UInt64, words: Set<Substring>)] = []
        for entry in play.model.entries {
            guard let text = entry.searchableText else { continue }
            texts.append((entry.offset, Set(text.split { !$0.isLetter && !$0.isNumber })))
        }
        return try Self.words.compactMap { word in
            let query = try SearchQuery(word)
            let found = try store.read { reading throws(StoreError) in
                try reading.search(query, before: .max >> 1, limit: .max >> 1)
            }
            let wanted = texts.filter { $0.words.contains(word[...]) }.map(\.offset)
            return found.map(\.offset).reversed() == wanted
                ? nil : PlayFinding("Search", "\(word) is found elsewhere than it was said")
        }
    }

    private func ofFeeds() async throws -> [PlayFinding] {
        var findings: [PlayFinding] = []
        let events = play.model.entries.compactMap { Event(encoded: $0.event) }
        let staff = play.everybody.first { $0.isStaff }
        let contact = play.everybody[Int(events.count % 3)]
        for principal in [staff, contact, play.everybody.last].compactMap(\.self) {
            var feed = try play.fixture.desk.subscribe(
                as: principal,
                from: .beginning,
                on: play.fixture.hub
            )
            defer { feed.close() }
            var heard: [Event] = []
            var cursor: UInt64 = 0
            var isLevel = false
            while !isLevel {
                let page = try await feed.next(limit: Self.feedPage)
                isLevel = page.isLevel
                for entry in page.entries {
                    if entry.previous != cursor {
                        let text = "a feed has a gap before \(entry.offset)"
                        findings.append(PlayFinding("Feeds", text))
                    }
                    cursor = entry.offset
                    guard case .event(let bytes) = entry.content else { continue }
                    if let event = Event(encoded: bytes) { heard.append(event) }
                }
            }
            if heard != events.compactMap({ play.view(of: $0, for: principal) }) {
                let text = "\(principal.name) hears something else than the log"
                findings.append(PlayFinding("Feeds", text))
            }
        }
        return findings
    }
}

/// Something that is created under an id of its own, once.
private enum Creation: Hashable {
    case conversation(ConversationID)
    case request(RequestID)
    case message(MessageID)
    case note(NoteID)

    init?(_ event: Event) {
        switch event.fact {
        case .conversationOpened:
            guard let id = event.conversation else { return nil }
            self = .conversation(id)
        case .requestOpened:
            guard let id = event.request?.id else { return nil }
            self = .request(id)
        case .messagePosted(let message): self = .message(message.id)
        case .notePosted(let note): self = .note(note.id)
        default: return nil
        }
    }
}
