import DocketTestSupport
import NIOCore
import Testing

@testable import DocketWire

/// Feeds the pieces to a decoder, settling after each, and gives the frames and the error.
private func decode(
    _ pieces: [ByteBuffer],
    maximumPayload: Int = 16_376,
    isGreeted: Bool = true
) -> (frames: [Frame], error: ProtocolViolation?, withinFrame: Bool) {
    var decoder = FrameDecoder(maximumPayload: maximumPayload, isGreeted: isGreeted)
    var frames: [Frame] = []
    do throws(ProtocolViolation) {
        for piece in pieces {
            decoder.append(piece)
            while let frame = try decoder.next() { frames.append(frame) }
            decoder.settle()
        }
        return (frames, nil, decoder.isWithinFrame)
    } catch {
        return (frames, error, decoder.isWithinFrame)
    }
}

/// Decodes the bytes whole, one at a time and cut at random, and expects the same every time.
private func expectDecoding(
    _ bytes: ByteBuffer,
    maximumPayload: Int = 16_376,
    gives frames: [Frame],
    error: ProtocolViolation? = nil,
    location: SourceLocation = #_sourceLocation
) {
    var random = SeededRandom()
    let cuts = [[bytes], bytes.cut(into: 1)] + (0..<20).map { _ in bytes.cut(with: &random) }
    for pieces in cuts {
        let result = decode(pieces, maximumPayload: maximumPayload)
        #expect(result.frames == frames, "\(random.replay)", sourceLocation: location)
        #expect(result.error == error, "\(random.replay)", sourceLocation: location)
    }
}

private func header(
    length: UInt64,
    kind: UInt64,
    flags: UInt64 = 0,
    stream: UInt64 = 0
) -> ByteBuffer {
    ByteBuffer(integer: length << 40 | kind << 35 | flags << 32 | stream)
}

@Suite("Frames")
struct FrameCodecTests {
    @Test("A header keeps every field at its smallest and largest value")
    func headerFields() {
        for length in [0, 1, 0xff_ffff] {
            for kind in FrameKind.allCases {
                for flags in 0...7 as ClosedRange<UInt8> {
                    for id in [0, 1, 0x7fff_ffff] as [UInt32] {
                        let header = FrameHeader(
                            length: length,
                            kind: kind,
                            flags: FrameFlags(rawValue: flags),
                            stream: StreamID(rawValue: id)
                        )
                        #expect(FrameHeader(word: header.word) == header)
                    }
                }
            }
        }
    }

    @Test("A header's bytes are those of the specification's drawing")
    func headerBytes() {
        var bytes = ByteBuffer()
        bytes.writeFrameHeader(
            FrameHeader(
                length: 0x010203,
                kind: .fin,
                flags: [.more, .end],
                stream: stream(0x0405_0607)
            )
        )
        #expect(Array(bytes.readableBytesView) == [1, 2, 3, 10 << 3 | 6, 4, 5, 6, 7])
    }

