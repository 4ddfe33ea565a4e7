import Glibc

/// Random numbers that a test can be repeated with: the same seed gives the same numbers.
///
/// A test takes `SeededRandom()` and passes `random.replay` as the comment of its expectations,
/// so that a failure says how to see it again. The algorithm is SplitMix64 (Steele, Lea, Flood:
/// "Fast splittable pseudorandom number generators", 2014).
package struct SeededRandom: RandomNumberGenerator, Sendable {
    /// The variable that a failed run is repeated with.
    package static let environmentName = "DOCKET_SEED"

    /// What the numbers follow from.
    package let seed: UInt64

    private var state: UInt64

    /// Starts from a given seed.
    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// Starts from the seed in the environment, or from a new one.
    package init() {
        let given = getenv(Self.environmentName).flatMap { UInt64(String(cString: $0)) }
        self.init(seed: given ?? .random(in: .min ... .max))
    }

    /// How to repeat the run, as the comment of an expectation.
    package var replay: String {
        "repeat with \(Self.environmentName)=\(seed)"
    }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Random bytes.
    package mutating func bytes(count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }
}
