internal import DocketClient
internal import DocketConsole

/// What a program orders that connects a channel.
struct ChannelOrder: Hashable, Sendable {
    /// What a contact has said.
    struct Said: Hashable, Sendable {
        /// What the other system calls the message.
        var externalID: String
        /// What the other system calls the contact.
        var contact: String
        /// The contact's name, shown to agents.
        var name: String
        /// What was said.
        var text: String
        /// The title of the request, if the message opens one.
        var title: String?
        /// When it was written.
        var sentAt: Timestamp?
        /// What the other system calls the messages that it may answer, the nearest first.
        var inReplyTo: [String] = []
        /// The paths of its files.
        var files: [String] = []
    }

    /// What to do.
    enum Action: Hashable, Sendable {
        /// Takes in what a contact has said.
        case ingest(Said)
        /// Keeps what the other system is to call a delivery.
        case reserve(MessageID, externalID: String)
        /// The other system has a delivery, and may have named it now.
        case confirm(MessageID, externalID: String?)
        /// The other system cannot take a delivery now.
        case postpone(MessageID, seconds: Int)
        /// The other system will never take a delivery.
        case fail(MessageID, reason: String)
        /// Gets a file of a delivery.
        case download(AttachmentID, of: MessageID, path: String)
        /// Tells what stands still.
        case parked
        /// Lets a parked message go on.
        case retry(MessageID)
        /// Gives a parked message up.
        case discard(MessageID)
        /// Tells how the relay stands.
        case condition
    }

    /// The longest text of a message, in bytes: what every desk takes.
    static let longestText = MessageLimits.largest.textBytes
    /// The longest title, in bytes.
    static let longestTitle = MessageLimits.largest.titleBytes
    /// The most files of a message.
    static let mostFiles = MessageLimits.largest.attachments
    /// The longest path, in bytes (PATH_MAX of Linux).
    static let longestPath = 4_096
    /// The longest reason for a failure, in bytes.
    static let longestReason = 1_024
    /// The longest wait before another attempt, in seconds.
    static let longestWait = 86_400

    /// The commands, in the order in which a program needs them.
    private static let commands = [
        "ingest", "reserve", "confirm", "retry", "fail", "download", "parked", "discard",
        "condition",
    ]

    /// What replies name.
    let id: String
    /// What to do.
    let action: Action

    /// Reads a line.
    ///
    /// - Throws: `OrderFault` where it is not an order.
    init(_ line: String) throws(OrderFault) {
        let fields = try OrderFields(line)
        id = fields.id
        switch fields.command {
        case "ingest": action = .ingest(try Self.said(fields))
        case "parked":
            try fields.check(against: [])
            action = .parked
        case "condition":
            try fields.check(against: [])
            action = .condition
        case "discard":
            try fields.check(against: ["message"])
            action = .discard(try fields.neededIdentifier("message"))
        // A message that is parked is not in anybody's hands, and so the field tells which it is.
        case "retry" where fields.has("message"):
            try fields.check(against: ["message"])
            action = .retry(try fields.neededIdentifier("message"))
        default: action = try Self.answer(fields)
        }
    }

    private static func said(_ fields: OrderFields) throws(OrderFault) -> Said {
        try fields.check(
            against: [
                "external_id", "contact", "name", "text", "title", "sent_at", "in_reply_to",
                "files",
            ]
        )
        let contact = try fields.needed("contact", 1...ExternalContact.longestID)
        let said = Said(
            externalID: try fields.needed("external_id", 1...IncomingMessage.longestExternalID),
            contact: contact,
            name: try fields.text("name", 1...ExternalContact.longestName) ?? name(of: contact),
            text: try fields.text("text", 0...longestText) ?? "",
            title: try fields.text("title", 1...longestTitle),
            sentAt: try fields.moment("sent_at"),
            inReplyTo: try fields.texts(
                "in_reply_to",
                atMost: IncomingMessage.mostReferences,
                1...IncomingMessage.longestExternalID
            ),
            files: try fields.texts("files", atMost: mostFiles, 1...longestPath)
        )
        guard !said.text.isEmpty || !said.files.isEmpty else {
            throw OrderFault(.missingField, #"ingest takes "text", or "files""#, in: fields.id)
        }
        return said
    }

    /// How somebody is shown who gives no name: as what the other system calls them.
    private static func name(of contact: String) -> String {
        var room = ExternalContact.longestName
        return String(
            contact.prefix { character in
                room -= character.utf8.count
                return room >= 0
            }
        )
    }

    /// What became of a delivery.
    private static func answer(_ fields: OrderFields) throws(OrderFault) -> Action {
        let externalIDs = 1...IncomingMessage.longestExternalID
        switch fields.command {
        case "reserve":
            try fields.check(against: ["delivery", "external_id"])
            let id: MessageID = try fields.neededIdentifier("delivery")
            return .reserve(id, externalID: try fields.needed("external_id", externalIDs))
        case "confirm":
            try fields.check(against: ["delivery", "external_id"])
            let id: MessageID = try fields.neededIdentifier("delivery")
            return .confirm(id, externalID: try fields.text("external_id", externalIDs))
        case "retry":
            try fields.check(against: ["delivery", "seconds", "message"])
            let id: MessageID = try fields.neededIdentifier("delivery")
            return .postpone(id, seconds: try fields.neededNumber("seconds", 0...longestWait))
        case "fail":
            try fields.check(against: ["delivery", "reason"])
            let id: MessageID = try fields.neededIdentifier("delivery")
            return .fail(id, reason: try fields.needed("reason", 1...longestReason))
        case "download":
            try fields.check(against: ["delivery", "attachment", "path"])
            let id: MessageID = try fields.neededIdentifier("delivery")
            return .download(
                try fields.neededIdentifier("attachment"),
                of: id,
                path: try fields.needed("path", 1...longestPath)
            )
        default: throw fields.unknownCommand(among: commands)
        }
    }
}

extension ChannelOrder.Said {
    /// The message as a relay takes it in.
    ///
    /// - Throws: `OrderRefusal` where a file cannot be read.
    var message: IncomingMessage {
        get throws(OrderRefusal) {
            var attachments: [AttachmentDraft] = []
            for path in files {
                do throws(DocketClientError) {
                    let name = SafeFileName.name(from: path)
                    attachments.append(AttachmentDraft(try .file(path), name: name))
                } catch {
                    throw OrderRefusal("file_unreadable", error.message)
                }
            }
            return IncomingMessage(
                externalID: externalID,
                from: ExternalContact(id: contact, name: name),
                text: text,
                title: title,
                sentAt: sentAt,
                attachments: attachments,
                inReplyTo: inReplyTo.map(IncomingMessage.Reference.externalID)
            )
        }
    }
}
