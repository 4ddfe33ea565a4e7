import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

extension Contract {
    @Suite("A conversation is read in pages")
    struct Histories {
        /// A conversation with a dozen messages of two, and things elsewhere between them.
        private func talk(
            _ scene: Scene
        ) async throws -> (guest: Someone, agent: Someone, chat: Data) {
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let other = try await scene.guest("Cy")
            let chat = try await guest.open()
            let elsewhere = try await other.open()
            for number in 1...12 {
                let author = number.isMultiple(of: 4) ? agent : guest
                let posted = try await author.post("\(number)", in: chat)
                try await other.post("elsewhere", in: elsewhere)
                guard number.isMultiple(of: 3) else { continue }
                _ = try await agent.requests.postNote(agent.note("secret", on: posted.requestID))
                try await guest.read(upTo: posted.offset, in: chat)
            }
            return (guest, agent, chat)
        }

        @Test("Pages forwards join without a hole or an overlap", arguments: Subject.allCases)
        func forwards(_ subject: Subject) async throws {
            let (guest, agent, chat) = try await talk(try Scene(subject))
            for reader in [guest, agent] {
                let whole = try await reader.history(of: chat)
                for limit in [1, 2, 5, 13, 200] as [UInt32] {
                    var entries: [Docket_V1_HistoryEntry] = []
                    var page = Docket_V1_HistoryReply.with { $0.more = true }
                    while page.more {
                        let next = try await reader.history(
                            of: chat,
                            .after(page.toOffset),
                            limit: limit
                        )
                        #expect(next.fromOffset == page.toOffset + 1)
                        #expect(next.isInItsRange && next.entries.count <= limit)
                        entries += next.entries
                        page = next
                    }
                    #expect(entries == whole.entries)
                }
            }
        }

        @Test("Pages backwards join without a hole or an overlap", arguments: Subject.allCases)
        func backwards(_ subject: Subject) async throws {
            let (guest, agent, chat) = try await talk(try Scene(subject))
            for reader in [guest, agent] {
                let whole = try await reader.history(of: chat)
                for limit in [1, 2, 5, 13, 200] as [UInt32] {
                    var page = try await reader.history(of: chat, limit: limit)
                    var entries = page.entries
                    while page.more {
                        let next = try await reader.history(
                            of: chat,
                            .before(page.fromOffset),
                            limit: limit
                        )
                        #expect(next.toOffset == page.fromOffset - 1)
                        #expect(next.isInItsRange && next.entries.count <= limit)
                        entries = next.entries + entries
                        page = next
                    }
                    #expect(entries == whole.entries)
                }
            }
        }

        @Test("The end of the log is the staff's", arguments: Subject.allCases)
        func ends(_ subject: Subject) async throws {
            let (guest, agent, chat) = try await talk(try Scene(subject))
            let request = try await guest.post("last", in: chat).requestID
            _ = try await agent.requests.postNote(agent.note("secret", on: request))
            let own = try await guest.history(of: chat)
            #expect(own.toOffset == own.entries.last?.offset)
            let asked = try await guest.history(of: chat, .before(.max))
            #expect(asked.toOffset == own.toOffset)
        }

        @Test(
            "Places beyond the ends have nothing, and no page has over 200",
            arguments: Subject.allCases
        )
        func edges(_ subject: Subject) async throws {
            let (guest, _, chat) = try await talk(try Scene(subject))
            let places: [Docket_V1_HistoryCall.OneOf_Place] = [
                .before(0), .before(1), .after(1_000_000), .after(.max),
            ]
            for place in places {
                let page = try await guest.history(of: chat, place)
                #expect(page.entries.isEmpty && !page.more)
            }
            let all = try await guest.history(of: chat, .before(.max))
            #expect(all.entries == (try await guest.history(of: chat).entries))
            let error = await refusal { () async throws(RPCError) in
                try await guest.history(of: chat, limit: 201)
            }
            #expect(error?.reason == .invalidArgument && error?.trailer("field") == "limit")
        }