    @Test("Random frames come out as they went in")
    func roundTrip() {
        var random = SeededRandom()
        for _ in 0..<50 {
            let frames = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                Frame.random(with: &random)
            }
            expectDecoding(encoded(frames), gives: frames)
        }
    }

    @Test("A payload of the limit passes and one byte more ends the connection")
    func limit() {
        let frame = Frame.message(1, filled(1_024))
        expectDecoding(encoded([frame]), maximumPayload: 1_024, gives: [frame])
        expectDecoding(
            encoded([frame, .message(1, filled(1_025))]),
            maximumPayload: 1_024,
            gives: [frame],
            error: .frameTooLarge(length: 1_025, limit: 1_024)
        )
    }

    @Test("A frame longer than the limit is refused on its eighth byte")
    func bigLengthLie() {
        let lie = header(length: 0xff_ffff, kind: 2, stream: 1)
        let begun = decode(lie.cut(into: 1).dropLast())
        #expect(begun.error == nil)
        #expect(begun.withinFrame)
        expectDecoding(lie, gives: [], error: .frameTooLarge(length: 0xff_ffff, limit: 16_376))
    }

    @Test(
        "An unknown critical kind ends the connection before its payload has come",
        arguments: 11...23
    )
    func unknownCriticalKind(kind: UInt64) {
        expectDecoding(
            header(length: 5, kind: kind),
            gives: [],
            error: .unknownKind(UInt8(kind))
        )
    }

    @Test("An unknown ignorable kind is skipped with any flags and stream", arguments: 24...31)
    func ignorableKind(kind: UInt64) {
        var bytes = ByteBuffer()
        for (flags, id) in [(0, 0), (1, 0), (7, 1), (6, 0xffff_ffff)] as [(UInt64, UInt64)] {
            bytes.writeImmutableBuffer(header(length: 3, kind: kind, flags: flags, stream: id))
            bytes.writeBytes([1, 2, 3])
            bytes.writeFrame(.ping(4))
        }
        expectDecoding(bytes, gives: Array(repeating: .ping(4), count: 4))
    }

    @Test("An ignorable kind before HELLO is refused on its eighth byte", arguments: 24...31)
    func ignorableFirst(kind: UInt64) {
        let bytes = header(length: 5, kind: kind)
        let result = decode([bytes], isGreeted: false)
        #expect(result.frames.isEmpty)
        #expect(result.error == .skippedBeforeHello(UInt8(kind)))
        #expect(result.error?.code == .helloError)
        var greeted = encoded([Greeting().frame])
        greeted.writeImmutableBuffer(bytes)
        greeted.writeRepeatingByte(0, count: 5)
        #expect(decode([greeted], isGreeted: false).error == nil)
    }

    @Test("An ignorable frame is held to the limit like any other")
    func ignorableLimit() {
        expectDecoding(
            header(length: 16_377, kind: 31),
            gives: [],
            error: .frameTooLarge(length: 16_377, limit: 16_376)
        )
    }

    @Test("The reserved flag ends the connection", arguments: FrameKind.allCases)
    func reservedFlag(kind: FrameKind) {
        let id: UInt64 = kind.concernsConnection ? 0 : 1
        expectDecoding(
            header(length: 8, kind: UInt64(kind.rawValue), flags: 1, stream: id),
            gives: [],
            error: .compressedFrame
        )
    }

    @Test(
        "A frame on a stream that its kind does not have ends the connection",
        arguments: FrameKind.allCases
    )
    func wrongStream(kind: FrameKind) {
        let wrong: [UInt32] = kind.concernsConnection ? [1, 0x8000_0000] : [0, 0x8000_0000, .max]
        for id in wrong {
            expectDecoding(
                header(length: 8, kind: UInt64(kind.rawValue), stream: UInt64(id)),
                gives: [],
                error: .wrongStream(kind, stream(id))
            )
        }
    }

    @Test("What came before a broken frame is still given out")
    func framesBeforeError() {
        let frames: [Frame] = [.ping(1), .open(1, message: filled(3), .end)]
        var bytes = encoded(frames)
        bytes.writeImmutableBuffer(header(length: 0, kind: 12))
        expectDecoding(bytes, gives: frames, error: .unknownKind(12))
    }

    @Test("Nothing is within a frame after a whole one, and something is after a part of one")
    func withinFrame() {
        let bytes = encoded([.message(1, filled(10))])
        #expect(!decode([bytes]).withinFrame)
        for length in 1..<bytes.readableBytes {
            let part = bytes.getSlice(at: 0, length: length) ?? ByteBuffer()
            #expect(decode([part]).withinFrame)
        }
    }

    @Test("A decoder holds no memory on a frame's border and little within a frame")
    func settling() throws {
        var decoder = FrameDecoder(maximumPayload: 16_376)
        var bytes = encoded([.message(1, filled(16_000))])
        let whole = bytes
        decoder.append(whole)
        _ = try decoder.next()
        decoder.settle()
        #expect(decoder.heldBytes == 0)
        bytes.writeBytes([0, 0])
        decoder.append(bytes)
        _ = try decoder.next()
        decoder.settle()
        #expect(decoder.heldBytes <= 16)
        #expect(decoder.isWithinFrame)
    }

    @Test("A frame given away stays as it was while the next one is read")
    func frameKeepsItsBytes() throws {
        var decoder = FrameDecoder(maximumPayload: 16_376)
        let (first, second) = (
            Frame.message(1, filled(64, with: 1)), Frame.message(1, filled(64, with: 2))
        )
        var frames: [Frame] = []
        for piece in encoded([first, second, first]).cut(into: 7) {
            decoder.append(piece)
            while let frame = try decoder.next() { frames.append(frame) }
        }
        #expect(frames == [first, second, first])
    }

    @Test("Frames of one number and echoes are written as frames are")
    func shortForms() {
        var bytes = ByteBuffer()
        bytes.writeFrame(.credit, stream: stream(3), number: 49_128)
        bytes.writeFrame(.streams, number: 100)
        bytes.writeFrame(.ping, echo: 5)
        #expect(bytes == encoded([.credit(3, 49_128), .streams(100), .ping(5)]))
    }

    @Test("Random bytes give frames or one error, however they are cut")
    func garbage() {
        var random = SeededRandom()
        for _ in 0..<200 {
            let bytes = ByteBuffer(
                bytes: random.bytes(count: Int.random(in: 1...200, using: &random))
            )
            let whole = decode([bytes])
            let cut = decode(bytes.cut(with: &random))
            #expect(whole.frames == cut.frames, "\(random.replay)")
            #expect(whole.error == cut.error, "\(random.replay)")
        }
    }
}

extension Frame {
    fileprivate static func random(with random: inout SeededRandom) -> Frame {
        let kind = FrameKind.allCases.randomElement(using: &random) ?? .ping
        let id = kind.concernsConnection ? 0 : UInt32.random(in: 1...0x7fff_ffff, using: &random)
        let flags = FrameFlags(rawValue: UInt8.random(in: 0...3, using: &random) << 1)
        let payload = random.bytes(count: Int.random(in: 0...300, using: &random))
        return Frame(
            kind,
            flags: flags,
            stream: StreamID(rawValue: id),
            payload: ByteBuffer(bytes: payload)
        )
    }
}
