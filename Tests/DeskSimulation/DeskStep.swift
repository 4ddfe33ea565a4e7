import DeskSupport
import DocketStore

/// When a process is killed, counted from the step before which it is said, and what the disk has
/// then.
struct Kill: Hashable, Sendable {
    /// What the disk has of the last transaction.
    enum Moment: Hashable, Sendable {
        /// Nothing: the process was killed before the commit.
        case beforeCommit
        /// All: it was killed after the commit, before anybody heard of it.
        case afterCommit
        /// A part, so many thousandths of what was to be written.
        case within(perMille: Int, Tear)
    }

    /// What is left where a write was torn.
    enum Tear: Hashable, Sendable {
        /// The file ends there.
        case end
        /// What follows is zero, as in blocks that a file was given and that were never written.
        case zeros
        /// What follows is there, but for the block in which the place lies.
        case hole
    }

    /// How many transactions go well before.
    let transactions: Int
    /// What the disk has of the one after them.
    let moment: Moment
}

/// One step of a script: what somebody does, or what happens to the machine.
enum DeskStep: Hashable, Sendable {
    /// Somebody does something, or time passes; a command may wait for the next, so that the desk
    /// is asked for both at once.
    case play(PlayStep, waits: Bool)
    /// A follower of the log goes on by so many entries at most.
    case follow(Follower, entries: UInt64)
    /// The process is killed in one of the next transactions.
    case kill(Kill)
    /// The commit of one of the next transactions fails, and nobody knows what the disk has.
    case failSync(Kill)
    /// The disk is full for so many steps: at once, or for whatever makes the file longer.
    case fillDisk(steps: Int, isAtOnce: Bool)
    /// The clock is set forward by so many seconds, or back.
    case setClock(seconds: Int)
}

extension DeskStep: CustomStringConvertible {
    /// The step as people read it.
    var description: String {
        switch self {
        case .play(let step, let waits): "\(step)\(waits ? ", together with" : "")"
        case .follow(let follower, let count): "\(follower.rawValue) follow by \(count)"
        case .kill(let kill): "a kill after \(kill.transactions) transactions, \(kill.moment)"
        case .failSync(let kill):
            "a commit fails after \(kill.transactions) transactions, \(kill.moment)"
        case .fillDisk(let steps, let isAtOnce):
            "the disk is full for \(steps) steps\(isAtOnce ? "" : ", once the file has to grow")"
        case .setClock(let seconds): "the clock is set by \(seconds) s"
        }
    }
}