        @Test("What is another's is answered like what is not there", arguments: Subject.allCases)
        func rights(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let stranger = try await scene.guest("Cy")
            let bridge = try await scene.integration(of: "bridge")
            let chat = try await guest.open()
            let request = try await guest.post("secret", in: chat).requestID
            for reader in [stranger, bridge] {
                for id in [chat, scene.newID] {
                    let read = await refusal { () async throws(RPCError) in
                        try await reader.history(of: id)
                    }
                    let post = await refusal { () async throws(RPCError) in
                        try await reader.post("hello", in: id)
                    }
                    #expect(read?.reason == .notFound && post?.reason == .notFound)
                }
                let got = await refusal { () async throws(RPCError) in
                    try await reader.requests.get(.with { $0.id = request })
                }
                #expect(got?.reason == .notFound)
            }
            #expect(try await guest.texts(in: chat) == ["secret"])
        }
    }

    @Suite("A mark says how far somebody has come")
    struct Marks {
        @Test("A mark never moves back", arguments: Subject.allCases)
        func neverBack(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let chat = try await guest.open()
            let first = try await guest.post("one", in: chat)
            let second = try await guest.post("two", in: chat)
            let mark = try await agent.read(upTo: second.offset, in: chat)
            #expect(mark > second.offset)
            #expect(try await agent.read(upTo: first.offset, in: chat) == mark)
            #expect(try await agent.read(upTo: second.offset, in: chat) == mark)
            let marks = try await agent.history(of: chat).entries.map(\.event).filter {
                $0.actor.id == agent.id && $0.readMarked.upToOffset > 0
            }
            #expect(marks.map(\.readMarked.upToOffset) == [second.offset])
        }

        @Test("A mark over nothing but marks adds nothing", arguments: Subject.allCases)
        func marksOfMarks(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let chat = try await guest.open()
            try await guest.post("one", in: chat)
            let mark = try await agent.read(upTo: .max, in: chat)
            let own = try await guest.read(upTo: .max, in: chat)
            let length = try await agent.history(of: chat).entries.count
            for _ in 0..<3 {
                #expect(try await agent.read(upTo: .max, in: chat) == mark)
                #expect(try await guest.read(upTo: .max, in: chat) == own)
            }
            #expect(try await agent.history(of: chat).entries.count == length)
        }

        @Test("Without a message there is no mark", arguments: Subject.allCases)
        func nothing(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            #expect(try await guest.read(upTo: 0, in: chat) == 0)
            #expect(try await guest.receive(upTo: 0, in: chat) == 0)
        }

        @Test("What is read has arrived", arguments: Subject.allCases)
        func arrived(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let chat = try await guest.open()
            let first = try await guest.post("one", in: chat)
            let mark = try await agent.read(upTo: first.offset, in: chat)
            let length = try await agent.history(of: chat).entries.count
            #expect(try await agent.receive(upTo: first.offset, in: chat) == mark)
            #expect(try await agent.history(of: chat).entries.count == length)
            let second = try await guest.post("two", in: chat)
            let received = try await agent.receive(upTo: second.offset, in: chat)
            #expect(received > second.offset)
        }

        @Test(
            "A contact's mark and what it is told of name what it may see",
            arguments: Subject.allCases
        )
        func notes(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let chat = try await guest.open()
            let posted = try await guest.post("one", in: chat)
            _ = try await agent.requests.postNote(agent.note("secret", on: posted.requestID))
            try await guest.read(upTo: .max, in: chat)
            try await agent.read(upTo: .max, in: chat)
            let seen = try await guest.history(of: chat).entries
            let marks = seen.map(\.event.readMarked.upToOffset).filter { $0 > 0 }
            #expect(marks.count == 2 && marks.allSatisfy { $0 == posted.offset })
            let length = seen.count
            _ = try await agent.requests.postNote(agent.note("more", on: posted.requestID))
            try await agent.read(upTo: .max, in: chat)
            try await guest.read(upTo: .max, in: chat)
            #expect(try await guest.history(of: chat).entries.count == length)
        }
    }

