import DocketMessages
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketClient

@Suite("What the feed tells becomes the library's own words")
struct FactTests {
    private let reference = FakeDesk.other
    private let other = OtherRequest(
        id: RequestID(bytes: [UInt8](repeating: 5, count: 16)) ?? RequestID(),
        number: 3
    )
    private let bo = Docket_V1_Actor.with { $0.name = "Bo" }

    private func fact(_ fill: (inout Docket_V1_Event) -> Void) -> Event.Fact {
        var event = Docket_V1_Event()
        fill(&event)
        return Event(event, offset: 1).fact
    }

    @Test("Marks and looks are told")
    func marks() {
        #expect(fact { $0.receivedMarked.upToOffset = 7 } == .receivedMarked(upTo: 7))
        #expect(fact { $0.requestViewed.byAssignee = true } == .requestViewed(byAssignee: true))
        let assigned = fact {
            $0.requestAssigned.assignee = bo
            $0.requestAssigned.from.name = "Cy"
        }
        guard case .requestAssigned(let to?, let from?) = assigned else {
            Issue.record("\(assigned)")
            return
        }
        #expect([to.name, from.name] == ["Bo", "Cy"])
    }

    @Test("A title is there or not, before and after")
    func titles() {
        #expect(fact { $0.titleChanged.to = "a" } == .titleChanged(from: nil, to: "a"))
        #expect(fact { $0.titleChanged.from = "a" } == .titleChanged(from: "a", to: nil))
    }

    @Test("Every change of the details is told, in order")
    func details() {
        let changes: [Docket_V1_DetailsChanged.Change] = [
            .with { $0.topic.to = "printers" }, .with { $0.type.from = "question" },
            .with {
                $0.priority.from = "normal"
                $0.priority.to = "high"
            },
            .with {
                $0.field.key = "pages"
                $0.field.to.integer = 2
            },
            .with { $0.tagAdded = "a" }, .with { $0.tagRemoved = "b" },
            .with { $0.watcherAdded = bo }, .with { $0.watcherRemoved = bo },
            .with { $0.participantAdded = bo }, .with { $0.participantRemoved = bo },
            Docket_V1_DetailsChanged.Change(),
        ]
        let party = Party(kind: .unknown, id: nil, name: "Bo")
        let expected: [DetailChange] = [
            .topic(from: nil, to: "printers", nameForContact: nil),
            .type(from: "question", to: nil),
            .priority(from: "normal", to: "high"), .field("pages", from: nil, to: .integer(2)),
            .tagAdded("a"), .tagRemoved("b"), .watcherAdded(party), .watcherRemoved(party),
            .participantAdded(party), .participantRemoved(party), .unknown,
        ]
        #expect(fact { $0.detailsChanged.changes = changes } == .detailsChanged(expected))
    }

    @Test("Links, splits and merges name the other request")
    func others() {
        let link = RequestLink(kind: .child, other: other)
        let wire = Docket_V1_Link.with {
            $0.kind = .linkChild
            $0.other = reference
        }
        #expect(fact { $0.linked = wire } == .linked(link))
        #expect(fact { $0.unlinked = wire } == .unlinked(link))
        let id = MessageID()
        let moved = Docket_V1_MovedMessages.with {
            $0.other = reference
            $0.messageIds = [Data(id.bytes)]
            $0.firstSequence = 9
        }
        let model = MovedMessages(other: other, messageIDs: [id], firstSequence: 9)
        #expect(fact { $0.messagesGiven = moved } == .messagesGiven(model))
        #expect(fact { $0.messagesTaken = moved } == .messagesTaken(model))
        #expect(fact { $0.merged.into = reference } == .merged(into: other, newest: nil))
        #expect(fact { $0.mergeTaken = reference } == .mergeTaken(other))
        let policy = fact {
            $0.policyApplied.version = 2
            $0.policyApplied.name = "Omnidesk"
        }
        #expect(policy == .policyApplied(version: 2, name: "Omnidesk"))
    }

