internal import ArgumentParser
internal import DocketCalls
internal import DocketCommandLine
internal import DocketMessages
internal import DocketRPC
internal import DocketTransport
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

/// Measures what agents ask: lists of requests and searches.
struct QueryCommand: AsyncParsableCommand, LoadAction {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask for lists of requests, or search, as agents do.",
        discussion: """
            Each call asks about another request, drawn at random from all that the desk
            has. Fill a store with docket-fill for a desk of some size.
            """
    )

    /// How many requests the calls are made from.
    private static let sampled = 200

    @OptionGroup var options: LoadOptions

    @Option(help: "What to ask: \(QueryKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var kind: QueryKind

    @Option(help: "Entries of a page.")
    var limit: UInt32 = 50

    func measure() async throws -> LoadReport {
        let client = try LoadClient(credentials: options.credentials)
        let token = try await client.signInAsAgent()
        let connections = try await client.connect(options.connections, token: token)
        let sample = try await RequestSample(of: Self.sampled, over: connections[0])
        let source = QuerySource(
            method: kind.method,
            calls: try sample.requests.map { try kind.call(about: $0, limit: limit) },
            slots: connections.count * options.depth
        )
        let load = CallLoad(
            source: source,
            connections: connections,
            depth: options.depth,
            rate: options.rate,
            eventLoop: client.resources.eventLoop
        )
        var report = try await load.run(
            seconds: options.seconds,
            accounting: options.accounting
        )
        report.extra["reply_bytes"] = source.meanReplyBytes
        for connection in connections { connection.close() }
        try await client.shutDown()
        return report
    }
}

/// What is asked.
enum QueryKind: String, CaseIterable, ExpressibleByArgument {
    /// The newest requests of a status.
    case status
    /// The newest requests of an agent.
    case assignee
    /// Everything that a contact has asked.
    case contact
    /// The oldest requests of a channel that wait.
    case channel
    /// A word that hardly any text has: a customer's name.
    case rare
    /// A word that a large part of the texts has.
    case common
    /// A rare word with a common one.
    case both
    /// Words next to each other.
    case phrase
    /// The beginning of common words.
    case prefix

    var method: Method {
        switch self {
        case .status, .assignee, .contact, .channel: RequestsMethods.list
        case .rare, .common, .both, .phrase, .prefix: SearchMethods.messages
        }
    }

    /// The call that asks about a request.
    func call(about request: Docket_V1_Request, limit: UInt32) throws -> [UInt8] {
        var list = Docket_V1_ListRequestsCall()
        list.limit = limit
        list.newestFirst = true
        let name = request.contact.name.split(separator: " ").last.map(String.init) ?? "nobody"
        switch self {
        case .status: list.statuses = [request.status]
        case .assignee:
            list.assigneeID = request.assignee.id
            list.categories = RequestSample.everyCategory
        case .contact: list.contactID = request.contact.id
        case .channel:
            list.channel = request.channel
            list.newestFirst = false
        case .rare: return try Self.search(name, limit)
        case .common: return try Self.search("order", limit)
        case .both: return try Self.search("order \(name)", limit)
        case .phrase: return try Self.search("\"payment method\"", limit)
        case .prefix: return try Self.search("th*", limit)
        }
        return try list.serializedBytes()
    }

    private static func search(_ query: String, _ limit: UInt32) throws -> [UInt8] {
        var call = Docket_V1_SearchMessagesCall()
        call.query = query
        call.limit = limit
        return try call.serializedBytes()
    }
}

/// Makes the same calls again and again.
private final class QuerySource: CallSource {
    private struct State {
        var turns: [Int]
        var replies = 0
        var bytes = 0
    }

    let method: Method
    private let calls: [[UInt8]]
    private let state: Mutex<State>

    init(method: Method, calls: [[UInt8]], slots: Int) {
        self.method = method
        self.calls = calls
        state = Mutex(State(turns: Array(0..<slots)))
    }

    /// Bytes of a reply on average.
    var meanReplyBytes: Double {
        state.withLock { Double($0.bytes) / Double(max(1, $0.replies)) }
    }

    func next(slot: Int) -> [UInt8] {
        let turn = state.withLock { state in
            state.turns[slot] += 1
            return state.turns[slot]
        }
        return calls[turn % calls.count]
    }

    func fault(in reply: RawSpan, slot: Int) -> String? {
        let bytes = reply.byteCount
        state.withLock { state in
            state.replies += 1
            state.bytes += bytes
        }
        return nil
    }
}
