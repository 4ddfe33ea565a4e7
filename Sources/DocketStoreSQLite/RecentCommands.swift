internal import DocketDomain

/// The ids of the newest commands of which something is kept: for nearly every new command it tells
/// that nothing is, without a look into the store.
///
/// Ids are ordered by the time at which they were made, so that nearly every command's is above
/// those that it has forgotten. Of the others it claims nothing. Ids that are far ahead of the
/// clock are remembered apart, so that one of them does not put all later ids below it.
struct RecentCommands {
    /// How many ids each half remembers, at about 32 bytes each.
    static let limit = 32_768
    /// How many ids that are ahead of the clock are remembered; beyond them it claims nothing more.
    static let aheadLimit = 4_096
    /// How many milliseconds an id may be ahead of the moment at which its command is kept.
    private static let longestLead: UInt64 = 3_600_000

    /// Every id above it of which something is kept is remembered.
    private var floor: CommandID
    private var young: Set<CommandID> = []
    private var old: Set<CommandID> = []
    private var ahead: Set<CommandID>
    /// The highest id of each half.
    private var highestYoung: CommandID
    private var highestOld: CommandID
    private let half: Int

    /// Knows the ids above one of which something is kept.
    init(above floor: CommandID, ahead: [CommandID], half: Int = limit) {
        self.floor = ahead.count > Self.aheadLimit ? Self.highest : floor
        self.ahead = Set(ahead)
        self.half = half
        highestYoung = floor
        highestOld = floor
    }

    /// The id from which on ids are ahead of the clock at a moment.
    static func ceiling(at moment: Timestamp) -> CommandID {
        let limit = (UInt64(1) << 48) - 1
        let milliseconds = min(moment.milliseconds, limit - longestLead) + longestLead
        return CommandID(high: milliseconds << 16, low: 0)
    }

    private static var highest: CommandID { CommandID(high: .max, low: .max) }

    /// Whether it is certain that nothing is kept of a command.
    func isNew(_ command: CommandID) -> Bool {
        command > floor && !young.contains(command) && !old.contains(command)
            && !ahead.contains(command)
    }

    /// Remembers that something is kept of a command, or may be, since a moment.
    mutating func insert(_ command: CommandID, at moment: Timestamp) {
        guard command < Self.ceiling(at: moment) else {
            if ahead.count < Self.aheadLimit {
                ahead.insert(command)
            } else {
                floor = Self.highest
            }
            return
        }
        if young.count >= half {
            floor = max(floor, highestOld)
            (old, highestOld) = (young, highestYoung)
            (young, highestYoung) = ([], floor)
        }
        young.insert(command)
        highestYoung = max(highestYoung, command)
    }
}
