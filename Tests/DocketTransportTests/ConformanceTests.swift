import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import Testing

/// The transport over sockets, for the conformance suite.
struct SocketConformance: ConformanceTransport {
    let security: TransportBench.Security

    func withChannel(
        _ router: Router,
        limits: ConformanceLimits,
        _ body: @Sendable (any CallChannel) async throws -> Void
    ) async throws {
        var own = Limits()
        own.maximumMessage = limits.maximumMessage
        own.streamCredit = limits.streamCredit
        own.streams = limits.calls
        try await TransportBench.run(security, limits: own, router: router) {
            let client = try await $0.connect()
            defer { client.close() }
            // Less than the defaults may be announced only to clients that wait for it.
            if limits != ConformanceLimits() { try await client.greeting() }
            try await body(client)
        }
    }
}

@Suite("The transport over sockets")
struct SocketConformanceTests {
    @Test("does over a Unix socket what every transport does", arguments: ConformanceCase.all)
    func unixSocket(conformanceCase: ConformanceCase) async throws {
        try await conformanceCase.run(over: SocketConformance(security: .cleartext))
    }

    @Test("does over TLS what every transport does", arguments: ConformanceCase.all)
    func tls(conformanceCase: ConformanceCase) async throws {
        try await conformanceCase.run(over: SocketConformance(security: .tls))
    }
}
