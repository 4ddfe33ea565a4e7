internal import DocketStore

extension SQLiteReading {
    func search(
        _ query: SearchQuery,
        before offset: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry] {
        try rows(
            Statements.searchIndex,
            [.text(query.expression), .number(offset), .number(limit)]
        ) { try $0.entry() }
    }
}
