/// Makes a script that fails as small as it can, by leaving out what it fails without.
struct Shrinker {
    /// How many scripts are tried at most.
    private static let mostRuns = 400

    /// The numbers of the steps that are left, in order.
    private(set) var kept: [Int]
    private let script: Script
    private var runs = 0

    /// Shrinks a script that fails.
    init(_ script: Script) {
        self.script = script
        kept = Array(script.steps.indices)
        var size = kept.count / 2
        while size >= 1, runs < Self.mostRuns {
            if !leaveOut(size) || size > kept.count { size /= 2 }
        }
    }

    /// The script that is left.
    var shrunk: Script { Script(seed: script.seed, steps: kept.map { script.steps[$0] }) }

    /// Leaves out so many steps at once wherever that is possible; false where it is nowhere.
    private mutating func leaveOut(_ size: Int) -> Bool {
        var place = 0
        var hasChanged = false
        while place < kept.count, runs < Self.mostRuns {
            let rest = Array(kept[..<place] + kept[min(place + size, kept.count)...])
            runs += 1
            let attempt = Script(seed: script.seed, steps: rest.map { script.steps[$0] })
            if Run(attempt).fault == nil {
                place += size
            } else {
                kept = rest
                hasChanged = true
            }
        }
        return hasChanged
    }
}
