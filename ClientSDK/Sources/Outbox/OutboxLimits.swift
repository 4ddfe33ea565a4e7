/// How much an outbox holds, and how long it tries.
struct OutboxLimits: Hashable, Sendable {
    /// The most commands.
    var commands = 20_000
    /// The most bytes of calls.
    var bytes = 256 << 20
    /// The longest call, in bytes: the longest message that the protocol lets a client send.
    var call = 4 << 20
    /// How long a command that may have been sent is tried: the server knows the id of a refused
    /// command for 37 days.
    var age = Duration.seconds(30 * 86_400)
    /// How many batches are under way at once.
    var batchesUnderWay = 8
    /// How many commands of a lane leave at once, and are marked in one commit as those that may be
    /// sent: the most that the protocol lets a lane have.
    var batch = 64
    /// How many tickets leave at once: the most that the protocol lets a call have.
    var tickets = Tickets.ticketsInPush
    /// The most bytes of calls that leave at once: a longer call leaves alone.
    var batchBytes = 1 << 20
    /// How often the server may fail at a command or a file before that is stopped, if it took
    /// `faultTime`.
    var faults = 8
    /// How long the server may fail at a command or a file, without the time in which there was no
    /// connection.
    var faultTime = Duration.seconds(600)
    /// Of how many conversations read marks wait to be sent: more than a person reads.
    var marks = 20_000
    /// How many read marks are being sent at once.
    var marksUnderWay = 8
    /// The largest file, in bytes: what a desk takes unless its policy says otherwise.
    var file: UInt64 = 26_214_400
    /// How many files are uploaded at once.
    var filesUnderWay = 3
    /// How many files are uploaded ahead of commands that cannot leave yet: a desk keeps 64 files
    /// of one principal that no message names.
    var filesAhead = 32
    /// How long it is believed that the server has a file that no message names yet: it forgets
    /// such files after 24 hours.
    var confirmation = Duration.seconds(12 * 3_600)
}
