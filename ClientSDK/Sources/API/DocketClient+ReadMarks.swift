extension DocketClient {
    /// How many conversations have been read further than the server knows yet.
    public var unsentReadMarks: Int { marks.count }

    /// The read marks that are dropped from now on because they will never reach the server, until
    /// the client is closed.
    ///
    /// Nobody has to read them: what was marked is unread again, and nothing else is lost. For one
    /// reader; ask again for another. A reader who lags far behind misses the oldest.
    public var droppedReadMarks: AsyncStream<DroppedReadMark> { marks.drops }
}
