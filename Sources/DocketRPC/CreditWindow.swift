/// How much may still be sent in one direction of a call, in the cost units of the wire.
///
/// The rules are those of docket/1. A frame costs its length, at least 64. Something may be sent
/// while any credit is left, so one frame may overdraw it. The frames of an unfinished message are
/// given back as they come in, so what a message holds until it is consumed is the cost of its last
/// frame. Credit goes back in lumps of half a window.
struct CreditWindow: Equatable {
    /// The least cost of a frame, so that small messages cannot flood a queue.
    static let minimumFrameCost = 64
    /// The longest frame, in bytes.
    static let maximumFrame = 16_376

    private let size: Int
    private var credit: Int
    private var returnable = 0

    /// A full window of `size` cost units.
    init(size: Int) {
        self.size = size
        credit = size
    }

    /// Whether something may be sent.
    var isOpen: Bool { credit > 0 }

    /// Pays for a message of `length` bytes; gives what is to be given back once it is consumed.
    mutating func pay(length: Int) -> Int {
        let cost = Self.cost(length: length)
        credit -= cost
        return cost
    }

    /// Takes back what a consumed message had cost.
    mutating func giveBack(cost: Int) {
        returnable += cost
        guard returnable >= size / 2 else { return }
        credit += returnable
        returnable = 0
    }

    /// What a message of `length` bytes costs until it is consumed.
    static func cost(length: Int) -> Int {
        guard length > 0 else { return minimumFrameCost }
        return max(minimumFrameCost, (length - 1) % maximumFrame + 1)
    }
}
