package import DocketMessages
internal import FoundationEssentials
package import SwiftProtobuf

/// Why a call did not succeed.
///
/// Programs branch on `reason`; `message` is for people who debug.
package struct RPCError: Error, Equatable, Sendable {
    /// The longest message, in bytes of UTF-8.
    package static let maximumMessage = 1_024

    /// One of gRPC's codes.
    package var code: StatusCode
    /// The stable word from the registry.
    package var reason: Reason
    /// For a person who debugs; cut at its limit when it is sent.
    package var message: String
    /// Whether this is a stored verdict: the same command will always be refused so.
    package var isFinal: Bool
    /// Whether the server vouches that nothing of the call took effect.
    package var isNotProcessed: Bool
    /// The earliest moment at which a repetition makes sense, from now, if the server says one.
    package var retryAfter: Duration?
    /// Metadata that follows the call.
    package var trailers: Metadata

    /// An error with what the registry says of its reason.
    package init(
        _ reason: Reason,
        _ message: String = "",
        isNotProcessed: Bool = false,
        retryAfter: Duration? = nil,
        trailers: Metadata = []
    ) {
        code = reason.code
        self.reason = reason
        self.message = message
        isFinal = reason.isFinal
        self.isNotProcessed = isNotProcessed
        self.retryAfter = retryAfter
        self.trailers = trailers
    }

    /// An error with a code of its own and no registered reason, for methods outside the registry.
    package init(code: StatusCode, message: String, trailers: Metadata = []) {
        self.init(Reason(rawValue: ""), message, trailers: trailers)
        self.code = code
    }
}

extension RPCError {
    /// The refusal of bytes that are not the message they should be, by what the decoder met first:
    /// `invalid_utf8` for text that is not UTF-8, `malformed_message` for anything else.
    static func undecodable(
        _ what: String,
        _ fault: any Error
    ) -> RPCError {
        let isText = fault as? BinaryDecodingError == .invalidUTF8
        return RPCError(
            isText ? .invalidUtf8 : .malformedMessage,
            isText ? "\(what) has text that is not UTF-8" : "\(what) cannot be decoded"
        )
    }
}

extension RPCError: CustomStringConvertible {
    package var description: String {
        let word = reason.rawValue.isEmpty ? "\(code)" : reason.rawValue
        return message.isEmpty ? word : "\(word): \(message)"
    }
}

/// How a call ended, in the form in which it travels.
package struct CallStatus: Equatable, Sendable {
    /// Nothing when the call succeeded.
    package var error: RPCError?
    /// Metadata that follows a call that succeeded.
    package var trailers: Metadata

    /// A success.
    package init(trailers: Metadata = []) {
        self.trailers = trailers
    }

    /// A failure.
    package init(_ error: RPCError) {
        self.error = error
        trailers = error.trailers
    }

    /// The most bytes of the field `message` beside its text: a tag, and a length of two bytes.
    private static let messageFieldOverhead = 3

    /// The encoded `docket.v1.Status`, as one frame of at most `longest` bytes, which is at least
    /// 1,024.
    ///
    /// Success without trailers is no bytes at all.
    ///
    /// What breaks a limit is cut here, and never the reason for another error: the message at its
    /// longest, the trailers at what may travel. What is then too long for the frame is cut too:
    /// first the message, which only people read, then trailers from the last on; what remains
    /// fits the shortest frame that a client may ask for. `truncated` says that trailers are
    /// missing.
    package func bytes(atMost longest: Int) -> [UInt8] {
        var status = message
        var bytes = Self.encoded(status)
        guard bytes.count > longest else { return bytes }
        let text = status.message
        status.message = ""
        bytes = Self.encoded(status)
        while bytes.count > longest, !status.trailers.isEmpty {
            status.trailers.removeLast()
            status.truncated = true
            bytes = Self.encoded(status)
        }
        status.message = text.prefix(bytes: longest - bytes.count - Self.messageFieldOverhead)
        return Self.encoded(status)
    }

    /// The encoded `docket.v1.Status` where no frame bounds it, as within the process.
    package var bytes: [UInt8] { bytes(atMost: .max) }

    private static func encoded(_ status: Docket_V1_Status) -> [UInt8] {
        // Encoding a message without required fields cannot fail.
        (try? status.serializedBytes()) ?? []
    }

    /// The status as a message, with what its limits allow.
    package var message: Docket_V1_Status {
        let allowed = trailers.withinLimits
        var status = Docket_V1_Status()
        status.trailers = allowed.map { entry in
            .with {
                $0.key = entry.key
                $0.value = Data(entry.value)
            }
        }
        status.truncated = allowed.count < trailers.count
        if let error {
            status.code = error.code.rawValue
            status.message = error.message.prefix(bytes: RPCError.maximumMessage)
            status.reason = error.reason.rawValue
            status.final = error.isFinal
            status.notProcessed = error.isNotProcessed
            status.retryAfterMilliseconds = error.retryAfter.map(Self.milliseconds) ?? 0
        }
        return status
    }

    /// Reads an encoded `docket.v1.Status`.
    ///
    /// Bytes that are none, and codes that this side does not know, are a failure with the code
    /// `unknown`.
    package init(bytes: RawSpan) {
        guard let status = try? Docket_V1_Status(serializedBytes: bytes, options: .untrusted)
        else {
            self.init(RPCError(code: .unknown, message: "the peer's status is malformed"))
            return
        }
        self.init(status)
    }

    /// Reads a status that came as a message; a code that this side does not know is `unknown`.
    package init(_ status: Docket_V1_Status) {
        let trailers = status.trailers.map { Metadatum(key: $0.key, value: Array($0.value)) }
        guard status.code != StatusCode.ok.rawValue else {
            self.init(trailers: trailers)
            return
        }
        var error = RPCError(
            Reason(rawValue: status.reason),
            status.message,
            isNotProcessed: status.notProcessed,
            trailers: trailers
        )
        error.code = StatusCode(rawValue: status.code) ?? .unknown
        error.isFinal = status.final
        if status.retryAfterMilliseconds > 0 {
            error.retryAfter = .milliseconds(Int64(status.retryAfterMilliseconds))
        }
        self.init(error)
    }

    /// Rounded up, so that nobody comes back too early and a short time does not become none.
    private static func milliseconds(_ duration: Duration) -> UInt32 {
        let (seconds, attoseconds) = duration.components
        let whole = seconds.multipliedReportingOverflow(by: 1_000)
        guard !whole.overflow else { return seconds < 0 ? 0 : .max }
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return UInt32(clamping: whole.partialValue.addingReportingOverflow(rest).partialValue)
    }
}

extension String {
    /// The longest beginning of whole characters with at most so many bytes.
    fileprivate func prefix(bytes limit: Int) -> String {
        var text = self[...]
        while text.utf8.count > limit, !text.isEmpty { text = text.dropLast() }
        return String(text)
    }
}

extension BinaryDecodingOptions {
    /// How bytes of a peer are decoded: no deeper than any message of ours, unknown fields dropped.
    package static let untrusted: BinaryDecodingOptions = {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = 16
        options.discardUnknownFields = true
        return options
    }()
}
