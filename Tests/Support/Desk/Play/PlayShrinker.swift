/// Makes a failing script as small as it gets.
package enum PlayShrinker {
    /// How many scripts are tried at most: a run takes some hundredths of a second, and nobody
    /// waits for ever for a nicer failure.
    package static let tries = 400

    /// Leaves out parts of a script for as long as it still fails: first large ones, then single
    /// steps, until none can go.
    ///
    /// - Parameters:
    ///   - script: Steps that fail together.
    ///   - fails: Whether some steps fail.
    /// - Returns: Steps that fail, and from which no single one can be left out, unless the tries
    ///   ran out before that.
    package static func smallest<Step>(
        _ script: [Step],
        fails: ([Step]) async -> Bool
    ) async -> [Step] {
        var smallest = script
        var tries = 0
        var length = max(script.count / 2, 1)
        while true {
            var start = 0
            var hasShrunk = false
            while start < smallest.count, tries < Self.tries {
                var shorter = smallest
                shorter.removeSubrange(start..<min(start + length, smallest.count))
                tries += 1
                if await fails(shorter) {
                    smallest = shorter
                    hasShrunk = true
                } else {
                    start += length
                }
            }
            guard tries < Self.tries, length > 1 || hasShrunk else { return smallest }
            length = max(length / 2, 1)
        }
    }
}
