/// What kind of request it is.
public enum RequestKind: String, Hashable, Sendable, CaseIterable {
    /// Talk in real time.
    case chat
    /// Work over time, documented and handed on.
    case ticket
    /// Long-term work; off unless the desk's policy turns it on.
    case task
    /// A kind that this version does not know.
    case unknown
}

/// By which way a request came.
public enum RequestOrigin: String, Hashable, Sendable, CaseIterable {
    /// A message on a channel opened it.
    case line
    /// The contact opened it on purpose, through a form or portal.
    case portal
    /// A bot's scenario opened it.
    case bot
    /// An agent opened it by hand, as after a phone call.
    case manual
    /// Another company's system opened it.
    case partner
    /// Messages of another request were split off.
    case split
    /// A way that this version does not know.
    case unknown
}
