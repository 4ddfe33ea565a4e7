internal import DocketDomain

/// Decides which damages of the store are written down: each once an hour, and so many in all,
/// however often somebody asks for what is damaged.
struct DamageLog {
    /// How many damages are told in an hour.
    static let limit = 64
    private static let span = Duration.seconds(3_600)

    private var told: Set<String> = []
    private var begin = Timestamp(milliseconds: 0)

    /// Whether a damage is to be told, which it counts as from then on.
    mutating func isNew(_ damage: String, at now: Timestamp) -> Bool {
        // The clock may have been set back.
        if !(.zero..<Self.span).contains(now.since(begin)) {
            begin = now
            told = []
        }
        return told.count < Self.limit && told.insert(damage).inserted
    }
}
