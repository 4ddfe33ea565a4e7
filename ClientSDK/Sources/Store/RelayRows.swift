internal import DocketCrypto
internal import DocketMessages
internal import FoundationEssentials
internal import GRDB
internal import SwiftProtobuf

/// How far a relay has read, as the table `relay` has it.
struct RelayRow {
    /// The columns, in the order in which rows are decoded and written.
    static let columns = "name, epoch, offset, began_at, seal"

    /// The place.
    let place: RelayPlace

    /// Prepares a place for the table.
    init(_ place: RelayPlace) {
        self.place = place
    }

    /// Takes a place from a row with `columns`.
    ///
    /// - Throws: `LocalStoreError.damaged` for a row that was not written here.
    init(_ row: Row) throws(LocalStoreError) {
        let reading = RowReading(row, of: "the place of a relay")
        let began = UInt64(bitPattern: try reading.integer(3))
        place = RelayPlace(
            name: try reading.string(0),
            cursor: Cursor(
                epoch: try reading.bytes(1),
                offset: UInt64(bitPattern: try reading.integer(2))
            ),
            beganAt: Timestamp(millisecondsSinceEpoch: began)
        )
        guard try reading.bytes(4) == seal else { throw reading.damage }
    }

    /// The values of the columns.
    var arguments: StatementArguments {
        [
            place.name.data, Data(place.cursor.epoch), offset, began, Data(seal),
        ]
    }

    private var offset: Int64 { Int64(bitPattern: place.cursor.offset) }
    private var began: Int64 { Int64(bitPattern: place.beganAt.millisecondsSinceEpoch) }

    private var seal: [UInt8] {
        var seal = RowSeal("relay")
        seal.add(Array(place.name.utf8))
        seal.add(place.cursor.epoch)
        seal.add(offset)
        seal.add(began)
        return seal.digest
    }
}

/// An incoming message as the table `relay_incoming` has it.
struct IncomingRow {
    /// The columns, in the order in which rows are decoded and written.
    static let columns = "position, relay, message, body, seal"

    /// The message.
    let incoming: QueuedIncoming

    /// Prepares a message for the table.
    init(_ incoming: QueuedIncoming) {
        self.incoming = incoming
    }

    /// Takes a message from a row with `columns`.
    ///
    /// - Throws: `LocalStoreError.damaged` for a row that was not written here.
    init(_ row: Row) throws(LocalStoreError) {
        let reading = RowReading(row, of: "an incoming message")
        let bytes = try reading.bytes(3)
        guard let position = UInt64(exactly: try reading.integer(0)),
            let id = MessageID(bytes: try reading.bytes(2)),
            let body = try? Docket_Local_IncomingRow(serializedBytes: bytes),
            let incoming = QueuedIncoming(
                body,
                id: id,
                at: position,
                of: try reading.string(1)
            ),
            try reading.bytes(4) == Self.seal(of: incoming, bytes)
        else { throw reading.damage }
        self.incoming = incoming
    }

    /// The values of the columns.
    var arguments: StatementArguments {
        get throws(LocalStoreError) {
            let body: [UInt8] = try encoded(Docket_Local_IncomingRow(incoming))
            return [
                Int64(clamping: incoming.position), incoming.relay.data, Data(incoming.id.bytes),
                Data(body), Data(Self.seal(of: incoming, body)),
            ]
        }
    }

    private static func seal(of incoming: QueuedIncoming, _ body: [UInt8]) -> [UInt8] {
        var seal = RowSeal("relay_incoming")
        seal.add(Int64(clamping: incoming.position))
        seal.add(Array(incoming.relay.utf8))
        seal.add(incoming.id.bytes)
        seal.add(body)
        return seal.digest
    }
}

/// A message of the desk as the table `relay_outgoing` has it.
struct OutgoingRow {
    /// The columns, in the order in which rows are decoded and written.
    static let columns = "relay, message, said_at, external_id, is_settled, body, seal"

    /// What of the message tells it from all others, and where it stands.
    struct Key: Hashable {
        let relay: String
        let message: MessageID
        let saidAt: Timestamp
        let externalID: String?
        let isSettled: Bool
    }

    /// Its key.
    let key: Key
    /// The message; nil for one that is settled, of which only the key is kept.
    let outgoing: QueuedOutgoing?

    /// Prepares a message for the table.
    init(_ outgoing: QueuedOutgoing) {
        key = Key(
            relay: outgoing.relay,
            message: outgoing.message.id,
            saidAt: Timestamp(millisecondsSinceEpoch: outgoing.entry.event.atMilliseconds),
            externalID: outgoing.externalID,
            isSettled: outgoing.isSettled
        )
        self.outgoing = outgoing.isSettled ? nil : outgoing
    }

    /// Takes a message from a row with `columns`.
    ///
    /// - Throws: `LocalStoreError.damaged` for a row that was not written here.
    init(_ row: Row) throws(LocalStoreError) {
        let reading = RowReading(row, of: "an outgoing message")
        guard let message = MessageID(bytes: try reading.bytes(1)) else { throw reading.damage }
        let saidAt = UInt64(bitPattern: try reading.integer(2))
        let hasID = try reading.optionalBytes(3) != nil
        key = Key(
            relay: try reading.string(0),
            message: message,
            saidAt: Timestamp(millisecondsSinceEpoch: saidAt),
            externalID: hasID ? try reading.string(3) : nil,
            isSettled: try reading.integer(4) != 0
        )
        let bytes = try reading.bytes(5)
        guard try reading.bytes(6) == Self.seal(of: key, bytes) else { throw reading.damage }
        guard !key.isSettled else {
            outgoing = nil
            return
        }
        guard let body = try? Docket_Local_OutgoingRow(serializedBytes: bytes),
            let outgoing = QueuedOutgoing(body, key)
        else { throw reading.damage }
        self.outgoing = outgoing
    }

