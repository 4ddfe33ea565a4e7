internal import DocketDomain
internal import DocketStore

extension SQLiteReading {
    func openingOffset(ofRequest request: RequestID) throws(StoreError) -> UInt64 {
        try row(Statements.openingOfRequest, [.id(request)]) { $0.unsigned(0) } ?? 0
    }

    func place(ofMovedMessage offset: UInt64) throws(StoreError) -> MessagePlace? {
        try row(Statements.placeOfMovedMessage, [.number(offset)]) { row in
            let request = RequestReference(id: try row.id(0), number: row.unsigned(1))
            return MessagePlace(request: request, sequence: row.unsigned(2))
        }
    }

    func messages(
        movedTo request: RequestID,
        limit: Int
    ) throws(StoreError) -> [(sequence: UInt64, entry: LogEntry)] {
        try rows(Statements.messagesMovedTo, [.id(request), .number(limit)]) { row in
            (row.unsigned(3), try row.entry())
        }
    }
}

extension SQLiteTransaction {
    func move(messageAt offset: UInt64, to place: MessagePlace) throws(StoreError) {
        try execute(
            Statements.keepPlace,
            [.number(offset), .number(place.request.number), .number(place.sequence)]
        )
    }
}
