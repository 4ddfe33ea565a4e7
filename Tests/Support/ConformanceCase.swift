package import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// The limits that a case of the conformance suite wants of a connection; the defaults are those of
/// the wire.
package struct ConformanceLimits: Equatable, Sendable {
    /// The longest message, in bytes, in both directions.
    package var maximumMessage = 4 << 20
    /// The credit of each direction of a call, in cost units.
    package var streamCredit = 65_536
    /// Calls in progress once the connection has signed in.
    package var calls = 100

    /// The defaults.
    package init() {}
}

/// A transport that the conformance suite can be run over.
package protocol ConformanceTransport: Sendable {
    /// Runs `body` with a new connection to `router` that has signed in as nobody, and ends the
    /// connection when it returns.
    func withChannel(
        _ router: Router,
        limits: ConformanceLimits,
        _ body: @Sendable (any CallChannel) async throws -> Void
    ) async throws
}

/// One thing that every transport has to do alike.
///
/// A test target runs them all over its transport with `@Test(arguments: ConformanceCase.all)`.
package struct ConformanceCase: Sendable, CustomStringConvertible {
    /// What a case works with.
    struct Bench: Sendable {
        let channel: any CallChannel
        let limits: ConformanceLimits
        /// What the service's handlers have done.
        let observer: InteropObserver

        var caller: InteropCaller { InteropCaller(channel: channel) }

        /// Signs the connection in.
        func signIn(as caller: Caller) async throws(RPCError) {
            _ = try await self.caller.signIn(.with { $0.caller = UInt32(caller.rawValue) })
        }
    }

    /// The case as a statement.
    package let name: String
    private let limits: ConformanceLimits
    private let body: @Sendable (Bench) async throws -> Void

    init(
        _ name: String,
        limits: ConformanceLimits = ConformanceLimits(),
        _ body: @escaping @Sendable (Bench) async throws -> Void
    ) {
        self.name = name
        self.limits = limits
        self.body = body
    }

    package var description: String { name }

    /// Runs the case.
    ///
    /// What it finds wrong is an issue of the present test.
    package func run(over transport: some ConformanceTransport) async throws {
        let server = InteropServer()
        let (limits, body) = (limits, body)
        try await transport.withChannel(server.router, limits: limits) { channel in
            try await body(Bench(channel: channel, limits: limits, observer: server.observer))
        }
    }

    /// Every case.
    package static let all: [ConformanceCase] =
        shapes + endings + later + metadata + flow + volume + refusals + messages
}

/// The error that a call fails with, or nil when it succeeds.
func failure<Reply>(
    of call: () async throws(RPCError) -> Reply
) async -> RPCError? {
    do throws(RPCError) {
        _ = try await call()
        return nil
    } catch {
        return error
    }
}

extension Docket_Test_StreamingCall {
    /// A message that asks for one reply.
    static func asking(for reply: UInt32, payload: Int = 0) -> Self {
        .with {
            $0.payload = .init(count: payload)
            $0.replySizes = [reply]
        }
    }
}
