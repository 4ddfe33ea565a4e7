import DocketMessages
import DocketTestSupport
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketDesk
@testable import DocketServices

@Suite("Feed entries are written as the generated encoder writes them")
struct FeedEntryCodingTests {
    private static let epoch = Data([1, 2, 3, 4, 5, 6, 7, 8])

    @Test("Events of any size at any offset")
    func events() throws {
        var random = SeededRandom()
        let edges: [UInt64] = [0, 1, 127, 128, 16_383, 16_384, 1 << 32, .max - 1, .max]
        for _ in 0..<500 {
            let previous = edges.randomElement(using: &random) ?? 0
            let offset = Bool.random(using: &random) ? random.next() : previous
            let size = [0, 1, 127, 128, 300, 16_384].randomElement(using: &random) ?? 0
            let event = Data(random.bytes(count: size))
            let entry = FeedEntry(previous: previous, offset: offset, content: .event(event))
            let expected = Docket_V1_FeedEntry.with {
                $0.prev = previous
                $0.offset = offset
                $0.event = event
            }
            let bytes = try FeedEntryCoding.encode(entry, epoch: Self.epoch, atMost: 4 << 20)
            #expect(try Data(bytes) == expected.serializedData(), "\(random.replay)")
        }
    }

    @Test("An event longer than the client's smallest max_message goes without its fact")
    func longEvent() throws {
        let identifier = Data(repeating: 0xff, count: 16)
        // Everything beside the fact is as long as it can be.
        var event = Docket_V1_Event.with {
            $0.atMilliseconds = .max
            $0.actor = .with {
                $0.kind = .principalAgent
                $0.id = identifier
                $0.name = String(repeating: "n", count: 128)
            }
            $0.conversationID = identifier
            $0.requestID = identifier
            $0.requestNumber = .max
            $0.requestVersion = .max
            $0.way = .rule
            $0.isInternal = true
        }
        let short = event
        func coded(textBytes: Int, atMost longest: Int) throws -> Docket_V1_FeedEntry {
            event.messagePosted.text = String(repeating: "t", count: textBytes)
            let entry = FeedEntry(
                previous: .max - 1,
                offset: .max,
                content: .event(try event.serializedBytes())
            )
            let bytes = try FeedEntryCoding.encode(entry, epoch: Self.epoch, atMost: longest)
            #expect(bytes.count <= longest)
            return try Docket_V1_FeedEntry(serializedBytes: bytes)
        }
        for longest in [1_024, 16_384] {
            let cut = try coded(textBytes: longest, atMost: longest)
            #expect(cut.offset == .max)
            #expect(try Docket_V1_Event(serializedBytes: cut.event) == short)
        }
        let whole = try coded(textBytes: 1_024, atMost: 16_384)
        #expect(try Docket_V1_Event(serializedBytes: whole.event) == event)
    }

    @Test("Markers carry the epoch, events do not")
    func markers() throws {
        let markers: [(FeedEntry.Content, Docket_V1_FeedMarker)] = [
            (.started, .feedStarted), (.caughtUp, .feedCaughtUp), (.heartbeat, .feedHeartbeat),
        ]
        for (content, marker) in markers {
            let entry = FeedEntry(previous: 3, offset: 5, content: content)
            let expected = Docket_V1_FeedEntry.with {
                $0.prev = 3
                $0.offset = 5
                $0.marker = marker
                $0.epoch = Self.epoch
            }
            let bytes = try FeedEntryCoding.encode(entry, epoch: Self.epoch, atMost: 4 << 20)
            #expect(try Data(bytes) == expected.serializedData())
        }
    }

    @Test("A signal has no place")
    func signals() throws {
        let bytes = try FeedEntryCoding.ephemeral(Data([9]))
        let expected = Docket_V1_FeedEntry.with { $0.ephemeral = Data([9]) }
        #expect(try Data(bytes) == expected.serializedData())
    }
}
