import DocketMessages
import DocketTestSupport
import Foundation
import NIOCore
import SwiftProtobuf
import Testing

@testable import DocketWire

private func fault(_ bytes: ByteBuffer) -> CallHead.Fault? {
    do throws(CallHead.Fault) {
        _ = try CallHead(bytes: bytes)
        return nil
    } catch {
        return error
    }
}

private func bytes(_ build: (inout Docket_V1_Head) -> Void) throws -> ByteBuffer {
    let encoded: [UInt8] = try Docket_V1_Head.with(build).serializedBytes()
    return ByteBuffer(bytes: encoded)
}

private func head(
    method: UInt32 = 1,
    metadata: [(String, Int)]
) throws -> ByteBuffer {
    try bytes { head in
        head.method = method
        head.metadata = metadata.map { key, length in
            .with {
                $0.key = key
                $0.value = Data(repeating: 1, count: length)
            }
        }
    }
}

@Suite("Heads of calls")
struct CallHeadTests {
    @Test("A head is written as SwiftProtobuf writes it and read as it reads it")
    func sameFormBothWays() throws {
        var random = SeededRandom()
        for _ in 0..<500 {
            let head = CallHead.random(with: &random)
            let theirs = try Docket_V1_Head(serializedBytes: Array(head.bytes.readableBytesView))
            #expect(theirs.method == head.method, "\(random.replay)")
            #expect(theirs.timeoutMilliseconds == head.timeoutMilliseconds, "\(random.replay)")
            #expect(Array(theirs.trace) == head.trace, "\(random.replay)")
            #expect(theirs.metadata.map(\.key) == head.metadata.map(\.key), "\(random.replay)")
            let again: [UInt8] = try theirs.serializedBytes()
            #expect(try CallHead(bytes: ByteBuffer(bytes: again)) == head, "\(random.replay)")
            if head.method != 0 {
                #expect(again == Array(head.bytes.readableBytesView), "\(random.replay)")
            }
        }
    }

    @Test(
        "A timeout keeps its value at every length of its number",
        arguments: [
            1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, UInt32.max,
        ]
    )
    func timeouts(milliseconds: UInt32) throws {
        var head = CallHead(method: 9)
        head.timeoutMilliseconds = milliseconds
        #expect(try CallHead(bytes: head.bytes) == head)
    }

    @Test("Fields in another order, twice or unknown are read as protobuf says")
    func otherForms() throws {
        let method: [UInt8] = [0x0d, 1, 0, 0, 0]
        let timeout: [UInt8] = [0x10, 5]
        var expected = CallHead(method: 1)
        expected.timeoutMilliseconds = 5
        for form in [
            timeout + method, method + [0x10, 9] + timeout, method + timeout + [0x78, 1],
        ] {
            #expect(try CallHead(bytes: buffer(form)) == expected)
        }
        #expect(try CallHead(bytes: ByteBuffer()) == CallHead(method: 0))
    }

    @Test(
        "Bytes that are not a head are malformed",
        arguments: [
            [0x0d], [0x0d, 1, 2, 3], [0x0d, 1, 0, 0, 0, 0x10], [0x0d, 1, 0, 0, 0, 0x10, 0x80],
            [0xff],
            [0x0d, 1, 0, 0, 0, 0x22, 9, 1],
        ] as [[UInt8]]
    )
    func malformed(bytes: [UInt8]) {
        #expect(fault(buffer(bytes)) == .malformed)
    }

    @Test("A key that is not UTF-8 is told from a head that is malformed")
    func keyIsNotText() {
        #expect(fault(buffer([0x22, 3, 0x0a, 1, 0xff])) == .invalidUTF8)
    }

    @Test("Every head that is cut short is malformed or another whole head")
    func truncated() throws {
        let whole = try head(metadata: [("key", 20)])
        for length in 0..<whole.readableBytes where length != 0 && length != 5 {
            let part = whole.getSlice(at: 0, length: length) ?? ByteBuffer()
            #expect(fault(part) == .malformed, "\(length)")
        }
    }

    @Test("32 entries of metadata pass and 33 do not")
    func metadataCount() throws {
        #expect(fault(try head(metadata: Array(repeating: ("k", 1), count: 32))) == nil)
        #expect(
            fault(try head(metadata: Array(repeating: ("k", 1), count: 33))) == .invalidMetadata
        )
    }

    @Test("Keys of 1 to 64 allowed characters pass and no others do")
    func metadataKeys() throws {
        for key in ["a", "a-b_c.9", String(repeating: "k", count: 64)] {
            #expect(fault(try head(metadata: [(key, 0)])) == nil)
        }
        for key in ["", "A", "ä", "a b", "a/b", String(repeating: "k", count: 65)] {
            #expect(fault(try head(metadata: [(key, 0)])) == .invalidMetadata)
        }
    }

    @Test("A value of 4,096 bytes passes and one more does not")
    func metadataValues() throws {
        #expect(fault(try head(metadata: [("k", 4_096)])) == nil)
        #expect(fault(try head(metadata: [("k", 4_097)])) == .invalidMetadata)
    }

    @Test("Keys and values of 7,680 bytes in all pass and one more does not")
    func metadataBytes() throws {
        #expect(fault(try head(metadata: [("a", 4_095), ("b", 3_583)])) == nil)
        #expect(fault(try head(metadata: [("a", 4_095), ("b", 3_584)])) == .invalidMetadata)
    }

    @Test(
        "A trace of 29 bytes is kept and one of another length is ignored",
        arguments: [0, 28, 29, 30]
    )
    func traces(length: Int) throws {
        let read = try CallHead(
            bytes: try bytes {
                $0.method = 1
                $0.trace = Data(repeating: 7, count: length)
            }
        )
        #expect(read.trace.count == (length == 29 ? 29 : 0))
    }

    @Test("Random bytes never do more than fail")
    func garbage() {
        var random = SeededRandom()
        for _ in 0..<2_000 {
            let bytes = random.bytes(count: Int.random(in: 0...40, using: &random))
            _ = fault(ByteBuffer(bytes: bytes))
        }
    }
}

extension CallHead {
    fileprivate static func random(with random: inout SeededRandom) -> CallHead {
        var head = CallHead(method: .random(in: 0...UInt32.max, using: &random))
        if Bool.random(using: &random) {
            let bits = UInt32.random(in: 0...31, using: &random)
            head.timeoutMilliseconds = .random(in: 0...UInt32.max, using: &random) >> bits
        }
        if Int.random(in: 0..<4, using: &random) == 0 { head.trace = random.bytes(count: 29) }
        if Int.random(in: 0..<3, using: &random) == 0 {
            head.metadata = (0..<Int.random(in: 1...5, using: &random)).map { number in
                Metadatum(
                    key: "key-\(number)",
                    value: random.bytes(count: Int.random(in: 0...50, using: &random))
                )
            }
        }
        return head
    }
}