    @Suite("A connection acts as one principal")
    struct Identities {
        @Test("Who has signed in cannot be somebody else", arguments: Subject.allCases)
        func once(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let error = await refusal { () async throws(RPCError) in
                try await guest.sessions.createGuest(scene.newGuest("Cy"))
            }
            #expect(error?.reason == .alreadySignedIn)
            let described = try await guest.sessions.describe(Docket_V1_DescribeCall())
            #expect(described.principal.id == guest.id && described.principal.name == "Ana")
        }

        @Test("Wrong secrets of every kind are answered alike", arguments: Subject.allCases)
        func secrets(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let wrong: [Docket_V1_SignInCall] = [
                .with {
                    $0.guest.contactID = guest.id
                    $0.guest.secret = Data(repeating: 1, count: 32)
                },
                .with {
                    $0.guest.contactID = scene.newID
                    $0.guest.secret = guest.creation.secret
                },
                .with {
                    $0.login.login = "Bo"
                    $0.login.password = "wrong password"
                },
                .with { $0.apiKey = "no key" },
            ]
            for call in wrong {
                let nobody = try scene.nobody()
                let error = await refusal { () async throws(RPCError) in
                    try await nobody.sessions.signIn(call)
                }
                #expect(error?.reason == .credentialsInvalid && error?.isFinal == false)
            }
        }

        @Test(
            "Who may open which channel is told, and any other is unknown",
            arguments: Subject.allCases
        )
        func channels(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let bridge = try await scene.integration(of: "bridge")
            let contact = try await bridge.contacts.ensure(
                .with {
                    $0.header.commandID = scene.newID
                    $0.externalID = "17"
                    $0.name = "Di"
                }
            ).contact
            let own = try await bridge.channels.list(Docket_V1_ListChannelsCall())
            #expect(own.channels.map(\.key) == ["bridge"])
            let all = try await guest.channels.list(Docket_V1_ListChannelsCall())
            #expect(Set(all.channels.map(\.key)).isSuperset(of: ["chat", "bridge", "portal"]))
            let chat = all.channels.first { $0.key == "chat" }
            let form = try #require(chat?.forms.first { $0.kind == .kindChat }).form
            #expect(chat?.opens == .kindChat && all.forms[Int(form)].required.isEmpty)
            #expect(all.limits.textBytes == 16_384 && all.limits.titleBytes == 256)
            let calls = [
                (guest, guest.opening("fax")), (bridge, bridge.opening("chat", for: contact.id)),
            ]
            for (caller, call) in calls {
                let error = await refusal { () async throws(RPCError) in
                    try await caller.conversations.open(call)
                }
                #expect(error?.reason == .unknownChannel && error?.isFinal == true)
            }
        }

        @Test(
            "An integration speaks for a contact that it knows by one name",
            arguments: Subject.allCases
        )
        func contacts(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let bridge = try await scene.integration(of: "bridge")
            let call = Docket_V1_EnsureContactCall.with {
                $0.header.commandID = scene.newID
                $0.externalID = "17"
                $0.name = "Di"
            }
            let contact = try await bridge.contacts.ensure(call).contact
            let again = call.changed { $0.header.commandID = scene.newID }
            #expect(try await bridge.contacts.ensure(again).contact.id == contact.id)
            let opening = bridge.opening("bridge", for: contact.id)
            let inside = try await bridge.conversations.open(opening).conversation
            #expect(inside.contact.id == contact.id && inside.channel == "bridge")
            try await bridge.post("hello", in: inside.id)
            let agent = try await scene.agent()
            try await agent.post("welcome", in: inside.id)
            #expect(try await bridge.texts(in: inside.id) == ["hello", "welcome"])
        }
    }
}

extension Docket_V1_HistoryReply {
    /// Whether the entries stand in order within the range that the page states.
    fileprivate var isInItsRange: Bool {
        let offsets = entries.map(\.offset)
        return offsets == offsets.sorted()
            && offsets.allSatisfy { fromOffset <= $0 && $0 <= toOffset }
    }
}
