/// What was cut out of drafts, newest last, to be put back elsewhere.
struct KillRing: Equatable, Sendable {
    /// Pieces kept; nobody remembers more.
    static let maximumPieces = 16

    private var pieces: [String] = []

    /// Which piece is put back, counted from the newest.
    private var turn = 0

    /// The piece to put back.
    var current: String? {
        pieces.isEmpty ? nil : pieces[pieces.count - 1 - turn % pieces.count]
    }

    /// Keeps a piece of its own.
    mutating func add(_ piece: String) {
        guard !piece.isEmpty else { return }
        turn = 0
        pieces.append(piece)
        pieces.removeFirst(max(0, pieces.count - Self.maximumPieces))
    }

    /// Joins what was cut right after the newest piece to it, before or behind.
    mutating func extend(with piece: String, atFront: Bool) {
        turn = 0
        let newest = pieces.popLast() ?? ""
        add(atFront ? piece + newest : newest + piece)
    }

    /// Turns to the next older piece, and from the oldest to the newest.
    mutating func rotate() {
        turn = pieces.isEmpty ? 0 : (turn + 1) % pieces.count
    }
}
