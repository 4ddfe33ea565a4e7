import DocketRPC
import DocketTransport
import Foundation
import NIOPosix
import Testing

@testable import DocketClient

/// Lets everybody in.
private struct Doorman: Authenticator {
    func authenticate(token: [UInt8]) async throws(RPCError) -> CallerIdentity {
        throw RPCError(.sessionExpired, "nobody is known here")
    }

    func isValid(_ identity: CallerIdentity) -> Bool { true }
}

@Suite("A connection to a real server", .timeLimit(.minutes(5)))
struct LinkTests {
    @Test("ends, when the server drains, with the time after which it is there again")
    func drain() async throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "docket-\(UUID().uuidString.prefix(13)).sock").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await TransportServer.bind(
            TransportServer.Configuration(
                router: Router(),
                authenticator: Doorman(),
                security: .none,
                wallClock: { 7 }
            ),
            to: .unix(path: path),
            group: group
        )
        var links: [any ServerLink] = []
        for _ in 0..<2 {
            let link = try await ClientConnection.connect(
                to: .unix(path: path),
                ClientConnection.Configuration(security: .none),
                resources: LoopResources(eventLoop: group.next())
            )
            #expect(try await link.greeted() == Timestamp(millisecondsSinceEpoch: 7))
            links.append(link)
        }
        async let drained: Void = server.drain(spread: .seconds(82))
        var waits: [Duration] = []
        for link in links {
            let error = await link.ended()
            #expect(error.reason == .draining)
            waits.append(error.retryAfter ?? .zero)
            link.close()
        }
        // They come back one after the other: the first at once.
        #expect(waits.min() == .zero)
        let longest = waits.max() ?? .zero
        #expect(longest > .zero && longest <= .seconds(41))
        await drained
    }
}
