package import DocketDomain

/// Reads the log, and what is kept beside it of commands, followers and words.
package protocol LogReading {
    /// Where the log stands.
    func position() throws(StoreError) -> LogPosition
    /// The entry at an offset.
    func entry(at offset: UInt64) throws(StoreError) -> LogEntry?
    /// The oldest entries above an offset.
    func entries(after offset: UInt64, limit: Int) throws(StoreError) -> [LogEntry]
    /// The entries of a channel for its integration, above one offset and up to another.
    func entries(
        on channel: ChannelKey,
        after offset: UInt64,
        through last: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry]
    /// The entries that contacts may see of the conversations of contacts whom an integration or a
    /// partner has brought, above one offset and up to another.
    func entries(
        broughtBy partner: PrincipalID,
        after offset: UInt64,
        through last: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry]
    /// A part of a conversation, by ascending offset: of all entries for the staff, of those the
    /// contact may see otherwise.
    func entries(
        in conversation: ConversationID,
        _ place: LogPlace,
        limit: Int,
        for audience: Audience
    ) throws(StoreError) -> [LogEntry]
    /// What is kept of a command.
    func record(of command: CommandID) throws(StoreError) -> CommandRecord?
    /// Messages and notes with all terms of a query and an offset below one, the newest first.
    func search(
        _ query: SearchQuery,
        before offset: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry]
    /// The offset up to which a follower of the log has come.
    func followed(_ follower: Follower) throws(StoreError) -> UInt64
}