    /// The values of the columns.
    var arguments: StatementArguments {
        get throws(LocalStoreError) {
            let body: [UInt8] =
                try outgoing.map { message throws(LocalStoreError) in
                    try encoded(Docket_Local_OutgoingRow(message))
                } ?? []
            return [
                key.relay.data, Data(key.message.bytes), Self.number(key.saidAt),
                key.externalID?.data, key.isSettled ? 1 : 0, Data(body),
                Data(Self.seal(of: key, body)),
            ]
        }
    }

    private static func number(_ moment: Timestamp) -> Int64 {
        Int64(bitPattern: moment.millisecondsSinceEpoch)
    }

    private static func seal(of key: Key, _ body: [UInt8]) -> [UInt8] {
        var seal = RowSeal("relay_outgoing")
        seal.add(Array(key.relay.utf8))
        seal.add(key.message.bytes)
        seal.add(number(key.saidAt))
        seal.add(key.externalID.map { Array($0.utf8) })
        seal.add(key.isSettled ? 1 : 0)
        seal.add(body)
        return seal.digest
    }
}

private func encoded(_ message: some SwiftProtobuf.Message) throws(LocalStoreError) -> [UInt8] {
    do {
        return try message.serializedBytes()
    } catch {
        throw .failed("a message of a relay cannot be encoded")
    }
}

extension QueuedIncoming {
    fileprivate init?(
        _ body: Docket_Local_IncomingRow,
        id: MessageID,
        at position: UInt64,
        of relay: String
    ) {
        let files = body.files.compactMap(SpooledFile.init)
        let inReplyTo = body.inReplyTo.compactMap { MessageID(bytes: $0) }
        guard files.count == body.files.count, inReplyTo.count == body.inReplyTo.count else {
            return nil
        }
        let sent = body.sentMilliseconds
        self.position = position
        self.relay = relay
        self.id = id
        channel = body.channel
        contact = ExternalContact(id: body.contactID, name: body.contactName)
        text = body.text
        title = body.title.isEmpty ? nil : body.title
        sentAt = sent > 0 ? Timestamp(millisecondsSinceEpoch: sent) : nil
        self.files = files
        self.inReplyTo = inReplyTo
        parked = body.hasParked ? ParkedMark(body.parked) : nil
    }
}

extension Docket_Local_IncomingRow {
    fileprivate init(_ incoming: QueuedIncoming) {
        self.init()
        channel = incoming.channel
        contactID = incoming.contact.id
        contactName = incoming.contact.name
        text = incoming.text
        title = incoming.title ?? ""
        sentMilliseconds = incoming.sentAt?.millisecondsSinceEpoch ?? 0
        files = incoming.files.map(Docket_Local_SpooledRow.init)
        inReplyTo = incoming.inReplyTo.map { Data($0.bytes) }
        if let mark = incoming.parked { parked = Docket_Local_ParkedRow(mark) }
    }
}

extension SpooledFile {
    fileprivate init?(_ row: Docket_Local_SpooledRow) {
        guard let id = AttachmentID(bytes: row.id), let digest = SHA256Digest(Array(row.digest)),
            let spoolName = SpoolName(bytes: row.spoolName)
        else { return nil }
        self.init(id: id, name: row.name, size: row.size, digest: digest, spoolName: spoolName)
    }
}

extension Docket_Local_SpooledRow {
    fileprivate init(_ file: SpooledFile) {
        self.init()
        id = Data(file.id.bytes)
        name = file.name
        size = file.size
        digest = Data(file.digest.bytes)
        spoolName = Data(file.spoolName.bytes)
    }
}

extension QueuedOutgoing {
    fileprivate init?(_ body: Docket_Local_OutgoingRow, _ key: OutgoingRow.Key) {
        let contact = ExternalContact(id: body.contactID, name: body.contactName)
        // A delivery has no need of the event's place, which is of one life of the log.
        let entry = ReplicaEvent(body.event, at: 0)
        self.init(entry, to: contact, of: key.relay)
        guard message.id == key.message else { return nil }
        externalID = key.externalID
        attempts = Int(body.attempts)
        parked = body.hasParked ? ParkedMark(body.parked) : nil
    }
}

extension Docket_Local_OutgoingRow {
    fileprivate init(_ outgoing: QueuedOutgoing) {
        self.init()
        event = outgoing.entry.event
        contactID = outgoing.contact.id
        contactName = outgoing.contact.name
        attempts = UInt32(clamping: outgoing.attempts)
        if let mark = outgoing.parked { parked = Docket_Local_ParkedRow(mark) }
    }
}

extension ParkedMark {
    fileprivate init(_ row: Docket_Local_ParkedRow) {
        self.init(
            reason: row.reason,
            since: Timestamp(millisecondsSinceEpoch: row.sinceMilliseconds)
        )
    }
}

extension Docket_Local_ParkedRow {
    fileprivate init(_ mark: ParkedMark) {
        self.init()
        reason = mark.reason
        sinceMilliseconds = mark.since.millisecondsSinceEpoch
    }
}
