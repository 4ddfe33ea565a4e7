/// Makes a failing script as small as it gets, by leaving out what it fails without: first large
/// parts, then single steps, until none can go.
///
/// It runs nothing itself: whoever shrinks tries what it proposes, and notes what came of it.
package struct Shrinker {
    /// How many scripts are tried at most: a run takes some hundredths of a second, and nobody
    /// waits for ever for a nicer failure.
    package static let tries = 400

    /// The numbers of the steps that are left, in order.
    package private(set) var kept: [Int]
    private var attempt: [Int] = []
    private var start = 0
    private var length: Int
    private var hasShrunk = false
    private var tries = 0

    /// Begins with a script of so many steps that fails.
    package init(stepCount: Int) {
        kept = Array(0..<stepCount)
        length = max(stepCount / 2, 1)
    }

    /// The numbers of the steps to try next; `nil` where nothing more can be left out, and where
    /// enough was tried.
    package mutating func next() -> [Int]? {
        while tries < Self.tries, !kept.isEmpty {
            if start < kept.count {
                attempt = kept
                attempt.removeSubrange(start..<min(start + length, kept.count))
                return attempt
            }
            guard length > 1 || hasShrunk else { return nil }
            length = max(length / 2, 1)
            (start, hasShrunk) = (0, false)
        }
        return nil
    }

    /// Notes whether what was to be tried has failed.
    package mutating func note(fails: Bool) {
        tries += 1
        if fails {
            kept = attempt
            hasShrunk = true
        } else {
            start += length
        }
    }
}
