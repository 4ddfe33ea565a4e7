public import DocketClient

/// Where a conversation is shown: a prompt, plain lines or JSON lines.
public protocol ConversationFace: Sendable {
    /// The conversation is open; `answers` tells whether all that is said belongs to the request.
    func opened(as identity: Identity?, request: SupportRequest?, answers: Bool) async throws
    /// What is said belongs to another request from now on, or another has the newest's content.
    func turned(to request: SupportRequest) async throws
    /// What was said before, and how many messages stand before that; nil where nobody knows.
    func showHistory(_ page: HistoryPage, earlier: Int?) async throws
    /// A step of the feed.
    func apply(_ update: FeedUpdate) async throws
    /// The server could not go on from the cursor: history and a new feed follow.
    func resynced(because error: DocketClientError) async throws
    /// A message is on its way.
    func sending(_ text: String, id: MessageID) async throws
    /// A message has its verdict.
    func settled(_ id: MessageID, _ outcome: PostOutcome) async throws
    /// A message is kept on this machine, and will be sent whatever happens to this program.
    func kept(_ id: MessageID) async throws
    /// A message that is kept has no verdict yet, and is not waited for any longer.
    func postponed(_ id: MessageID, _ error: DocketClientError?) async throws
    /// What is kept and has no verdict, and what was refused: all of it, whoever said it.
    func waiting(_ messages: [QueuedMessage]) async throws
    /// A message has no verdict, and none will come.
    func failed(_ id: MessageID, _ error: DocketClientError) async throws
    /// The connection has changed.
    func connectionChanged(_ state: ConnectionState) async throws
    /// About a second has passed.
    func tick() async throws
    /// The session is over: nothing is shown after this.
    func ended() async
    /// The reader has seen everything up to this offset; nil if nothing of the peer's.
    var shownOffset: UInt64? { get async }
}
