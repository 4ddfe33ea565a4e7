internal import FoundationEssentials
internal import GRDB

/// An incoming message that is posted under another id than its own, as the table `relay_renewal`
/// has it.
///
/// The desk repeats its refusal under the message's own id. When the other system brings the
/// message again, this is how it is known that it was posted.
struct RenewalRow {
    /// The columns, in the order in which rows are decoded and written.
    static let columns = "message, renewed, seal"

    /// The message's own id.
    let message: MessageID
    /// The id under which it is posted.
    let renewed: MessageID

    /// Prepares a message for the table.
    init(_ message: MessageID, as renewed: MessageID) {
        self.message = message
        self.renewed = renewed
    }

    /// Takes a message from a row with `columns`.
    ///
    /// - Throws: `LocalStoreError.damaged` for a row that was not written here.
    init(_ row: Row) throws(LocalStoreError) {
        let reading = RowReading(row, of: "a renewed message")
        guard let message = MessageID(bytes: try reading.bytes(0)),
            let renewed = MessageID(bytes: try reading.bytes(1))
        else { throw reading.damage }
        self.init(message, as: renewed)
        guard try reading.bytes(2) == seal else { throw reading.damage }
    }

    /// The values of the columns.
    var arguments: StatementArguments {
        [Data(message.bytes), Data(renewed.bytes), Data(seal)]
    }

    /// A digest over the other columns.
    var seal: [UInt8] {
        var seal = RowSeal("relay_renewal")
        seal.add(message.bytes)
        seal.add(renewed.bytes)
        return seal.digest
    }
}
