internal import DocketDomain
internal import DocketStore
internal import Foundation

/// One kind of thing that the desk may be asked: what it reads, what it decides and what it
/// answers, beside each other.
protocol DeskCommand: Sendable {
    /// Whether what it changes has a version that a caller may expect.
    ///
    /// What is made now, and what has no version, is at version 0.
    var hasVersion: Bool { get }
    /// Whether it takes access away, which may not wait until a full disk has room.
    var takesAccess: Bool { get }
    /// Whether it can end sessions, so that all of them have to be in the store.
    var endsSessions: Bool { get }

    /// Decides it on what the step's workspace has, and notes what follows.
    ///
    /// - Throws: Why it is not performed; nothing that was noted counts then.
    func perform(in step: inout Step) throws(Interruption) -> Acceptance

    /// The result that it had before, from what was kept of it.
    ///
    /// - Parameters:
    ///   - offset: Where its effect stands in the log.
    ///   - payload: The message that was kept; `nil` for a creation, which is looked at anew.
    ///   - step: The repetition.
    /// - Returns: The result; `nil` where it cannot be told any more.
    /// - Throws: What the workspace lacks, or why nothing is left to answer with.
    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result?
}

extension DeskCommand {
    var hasVersion: Bool { false }
    var takesAccess: Bool { false }
    var endsSessions: Bool { false }
}

/// What nobody repeats: it has no id, so that nothing is kept of it.
protocol UnrepeatedCommand: DeskCommand {}

extension UnrepeatedCommand {
    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? { nil }
}

/// Why a submission is not performed.
enum Interruption: Error {
    /// The id of what it would make is another thing's.
    case keyReused
    /// The domain refuses it.
    case rejected(Rejection)
    /// It may be performed later: nothing is kept of it.
    case unavailable(Unavailability)
    /// The workspace lacks something that it reads.
    case missing(Missing)
}
