/// What somebody looks at, now and whenever it changes.
///
/// The first view comes from what is stored here, so that it is there without a network. A slow
/// reader misses views in between and gets the newest. What is missing in a view is fetched while
/// somebody looks.
public struct LocalViews<Element: Hashable & Sendable>: AsyncSequence, Sendable {
    /// Why it ends: the local store cannot be read.
    public typealias Failure = DocketClientError

    let replica: ReplicaRunner
    /// What is to be told that has changed.
    let interests: Set<LocalObservers.Change>
    let view: @Sendable () throws(DocketClientError) -> Element

    /// Begins to look; for one reader.
    public func makeAsyncIterator() -> Iterator {
        replica.start()
        return Iterator(view: view, rings: replica.observers.rings(of: interests))
    }

    /// Reads the views.
    public struct Iterator: AsyncIteratorProtocol {
        private let view: @Sendable () throws(DocketClientError) -> Element
        private var rings: AsyncStream<Void>.Iterator
        private var last: Element?

        fileprivate init(
            view: @escaping @Sendable () throws(DocketClientError) -> Element,
            rings: AsyncStream<Void>
        ) {
            self.view = view
            self.rings = rings.makeAsyncIterator()
        }

        /// The next view; nil when the client was closed.
        public mutating func next() async throws(DocketClientError) -> Element? {
            try await next(isolation: #isolation)
        }

        /// The next view, for a reader in an actor; nil when the client was closed.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(DocketClientError) -> Element? {
            while await rings.next(isolation: actor) != nil {
                let view = try view()
                guard view != last else { continue }
                last = view
                return view
            }
            return nil
        }
    }
}
