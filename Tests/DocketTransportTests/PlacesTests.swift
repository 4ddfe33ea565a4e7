import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTransport

@Suite("Places of connections")
struct PlacesTests {
    @Test("A network that has too many gives up its own oldest, and no other network does")
    func ofNetwork() {
        var places = Places(ofNetwork: 2, inAll: 10)
        #expect(places.take(1, of: "a") == .free)
        #expect(places.take(2, of: "b") == .free)
        #expect(places.take(3, of: "b") == .free)
        #expect(places.take(4, of: "b") == .replacedOfNetwork(2))
        #expect(places.take(5, of: "b") == .replacedOfNetwork(3))
        #expect(places.count == 3)
    }

    @Test("In a full house the network with the most gives up its oldest")
    func inAll() {
        var places = Places(ofNetwork: 5, inAll: 4)
        for (number, network) in [(1, "a"), (2, "b"), (3, "b"), (4, "b")] as [(UInt64, String)] {
            #expect(places.take(number, of: network) == .free)
        }
        #expect(places.take(5, of: "c") == .replaced(2))
        #expect(places.take(6, of: "d") == .replaced(3))
        // Alike, the one that has been there longest goes; a newcomer never.
        #expect(places.take(7, of: "e") == .replaced(1))
        #expect(places.count == 4)
    }

    @Test("A place that was given back is free for somebody else")
    func leave() {
        var places = Places(ofNetwork: 1, inAll: 1)
        #expect(places.take(1, of: "a") == .free)
        places.leave(1)
        places.leave(1)
        #expect(places.count == 0)
        #expect(places.take(2, of: "a") == .free)
        #expect(places.dropOldest() == 2)
        #expect(places.dropOldest() == nil)
    }

    @Test("However they come and go, neither bound is passed, and the newcomer stays")
    func random() {
        var random = SeededRandom()
        var places = Places(ofNetwork: 3, inAll: 7)
        var held: [UInt64: String] = [:]
        for number in 1...5_000 as ClosedRange<UInt64> {
            if Int.random(in: 0..<3, using: &random) == 0, let gone = held.keys.min() {
                places.leave(gone)
                held[gone] = nil
            }
            let network = ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
            switch places.take(number, of: network) {
            case .free: break
            case .replacedOfNetwork(let oldest):
                #expect(held[oldest] == network, "\(random.replay)")
                held[oldest] = nil
            case .replaced(let oldest):
                #expect(held.removeValue(forKey: oldest) != nil, "\(random.replay)")
            }
            held[number] = network
            #expect(places.count == held.count, "\(random.replay)")
            #expect(held.count <= 7, "\(random.replay)")
            let most = Dictionary(grouping: held.values, by: \.self).values.map(\.count).max()
            #expect(most ?? 0 <= 3, "\(random.replay)")
        }
    }

    @Test(
        "A network is an address of IPv4 or a /64 of IPv6",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"), ("::ffff:192.0.2.7", "192.0.2.7"),
            ("::1", "::1"), ("::ffff:127.0.0.1", "127.0.0.1"), ("", ""),
        ]
    )
    func network(address: String, name: String) {
        #expect(RemoteNetwork(address: address).name == name)
    }
}
