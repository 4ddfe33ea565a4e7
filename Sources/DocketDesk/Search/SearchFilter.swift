package import DocketDomain

/// Which of the hits of a search to give.
package struct SearchFilter: Hashable, Sendable {
    /// The keys of the statuses that their requests have now; none means any.
    package var statuses: [StatusKey] = []
    /// The channel of their requests; `nil` for any.
    package var channel: ChannelKey?
    /// Only what was said at this moment or later; `nil` for any.
    package var from: Timestamp?
    /// Only what was said before this moment; `nil` for any.
    package var until: Timestamp?

    /// A filter that every hit passes.
    package init() {}

    /// Whether a hit passes.
    func includes(_ hit: SearchHit) -> Bool {
        (statuses.isEmpty || statuses.contains(hit.status))
            && (channel == nil || channel == hit.channel)
            && from.map { hit.at >= $0 } ?? true && until.map { hit.at < $0 } ?? true
    }
}
