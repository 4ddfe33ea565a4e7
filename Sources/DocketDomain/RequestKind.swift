/// What kind of request it is.
package enum RequestKind: UInt8, Sendable, CaseIterable {
    /// Talk in real time, usually with one agent (C3).
    case chat = 1
    /// Work over time, documented and handed on between agents (C4).
    case ticket = 2
    /// Long-term work with a flow of its own; known, but off unless a policy turns it on (C5).
    case task = 3

    /// The word for it in documents and calls.
    package var word: String { "\(self)" }
}

/// How requests of a kind live.
package struct KindRules: Hashable, Sendable {
    /// The kind.
    package let kind: RequestKind
    /// The status in which a request of the kind begins.
    package let initialStatus: StatusKey
    /// The status in which finishing leaves a request when nobody names one.
    package let finishStatus: StatusKey
    /// Whether a status may only be followed by one of higher rank (C4).
    package let isForwardOnly: Bool

    /// Describes how requests of a kind live.
    package init(
        kind: RequestKind,
        initialStatus: StatusKey,
        finishStatus: StatusKey,
        isForwardOnly: Bool = false
    ) {
        self.kind = kind
        self.initialStatus = initialStatus
        self.finishStatus = finishStatus
        self.isForwardOnly = isForwardOnly
    }
}

/// By which way a request came.
package enum Origin: UInt8, Sendable, CaseIterable {
    /// A message on a channel opened it (E6).
    case line = 1
    /// The contact opened it on purpose, through a form or portal (S8, E6).
    case portal = 2
    /// A bot's scenario opened it through an integration (E6).
    case bot = 3
    /// An agent opened it by hand, as after a phone call (S9, E7, C37).
    case manual = 4
    /// Another company's system opened it.
    case partner = 5
    /// Messages of another request were split off (O4, O11).
    case split = 6

    /// The word for it in documents and calls.
    package var word: String { "\(self)" }
}
