package import DocketDomain
package import Foundation

/// An event that is in no log and soon means nothing any more, such as that somebody is typing.
package struct FeedSignal: Sendable {
    /// The encoded `docket.v1.Event`.
    package let event: Data
    /// From when on it says nothing any more.
    let end: Timestamp

    /// Whether it still says something at a moment.
    package func isValid(at moment: Timestamp) -> Bool { moment < end }
}
