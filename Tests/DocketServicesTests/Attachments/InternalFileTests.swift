import DeskSupport
import DocketCalls
import DocketDomain
import DocketMessages
import DocketRPC
import DocketStore
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketServices

@Suite("Files of internal requests are the staff's alone")
struct InternalFileTests {
    /// A chat of a contact with an internal request in it, and whoever looks at that.
    private struct Scene {
        let fixture: ServiceFixture
        let contact: Person
        let agent: Person
        let conversation: Data
        let chat: Data
        let request: Data

        init(_ keeping: StoreKind) async throws {
            fixture = try ServiceFixture(keeping)
            contact = try await fixture.guest()
            agent = try await fixture.agent("agent")
            conversation = try await contact.open()
            chat = try await contact.post("help", in: conversation).requestID
            request = try await agent.create(for: contact.id) { $0.isInternal = true }.request.id
        }

        /// What somebody hears who asks for a file.
        func answer(to person: Person, about file: Data) async -> RPCError? {
            await refusal { () async throws(RPCError) in try await person.download(file) }
        }

        /// Whether a file is to a person as one that is absent.
        func isHidden(_ file: Data, from person: Person) async throws -> Bool {
            let absent = await answer(to: person, about: fixture.newID)
            let answer = await answer(to: person, about: file)
            let progress = try await person.progress(file)
            return absent?.reason == .notFound && answer == absent
                && progress == Docket_V1_GetUploadReply()
        }
    }

    @Test(
        "What is wrong with a message says nothing of an internal request that it names",
        arguments: StoreKind.allCases
    )
    func wrongMessage(_ keeping: StoreKind) async throws {
        let scene = try await Scene(keeping)
        let chat = try await scene.fixture.keyHolder("Chat", channel: "chat")
        let new = { scene.fixture.newID }
        for person in [scene.contact, chat] {
            let wrongs: [(inout Docket_V1_PostCall) -> Void] = [
                { $0.attachmentIds = [new()] },
                { $0.attachmentIds = (0..<11).map { _ in new() } },
                { $0.text = "" },
                { $0.text = String(repeating: "x", count: 20_000) },
                { $0.header.expectedVersion = 9 },
            ]
            for wrong in wrongs {
                var answers: [RPCError?] = []
                for request in [scene.request, new()] {
                    var call = Docket_V1_PostCall()
                    call.header = person.header()
                    call.conversationID = scene.conversation
                    call.requestID = request
                    call.text = "x"
                    wrong(&call)
                    let post = call
                    answers.append(
                        await refusal { () async throws(RPCError) in
                            try await person.conversations.post(post)
                        }
                    )
                }
                #expect(answers[0] != nil && answers[0] == answers[1])
            }
        }
    }

    @Test(
        "An agent attaches a file to one, and whoever else guesses its id finds nothing",
        arguments: StoreKind.allCases
    )
    func privacy(_ keeping: StoreKind) async throws {
        let scene = try await Scene(keeping)
        let colleague = try await scene.fixture.agent("colleague")
        let stranger = try await scene.fixture.guest("Stranger")
        let id = scene.fixture.newID
        let upload = { () async throws(RPCError) in
            try await scene.agent.upload(Data("abc".utf8), to: scene.conversation, id: id)
        }
        let file = try await upload()
        #expect(try await scene.isHidden(id, from: scene.contact))
        let posted = try await scene.agent.post(
            "between us",
            with: [id],
            in: scene.conversation,
            for: scene.request
        )
        #expect(posted.requestID == scene.request)
        for agent in [scene.agent, colleague] {
            let (attachment, content) = try await agent.download(id)
            #expect(attachment == file && content == Data("abc".utf8))
        }
        for outsider in [scene.contact, stranger] {
            #expect(try await scene.isHidden(id, from: outsider))
        }
        #expect(try await upload() == file, "its uploader hears of it as of any other")
        #expect(try await scene.agent.progress(id).attachment == file)
        let history = try await scene.contact.history(of: scene.conversation)
        #expect(history.entries.allSatisfy { $0.event.messagePosted.attachments.isEmpty })
    }

    @Test("A file of the same agent in the chat is the contact's, whatever is internal beside it")
    func chat() async throws {
        let scene = try await Scene(.memory)
        var files: [Data] = []
        for request in [scene.chat, scene.request] {
            let file = try await scene.agent.upload(Data("abc".utf8), to: scene.conversation).id
            try await scene.agent.post("see", with: [file], in: scene.conversation, for: request)
            files.append(file)
        }
        #expect(try await scene.contact.download(files[0]).content == Data("abc".utf8))
        #expect(try await scene.isHidden(files[1], from: scene.contact))
    }

    @Test("An integration finds nothing of the files of its contacts' internal requests")
    func integration() async throws {
        let scene = try await Scene(.memory)
        let bridge = try await scene.fixture.keyHolder("Bridge", channel: "bridge")
        let contact = try await bridge.contacts.ensure(
            .with {
                $0.header = bridge.header()
                $0.externalID = "17"
                $0.name = "Ana"
            }
        ).contact.id
        let conversation = try await bridge.open(on: "bridge", for: contact)
        let request = try await scene.agent.create(for: contact) {
            $0.channel = "bridge"
            $0.isInternal = true
        }.request.id
        let file = try await scene.agent.upload(Data("abc".utf8), to: conversation).id
        try await scene.agent.post("see", with: [file], in: conversation, for: request)
        #expect(try await scene.isHidden(file, from: bridge))
    }

    @Test("It stays internal when its message is split off, and no merge makes it public")
    func moves() async throws {
        let scene = try await Scene(.memory)
        let file = try await scene.agent.upload(Data("abc".utf8), to: scene.conversation).id
        let message = scene.fixture.newID
        try await scene.agent.post("first", with: [], in: scene.conversation, for: scene.request)
        try await scene.agent.post(
            "second",
            with: [file],
            in: scene.conversation,
            for: scene.request,
            id: message
        )
        let split = try await scene.agent.split([message], off: scene.request).request
        #expect(split.details.isInternal)
        #expect(try await scene.isHidden(file, from: scene.contact))
        for request in [split.id, scene.request] {
            let answer = await refusal { () async throws(RPCError) in
                try await scene.agent.merge(request, with: scene.chat)
            }
            #expect(answer?.reason == .notMergeable)
        }
        try await scene.agent.merge(split.id, with: scene.request)
        #expect(try await scene.isHidden(file, from: scene.contact))
        #expect(try await scene.agent.download(file).content == Data("abc".utf8))
    }
}
