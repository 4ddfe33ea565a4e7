internal import DocketMessages
internal import FoundationEssentials
package import NIOCore
internal import SwiftProtobuf

/// What an OPEN frame says of the call: which method, how long its caller waits, and the caller's
/// metadata.
package struct CallHead: Equatable, Sendable {
    /// One entry of metadata.
    package struct Metadatum: Equatable, Sendable {
        /// Lower-case ASCII letters, digits, '-', '_' and '.'.
        package var key: String
        /// Any bytes.
        package var value: [UInt8]

        /// Makes an entry of its parts.
        package init(key: String, value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }

    /// What is wrong with a head.
    ///
    /// It ends the call and not the connection.
    package enum Fault: Error, Equatable, Sendable {
        /// Its bytes are not a Head: `malformed_message`.
        case malformed
        /// It has text that is not UTF-8: `invalid_utf8`.
        case invalidUTF8
        /// Its metadata breaks a rule: `invalid_metadata`.
        case invalidMetadata
    }

    /// The FNV-1a hash of the method's full name.
    package var method: UInt32
    /// How long the caller waits; 0 means the method's default.
    package var timeoutMilliseconds: UInt32 = 0
    /// A W3C trace context in binary form, or nothing.
    package var trace: [UInt8] = []
    /// The caller's metadata.
    package var metadata: [Metadatum] = []

    /// The head of a call without a deadline of its own, a trace or metadata.
    package init(method: UInt32) {
        self.method = method
    }
}

/// The content of an OPEN frame.
struct OpenPayload {
    /// The top bit of the head's length: a message, or its first fragment, follows the head.
    static let messageFollows: UInt16 = 0x8000
    /// The bytes before the head: its length and the top bit.
    static let leadLength = 2

    /// The head, or what is wrong with it.
    var head: Result<CallHead, CallHead.Fault>
    /// The message or its first fragment.
    var message: ByteBuffer?

    /// Cuts the payload; throws when it does not have the form of an OPEN.
    init(payload: ByteBuffer) throws(ProtocolViolation) {
        var payload = payload
        guard let lead: UInt16 = payload.readInteger() else { throw .malformedPayload(.open) }
        let length = Int(lead & ~Self.messageFollows)
        guard length <= Limits.maximumHead else {
            throw .headTooLarge(length: length, limit: Limits.maximumHead)
        }
        guard let bytes = payload.readSlice(length: length) else { throw .malformedPayload(.open) }
        do throws(CallHead.Fault) {
            head = .success(try CallHead(bytes: bytes))
        } catch {
            head = .failure(error)
        }
        if lead & Self.messageFollows != 0 {
            message = payload
        } else if payload.readableBytes > 0 {
            throw .malformedPayload(.open)
        }
    }
}

extension CallHead {
    /// Protobuf's keys of the two fields that every call may have (field number and wire type).
    private enum FieldKey {
        static let method: UInt8 = 1 << 3 | 5
        static let timeout: UInt8 = 2 << 3 | 0
    }

    /// Reads a Head from its protobuf form.
    ///
    /// Most heads have only a method and perhaps a timeout; those are read here without building
    /// a message. Everything else goes through the generated decoder. A trace whose length is not
    /// that of a trace context is ignored.
    package init(bytes: ByteBuffer) throws(Fault) {
        var rest = bytes
        guard rest.readInteger(as: UInt8.self) == FieldKey.method,
            let method: UInt32 = rest.readInteger(endianness: .little)
        else {
            try self.init(anyForm: bytes)
            return
        }
        self.init(method: method)
        if rest.readableBytes == 0 { return }
        guard rest.readInteger(as: UInt8.self) == FieldKey.timeout,
            let timeout = rest.readVariableLengthNumber(), rest.readableBytes == 0
        else {
            try self.init(anyForm: bytes)
            return
        }
        timeoutMilliseconds = timeout
    }

    private init(anyForm bytes: ByteBuffer) throws(Fault) {
        let head: Docket_V1_Head
        do {
            head = try Docket_V1_Head(
                serializedBytes: Array(bytes.readableBytesView),
                options: .untrusted
            )
        } catch {
            throw error as? BinaryDecodingError == .invalidUTF8 ? .invalidUTF8 : .malformed
        }
        guard Self.isAllowed(head.metadata) else { throw .invalidMetadata }
        self.init(method: head.method)
        timeoutMilliseconds = head.timeoutMilliseconds
        if head.trace.count == Limits.traceLength { trace = Array(head.trace) }
        metadata = head.metadata.map { Metadatum(key: $0.key, value: Array($0.value)) }
    }

    private static func isAllowed(_ metadata: [Docket_V1_Metadatum]) -> Bool {
        guard metadata.count <= Limits.maximumMetadata else { return false }
        let bytes = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.count }
        return bytes <= Limits.maximumMetadataBytes
            && metadata.allSatisfy {
                isAllowed(key: $0.key) && $0.value.count <= Limits.maximumMetadataValue
            }
    }

    private static func isAllowed(key: String) -> Bool {
        (1...Limits.maximumMetadataKey).contains(key.utf8.count)
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// The Head in its protobuf form.
    package var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        write(to: &buffer)
        return buffer
    }

    /// Appends the Head in its protobuf form.
    package func write(to buffer: inout ByteBuffer) {
        guard trace.isEmpty && metadata.isEmpty else {
            var head = Docket_V1_Head()
            head.method = method
            head.timeoutMilliseconds = timeoutMilliseconds
            head.trace = .init(trace)
            head.metadata = metadata.map { entry in
                .with {
                    $0.key = entry.key
                    $0.value = .init(entry.value)
                }
            }
            // Encoding a message without required fields cannot fail.
            if let encoded: [UInt8] = try? head.serializedBytes() { buffer.writeBytes(encoded) }
            return
        }
        buffer.writeInteger(FieldKey.method)
        buffer.writeInteger(method, endianness: .little)
        if timeoutMilliseconds > 0 {
            buffer.writeInteger(FieldKey.timeout)
            buffer.writeVariableLengthNumber(timeoutMilliseconds)
        }
    }
}

extension BinaryDecodingOptions {
    /// How bytes of a peer are decoded: no deeper than any message of ours, unknown fields dropped.
    static let untrusted: BinaryDecodingOptions = {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = 16
        options.discardUnknownFields = true
        return options
    }()
}

extension ByteBuffer {
    /// Reads a protobuf varint that must fit 32 bits.
    fileprivate mutating func readVariableLengthNumber() -> UInt32? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 28, by: 7) {
            guard let byte: UInt8 = readInteger() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return UInt32(exactly: value) }
        }
        return nil
    }

    fileprivate mutating func writeVariableLengthNumber(_ number: UInt32) {
        var rest = number
        while rest >= 0x80 {
            writeInteger(UInt8(truncatingIfNeeded: rest & 0x7f) | 0x80)
            rest >>= 7
        }
        writeInteger(UInt8(truncatingIfNeeded: rest))
    }
}
