extension Dictionary where Key == Int {
    /// The values in the order of their numbers: whoever came first is told first, so that a run
    /// can be repeated.
    var inOrder: [Value] {
        count < 2 ? Array(values) : sorted { $0.key < $1.key }.map(\.value)
    }
}
