import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Synchronization
import Testing

@testable import DocketClient

@Suite("An agent's commands say what they mean", .timeLimit(.minutes(5)))
struct RequestTests {
    private let id = RequestID(bytes: [UInt8](repeating: 3, count: 16)) ?? RequestID()
    private let other = RequestID(bytes: [UInt8](repeating: 5, count: 16)) ?? RequestID()

    private static func fixture() throws -> Fixture {
        try Fixture(as: .login("bo", password: FakeDesk.password))
    }

    @Test("A request tells everything that the server told of it")
    func model() throws {
        let request = try SupportRequest(FakeDesk.request)
        #expect(request.kind == .ticket)
        #expect(request.origin == .manual)
        #expect(request.title == "Blank pages")
        #expect(request.statusName == "In progress")
        #expect(request.topicName == "Printers and copiers")
        #expect(request.isLive)
        #expect(request.livePeriods == 2)
        #expect(request.previous == RequestID(bytes: [UInt8](repeating: 2, count: 16)))
        let details = request.details
        #expect(details.isInternal && details.isAside)
        #expect([details.topic, details.firstTopic] == ["printers", "other"])
        #expect([details.type, details.priority] == ["incident", "high"])
        #expect(details.tags == ["hall", "printer"])
        #expect(
            details.fields == [
                "serial": .text("A-1"), "pages": .integer(-3), "warranty": .flag(false),
                "colours": .words(["red"]),
            ]
        )
        #expect(
            details.links == [RequestLink(kind: .splitFrom, other: .init(id: other, number: 3))]
        )
        #expect(details.sources.map(\.number) == [3])
        #expect(details.mergedInto == nil)
        #expect(details.splitOffer == SplitOffer(fromSequence: 5, status: "waiting"))
        let moments = [
            details.wakeAt, details.acceptedAt, details.firstRepliedAt, details.firstViewedAt,
            details.viewedByAssigneeAt, details.resolvedAt, details.closedAt,
        ]
        #expect(moments.map { $0?.millisecondsSinceEpoch } == [10, 11, 12, 13, 14, 15, 16])
        #expect(details.watchers.map(\.name) == ["Cy"])
        #expect(details.participants.map(\.name) == ["Di"])
    }

    @Test("A request of a server that says less has no details")
    func sparse() throws {
        let request = try SupportRequest(
            .with {
                $0.id = Data(id.bytes)
                $0.conversationID = Data(id.bytes)
            }
        )
        #expect(request.kind == .unknown)
        #expect(request.details == RequestDetails())
        #expect(request.previous == nil)
    }

    @Test("A draft is sent whole, and always with the same bytes")
    func create() async throws {
        let fixture = try Self.fixture()
        var draft = RequestDraft(
            channel: "phone",
            text: "It prints blank pages",
            contact: PartyID()
        )
        draft.kind = .ticket
        draft.origin = .portal
        draft.title = "Blank pages"
        draft.tags = ["hall"]
        draft.isInternal = true
        draft.source = other
        for number in 0..<20 { draft.fields["field\(number)"] = .integer(Int64(number)) }
        let requests = fixture.client.requests
        #expect(try await requests.create(draft, id: id).number == 4)
        let first = try #require(fixture.desk.last(Docket_V1_CreateRequestCall.self))
        #expect(first.header.commandID == Data(id.bytes))
        #expect(first.kind == .kindTicket && first.origin == .portal)
        #expect(first.fields.count == 20)
        #expect(first.sourceID == Data(other.bytes))
        // The same fields in another order of insertion: maps have an order in memory.
        let fields = draft.fields
        draft.fields = [:]
        for key in fields.keys.sorted().reversed() { draft.fields[key] = fields[key] }
        let again = try encoded(Docket_V1_CreateRequestCall(draft, id: id))
        #expect(try encoded(first) == again)
    }

    @Test("A lost reply to a creation is asked for again under the same id")
    func lostReply() async throws {
        let fixture = try Self.fixture()
        fixture.connector.loseReplies(of: RequestsMethods.create)
        async let request = fixture.client.requests.create(.init(channel: "phone", text: "a"))
        await fixture.clock.passNextWait(within: .seconds(1))
        _ = try await request
        let calls = fixture.desk.asked.withLock {
            $0.compactMap { $0 as? Docket_V1_CreateRequestCall }
        }
        #expect(calls.count == 2)
        #expect(calls.first == calls.last)
    }

    @Test("A status is set with its reason and its moment")
    func status() async throws {
        let fixture = try Self.fixture()
        let moment = Timestamp(millisecondsSinceEpoch: 1_741_100_000_123)
        let requests = fixture.client.requests
        _ = try await requests.setStatus("snoozed", of: id, reason: "away", wakeAt: moment)
        let call = try #require(fixture.desk.last(Docket_V1_SetStatusCall.self))
        #expect(call.status == "snoozed" && call.reason == "away")
        #expect(call.wakeMilliseconds == moment.millisecondsSinceEpoch)
        _ = try await requests.view(id)
        #expect(fixture.desk.last(Docket_V1_ViewCall.self)?.requestID == Data(id.bytes))
        _ = try await requests.delete(id)
        #expect(fixture.desk.last(Docket_V1_DeleteCall.self)?.requestID == Data(id.bytes))
        _ = try await requests.restore(id)
        #expect(fixture.desk.last(Docket_V1_RestoreCall.self)?.requestID == Data(id.bytes))
    }

    @Test("Every command may expect the version that was seen, and says none by itself")
    func versions() async throws {
        let fixture = try Self.fixture()
        let requests = fixture.client.requests
        for version in [7, 0, nil] as [UInt64?] {
            _ = try await requests.view(id, expecting: version)
            _ = try await requests.setStatus("closed", of: id, expecting: version)
            _ = try await requests.edit(id, [.addTag("a")], expecting: version)
            _ = try await requests.delete(id, expecting: version)
            _ = try await requests.restore(id, expecting: version)
            _ = try await requests.splitNewMessages(of: id, expecting: version)
            _ = try await requests.splitMessages([], of: id, expecting: version)
            _ = try await requests.merge(id, expecting: version)
            _ = try await requests.link(id, to: other, as: .parent, expecting: version)
            _ = try await requests.unlink(id, from: other, as: .parent, expecting: version)
            _ = try await requests.take(id, expecting: version)
            _ = try await requests.assign(id, to: nil, expecting: version)
            _ = try await requests.finish(id, expecting: version)
            _ = try await requests.note("a", on: id, expecting: version)
            let headers = fixture.desk.takeHeaders()
            #expect(headers.count == 14)
            for header in headers {
                #expect(header.hasExpectedVersion == (version != nil))
                #expect(header.expectedVersion == version ?? 0)
            }
        }
    }

    @Test("Edits go together and in order; what is nil empties")
    func edit() async throws {
        let fixture = try Self.fixture()
        let party = PartyID()
        let edits: [RequestEdit] = [
            .title(nil), .topic("printers"), .type(nil), .priority("high"),
            .field("serial", .text("A-1")), .field("pages", nil), .addTag("a"), .removeTag("b"),
            .addWatcher(party), .removeWatcher(party), .addParticipant(party),
            .removeParticipant(party),
        ]
        _ = try await fixture.client.requests.edit(id, edits)
        let call = try #require(fixture.desk.last(Docket_V1_EditCall.self))
        #expect(call.edits.count == edits.count)
        #expect(call.edits[0].edit == .title(""))
        #expect(call.edits[1].edit == .topic("printers"))
        #expect(call.edits[4].field.value == .with { $0.text = "A-1" })
        #expect(call.edits[5].field.key == "pages" && !call.edits[5].field.hasValue)
        #expect(call.edits[11].edit == .removeParticipant(Data(party.bytes)))
    }

    @Test("Splits, merges and links name both sides")
    func belonging() async throws {
        let fixture = try Self.fixture()
        let requests = fixture.client.requests
        _ = try await requests.splitNewMessages(of: id)
        #expect(fixture.desk.last(Docket_V1_SplitNewMessagesCall.self)?.requestID == Data(id.bytes))
        let message = MessageID()
        _ = try await requests.splitMessages([message], of: id)
        #expect(
            fixture.desk.last(Docket_V1_SplitMessagesCall.self)?.messageIds == [Data(message.bytes)]
        )
        _ = try await requests.merge(id)
        #expect(fixture.desk.last(Docket_V1_MergeCall.self)?.otherID == Data())
        _ = try await requests.merge(id, with: other)
        #expect(fixture.desk.last(Docket_V1_MergeCall.self)?.otherID == Data(other.bytes))
        _ = try await requests.link(id, to: other, as: .parent)
        #expect(fixture.desk.last(Docket_V1_LinkCall.self)?.kind == .linkParent)
        _ = try await requests.unlink(id, from: other, as: .duplicate)
        #expect(fixture.desk.last(Docket_V1_LinkCall.self)?.otherID == Data(other.bytes))
    }

    @Test("What belongs to a request is read by its places, and its neighbours may be missing")
    func reading() async throws {
        let fixture = try Self.fixture()
        let page = try await fixture.client.requests.messages(of: id, after: 5, limit: 10)
        let call = try #require(fixture.desk.last(Docket_V1_RequestMessagesCall.self))
        #expect(call.afterSequence == 5 && call.limit == 10)
        #expect(page.hasMore)
        #expect(page.messages.map(\.sequence) == [6])
        #expect(page.messages.first?.event.offset == 40)
        let chain = try await fixture.client.requests.chain(of: id)
        #expect(chain.previous?.number == 4)
        #expect(chain.next == nil)
    }

    @Test("A message may name the request that it continues, and a title for one that it opens")
    func post() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        _ = try await chat.post("a", continuing: other, title: "Blank pages")
        let call = try #require(fixture.desk.posts.first)
        #expect(call.requestID == Data(other.bytes))
        #expect(call.title == "Blank pages")
        try await chat.markReceived(upTo: 12)
        #expect(fixture.desk.last(Docket_V1_MarkReceivedCall.self)?.upToOffset == 12)
    }
}
