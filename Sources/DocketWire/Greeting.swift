internal import DocketMessages
internal import FoundationEssentials
package import NIOCore
internal import SwiftProtobuf

/// What one side says of itself in HELLO, defaults filled in and ranges checked.
package struct Greeting: Equatable, Sendable {
    /// The minor version this side speaks.
    package var minor: UInt32 = 0
    /// The longest frame payload this side accepts, in bytes.
    package var maximumFrame = 16_376
    /// The longest message this side accepts, in bytes.
    package var maximumMessage = 4 << 20
    /// The credit with which the peer starts on every stream, in cost units.
    package var streamCredit = 65_536
    /// Server only: the highest stream id the client may open at first.
    package var firstStreams: UInt32 = 8
    /// Server only: after so much silence the client sends a PING.
    package var keepaliveMilliseconds: UInt32 = 30_000
    /// The name and version of this side's software.
    package var software = ""
    /// Client only: the session token, or nothing.
    package var token: [UInt8] = []
    /// Server only: 8 bytes that change with the method table.
    package var catalog: [UInt8] = []
    /// Server only: the server's clock, in milliseconds since 1970.
    package var serverTimeMilliseconds: UInt64 = 0

    /// Which side a greeting is from.
    ///
    /// Fields that only the other side may set are ignored.
    package enum Sender: Equatable, Sendable {
        /// The side that opens calls.
        case client
        /// The side that serves them.
        case server
    }

    /// The defaults: what holds before the peer's HELLO is there.
    package init() {}

    /// What a side with these limits says.
    package init(limits: Limits, software: String) {
        self.software = software
        maximumFrame = limits.maximumFrame
        maximumMessage = limits.maximumMessage
        streamCredit = limits.streamCredit
        firstStreams = UInt32(clamping: limits.streamsBeforeSignIn)
        keepaliveMilliseconds = UInt32(clamping: limits.keepalive.milliseconds)
    }

    /// Reads the payload of a HELLO frame that came from `sender`.
    package init(payload: ByteBuffer, from sender: Sender) throws(ProtocolViolation) {
        guard
            let hello = try? Docket_V1_Hello(
                serializedBytes: Array(payload.readableBytesView),
                options: .untrusted
            )
        else { throw .malformedPayload(.hello) }
        minor = hello.minor
        maximumFrame = try Self.value(
            hello.maxFrame,
            or: maximumFrame,
            in: Limits.frameRange,
            "max_frame"
        )
        maximumMessage = try Self.value(
            hello.maxMessage,
            or: maximumMessage,
            in: Limits.messageRange,
            "max_message"
        )
        streamCredit = try Self.value(
            hello.streamCredit,
            or: streamCredit,
            in: Limits.creditRange,
            "stream_credit"
        )
        guard hello.software.utf8.count <= Limits.maximumSoftware else {
            throw .helloOutOfRange("software")
        }
        software = hello.software
        switch sender {
        case .client: try takeClientFields(of: hello)
        case .server: try takeServerFields(of: hello)
        }
    }

    private mutating func takeClientFields(of hello: Docket_V1_Hello) throws(ProtocolViolation) {
        guard hello.token.count <= Limits.maximumToken else { throw .helloOutOfRange("token") }
        token = Array(hello.token)
    }

    private mutating func takeServerFields(of hello: Docket_V1_Hello) throws(ProtocolViolation) {
        guard hello.firstStreams == 0 || hello.firstStreams >= firstStreams else {
            throw .helloOutOfRange("first_streams")
        }
        guard [0, Limits.catalogLength].contains(hello.catalog.count) else {
            throw .helloOutOfRange("catalog")
        }
        if hello.firstStreams > 0 { firstStreams = hello.firstStreams }
        if hello.keepaliveMilliseconds > 0 { keepaliveMilliseconds = hello.keepaliveMilliseconds }
        catalog = Array(hello.catalog)
        serverTimeMilliseconds = hello.serverTimeMilliseconds
    }

    /// Throws when a server grants less than the defaults, on which a client may rely before it
    /// has read this greeting.
    func requireDefaults() throws(ProtocolViolation) {
        let least = Greeting()
        guard maximumFrame >= least.maximumFrame else { throw .helloOutOfRange("max_frame") }
        guard maximumMessage >= least.maximumMessage else { throw .helloOutOfRange("max_message") }
        guard streamCredit >= least.streamCredit else { throw .helloOutOfRange("stream_credit") }
    }

    private static func value(
        _ told: UInt32,
        or fallback: Int,
        in range: ClosedRange<Int>,
        _ field: String
    ) throws(ProtocolViolation) -> Int {
        guard told > 0 else { return fallback }
        guard range.contains(Int(told)) else { throw .helloOutOfRange(field) }
        return Int(told)
    }

    /// The HELLO frame that says this.
    package var frame: Frame {
        var hello = Docket_V1_Hello()
        hello.minor = minor
        hello.maxFrame = UInt32(clamping: maximumFrame)
        hello.maxMessage = UInt32(clamping: maximumMessage)
        hello.streamCredit = UInt32(clamping: streamCredit)
        hello.firstStreams = firstStreams
        hello.keepaliveMilliseconds = keepaliveMilliseconds
        hello.software = software
        hello.token = .init(token)
        hello.catalog = .init(catalog)
        hello.serverTimeMilliseconds = serverTimeMilliseconds
        // Encoding a message without required fields cannot fail.
        let bytes: [UInt8] = (try? hello.serializedBytes()) ?? []
        return Frame(.hello, payload: ByteBuffer(bytes: bytes))
    }
}

extension Duration {
    /// Whole milliseconds, rounded down and clamped to what 64 bits hold.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product &+ attoseconds / 1_000_000_000_000_000
    }
}
