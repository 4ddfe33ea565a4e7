import DeskSupport
import DocketCalls
import DocketDomain
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketServices

@Suite("A request that is opened on purpose brings files")
struct CreationFileTests {
    @Test(
        "They belong to its description, for whoever may see it",
        arguments: StoreKind.allCases
    )
    func files(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let contact = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await contact.open()
        let files = [
            try await contact.upload(Data("one".utf8), to: conversation).id,
            try await contact.upload(Data("two".utf8), to: conversation).id,
        ]
        let made = try await contact.create { $0.attachmentIds = files.reversed() }
        let history = try await agent.history(of: made.request.conversationID)
        let descriptions = history.entries.map(\.event.messagePosted).filter { $0.sequence == 1 }
        #expect(descriptions.last?.attachments.map(\.id) == files.reversed())
        for file in files {
            let (attachment, _) = try await agent.download(file)
            #expect(attachment.id == file)
        }
        // What belongs to a message belongs to no other.
        let again = await refusal { () async throws(RPCError) in
            _ = try await contact.create { $0.attachmentIds = [files[0]] }
        }
        #expect(again?.reason == .attachmentUnusable)
    }

    @Test("Somebody else's files, the same twice and too many are refused, and nothing opens")
    func refusals() async throws {
        let fixture = try ServiceFixture(.memory)
        let contact = try await fixture.guest()
        let other = try await fixture.guest("Other")
        let conversation = try await contact.open()
        let foreign = try await other.upload(Data("one".utf8), to: try await other.open()).id
        let own = try await contact.upload(Data("one".utf8), to: conversation).id
        let cases: [([Data], Reason)] = [
            ([foreign], .attachmentUnusable), ([own, own], .attachmentUnusable),
            ([fixture.newID], .attachmentUnusable), ([Data([1])], .invalidIdentifier),
            ((0..<11).map { _ in fixture.newID }, .tooManyAttachments),
        ]
        for (files, reason) in cases {
            let refused = await refusal { () async throws(RPCError) in
                _ = try await contact.create { $0.attachmentIds = files }
            }
            #expect(refused?.reason == reason)
        }
        let seen = try await contact.history(of: conversation)
        let openings = seen.entries.filter { entry in
            if case .requestOpened? = entry.event.fact { true } else { false }
        }
        #expect(openings.isEmpty)
    }
}
