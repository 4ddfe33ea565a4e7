import DocketMessages
import DocketRPC
import SwiftProtobuf
import Testing

@Suite("A status")
struct StatusTests {
    private func travelled(_ status: CallStatus) -> CallStatus {
        let bytes = status.bytes
        return CallStatus(bytes: bytes.span.bytes)
    }

    @Test("of success is no bytes")
    func success() {
        #expect(CallStatus().bytes == [])
        #expect(travelled(CallStatus()) == CallStatus())
    }

    @Test("of success keeps its trailers")
    func trailers() {
        let status = CallStatus(trailers: [Metadatum(key: "cursor", value: [0, 255])])
        #expect(travelled(status) == status)
    }

    @Test("comes out as it went in, for every registered reason", arguments: Reason.registered)
    func reasons(reason: Reason) {
        let status = CallStatus(
            RPCError(
                reason,
                "why",
                isNotProcessed: true,
                retryAfter: .milliseconds(250),
                trailers: [Metadatum(key: "field", value: Array("name".utf8))]
            )
        )
        #expect(travelled(status) == status)
    }

    @Test("keeps a reason that this side does not know, with the peer's code")
    func unknownReason() {
        var error = RPCError(Reason(rawValue: "from_the_future"), "why")
        error.code = .aborted
        error.isFinal = true
        let received = travelled(CallStatus(error)).error
        #expect(received == error)
        #expect(received?.reason.rawValue == "from_the_future")
    }

    @Test("with a code that this side does not know has the code unknown", arguments: [17, .max])
    func unknownCode(code: UInt32) throws {
        let bytes: [UInt8] = try Docket_V1_Status.with { $0.code = code }.serializedBytes()
        #expect(CallStatus(bytes: bytes.span.bytes).error?.code == .unknown)
    }

    @Test("that is malformed is a failure with the code unknown")
    func malformed() {
        let bytes: [UInt8] = [0xff, 0xff]
        #expect(CallStatus(bytes: bytes.span.bytes).error?.code == .unknown)
    }

    @Test("has its message cut at its limit, between characters", arguments: [1_023, 1_024, 1_025])
    func message(length: Int) {
        let long = String(repeating: "m", count: length)
        let kept = travelled(CallStatus(RPCError(.serverError, long))).error?.message
        #expect(kept == String(long.prefix(1_024)))
        let wide = String(repeating: "m", count: length - 4) + "👩‍👩‍👧"
        let cut = travelled(CallStatus(RPCError(.serverError, wide))).error?.message
        #expect(cut == String(repeating: "m", count: length - 4))
    }

    @Test("says that trailers are missing when there were too many")
    func truncation() throws {
        let entries = (0..<33).map { Metadatum(key: "entry\($0)", value: []) }
        let status = try Docket_V1_Status(
            serializedBytes: CallStatus(RPCError(.serverError, trailers: entries)).bytes
        )
        #expect(status.trailers.count == 32)
        #expect(status.truncated)
        #expect(status.reason == "server_error")
        let whole = try Docket_V1_Status(
            serializedBytes: CallStatus(trailers: Array(entries.dropLast())).bytes
        )
        #expect(whole.trailers.count == 32)
        #expect(!whole.truncated)
    }

    @Test("fits the frame in which it travels, whatever was thrown")
    func size() {
        let entries = (0..<40).map {
            Metadatum(key: "k\($0)", value: Array(repeating: 1, count: 4_096))
        }
        let error = RPCError(
            .serverError,
            String(repeating: "m", count: 9_999),
            trailers: entries
        )
        #expect(CallStatus(error).bytes.count < 16_376)
    }

