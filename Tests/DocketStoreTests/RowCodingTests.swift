import DeskSupport
import DocketDomain
import DocketMessages
import DocketStore
import Foundation
import SwiftProtobuf
import Testing

/// What is written field by field is what the generated messages write.
@Suite("The coding of rows")
struct RowCodingTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func id<Tag>(_ seed: UInt64) -> Identifier<Tag> {
        var random = SeededGenerator(seed: seed)
        return Identifier(at: now, random: &random)
    }

    private func expect(_ details: RequestDetails) throws {
        #expect(details.encoded == (try details.message.serializedBytes() as Data))
        #expect(RequestDetails(encoded: details.encoded) == details)
    }

    @Test("The details with which requests begin", arguments: RequestKind.allCases)
    func beginnings(kind: RequestKind) throws {
        for origin in Origin.allCases {
            for isInternal in [false, true] {
                try expect(
                    RequestDetails(
                        kind: kind,
                        origin: origin,
                        isInternal: isInternal,
                        isRouted: !isInternal,
                        openedBy: Party(kind: .agent, id: id(1), name: "Bo")
                    )
                )
            }
        }
        var details = RequestDetails(kind: kind, origin: .partner, openedBy: .desk)
        try expect(details)
        details.title = ""
        try expect(details)
        details.title = String(repeating: "ü", count: 100)
        details.topic = "printers"
        details.firstTopic = "paper"
        details.type = "fault"
        details.priority = "high"
        details.firstPriority = "low"
        details.externalKey = "crm/1"
        try expect(details)
    }

    @Test("Whatever comes to them later")
    func changes() throws {
        let other = RequestReference(id: id(2), number: 9)
        let rest = Rest(
            statusSince: now,
            wakeAt: now,
            resolvedAt: now,
            closedAt: nil,
            reopenings: 1
        )
        let changes: [(inout RequestDetails) -> Void] = [
            { $0.tags = ["a", "b"] }, { $0.fields = ["shelf": .integer(3)] },
            { $0.watchers = [Agent(id: id(3), name: "Bo")] },
            { $0.participants = [Contact(id: id(4), name: "Ada")] },
            { $0.links = [Link(kind: .parent, other: other)] }, { $0.mergedInto = other },
            { $0.sources = [other] }, { $0.statusBefore = "open" }, { $0.restBefore = rest },
            {
                $0.reactivation = Reactivation(
                    firstSequence: 4,
                    statusBefore: "closed",
                    rest: rest
                )
            },
            { $0.wakeAt = now }, { $0.acceptedAt = now }, { $0.firstRepliedAt = now },
            { $0.firstViewedAt = now }, { $0.viewedByAssigneeAt = now }, { $0.resolvedAt = now },
            { $0.closedAt = now }, { $0.reopenings = 2 },
        ]
        for change in changes {
            var details = RequestDetails(kind: .ticket, origin: .line, openedBy: .desk)
            change(&details)
            try expect(details)
        }
    }

    @Test("What is known of contacts")
    func profiles() throws {
        let origins: [ContactOrigin] = [
            .guest, .registered, .external(integration: id(1), externalID: "+49"),
        ]
        for origin in origins {
            var profile = ContactProfile(id: id(2), name: "Ana", origin: origin, at: now)
            try expect(profile)
            var edit = ContactEdit()
            try edit.set(emails: ["Ana@example.com", "office@example.com"])
            try edit.set(phones: ["+123456"])
            try edit.set(attributes: [ContactAttribute(key: "k", value: "v")])
            profile.emails = edit.emails ?? []
            profile.phones = edit.phones ?? []
            profile.attributes = edit.attributes ?? []
            profile.language = "uk"
            profile.timeZone = "Europe/Kyiv"
            profile.clientCategory = "vip"
            profile.isBlocked = true
            profile.company = id(3)
            profile.version = 300
            profile.versionForContact = 2
            profile.changedAt = now + .seconds(1)
            try expect(profile)
        }
    }

    private func expect(_ profile: ContactProfile) throws {
        let message = Docket_V1_Contact(profile, company: nil)
        #expect(profile.encoded() == (try message.serializedBytes() as Data))
        #expect(ContactProfile(encoded: profile.encoded()) == profile)
    }
}
