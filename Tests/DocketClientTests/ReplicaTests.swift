import DocketMessages
import DocketTestSupport
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketClient

@Suite("What a client holds of the server's")
struct ReplicaTests {
    private static let owner = PartyID(bytes: [UInt8](repeating: 1, count: 16)) ?? PartyID()
    private static let agent = PartyID(bytes: [UInt8](repeating: 2, count: 16)) ?? PartyID()
    private static let conversation =
        ConversationID(bytes: [UInt8](repeating: 7, count: 16)) ?? ConversationID()
    private static let request = Data(repeating: 9, count: 16)
    private static let epoch: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

    private let store: LocalStore

    init() throws {
        store = try LocalStore.inMemory()
    }

    private static func cursor(_ offset: UInt64, epoch: [UInt8] = epoch) -> Cursor {
        Cursor(epoch: epoch, offset: offset)
    }

    private static func id(_ number: UInt64) -> Data {
        Data(
            (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
                + [UInt8](repeating: 0, count: 8)
        )
    }

    private static func event(
        at offset: UInt64,
        by party: PartyID = agent,
        version: UInt64 = 1,
        _ fill: (inout Docket_V1_Event) -> Void
    ) -> ReplicaEvent {
        var event = Docket_V1_Event.with {
            $0.atMilliseconds = 1_000 + offset
            $0.conversationID = Data(conversation.bytes)
            $0.actor.id = Data(party.bytes)
            $0.requestID = request
            $0.requestNumber = 5
            $0.requestVersion = version
        }
        fill(&event)
        return ReplicaEvent(event, at: offset)
    }

    private static func message(at offset: UInt64, by party: PartyID = agent) -> ReplicaEvent {
        event(at: offset, by: party) {
            $0.messagePosted.messageID = id(offset)
            $0.messagePosted.text = "message \(offset)"
        }
    }

    private static func summary(_ id: ConversationID = conversation) -> Docket_V1_Conversation {
        .with {
            $0.id = Data(id.bytes)
            $0.channel = "chat"
            $0.newestRequest.id = request
            $0.newestRequest.number = 5
            $0.newestRequest.version = 3
            $0.newestRequest.status = "open"
        }
    }

    private func commit(_ changes: ReplicaChange...) async throws {
        try await store.commit(changes.map(LocalChange.replica))
    }

    /// Takes a snapshot with these conversations.
    private func snapshot(
        _ ids: [ConversationID] = [conversation],
        asOf cursor: Cursor
    ) async throws {
        try await commit(.snapshot(Self.page(ids, asOf: cursor)))
    }

    /// A page of a snapshot, the last one unless it names the next.
    private static func page(
        _ ids: [ConversationID] = [conversation],
        asOf cursor: Cursor,
        next: String = ""
    ) -> Docket_V1_SnapshotReply {
        .with {
            $0.conversations = ids.map { summary($0) }
            $0.asOf = cursor.message
            $0.nextPage = Data(next.utf8)
        }
    }

    private func own() async throws {
        try await store.commit([.owner(LocalOwner(id: Self.owner, guest: nil))])
    }

    private var offsets: [UInt64] {
        get throws {
            try store.read { tables in
                try tables.events(of: Data(Self.conversation.bytes), below: nil, limit: 1_000)
                    .map(\.offset)
            }
        }
    }

    private var holes: [ClosedRange<UInt64>] {
        get throws { try store.read { try $0.holes(of: Data(Self.conversation.bytes)) } }
    }

    private var overview: ConversationOverview? {
        get throws {
            try store.read { tables in
                try tables.row(of: Data(Self.conversation.bytes))
                    .flatMap { try ConversationOverview($0, in: tables) }
            }
        }
    }

    @Test("After a snapshot the past of a conversation is missing, and the feed goes on")
    func snapshotFirst() async throws {
        #expect(try store.content().cursor == nil)
        try await snapshot(asOf: Self.cursor(40))
        #expect(try store.content().cursor == Self.cursor(40))
        #expect(try holes == [0...40])
        try await commit(.feed([Self.message(at: 41), Self.message(at: 43)], Self.cursor(45)))
        #expect(try offsets == [41, 43])
        #expect(try store.content().cursor == Self.cursor(45))
    }

    @Test("What the feed tells again, or of another epoch, changes nothing")
    func toldAgain() async throws {
        try await snapshot(asOf: Self.cursor(40))
        try await commit(.feed([Self.message(at: 41)], Self.cursor(41)))
        try await commit(.feed([Self.message(at: 39), Self.message(at: 41)], Self.cursor(41)))
        try await commit(.feed([Self.message(at: 20)], Self.cursor(30)))
        let other = Self.cursor(90, epoch: [UInt8](repeating: 9, count: 8))
        try await commit(.feed([Self.message(at: 90)], other))
        #expect(try offsets == [41])
        #expect(try store.content().cursor == Self.cursor(41))
    }

    @Test("A page of the past fills its part of a hole, and the first page closes it")
    func history() async throws {
        try await snapshot(asOf: Self.cursor(40))
        try await commit(
            .history(Self.conversation, [Self.message(at: 30)], filled: 25...40, Self.epoch)
        )
        #expect(try holes == [0...24])
        try await commit(
            .history(Self.conversation, [Self.message(at: 3)], filled: 0...24, Self.epoch)
        )
        #expect(try holes == [])
        #expect(try offsets == [3, 30])
    }

    @Test("A hole that is filled in its middle is two")
    func holeInTwo() async throws {
        try await snapshot(asOf: Self.cursor(40))
        try await commit(.history(Self.conversation, [], filled: 10...20, Self.epoch))
        #expect(try holes == [0...9, 21...40])
    }

    @Test("A new snapshot of the same epoch keeps what is known, and notes what was missed")
    func resync() async throws {
        try await snapshot(asOf: Self.cursor(40))
        try await commit(.history(Self.conversation, [], filled: 0...40, Self.epoch))
        try await commit(.feed([Self.message(at: 41)], Self.cursor(45)))
        try await snapshot(asOf: Self.cursor(90))
        #expect(try offsets == [41])
        #expect(try holes == [46...90])
    }

    @Test("A snapshot of another epoch forgets all events, and no command")
    func otherEpoch() async throws {
        let call = [UInt8](repeating: 1, count: 5)
        let draft = CommandDraft(MessageID(), in: Lane(Self.conversation), .post, call: call)
        let command = QueuedCommand(
            draft,
            position: 1,
            queuedAt: Timestamp(millisecondsSinceEpoch: 1)
        )
        try await store.commit([.queue(command, call: call)])
        try await snapshot(asOf: Self.cursor(40))
        try await commit(.feed([Self.message(at: 41)], Self.cursor(41)))
        let restored = Self.cursor(12, epoch: [UInt8](repeating: 9, count: 8))
        try await snapshot(asOf: restored)
        #expect(try offsets == [])
        #expect(try holes == [0...12])
        #expect(try store.content().cursor == restored)
        #expect(try store.content().commands == [command])
        #expect(try store.call(of: 1) == call)
    }

    @Test("A conversation that the snapshot does not have is forgotten")
    func forgotten() async throws {
        try await snapshot(asOf: Self.cursor(40))
        try await commit(.feed([Self.message(at: 41)], Self.cursor(41)))
        let other = ConversationID()
        try await snapshot([other], asOf: Self.cursor(50))
        #expect(try overview == nil)
        #expect(try offsets == [])
        #expect(try holes == [])
        #expect(
            try store.read { try $0.rows(limit: 10).map(\.conversation.id) } == [Data(other.bytes)]
        )
    }

