/// A line of things from those who put them in to the one who takes them out, in order.
struct Conveyor<Item: Sendable>: Sendable {
    /// What became of something that was put in.
    enum Fate {
        case isIn
        case isFull
        case isClosed
    }

    /// The things, for one reader.
    let items: AsyncStream<Item>
    private let inlet: AsyncStream<Item>.Continuation
    private let end: AsyncStream<Never>
    private let ending: AsyncStream<Never>.Continuation

    /// An empty one that holds so many things.
    init(holding capacity: Int) {
        (items, inlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(capacity))
        (end, ending) = AsyncStream.makeStream()
    }

    /// Puts something in.
    func put(_ item: Item) -> Fate {
        switch inlet.yield(item) {
        case .enqueued: .isIn
        case .dropped: .isFull
        case .terminated: .isClosed
        @unknown default: .isClosed
        }
    }

    /// Nothing more is put in.
    func close() {
        inlet.finish()
        ending.finish()
    }

    /// Returns when it is closed, or when the task is cancelled; for one caller.
    func closed() async {
        for await _ in end {}
    }
}