    @Test("is cut to the client's longest frame: first its message, then trailers from the last on")
    func frame() throws {
        let entries = (0..<20).map {
            Metadatum(key: "entry\($0)", value: Array(repeating: 1, count: 300))
        }
        let text = String(repeating: "ü", count: 512)
        let error = RPCError(
            .versionConflict,
            text,
            isNotProcessed: true,
            retryAfter: .seconds(5),
            trailers: entries
        )
        let whole = CallStatus(error).bytes
        #expect(CallStatus(error).bytes(atMost: whole.count) == whole)
        for longest in stride(from: 1_024, to: whole.count, by: 37) {
            let bytes = CallStatus(error).bytes(atMost: longest)
            #expect(bytes.count <= longest)
            let status = try Docket_V1_Status(serializedBytes: bytes)
            #expect(status.reason == "version_conflict")
            #expect(status.code == error.code.rawValue)
            #expect(status.final && status.notProcessed && status.retryAfterMilliseconds == 5_000)
            #expect(text.hasPrefix(status.message))
            #expect(status.trailers.map(\.key) == entries.prefix(status.trailers.count).map(\.key))
            #expect(status.truncated == (status.trailers.count < 20))
            // No more is cut than has to be: the next trailer or character would be too long.
            let room = longest - bytes.count
            #expect(room < 5)
            #expect(!status.truncated || room + status.message.utf8.count < 320)
        }
    }

    @Test("No reason has a code that the page calls unused", arguments: Reason.registered)
    func unusedCode(reason: Reason) {
        #expect(reason.code != .permissionDenied)
    }

    @Test("without anything to cut is the same in the shortest frame", arguments: Reason.registered)
    func shortest(reason: Reason) {
        let error = RPCError(reason, "why", isNotProcessed: true, retryAfter: .seconds(5_000_000))
        #expect(CallStatus(error).bytes(atMost: 1_024) == CallStatus(error).bytes)
    }

    @Test(
        "rounds the time to come again up to milliseconds, and keeps it within 32 bits",
        arguments: [
            (.milliseconds(1), 1), (.microseconds(1), 1), (.microseconds(1_001), 2), (.zero, 0),
            (.seconds(-5), 0), (.milliseconds(-1), 0), (.seconds(5_000_000), .max),
            (.seconds(Int64.max), .max), (.seconds(Int64.min), 0),
        ] as [(Duration, UInt32)]
    )
    func retryAfter(duration: Duration, milliseconds: UInt32) throws {
        let bytes = CallStatus(RPCError(.overloaded, retryAfter: duration)).bytes
        let status = try Docket_V1_Status(serializedBytes: bytes)
        #expect(status.retryAfterMilliseconds == milliseconds)
    }

    @Test("is described by its reason, or by its code where it has none")
    func description() {
        #expect(RPCError(.keyReused).description == "key_reused")
        #expect(RPCError(.keyReused, "twice").description == "key_reused: twice")
        #expect(RPCError(code: .dataLoss, message: "gone").description == "DATA_LOSS: gone")
    }
}

@Suite("Metadata")
struct MetadataTests {
    @Test(
        "has keys of some characters, 1 to 64 bytes long",
        arguments: [
            ("a", true), ("a-b_c.9", true), ("", false), ("A", false), ("a b", false), ("ü", false),
            (String(repeating: "k", count: 64), true), (String(repeating: "k", count: 65), false),
        ]
    )
    func keys(key: String, isAllowed: Bool) {
        #expect(Metadatum(key: key, value: []).isAllowed == isAllowed)
    }

    @Test("has values of at most 4,096 bytes", arguments: [(4_096, true), (4_097, false)])
    func values(length: Int, isAllowed: Bool) {
        let value = [UInt8](repeating: 0, count: length)
        #expect(Metadatum(key: "k", value: value).isAllowed == isAllowed)
    }

    @Test("has at most 32 entries", arguments: [(32, true), (33, false)])
    func entries(count: Int, isAllowed: Bool) {
        let metadata: Metadata = (0..<count).map { Metadatum(key: "k\($0)", value: []) }
        #expect(((try? metadata.validate()) != nil) == isAllowed)
    }

    @Test("has at most 7,680 bytes in all", arguments: [(0, true), (1, false)])
    func bytes(excess: Int, isAllowed: Bool) {
        let metadata = [
            Metadatum(key: "a", value: [UInt8](repeating: 0, count: 4_095)),
            Metadatum(key: "b", value: [UInt8](repeating: 0, count: 3_583 + excess)),
        ]
        #expect(((try? metadata.validate()) != nil) == isAllowed)
    }
}
