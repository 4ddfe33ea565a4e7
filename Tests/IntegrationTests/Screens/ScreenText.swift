import Foundation

/// What a terminal shows, without what differs from run to run.
struct ScreenText {
    let text: String

    /// Takes moments, ports and ids out of what a terminal shows.
    init(_ shown: String) {
        text =
            shown
            .replacing(/127\.0\.0\.1:[0-9]{1,5}/) { "127.0.0.1:" + Self.dots(10, $0.output) }
            .replacing(/\b[0-9]{2}:[0-9]{2}(?= [-<>])/, with: "12:00")
            .replacing(/── [A-Z][^─]* ──/, with: "── Day ──")
            .replacing(/retry in [0-9]+ s/, with: "retry in 9 s")
            .replacing(/(in the queue · )[a-z][^\n]*…/) { $0.output.1 + "…" }
            .replacing(/[0-9]+ so far/, with: "99 so far")
            .replacing(/[0-9]+% of/, with: "50% of")
            .replacing(/, [0-9.]+ [KM]iB\/s/, with: "")
            .replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) { Self.dots(0, $0.output.0) }
    }

    /// The first characters of a text, and a dot for each of the others.
    private static func dots(_ count: Int, _ text: Substring) -> String {
        String(repeating: "·", count: text.count - count)
    }
}
