import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

/// Which messages belong to a request follows from the log alone.
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

    private func places(
        _ scene: StoreScene,
        _ request: SupportRequest,
        limit: Int = .max
    ) throws -> [UInt64: MessageID]? {
        let found = try scene.read { reading throws(StoreError) in
            try reading.messages(of: request, limit: limit)
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
        try scene.append([(one, opened(one))])
        try scene.append(ids.prefix(3).enumerated().map { (one, message($1, UInt64($0) + 1)) })
        try scene.append([
            (two, opened(two)),
            (one, .messagesGiven(moved([ids[1], ids[2]], two, from: 1))),
            (two, .messagesTaken(moved([ids[1], ids[2]], one, from: 1))),
            (two, message(ids[3], 3)),
        ])
        #expect(try places(scene, one) == [1: ids[0]])
        #expect(try places(scene, two) == [1: ids[1], 2: ids[2], 3: ids[3]])
        try scene.append([
            (two, .messagesGiven(moved([ids[1], ids[3]], one, from: 4))),
            (one, .messagesTaken(moved([ids[1], ids[3]], two, from: 4))),
        ])
        #expect(try places(scene, one) == [1: ids[0], 4: ids[1], 5: ids[3]])
        #expect(try places(scene, two) == [2: ids[2]])
        try scene.append([
            (one, .messagesGiven(moved([ids[1]], two, from: 4))),
            (two, .messagesTaken(moved([ids[1]], one, from: 4))),
        ])
        #expect(try places(scene, one) == [1: ids[0], 5: ids[3]])
        #expect(try places(scene, two) == [2: ids[2], 4: ids[1]])
    }

    @Test(
        "A request of more than a page of the log is found whole, up to a limit",
        arguments: StoreKind.allCases
    )
    func pages(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let (one, two) = (scene.request(number: 1), scene.request(number: 2))
        let ids: [MessageID] = (0..<1_100).map { _ in scene.id() }
        try scene.append([(one, opened(one)), (two, opened(two))])
        try scene.append(
            ids.enumerated().map { place, id in
                let request = place.isMultiple(of: 2) ? one : two
                return (request, message(id, UInt64(place / 2) + 1))
            }
        )
        let found = try #require(try places(scene, one))
        #expect(found.count == 550)
        #expect(found[1] == ids[0] && found[550] == ids[1_098])
        #expect(try places(scene, one, limit: 550)?.count == 550)
        #expect(try places(scene, one, limit: 549) == nil)
    }

    @Test("The contact's messages are told from the agents'", arguments: StoreKind.allCases)
    func authors(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let request = scene.request(number: 1)
        let ids: [MessageID] = (0..<2).map { _ in scene.id() }
        try scene.append([(request, opened(request)), (request, message(ids[0], 1))])
        try scene.append([(request, message(ids[1], 2))], by: scene.agent.party)
        let found = try scene.read { reading throws(StoreError) in
            try reading.messages(of: request, limit: 9)
        }
        #expect(found?.map(\.message.isFromContact) == [true, false])
        #expect(found?.map(\.entry.offset) == [3, 4])
        #expect(found?.map(\.message.beginning) == ["1", "2"])
    }
}
