import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

/// Which messages belong to a request: those that were said in it, and those that were moved to it.
@Suite("The messages of a request")
struct RequestMessagesTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func opened(_ request: SupportRequest) -> Fact {
        .requestOpened(
            OpenedRequest(
                status: request.status,
                category: request.category,
                previous: nil,
                contact: request.contact,
                channel: request.channel
            )
        )
    }

    private func message(_ id: MessageID, _ sequence: UInt64) -> Fact {
        .messagePosted(Message(id: id, sequence: sequence, text: "\(sequence)", authoredAt: nil))
    }

    private func moved(
        _ messages: [MessageID],
        _ other: SupportRequest,
        from sequence: UInt64
    ) -> MovedMessages {
        MovedMessages(
            other: other.reference,
            messages: messages,
            firstSequence: sequence,
            description: ""
        )
    }

    /// Moves messages as the desk does: an entry on either side, and their places.
    private func move(
        _ messages: [(id: MessageID, offset: UInt64)],
        from one: SupportRequest,
        to other: SupportRequest,
        at sequence: UInt64,
        in scene: StoreScene
    ) throws {
        let ids = messages.map(\.id)
        try scene.append([
            (one, .messagesGiven(moved(ids, other, from: sequence))),
            (other, .messagesTaken(moved(ids, one, from: sequence))),
        ])
        try scene.store.transact { transaction throws(StoreError) in
            for (index, message) in messages.enumerated() {
                let sequence = sequence + UInt64(index)
                let place = MessagePlace(request: other.reference, sequence: sequence)
                try transaction.move(messageAt: message.offset, to: place)
            }
        }
    }

    private func places(
        _ scene: StoreScene,
        _ request: SupportRequest,
        upTo sequence: UInt64,
        lookingAt limit: Int = .max
    ) throws -> [UInt64: MessageID]? {
        var request = request
        request.sequence = sequence
        let found = try scene.read { [request] reading throws(StoreError) in
            try reading.messages(of: request, lookingAt: limit)
        }
        return found.map { messages in
            Dictionary(messages.map { ($0.sequence, $0.message.id) }) { first, _ in first }
        }
    }

    @Test(
        "Messages that were given, taken, given back and taken again belong to one request",
        arguments: StoreKind.allCases
    )
    func moves(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let (one, two) = (scene.request(number: 1), scene.request(number: 2))
        let ids: [MessageID] = (0..<4).map { _ in scene.id() }
        let said = zip(ids, [3, 4, 5, 9] as [UInt64]).map { (id: $0, offset: $1) }
        try scene.append([(one, opened(one))])
        try scene.insert([one], openedAt: 2)
        try scene.append(ids.prefix(3).enumerated().map { (one, message($1, UInt64($0) + 1)) })
        try scene.append([(two, opened(two))])
        try scene.insert([two], openedAt: 6)
        try move([said[1], said[2]], from: one, to: two, at: 1, in: scene)
        try scene.append([(two, message(ids[3], 3))])
        #expect(try places(scene, one, upTo: 3) == [1: ids[0]])
        #expect(try places(scene, two, upTo: 3) == [1: ids[1], 2: ids[2], 3: ids[3]])
        try move([said[1], said[3]], from: two, to: one, at: 4, in: scene)
        #expect(try places(scene, one, upTo: 5) == [1: ids[0], 4: ids[1], 5: ids[3]])
        #expect(try places(scene, two, upTo: 3) == [2: ids[2]])
        try move([said[1]], from: one, to: two, at: 4, in: scene)
        #expect(try places(scene, one, upTo: 5) == [1: ids[0], 5: ids[3]])
        #expect(try places(scene, two, upTo: 4) == [2: ids[2], 4: ids[1]])
        let now = try scene.read { reading throws(StoreError) in
            var places: [MessagePlace?] = []
            for message in said { places.append(try reading.place(ofMovedMessage: message.offset)) }
            return places
        }
        #expect(now.map { $0?.request.number } == [nil, 2, 2, 1])
        #expect(now.map { $0?.request.id } == [nil, two.id, two.id, one.id])
        #expect(now.map { $0?.sequence } == [nil, 4, 2, 5])
    }

    @Test(
        "A request is found from where it began to its last place, so many entries at most",
        arguments: StoreKind.allCases
    )
    func bound(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let (one, two) = (scene.request(number: 1), scene.request(number: 2))
        let ids: [MessageID] = (0..<1_100).map { _ in scene.id() }
        try scene.append([(one, opened(one)), (two, opened(two))])
        try scene.insert([one], openedAt: 2)
        try scene.insert([two], openedAt: 3)
        try scene.append(
            ids.enumerated().map { place, id in
                let request = place.isMultiple(of: 2) ? one : two
                return (request, message(id, UInt64(place / 2) + 1))
            }
        )
        // Of the first, all but the entry before its first message and the very last message.
        let found = try #require(try places(scene, one, upTo: 550, lookingAt: 1_100))
        #expect(found.count == 550)
        #expect(found[1] == ids[0] && found[550] == ids[1_098])
        #expect(try places(scene, one, upTo: 550, lookingAt: 1_099) == nil)
        #expect(try places(scene, two, upTo: 550, lookingAt: 1_100)?.count == 550)
        #expect(try places(scene, two, upTo: 550, lookingAt: 1_099) == nil)
        #expect(try places(scene, two, upTo: 1, lookingAt: 2) == [1: ids[1]])
        #expect(try places(scene, two, upTo: 0, lookingAt: 0) == [:], "nothing was ever said")
        #expect(try places(scene, two, upTo: 551, lookingAt: 1_101)?.count == 550)
    }

    @Test("What was moved to a request is looked at too", arguments: StoreKind.allCases)
    func boundOfMoved(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let (one, two) = (scene.request(number: 1), scene.request(number: 2))
        let ids: [MessageID] = (0..<3).map { _ in scene.id() }
        try scene.append([(one, opened(one))])
        try scene.append(ids.enumerated().map { (one, message($1, UInt64($0) + 1)) })
        try scene.append([(two, opened(two))])
        try scene.insert([one], openedAt: 2)
        try scene.insert([two], openedAt: 6)
        let said = ids.enumerated().map { (id: $1, offset: UInt64($0) + 3) }
        try move(said, from: one, to: two, at: 1, in: scene)
        let all: [UInt64: MessageID] = [1: ids[0], 2: ids[1], 3: ids[2]]
        #expect(try places(scene, two, upTo: 3, lookingAt: 5) == all)
        #expect(try places(scene, two, upTo: 3, lookingAt: 4) == nil)
        #expect(try places(scene, two, upTo: 3, lookingAt: 2) == nil)
        #expect(try places(scene, one, upTo: 3) == [:])
    }

    @Test("The contact's messages are told from the agents'", arguments: StoreKind.allCases)
    func authors(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        var request = scene.request(number: 1)
        request.sequence = 2
        let ids: [MessageID] = (0..<2).map { _ in scene.id() }
        try scene.insert([request])
        try scene.append([(request, opened(request)), (request, message(ids[0], 1))])
        try scene.append([(request, message(ids[1], 2))], by: scene.agent.party)
        let found = try scene.read { [request] reading throws(StoreError) in
            try reading.messages(of: request, lookingAt: 9)
        }
        #expect(found?.map(\.message.isFromContact) == [true, false])
        #expect(found?.map(\.entry.offset) == [3, 4])
        #expect(found?.map(\.message.offset) == [3, 4])
        #expect(found?.map(\.message.beginning) == ["1", "2"])
    }
}
