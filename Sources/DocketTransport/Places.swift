/// Which connections hold a place of a kind, and which of them gives it up for a newcomer.
///
/// A newcomer always gets one: it may be anybody, and whoever has been there longest without
/// coming to an end is the likeliest to want nothing. Where a network has too many it gives up its
/// own; where there are too many in all, the network with the most does. Contacts hold places in
/// the same way, each like a network.
struct Places {
    /// A connection's number, in the order in which they came.
    typealias Number = UInt64

    private let ofNetwork: Int
    private let inAll: Int
    private var networks: [Number: String] = [:]
    private var members: [String: Set<Number>] = [:]

    /// So many places for a network, and so many in all.
    init(ofNetwork: Int, inAll: Int) {
        self.ofNetwork = ofNetwork
        self.inAll = inAll
    }

    /// How many are held.
    var count: Int { networks.count }

    /// What a newcomer brings about.
    enum OnTake: Equatable {
        /// There was a place.
        case free
        /// This one of the newcomer's network gives its place up.
        case replacedOfNetwork(Number)
        /// This one gives its place up.
        case replaced(Number)
    }

    /// Takes a place; its number is above all before it.
    mutating func take(_ number: Number, of network: String) -> OnTake {
        networks[number] = network
        members[network, default: []].insert(number)
        if let own = members[network], own.count > ofNetwork, let oldest = own.min() {
            leave(oldest)
            return .replacedOfNetwork(oldest)
        }
        guard networks.count > inAll, let oldest = dropOldest() else { return .free }
        return .replaced(oldest)
    }

    /// Gives a place back; one that is not held is left alone.
    mutating func leave(_ number: Number) {
        guard let network = networks.removeValue(forKey: number) else { return }
        members[network]?.remove(number)
        if members[network]?.isEmpty == true { members[network] = nil }
    }

    /// Frees the place that was taken first of those of the network which holds the most.
    ///
    /// The cost grows with the number of networks, and only a full house pays it.
    ///
    /// - Parameter least: So many every network keeps.
    /// - Returns: Whose place it was; nil where no network has more than it keeps.
    mutating func dropOldest(beyond least: Int = 0) -> Number? {
        let most = members.values.reduce(0) { max($0, $1.count) }
        guard most > least else { return nil }
        let oldest = members.values.lazy.filter { $0.count == most }.compactMap { $0.min() }.min()
        if let oldest { leave(oldest) }
        return oldest
    }
}
