internal import ArgumentParser
internal import DocketCalls
internal import DocketCommandLine
internal import DocketCrypto
internal import DocketMessages
internal import DocketRPC
internal import DocketTransport
internal import DocketWire
internal import FoundationEssentials
internal import NIOCore
internal import SwiftProtobuf
internal import Synchronization

/// Measures `Conversations/Post`: messages of a channel, each durable before it is answered.
struct PostCommand: AsyncParsableCommand, LoadAction {
    static let configuration = CommandConfiguration(
        commandName: "post",
        abstract: "Post messages as a channel does, each durable before it is answered.",
        discussion: """
            The credentials' integration makes so many contacts as --conversations says,
            with a conversation each, and then posts to these in turn over all
            connections, as a channel does that speaks for its contacts. One agent has a
            feed open, as in a desk at work. With --existing the conversations are drawn
            at random from those that the desk has, and each is posted to once before
            anything is measured: a message to a request that has ended opens another.
            """
    )

    @OptionGroup var options: LoadOptions

    @Option(help: "Contacts, with a conversation each, to post for.")
    var conversations = 64

    @Flag(help: "Post to conversations that the desk has, of its channel chat.")
    var existing = false

    @Flag(help: "Have no agent subscribed.")
    var unobserved = false

    func measure() async throws -> LoadReport {
        let client = try LoadClient(credentials: options.credentials)
        let token = try await client.signInWithKey()
        let shape = options.shape(streamLimit: Limits().streams)
        let connections = try await client.connect(shape.connections, token: token)
        let places = try await places(client, over: connections[0])
        let observer = unobserved ? nil : try await FeedObserver(client: client)
        let source = PostSource(
            conversations: places,
            text: LoadText.text(bytes: options.body),
            slots: connections.count * shape.depth
        )
        let load = CallLoad(
            source: source,
            connections: connections,
            depth: shape.depth,
            rate: options.rate,
            eventLoop: client.resources.eventLoop
        )
        var report = try await load.run(
            seconds: options.seconds,
            accounting: options.accounting
        )
        if let observer { report.extra["observed_events"] = Double(observer.finish()) }
        for connection in connections { connection.close() }
        try await client.shutDown()
        return report
    }

    /// The conversations to post to.
    private func places(
        _ client: LoadClient,
        over channel: any CallChannel
    ) async throws -> [Data] {
        guard existing else {
            return try await ConversationMaker(channel: channel).make(conversations)
        }
        let agent = try await client.connect(token: try await client.signInAsAgent())
        defer { agent.close() }
        // A request may be on another channel, or of a conversation that was drawn before.
        let sample = try await RequestSample(of: 4 * conversations, over: agent)
        let places = sample.conversations(on: "chat", atMost: conversations)
        guard !places.isEmpty else { throw RequestSample.Nothing() }
        let text = LoadText.text(bytes: options.body)
        try await withThrowingTaskGroup(of: Void.self) { posts in
            for (index, place) in places.enumerated() {
                if index >= Self.postsAtOnce { try await posts.next() }
                posts.addTask { try await Self.post(text, to: place, over: channel) }
            }
            try await posts.waitForAll()
        }
        return places
    }

    /// Posts that are outstanding at once before anything is measured.
    private static let postsAtOnce = 32

    private static func post(
        _ text: String,
        to conversation: Data,
        over channel: any CallChannel
    ) async throws {
        var call = Docket_V1_PostCall()
        call.header.commandID = CommandIdentifiers.next()
        call.conversationID = conversation
        call.text = text
        _ = try await ConversationsCaller(channel: channel).post(call)
    }
}

/// Makes contacts with a conversation each, as an integration.
struct ConversationMaker {
    let channel: any CallChannel

    /// The ids of so many new conversations.
    func make(_ count: Int) async throws -> [Data] {
        var made: [Data] = []
        for index in 0..<count {
            var ensure = Docket_V1_EnsureContactCall()
            ensure.header.commandID = CommandIdentifiers.next()
            ensure.externalID = "load-\(ensure.header.commandID.base64EncodedString())"
            ensure.name = "Load \(index)"
            let contact = try await ContactsCaller(channel: channel).ensure(ensure).contact
            var open = Docket_V1_OpenConversationCall()
            open.header.commandID = CommandIdentifiers.next()
            open.channel = "chat"
            open.contactID = contact.id
            let reply = try await ConversationsCaller(channel: channel).open(open)
            made.append(reply.conversation.id)
        }
        return made
    }
}

/// New ids of commands and of what they create.
enum CommandIdentifiers {
    /// The next id, 16 bytes.
    static func next() -> Data {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(Date().timeIntervalSince1970 * 1_000)
        return Data(UUIDVersion7(at: milliseconds, random: &random).bytes)
    }
}

/// Texts of a load.
enum LoadText {
    /// A text of so many bytes, at least one.
    static func text(bytes: Int) -> String {
        let words = "the quick brown fox asks where its order is and when it will come at last "
        return String(
            String(repeating: words, count: bytes / words.count + 1).prefix(max(1, bytes))
        )
    }
}

/// Posts with a new id each.
private final class PostSource: CallSource {
    let method = ConversationsMethods.post
    private let conversations: [Data]
    private let text: String
    private let turns: Mutex<[Int]>

    init(conversations: [Data], text: String, slots: Int) {
        self.conversations = conversations
        self.text = text
        turns = Mutex(Array(0..<slots))
    }

    func next(slot: Int) -> [UInt8] {
        let turn = turns.withLock { turns in
            turns[slot] += 1
            return turns[slot]
        }
        var call = Docket_V1_PostCall()
        call.header.commandID = CommandIdentifiers.next()
        call.conversationID = conversations[turn % conversations.count]
        call.text = text
        // A message of ours has no required fields, so encoding it cannot fail.
        return (try? call.serializedBytes()) ?? []
    }

    func fault(in reply: RawSpan, slot: Int) -> String? {
        reply.byteCount > 0 ? nil : "a post was answered without an offset"
    }
}

/// An agent whose feed is open.
struct FeedObserver {
    private let connection: ClientConnection
    private let events: EventCounter

    init(client: LoadClient) async throws {
        let token = try await client.signInAsAgent()
        connection = try await client.connect(token: token)
        events = EventCounter()
        let call: [UInt8] = try Docket_V1_SubscribeCall().serializedBytes()
        events.call = connection.begin(
            FeedMethods.subscribe,
            options: CallOptions(),
            first: call,
            ends: true,
            receiver: events
        )
        try await connection.greeting()
    }

    /// Ends the feed; gives how many entries came.
    func finish() -> Int {
        connection.close()
        return events.count
    }
}

/// Counts a feed's entries and gives their credit back.
final class EventCounter: MessageReceiver {
    private struct State {
        var count = 0
        var call: (any ClientCall)?
        var owed = 0
    }

    private let state = Mutex(State())

    var call: (any ClientCall)? {
        get { state.withLock { $0.call } }
        set { state.withLock { $0.call = newValue } }
    }

    var count: Int { state.withLock { $0.count } }

    func receive(_ bytes: RawSpan, cost: Int) {
        let (call, owed) = state.withLock { state -> ((any ClientCall)?, Int) in
            state.count += 1
            state.owed += cost
            guard state.owed >= 16_384, let call = state.call else { return (nil, 0) }
            defer { state.owed = 0 }
            return (call, state.owed)
        }
        call?.consumed(cost: owed)
    }

    func finish(_ status: CallStatus) {}
}
