import Glibc

/// Randomness that a failed test can be run again with: SplitMix64, seeded from `DOCKET_SEED` or
/// anew.
struct SeededGenerator: RandomNumberGenerator {
    /// What to set `DOCKET_SEED` to for the same run.
    let seed: UInt64
    private var state: UInt64

    init() {
        let given = getenv("DOCKET_SEED").flatMap { UInt64(String(cString: $0)) }
        self.init(seed: given ?? UInt64.random(in: .min ... .max))
    }

    init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Bytes of which many are what a terminal obeys, since plain noise seldom is.
    mutating func hostileBytes(count: Int) -> [UInt8] {
        let pieces: [[UInt8]] = [
            Array("\u{1B}[2J\u{1B}[H".utf8), Array("\u{1B}]52;c;aGk=\u{07}".utf8),
            Array("\u{1B}[6n".utf8), Array("\u{1B}P$q\u{1B}\\".utf8), Array("\u{9B}31m".utf8),
            [0x9B, 0x41], [0x1B], [0x0D], [0x0A], [0x09], [0x08], [0x7F], [0xC2], [0xF0, 0x9F],
            Array("\u{202E}\u{2066}\u{200B}\u{FEFF}\u{2028}".utf8), Array("👩‍👩‍👧‍👦🏽🇩🇪".utf8),
            Array(String(repeating: "\u{301}", count: 20).utf8), Array("漢字 ".utf8),
            Array("\u{1160}\u{1100}\u{1100}\u{11A8}".utf8), Array("क्ष्क्ष्क्ष".utf8),
        ]
        var bytes: [UInt8] = []
        while bytes.count < count {
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes += pieces[Int.random(in: pieces.indices, using: &self)]
            case 1: bytes.append(UInt8.random(in: .min ... .max, using: &self))
            case 2: bytes += Array(String(randomScalar()).utf8)
            default: bytes += Array("words ".utf8)
            }
        }
        return bytes
    }

    private mutating func randomScalar() -> Unicode.Scalar {
        Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self)) ?? " "
    }
}