    @Test("What was administered says of whom, what was done, and the fields before and after")
    func administered() throws {
        let id = MessageID()
        let change = fact {
            $0.administered.subject = .subjectAgent
            $0.administered.subjectID = Data(id.bytes)
            $0.administered.subjectName = "Bo"
            $0.administered.action = .actionChanged
            $0.administered.fields = [
                .with { ($0.field, $0.before, $0.after) = ("role", "agent", "supervisor") }
            ]
        }
        guard case .administered(let made) = change else {
            Issue.record("\(change)")
            return
        }
        #expect(made.subject == .agent && made.action == .changed && made.name == "Bo")
        #expect(made.subjectID.map { Data($0.bytes) } == Data(id.bytes))
        #expect(made.fields.map(\.name) == ["role"] && made.fields.map(\.before) == ["agent"])
        #expect(made.fields.map(\.after) == ["supervisor"])
        guard case .administered(let strange) = fact({ $0.administered.subjectID = Data([1]) })
        else {
            Issue.record("it is not known")
            return
        }
        #expect(strange.subject == .unknown && strange.action == .unknown)
        #expect(strange.subjectID == nil && strange.fields.isEmpty)
    }

    @Test("A reference without an id is nothing that this version knows")
    func broken() {
        #expect(fact { $0.linked.kind = .linkChild } == .unknown)
        #expect(fact { $0.merged.newestRequestID = Data() } == .unknown)
        #expect(fact { $0.messagesTaken.firstSequence = 1 } == .unknown)
        #expect(fact { $0.mergeTaken.number = 1 } == .unknown)
        #expect(fact { _ in } == .unknown)
    }

    @Test("An opening tells the kind, the way and what the request is about")
    func opening() {
        let opened = fact {
            $0.requestOpened.kind = .kindTicket
            $0.requestOpened.origin = .portal
            $0.requestOpened.title = "Blank pages"
            $0.requestOpened.isAside = true
            $0.requestOpened.statusNameForContact = "Received"
        }
        guard case .requestOpened(let opening) = opened else {
            Issue.record("\(opened)")
            return
        }
        #expect(opening.kind == .ticket && opening.origin == .portal && opening.isAside)
        #expect(opening.title == "Blank pages" && opening.topic == nil)
        #expect(opening.statusNameForContact == "Received")
        guard case .requestOpened(let early) = fact({ $0.requestOpened.status = "new" }) else {
            Issue.record("an early opening is none")
            return
        }
        #expect(early.kind == .chat && early.origin == .line)
        #expect(early.statusNameForContact == nil)
    }

    @Test("A change of status carries its reason and its moment")
    func status() {
        let changed = fact {
            $0.statusChanged.reason = "away"
            $0.statusChanged.wakeMilliseconds = 9
            $0.statusChanged.statusNameForContact = "In progress"
            $0.statusChanged.cause = .causeSet
        }
        guard case .statusChanged(let change) = changed else {
            Issue.record("\(changed)")
            return
        }
        #expect(change.reason == "away" && change.cause == .set)
        #expect(change.wakeAt?.millisecondsSinceEpoch == 9)
        #expect(change.statusNameForContact == "In progress")
    }

    @Test("Every word of the protocol has its own in the library, and a new one is unknown")
    func words() {
        let causes = Docket_V1_StatusCause.allCases.filter { $0 != .unspecified }.map { cause in
            fact { $0.statusChanged.cause = cause }
        }
        let known = causes.compactMap { fact in
            if case .statusChanged(let change) = fact { change.cause } else { nil }
        }
        #expect(Set(known).count == StatusChange.Cause.allCases.count - 1)
        #expect(!known.contains(.unknown))
        let ways = Docket_V1_Way.allCases.map { Event.Way($0) }
        #expect(Set(ways).count == Event.Way.allCases.count - 1)
        let kinds = Docket_V1_RequestKind.allCases.map { RequestKind($0) }
        #expect(Set(kinds) == Set(RequestKind.allCases))
        let origins = Docket_V1_Origin.allCases.map { RequestOrigin($0) }
        #expect(Set(origins) == Set(RequestOrigin.allCases))
        let links = Docket_V1_LinkKind.allCases.map { LinkKind($0) }
        #expect(Set(links) == Set(LinkKind.allCases))
        for link in LinkKind.allCases { #expect(LinkKind(link.message) == link) }
        for origin in RequestOrigin.allCases { #expect(RequestOrigin(origin.message) == origin) }
        #expect(Event.Way(.UNRECOGNIZED(99)) == .unknown)
        #expect(LinkKind(.UNRECOGNIZED(99)) == .unknown)
    }

    @Test("An event tells by which way it came, and whether it is the staff's own")
    func way() {
        let event = Docket_V1_Event.with {
            $0.way = .timer
            $0.isInternal = true
        }
        #expect(Event(event, offset: 1).way == .timer)
        #expect(Event(event, offset: 1).isInternal)
    }
}
