import DeskSupport
import DocketStore

/// What happens in one run, made from a seed.
struct DeskScript: Sendable {
    /// How many commands a script has.
    static let commands = 200

    /// The seed, from which chance within the run follows too.
    let seed: UInt64
    /// What happens, in order.
    private(set) var steps: [DeskStep]

    /// The script of a seed, or the steps of it with some numbers.
    init(seed: UInt64, steps kept: [Int]? = nil) {
        self.seed = seed
        steps = []
        var chance = Chance(seed: seed &+ 77)
        for step in Self.plays(seed: seed) {
            // About three of these in each script, since opening a store again takes as long as a
            // hundred commands; and followers that are behind more often than not.
            if chance.happens(1, of: 110) { steps.append(chance.fault()) }
            if chance.happens(1, of: 250) { steps.append(chance.clock()) }
            if chance.happens(1, of: 30) { steps.append(chance.following()) }
            steps.append(.play(step, waits: chance.happens(3, of: 5)))
        }
        if let kept {
            let whole = steps
            steps = kept.filter(whole.indices.contains).map { whole[$0] }
        }
    }

    /// Steps of a play, among them as many commands as a script has.
    private static func plays(seed: UInt64) -> [PlayStep] {
        var commands = 0
        let steps = PlayScript.steps(2 * Self.commands, seed: seed)
        let end = steps.firstIndex { step in
            if case .wait = step { return false }
            commands += 1
            return commands == Self.commands
        }
        return Array(steps.prefix((end ?? steps.count - 1) + 1))
    }
}

/// Chance for what happens to a machine.
private struct Chance {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func happens(_ parts: Int, of whole: Int) -> Bool {
        Int.random(in: 0..<whole, using: &random) < parts
    }

    mutating func fault() -> DeskStep {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<6: .kill(kill())
        case 6, 7: .failSync(kill())
        default: fullDisk()
        }
    }

    private mutating func fullDisk() -> DeskStep {
        let isAtOnce = Bool.random(using: &random)
        let steps = Int.random(in: 1...(isAtOnce ? 8 : 30), using: &random)
        return .fillDisk(steps: steps, isAtOnce: isAtOnce)
    }

    private mutating func kill() -> Kill {
        let moment: Kill.Moment
        switch Int.random(in: 0..<4, using: &random) {
        case 0: moment = .beforeCommit
        case 1: moment = .afterCommit
        default:
            let tears: [Kill.Tear] = [.end, .end, .zeros, .hole]
            moment = .within(
                perMille: Int.random(in: 0...1_000, using: &random),
                tears.randomElement(using: &random) ?? .end
            )
        }
        return Kill(transactions: Int.random(in: 0..<3, using: &random), moment: moment)
    }

    mutating func clock() -> DeskStep {
        let bound = [40, 600, 4 * 3_600].randomElement(using: &random) ?? 40
        return .setClock(seconds: Int.random(in: -bound...bound, using: &random))
    }

    mutating func following() -> DeskStep {
        let follower = Follower.allCases.randomElement(using: &random) ?? .rows
        let most: UInt64 = [2, 10, 200].randomElement(using: &random) ?? 10
        return .follow(follower, entries: .random(in: 1...most, using: &random))
    }
}
