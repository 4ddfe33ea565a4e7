package import DocketRPC

/// The transport within the process, for the conformance suite.
package struct InProcessConformance: ConformanceTransport {
    /// The transport has no settings but the limits of each case.
    package init() {}

    package func withChannel(
        _ router: Router,
        limits: ConformanceLimits,
        _ body: @Sendable (any CallChannel) async throws -> Void
    ) async throws {
        var own = InProcessLimits()
        own.maximumMessage = limits.maximumMessage
        own.streamCredit = limits.streamCredit
        own.calls = limits.calls
        let transport = InProcessTransport(router: router, limits: own)
        defer { transport.close() }
        try await body(transport)
    }
}
