import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

/// What a server owes its clients, stated once and asked of the model and of the real server.
///
/// Where a policy decides, such as whether an agent takes the request that it answers, nothing is
/// stated.
@Suite("The contract", .timeLimit(.minutes(5)))
enum Contract {}

extension Contract {
    @Suite("A command takes effect once")
    struct Commands {
        @Test(
            "A repeated message gets the same answer and is stored once",
            arguments: Subject.allCases
        )
        func posts(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            let call = guest.message("one", in: chat)
            let first = try await guest.conversations.post(call)
            try await guest.post("two", in: chat)
            for _ in 0..<3 {
                #expect(try await guest.conversations.post(call) == first)
            }
            #expect(try await guest.texts(in: chat) == ["one", "two"])
        }

        @Test("A repeated message is known on another connection", arguments: Subject.allCases)
        func otherConnection(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let chat = try await guest.open()
            let call = guest.message("one", in: chat)
            let first = try await guest.conversations.post(call)
            let later = try await scene.signedIn(
                .with {
                    $0.guest.contactID = guest.id
                    $0.guest.secret = guest.creation.secret
                }
            )
            #expect(later.id == guest.id)
            #expect(try await later.conversations.post(call) == first)
            #expect(try await later.texts(in: chat) == ["one"])
        }

        @Test(
            "A repeated guest is the same guest with another session",
            arguments: Subject.allCases
        )
        func guests(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let call = scene.newGuest()
            let first = try await scene.nobody().sessions.createGuest(call).session
            let second = try await scene.nobody().sessions.createGuest(call).session
            #expect(first.principal == second.principal && first.token != second.token)
            #expect(first.principal.id == call.header.commandID)
            let thief = Docket_V1_CreateGuestCall.with {
                $0 = call
                $0.secret = scene.newID + scene.newID
            }
            let other = try scene.nobody()
            let error = await refusal { () async throws(RPCError) in
                try await other.sessions.createGuest(thief)
            }
            #expect(error?.reason == .keyReused)
        }

        @Test(
            "A repeated opening names the same conversation and offset, as it is now",
            arguments: Subject.allCases
        )
        func openings(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let call = guest.opening()
            let first = try await guest.conversations.open(call)
            #expect(first.conversation.id == call.header.commandID)
            let posted = try await guest.post("help", in: first.conversation.id)
            let second = try await guest.conversations.open(call)
            #expect(second.offset == first.offset)
            #expect(second.conversation.id == first.conversation.id)
            #expect(second.conversation.newestRequest.id == posted.requestID)
        }

        @Test(
            "A contact has one conversation a channel, whichever id asks for it",
            arguments: Subject.allCases
        )
        func oneConversation(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let first = try await guest.conversations.open(guest.opening())
            let second = try await guest.conversations.open(guest.opening())
            #expect(first.conversation == second.conversation && first.offset == second.offset)
            #expect(try await guest.open("bridge") != first.conversation.id)
        }

        @Test(
            "A request that is opened twice under one id is one request",
            arguments: Subject.allCases
        )
        func creations(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let call = Docket_V1_CreateRequestCall.with {
                $0.header.commandID = guest.scene.newID
                $0.channel = "portal"
                $0.title = "Blank pages"
                $0.text = "It prints blank pages"
            }
            let first = try await guest.requests.create(call)
            #expect(first.request.id == call.header.commandID)
            let second = try await guest.requests.create(call)
            #expect(second.offset == first.offset && second.request.number == first.request.number)
            #expect(try await guest.texts(in: first.request.conversationID) == [call.text])
            let read = try await guest.requests.get(.with { $0.id = call.header.commandID })
            #expect(read.request == second.request)
        }

        @Test("Repeated marks and notes get the same answer", arguments: Subject.allCases)
        func marksAndNotes(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let chat = try await guest.open()
            let first = try await guest.post("one", in: chat)
            let received = agent.receivedMark(upTo: first.offset, in: chat)
            let read = agent.readMark(upTo: first.offset, in: chat)
            let note = agent.note("patient", on: first.requestID)
            let answers = (
                try await agent.conversations.markReceived(received),
                try await agent.conversations.markRead(read),
                try await agent.requests.postNote(note)
            )
            let second = try await guest.post("two", in: chat)
            try await agent.read(upTo: second.offset, in: chat)
            #expect(try await agent.conversations.markReceived(received) == answers.0)
            #expect(try await agent.conversations.markRead(read) == answers.1)
            #expect(try await agent.requests.postNote(note) == answers.2)
        }

