internal import DocketCrypto
internal import FoundationEssentials
internal import GRDB

/// A file of a queued command as the table `upload` has it.
struct UploadRow {
    /// The columns, in the order in which rows are decoded and written.
    static let columns =
        "attachment, position, place, conversation, name, size, digest, spool_name, seal"

    /// The file.
    let file: QueuedFile

    /// Prepares a file for the table.
    init(_ file: QueuedFile) {
        self.file = file
    }

    /// Takes a file from a row with `columns`.
    ///
    /// - Throws: `LocalStoreError.damaged` for a row that was not written here.
    init(_ row: Row) throws(LocalStoreError) {
        let reading = RowReading(row, of: "a file of a queued command")
        guard let id = AttachmentID(bytes: try reading.bytes(0)),
            let position = UInt64(exactly: try reading.integer(1)),
            let index = Int(exactly: try reading.integer(2)),
            let conversation = ConversationID(bytes: try reading.bytes(3)),
            let size = UInt64(exactly: try reading.integer(5)),
            let digest = SHA256Digest(try reading.bytes(6)),
            let spoolName = SpoolName(bytes: try reading.bytes(7))
        else { throw reading.damage }
        file = QueuedFile(
            id: id,
            position: position,
            index: index,
            conversation: conversation,
            name: try reading.string(4),
            size: size,
            digest: digest,
            spoolName: spoolName
        )
        guard try reading.bytes(8) == seal else { throw reading.damage }
    }

    /// The values of the columns.
    var arguments: StatementArguments {
        [
            Data(file.id.bytes), Int64(clamping: file.position), Int64(file.index),
            Data(file.conversation.bytes), file.name.data, Int64(clamping: file.size),
            Data(file.digest.bytes), Data(file.spoolName.bytes), Data(seal),
        ]
    }

    private var seal: [UInt8] {
        var seal = RowSeal("upload")
        seal.add(file.id.bytes)
        seal.add(Int64(clamping: file.position))
        seal.add(Int64(file.index))
        seal.add(file.conversation.bytes)
        seal.add(Array(file.name.utf8))
        seal.add(Int64(clamping: file.size))
        seal.add(file.digest.bytes)
        seal.add(file.spoolName.bytes)
        return seal.digest
    }
}
