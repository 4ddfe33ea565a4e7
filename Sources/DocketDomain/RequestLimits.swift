/// How many of everything a request may have.
package enum RequestLimits {
    /// The most changes of one command.
    package static let edits = 64
    /// The most fields of a request.
    package static let fields = 256
    /// The most tags of a request.
    package static let tags = 100
    /// The most watchers of a request.
    package static let watchers = 100
    /// The most participants of a request.
    package static let participants = 100
    /// The most links of a request.
    package static let links = 100
    /// The most requests that are looked at above one before it gets another parent: each is a
    /// read while all other commands wait.
    package static let ancestors = 256
    /// The most requests merged into one.
    package static let sources = 100
    /// The most messages that one command moves: their ids stand in one entry of the log, and each
    /// gets a new place while all other commands wait.
    package static let movedMessages = 2_000
    /// The most messages that one may answer: each is looked for while all other commands wait.
    package static let repliedMessages = 32
    /// The longest sleep of a request.
    package static let sleep = Duration.seconds(10 * 366 * 24 * 3_600)
}
