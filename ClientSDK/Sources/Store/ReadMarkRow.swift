internal import FoundationEssentials
internal import GRDB

/// A read mark as the table `read_mark` has it.
struct ReadMarkRow {
    /// The columns, in the order in which rows are decoded and written.
    static let columns = "conversation, position, epoch, seal"

    /// The mark.
    let mark: ReadMark

    /// Prepares a mark for the table.
    init(_ mark: ReadMark) {
        self.mark = mark
    }

    /// Takes a mark from a row with `columns`.
    ///
    /// - Throws: `LocalStoreError.damaged` for a row that was not written here.
    init(_ row: Row) throws(LocalStoreError) {
        let reading = RowReading(row, of: "a read mark")
        guard let conversation = ConversationID(bytes: try reading.bytes(0)),
            let position = UInt64(exactly: try reading.integer(1))
        else { throw reading.damage }
        mark = ReadMark(
            conversation: conversation,
            position: position,
            epoch: try reading.optionalBytes(2)
        )
        guard try reading.bytes(3) == seal else { throw reading.damage }
    }

    /// The values of the columns.
    var arguments: StatementArguments {
        [
            Data(mark.conversation.bytes), Int64(clamping: mark.position),
            mark.epoch.map { Data($0) }, Data(seal),
        ]
    }

    private var seal: [UInt8] {
        var seal = RowSeal("read_mark")
        seal.add(mark.conversation.bytes)
        seal.add(Int64(clamping: mark.position))
        seal.add(mark.epoch)
        return seal.digest
    }
}
