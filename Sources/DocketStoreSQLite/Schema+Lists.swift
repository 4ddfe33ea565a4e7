extension Schema {
    /// The indexes by which requests are listed.
    ///
    /// None of their columns changes with a message, so that they cost a message nothing. A request
    /// repeats the channel of its conversation, which never changes either, since an index reaches
    /// no further than its own table.
    static let lists = [
        "ALTER TABLE request ADD COLUMN channel TEXT",
        """
        UPDATE request
        SET channel = (SELECT channel FROM conversation WHERE "key" = request.conversation)
        """,
        "CREATE INDEX request_by_channel ON request(channel, category) WHERE channel IS NOT NULL",
    ]
}
