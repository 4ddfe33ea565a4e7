internal import DocketClient
internal import FoundationEssentials

/// A line that a program writes to the relay: what to do.
struct RelayOrder: Sendable {
    /// What to do.
    enum Action: Sendable {
        /// Says something in a conversation, or in the person's own.
        case send(String, MessageID, ConversationID?, RequestID?)
        /// Opens the conversation of a contact of an integration's, or the person's own.
        case open(channel: String?, contact: Contact?)
        /// Sends a stopped message again.
        case retry(MessageID)
        /// Gives a message up.
        case discard(MessageID)
    }

    /// A contact as an integration's channel knows it.
    struct Contact: Sendable {
        /// The contact's name on the channel.
        let externalID: String
        /// The name shown to agents.
        let name: String
    }

    /// Why a line is no order.
    struct Fault: Error {
        /// The id of the order, if it could be read.
        let id: String?
        /// What is the matter, for a person.
        let message: String
    }

    /// The longest id of an order, in bytes.
    static let longestID = 256

    private struct Content: Decodable {
        var id: String?
        var command: String?
        var text: String?
        var message: String?
        var conversation: String?
        var request: String?
        var channel: String?
        var externalID: String?
        var name: String?

        enum CodingKeys: String, CodingKey {
            case id
            case command
            case text
            case message
            case conversation
            case request
            case channel
            case externalID = "external_id"
            case name
        }
    }

    /// What replies name.
    let id: String
    /// What to do.
    let action: Action

    /// Reads a line.
    ///
    /// - Throws: `Fault` where it is not an order.
    init(_ line: String) throws(Fault) {
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(line.utf8)) else {
            throw Fault(id: nil, message: "the line is not a JSON object of an order")
        }
        guard let id = content.id, (1...Self.longestID).contains(id.utf8.count) else {
            let message = "an order has an id: a text of 1 to \(Self.longestID) bytes"
            throw Fault(id: nil, message: message)
        }
        self.id = id
        do throws(Misuse) {
            action = try Self.action(content)
        } catch {
            throw Fault(id: id, message: error.message)
        }
    }

    private struct Misuse: Error {
        let message: String
    }

    private static func action(_ content: Content) throws(Misuse) -> Action {
        switch content.command {
        case "send":
            guard let text = content.text else { throw Misuse(message: "send takes a text") }
            return .send(
                text,
                try identifier(content.message, "message") ?? MessageID(),
                try identifier(content.conversation, "conversation"),
                try identifier(content.request, "request")
            )
        case "open":
            let contact = content.externalID.map {
                Contact(externalID: $0, name: content.name ?? $0)
            }
            return .open(channel: content.channel, contact: contact)
        case "retry": return .retry(try message(content))
        case "discard": return .discard(try message(content))
        default:
            throw Misuse(message: "the commands are: send, open, retry, discard")
        }
    }

    private static func message(_ content: Content) throws(Misuse) -> MessageID {
        guard let id: MessageID = try identifier(content.message, "message") else {
            throw Misuse(message: "\(content.command ?? "") takes a message")
        }
        return id
    }

    private static func identifier<Subject>(
        _ text: String?,
        _ name: String
    ) throws(Misuse) -> Identifier<Subject>? {
        guard let text else { return nil }
        guard let id = Identifier<Subject>(text) else {
            throw Misuse(message: "\(name) takes a UUID")
        }
        return id
    }
}