    @Test("An own message stands in its place before the feed tells it, and once after that")
    func taken() async throws {
        try await own()
        try await snapshot(asOf: Self.cursor(40))
        try await commit(.taken(Self.message(at: 50, by: Self.owner), epoch: Self.epoch))
        #expect(try offsets == [50])
        try await commit(
            .feed([Self.message(at: 45), Self.message(at: 50, by: Self.owner)], Self.cursor(50))
        )
        #expect(try offsets == [45, 50])
        try await commit(.taken(Self.message(at: 50, by: Self.owner), epoch: Self.epoch))
        #expect(try offsets == [45, 50])
        let id = try #require(MessageID(bytes: Self.id(50)))
        #expect(try store.read { try $0.hasMessage(id) })
    }

    @Test("An own message that another life of the log took is not shown in this one")
    func takenByAnotherLife() async throws {
        try await own()
        try await snapshot(asOf: Self.cursor(40))
        let other = [UInt8](repeating: 9, count: 8)
        try await commit(.taken(Self.message(at: 50, by: Self.owner), epoch: other))
        #expect(try offsets == [])
    }

    @Test("What was taken behind a snapshot, and was of another life, is forgotten with it")
    func takenForgotten() async throws {
        try await own()
        try await commit(
            .taken(Self.message(at: 30, by: Self.owner), epoch: nil),
            .taken(Self.message(at: 50, by: Self.owner), epoch: nil)
        )
        try await commit(
            .snapshot(Self.page(asOf: Self.cursor(40))),
            .takenForgotten(behind: 40),
            .taken(Self.message(at: 60, by: Self.owner), epoch: Self.epoch)
        )
        #expect(try offsets == [30, 60])
    }

