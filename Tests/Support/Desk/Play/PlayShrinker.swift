import SimulationSupport

/// Makes a failing play as small as it gets.
package enum PlayShrinker {
    /// Leaves out parts of a script for as long as it still fails.
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
        var shrinker = Shrinker(stepCount: script.count)
        while let attempt = shrinker.next() {
            shrinker.note(fails: await fails(attempt.map { script[$0] }))
        }
        return shrinker.kept.map { script[$0] }
    }
}
