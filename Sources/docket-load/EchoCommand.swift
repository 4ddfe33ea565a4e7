internal import ArgumentParser
internal import DocketCalls
internal import DocketCommandLine
internal import DocketMessages
internal import DocketRPC
internal import DocketTransport
internal import DocketWire
internal import FoundationEssentials
internal import Glibc
internal import NIOCore
internal import SwiftProtobuf

/// Measures `Diagnostics/Echo`.
struct EchoCommand: AsyncParsableCommand, LoadAction {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Call Diagnostics/Echo on many connections at once."
    )

    @OptionGroup var options: LoadOptions

    func measure() async throws -> LoadReport {
        let client = try LoadClient(credentials: options.credentials)
        let token = try await client.signInWithKey()
        let shape = options.shape(streamLimit: Limits().streams)
        let connections = try await client.connect(shape.connections, token: token)
        let load = CallLoad(
            source: try EchoSource(bodySize: options.body),
            connections: connections,
            depth: shape.depth,
            rate: options.rate,
            eventLoop: client.resources.eventLoop
        )
        let report = try await load.run(
            seconds: options.seconds,
            accounting: options.accounting
        )
        for connection in connections { connection.close() }
        try await client.shutDown()
        return report
    }
}

/// Echo calls that all have the same body.
private struct EchoSource: CallSource {
    let method = DiagnosticsMethods.echo
    private let call: [UInt8]

    init(bodySize: Int) throws {
        var message = Docket_V1_EchoCall()
        message.body = Data((0..<bodySize).map { UInt8(truncatingIfNeeded: $0) })
        call = try message.serializedBytes()
    }

    func next(slot: Int) -> [UInt8] { call }

    /// Call and reply have the same form, so the same bytes must come back.
    func fault(in reply: RawSpan, slot: Int) -> String? {
        guard reply.byteCount == call.count else { return "an echo has another length" }
        let isSame = unsafe reply.withUnsafeBytes { reply in
            unsafe call.withUnsafeBytes { call in
                guard let left = reply.baseAddress, let right = call.baseAddress else {
                    return true
                }
                return unsafe memcmp(left, right, call.count) == 0
            }
        }
        return isSame ? nil : "an echo has other bytes"
    }
}
