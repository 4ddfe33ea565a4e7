internal import Glibc

extension SeededRandom {
    /// The bytes with a few faults such as a bad line, a bad disk or a bad peer makes: bits turned,
    /// pieces lost, doubled, or replaced by random ones, and the end cut off.
    package mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) { damage(&bytes) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        let start = Int.random(in: 0...bytes.count, using: &self)
        let end = Int.random(in: start...min(bytes.count, start + 8), using: &self)
        let piece = Array(bytes[start..<end])
        switch Int.random(in: 0..<6, using: &self) {
        case 0: bytes.replaceSubrange(start..<end, with: piece.map { $0 ^ (1 << (next() % 8)) })
        case 1: bytes.removeSubrange(start..<end)
        case 2: bytes.insert(contentsOf: piece, at: start)
        case 3: bytes.replaceSubrange(start..<end, with: self.bytes(count: piece.count))
        case 4: bytes.insert(contentsOf: Array(repeating: 0xff, count: piece.count), at: start)
        default: bytes.removeSubrange(end...)
        }
    }

    /// How often a test tries something by chance: `usual` times, or as many times that as the
    /// environment's `DOCKET_ROUNDS` says.
    package static func rounds(_ usual: Int) -> Int {
        let factor = getenv("DOCKET_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 1
        return usual * min(max(factor, 1), 10_000)
    }
}