    @Test("Pages of a snapshot change nothing before the last one, which changes everything")
    func pages() async throws {
        let (second, third) = (ConversationID(), ConversationID())
        try await snapshot([third], asOf: Self.cursor(40))
        let asOf = Self.cursor(60, epoch: [UInt8](repeating: 9, count: 8))
        try await commit(.snapshot(Self.page(asOf: asOf, next: "2")))
        #expect(try conversations == [Data(third.bytes)])
        #expect(try store.content().cursor == Self.cursor(40))
        #expect(try store.read { try $0.lastPage()?.nextPage } == Data("2".utf8))
        try await commit(.snapshot(Self.page([second], asOf: asOf)))
        #expect(
            try conversations
                == [Data(Self.conversation.bytes), Data(second.bytes)].sorted {
                    $0.lexicographicallyPrecedes($1)
                }
        )
        #expect(try store.content().cursor == asOf)
        #expect(try store.read { try $0.lastPage() } == nil)
    }

    @Test("Pages of a snapshot that are forgotten are in none")
    func forgottenPages() async throws {
        let second = ConversationID()
        try await commit(.snapshot(Self.page(asOf: Self.cursor(30), next: "2")))
        try await commit(.snapshotForgotten)
        try await snapshot([second], asOf: Self.cursor(40))
        #expect(try conversations == [Data(second.bytes)])
    }

    private var conversations: [Data] {
        get throws {
            try store.read { try $0.rows(limit: 10).map(\.conversation.id) }.sorted {
                $0.lexicographicallyPrecedes($1)
            }
        }
    }

    @Test("An own message goes again when the server tells the log without it")
    func takenBackByRestore() async throws {
        try await own()
        try await snapshot(asOf: Self.cursor(40))
        try await commit(
            .taken(Self.message(at: 30, by: Self.owner), epoch: Self.epoch),
            .taken(Self.message(at: 50, by: Self.owner), epoch: Self.epoch)
        )
        #expect(try offsets == [30, 50])
        try await commit(.feed([Self.message(at: 45)], Self.cursor(60)))
        #expect(try offsets == [30, 45])
        try await commit(.history(Self.conversation, [], filled: 0...40, Self.epoch))
        #expect(try offsets == [45])
    }

    @Test("Others' messages behind the mark are unread, and telling them again adds none")
    func unread() async throws {
        try await own()
        try await snapshot(asOf: Self.cursor(40))
        let told = [
            Self.message(at: 41), Self.message(at: 42, by: Self.owner), Self.message(at: 43),
        ]
        try await commit(.feed(told, Self.cursor(43)))
        #expect(try overview?.unread == 2)
        let mark = Self.event(at: 44, by: Self.owner) { $0.readMarked.upToOffset = 41 }
        try await commit(.feed([mark], Self.cursor(44)))
        #expect(try overview?.unread == 1)
        try await commit(.history(Self.conversation, told, filled: 0...43, Self.epoch))
        #expect(try overview?.unread == 1)
        let back = Self.event(at: 45, by: Self.owner) { $0.readMarked.upToOffset = 3 }
        try await commit(.feed([back], Self.cursor(45)))
        #expect(try overview?.unread == 1)
        #expect(try overview?.readUpTo == 41)
        #expect(try offsets == [41, 42, 43])
    }

    @Test("The newest request follows its events, and none of them moves it back")
    func newestRequest() async throws {
        try await snapshot(asOf: Self.cursor(40))
        let taken = Self.event(at: 41, version: 4) {
            $0.requestAssigned.assignee.id = Data(Self.agent.bytes)
            $0.requestAssigned.assignee.name = "Bo"
        }
        let solved = Self.event(at: 42, version: 5) {
            $0.statusChanged.to = "solved"
            $0.statusChanged.category = .categoryResolved
        }
        let stale = Self.event(at: 43, version: 2) { $0.statusChanged.to = "new" }
        try await commit(.feed([taken, solved, stale], Self.cursor(43)))
        let request = try #require(try overview?.newestRequest)
        #expect(request.status == "solved")
        #expect(request.category == .resolved)
        #expect(request.assignee?.name == "Bo")
        #expect(request.version == 5)
    }

    @Test("The newest request has the topic that an event gives it, or none")
    func topic() async throws {
        try await snapshot(asOf: Self.cursor(40))
        for (offset, key, name) in [(41, "printers", "Printers"), (42, "", "")] {
            let changed = Self.event(at: UInt64(offset), version: UInt64(offset)) {
                var change = Docket_V1_DetailsChanged.Change()
                change.topic.to = key
                change.topic.nameForContact = name
                $0.detailsChanged.changes = [change]
            }
            try await commit(.feed([changed], Self.cursor(UInt64(offset))))
            let row = try store.read { try $0.row(of: Data(Self.conversation.bytes)) }
            let request = row?.conversation.newestRequest
            #expect(request?.topicName == name && request?.version == UInt64(offset))
            #expect(request?.details.topic == key)
        }
    }

    @Test("A request that begins is the newest; one aside is not")
    func requestBegins() async throws {
        try await snapshot(asOf: Self.cursor(40))
        let next = Data(repeating: 10, count: 16)
        let opened = Self.event(at: 41) {
            ($0.requestID, $0.requestNumber) = (next, 6)
            $0.requestOpened.status = "new"
        }
        let aside = Self.event(at: 42) {
            ($0.requestID, $0.requestNumber) = (Data(repeating: 11, count: 16), 7)
            $0.requestOpened.isAside = true
        }
        try await commit(.feed([opened, aside], Self.cursor(42)))
        #expect(try overview?.newestRequest?.number == 6)
    }

    @Test("After a merge the newest request is asked for, since only its id is told")
    func merged() async throws {
        try await snapshot(asOf: Self.cursor(40))
        let survivor = Data(repeating: 12, count: 16)
        let merged = Self.event(at: 41, version: 4) { $0.merged.newestRequestID = survivor }
        try await commit(.feed([merged], Self.cursor(41)))
        #expect(try store.lackingRequests().map { Data($0.bytes) } == [survivor])
        let request = Docket_V1_Request.with {
            $0.id = survivor
            $0.number = 2
            $0.conversationID = Data(Self.conversation.bytes)
        }
        try await commit(.request(request))
        #expect(try store.lackingRequests().isEmpty)
        #expect(try overview?.newestRequest?.number == 2)
    }

    @Test("A conversation that becomes visible later has a past that is missing")
    func visibleLater() async throws {
        try await snapshot([], asOf: Self.cursor(40))
        try await commit(.feed([Self.message(at: 41)], Self.cursor(41)))
        #expect(try holes == [0...40])
        let begun = Self.event(at: 42) { event in
            event.conversationID = Data(repeating: 8, count: 16)
            event.conversationOpened.channel = "mail"
        }
        try await commit(.feed([begun], Self.cursor(42)))
        #expect(try store.read { try $0.holes(of: Data(repeating: 8, count: 16)) } == [])
    }

    @Test("However a conversation is read, by feed, pages and snapshots, it is the log at the end")
    func converges() async throws {
        var random = SeededRandom()
        for _ in 0..<100 {
            let store = try LocalStore.inMemory()
            let log = (1...80).filter { _ in Bool.random(using: &random) }.map { UInt64($0) }
            try await play(log, in: store, using: &random)
            let read = try store.read { tables in
                let id = Data(Self.conversation.bytes)
                return (
                    try tables.events(of: id, below: nil, limit: 1_000).map(\.offset),
                    try tables.holes(of: id)
                )
            }
            #expect(read.0 == log, "\(random.replay)")
            #expect(read.1 == [], "\(random.replay)")
        }
    }

    /// Reads a log by random steps until everything is there.
    private func play(
        _ log: [UInt64],
        in store: LocalStore,
        using random: inout SeededRandom
    ) async throws {
        let id = Data(Self.conversation.bytes)
        let head: UInt64 = 81
        func apply(_ changes: ReplicaChange...) async throws {
            try await store.commit(changes.map(LocalChange.replica))
        }
        while true {
            let cursor = try store.content().cursor
            let holes = try store.read { try $0.holes(of: id) }
            if let cursor, cursor.offset == head, holes.isEmpty { return }
            let offset = cursor?.offset ?? 0
            switch Int.random(in: 0..<8, using: &random) {
            case 0 where offset < head, 1 where cursor == nil:
                let asOf = Self.cursor(.random(in: offset...head, using: &random))
                try await apply(.snapshot(Self.page(asOf: asOf)))
            case 2...4 where cursor != nil && offset < head:
                let end = UInt64.random(in: (offset + 1)...head, using: &random)
                let events = log.filter { $0 > offset && $0 <= end }.map { Self.message(at: $0) }
                try await apply(.feed(events, Self.cursor(end)))
            case 5...7:
                guard let hole = holes.randomElement(using: &random) else { continue }
                let low = UInt64.random(in: hole, using: &random)
                let events = log.filter { $0 >= low && $0 <= hole.upperBound }
                    .map { Self.message(at: $0) }
                let filled = low...hole.upperBound
                try await apply(.history(Self.conversation, events, filled: filled, Self.epoch))
            default: continue
            }
        }
    }
}