        @Test("Other content under a known id is refused", arguments: Subject.allCases)
        func otherContent(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let opening = guest.opening()
            let chat = try await guest.conversations.open(opening).conversation.id
            let message = guest.message("one", in: chat)
            let posted = try await guest.conversations.post(message)
            let mark = guest.readMark(upTo: posted.offset, in: chat)
            _ = try await guest.conversations.markRead(mark)
            let errors = [
                await refusal { () async throws(RPCError) in
                    let other = opening.changed { $0.channel = "bridge" }
                    return try await guest.conversations.open(other)
                },
                await refusal { () async throws(RPCError) in
                    let other = message.changed { $0.text = "two" }
                    return try await guest.conversations.post(other)
                },
                await refusal { () async throws(RPCError) in
                    let other = mark.changed { $0.upToOffset = 1 }
                    return try await guest.conversations.markRead(other)
                },
            ]
            #expect(errors.allSatisfy { $0?.reason == .keyReused && $0?.trailers.isEmpty == true })
            #expect(try await guest.texts(in: chat) == ["one"])
        }

        @Test("Nobody uses another's id, not even for the same", arguments: Subject.allCases)
        func otherPrincipal(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let chat = try await guest.open()
            let message = guest.message("one", in: chat)
            _ = try await guest.conversations.post(message)
            let error = await refusal { () async throws(RPCError) in
                try await agent.conversations.post(message)
            }
            #expect(error?.reason == .keyReused)
        }

        @Test("The id of one command is none for another method", arguments: Subject.allCases)
        func otherMethod(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            let message = guest.message("one", in: chat)
            _ = try await guest.conversations.post(message)
            let error = await refusal { () async throws(RPCError) in
                try await guest.conversations.markRead(
                    .with {
                        $0.header = message.header
                        $0.conversationID = chat
                    }
                )
            }
            #expect(error?.reason == .keyReused)
        }
    }
}

extension Contract {
    @Suite("A refusal stays or is forgotten, as the registry says")
    struct Refusals {
        @Test("A final refusal is repeated though its cause is gone", arguments: Subject.allCases)
        func stored(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let opening = guest.opening()
            let early = guest.message("too early", in: opening.header.commandID)
            let first = await refusal { () async throws(RPCError) in
                try await guest.conversations.post(early)
            }
            #expect(first?.reason == .notFound && first?.isFinal == true)
            let chat = try await guest.conversations.open(opening).conversation.id
            let second = await refusal { () async throws(RPCError) in
                try await guest.conversations.post(early)
            }
            #expect(second == first)
            try await guest.post("in time", in: chat)
            #expect(try await guest.texts(in: chat) == ["in time"])
        }

        @Test("The id of a refused command is used up", arguments: Subject.allCases)
        func usedUp(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            let message = guest.message("one", in: guest.scene.newID)
            _ = await refusal { () async throws(RPCError) in
                _ = try await guest.conversations.post(message)
            }
            let error = await refusal { () async throws(RPCError) in
                try await guest.conversations.post(message.changed { $0.conversationID = chat })
            }
            #expect(error?.reason == .keyReused)
        }

        @Test("A transient refusal is forgotten", arguments: Subject.allCases)
        func transient(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let chat = try await guest.open()
            let message = guest.message("one", in: chat)
            scene.server.fill()
            let error = await refusal { () async throws(RPCError) in
                _ = try await guest.conversations.post(message)
            }
            #expect(error?.reason == .diskFull && error?.isFinal == false)
            #expect(try await guest.texts(in: chat).isEmpty, "reading goes on")
            scene.server.makeRoom()
            let posted = try await guest.conversations.post(message)
            #expect(try await guest.conversations.post(message) == posted)
            #expect(try await guest.texts(in: chat) == ["one"])
        }

        @Test("What was refused before signing in succeeds after it", arguments: Subject.allCases)
        func unauthenticated(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let nobody = try scene.nobody()
            let opening = nobody.opening()
            let error = await refusal { () async throws(RPCError) in
                try await nobody.conversations.open(opening)
            }
            #expect(error?.reason == .unauthenticated && error?.isNotProcessed == true)
            _ = try await nobody.sessions.createGuest(scene.newGuest())
            let opened = try await nobody.conversations.open(opening)
            #expect(opened.conversation.id == opening.header.commandID)
        }

        @Test("A command's id is a UUID of version 7", arguments: Subject.allCases)
        func ids(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            let ids: [(Data, Reason)] = [
                (Data(), .fieldMissing), (Data(repeating: 0x70, count: 15), .invalidIdentifier),
                (Data(repeating: 0x44, count: 16), .invalidIdentifier),
            ]
            for (id, reason) in ids {
                let error = await refusal { () async throws(RPCError) in
                    let call = guest.message("one", in: chat).changed { $0.header.commandID = id }
                    return try await guest.conversations.post(call)
                }
                #expect(error?.reason == reason && error?.trailer("field") == "header.command_id")
            }
        }

        @Test("A text has 1 to 16,384 bytes", arguments: Subject.allCases)
        func texts(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            let longest = String(repeating: "ä", count: 8_192)
            for (text, reason) in [("", Reason.fieldMissing), (longest + "a", .fieldTooLong)] {
                let error = await refusal { () async throws(RPCError) in
                    try await guest.post(text, in: chat)
                }
                #expect(error?.reason == reason && error?.trailer("field") == "text")
            }
            try await guest.post(longest, in: chat)
            #expect(try await guest.texts(in: chat) == [longest])
        }

        @Test("A command that has seen another version is refused", arguments: Subject.allCases)
        func versions(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let call = guest.opening()
            let chat = try await guest.conversations.open(call).conversation.id
            try await guest.post("one", in: chat)
            let version = try await guest.conversations.open(call).conversation.newestRequest
                .version
            let error = await refusal { () async throws(RPCError) in
                let late = guest.message("two", in: chat).changed {
                    $0.header.expectedVersion = version + 1
                }
                return try await guest.conversations.post(late)
            }
            #expect(error?.reason == .versionConflict && error?.trailer("version") == "\(version)")
            let posted = guest.message("three", in: chat).changed {
                $0.header.expectedVersion = version
            }
            _ = try await guest.conversations.post(posted)
            #expect(try await guest.texts(in: chat) == ["one", "three"])
        }
    }
}

extension Contract {
    @Suite("Everything has one order")
    struct Order {
        @Test(
            "Offsets grow, and places in a request are 1, 2, 3",
            arguments: Subject.allCases
        )
        func offsetsAndPlaces(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let other = try await scene.guest("Cy")
            let chat = try await guest.open()
            let elsewhere = try await other.open()
            var replies: [Docket_V1_PostReply] = []
            for number in 1...5 {
                replies.append(try await guest.post("\(number)", in: chat))
                replies.append(try await other.post("\(number)", in: elsewhere))
            }
            let offsets = replies.map(\.offset)
            #expect(offsets == offsets.sorted() && Set(offsets).count == offsets.count)
            for request in Set(replies.map(\.requestID)) {
                let places = replies.filter { $0.requestID == request }.map(\.sequence)
                #expect(places == Array(1...UInt64(places.count)))
            }
        }

        @Test(
            "A first message opens a request, and later ones continue it",
            arguments: Subject.allCases
        )
        func requests(_ subject: Subject) async throws {
            let scene = try Scene(subject)
            let guest = try await scene.guest()
            let agent = try await scene.agent()
            let chat = try await guest.open()
            let first = try await guest.post("one", in: chat)
            let second = try await guest.post("two", in: chat)
            let answer = try await agent.post("three", in: chat)
            #expect(Set([first, second, answer].map(\.requestID)).count == 1)
            #expect(Set([first, second, answer].map(\.requestNumber)).count == 1)
            #expect(answer.sequence > second.sequence && answer.offset > second.offset)
            #expect(try await guest.texts(in: chat) == ["one", "two", "three"])
            let request = try await guest.requests.get(.with { $0.number = first.requestNumber })
            #expect(request.request.id == first.requestID)
            #expect(request.request.sequence == answer.sequence)
        }

        @Test(
            "Calls that are sent at once are answered in their order",
            arguments: Subject.allCases
        )
        func atOnce(_ subject: Subject) async throws {
            let guest = try await Scene(subject).guest()
            let chat = try await guest.open()
            let calls = (0..<20).map { guest.message("\($0)", in: chat) }
            // Each call begins before the next, on one task and one connection.
            var waiting: [Task<Docket_V1_PostReply, any Error>] = []
            for call in calls {
                waiting.append(Task.immediate { try await guest.conversations.post(call) })
            }
            var offsets: [UInt64] = []
            for reply in waiting { offsets.append(try await reply.value.offset) }
            #expect(offsets == offsets.sorted())
            #expect(try await guest.texts(in: chat) == calls.map(\.text))
        }
    }
}

extension SwiftProtobuf.Message {
    /// The message with something else in it.
    func changed(_ change: (inout Self) -> Void) -> Self {
        var other = self
        change(&other)
        return other
    }
}
