import DocketMessages
import DocketTestSupport
import Foundation
import NIOCore
import SwiftProtobuf
import Testing

@testable import DocketWire

private func greeting(
    from sender: Greeting.Sender,
    _ build: (inout Docket_V1_Hello) -> Void
) throws -> Greeting {
    let encoded: [UInt8] = try Docket_V1_Hello.with(build).serializedBytes()
    return try Greeting(payload: ByteBuffer(bytes: encoded), from: sender)
}

@Suite("Greetings")
struct GreetingTests {
    @Test("An empty HELLO says the defaults")
    func defaults() throws {
        #expect(try Greeting(payload: ByteBuffer(), from: .client) == Greeting())
        #expect(try Greeting(payload: ByteBuffer(), from: .server) == Greeting())
    }

    @Test("A greeting is read as it was said, but for what only the other side may set")
    func roundTrip() throws {
        var said = Greeting()
        said.minor = 3
        said.maximumFrame = 65_536
        said.maximumMessage = 64 << 20
        said.streamCredit = 1 << 20
        said.firstStreams = 9
        said.keepaliveMilliseconds = 1
        said.software = "test/1"
        said.token = [1, 2]
        said.catalog = [1, 2, 3, 4, 5, 6, 7, 8]
        said.serverTimeMilliseconds = 5
        var (client, server) = (said, said)
        server.token = []
        (client.firstStreams, client.keepaliveMilliseconds) = (8, 30_000)
        (client.catalog, client.serverTimeMilliseconds) = ([], 0)
        #expect(try Greeting(payload: said.frame.payload, from: .client) == client)
        #expect(try Greeting(payload: said.frame.payload, from: .server) == server)
    }

    @Test("Every range ends where the specification says")
    func ranges() throws {
        let fields: [(WritableKeyPath<Docket_V1_Hello, UInt32>, ClosedRange<UInt32>, String)] = [
            (\.maxFrame, 1_024...65_536, "max_frame"),
            (\.maxMessage, 1_024...67_108_864, "max_message"),
            (\.streamCredit, 4_096...1_048_576, "stream_credit"),
        ]
        for (field, range, name) in fields {
            for sender in [Greeting.Sender.client, .server] {
                for value in [range.lowerBound, range.upperBound] {
                    _ = try greeting(from: sender) { $0[keyPath: field] = value }
                }
                for value in [1, range.lowerBound - 1, range.upperBound + 1, .max] {
                    #expect(throws: ProtocolViolation.helloOutOfRange(name)) {
                        try greeting(from: sender) { $0[keyPath: field] = value }
                    }
                }
            }
        }
    }

    @Test("What only one side may set is checked on that side alone")
    func sides() throws {
        let longToken: (inout Docket_V1_Hello) -> Void = { $0.token = Data(count: 257) }
        #expect(throws: ProtocolViolation.helloOutOfRange("token")) {
            try greeting(from: .client, longToken)
        }
        #expect(try greeting(from: .server, longToken).token.isEmpty)
        #expect(try greeting(from: .client) { $0.token = Data(count: 256) }.token.count == 256)
        #expect(throws: ProtocolViolation.helloOutOfRange("first_streams")) {
            try greeting(from: .server) { $0.firstStreams = 7 }
        }
        #expect(try greeting(from: .client) { $0.firstStreams = 7 }.firstStreams == 8)
        #expect(throws: ProtocolViolation.helloOutOfRange("catalog")) {
            try greeting(from: .server) { $0.catalog = Data(count: 7) }
        }
        #expect(try greeting(from: .client) { $0.catalog = Data(count: 7) }.catalog.isEmpty)
    }

    @Test("A name of software has at most 128 bytes")
    func software() throws {
        let longest = String(repeating: "ä", count: 64)
        #expect(try greeting(from: .client) { $0.software = longest }.software == longest)
        #expect(throws: ProtocolViolation.helloOutOfRange("software")) {
            try greeting(from: .client) { $0.software = longest + "x" }
        }
    }

    @Test("Bytes that are not a HELLO are a HELLO error")
    func malformed() {
        #expect(throws: ProtocolViolation.malformedPayload(.hello)) {
            try Greeting(payload: buffer([0xff, 0xff]), from: .client)
        }
        #expect(ProtocolViolation.malformedPayload(.hello).code == .helloError)
    }

    @Test("A duration in milliseconds is rounded down and never traps")
    func milliseconds() {
        #expect(Duration.seconds(30).milliseconds == 30_000)
        #expect(Duration.nanoseconds(1_999_999).milliseconds == 1)
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
        #expect(Duration.seconds(Int64.min).milliseconds == .min)
    }
}

@Suite("GOAWAY")
struct GoAwayTests {
    private func written(_ goAway: GoAway) throws -> Frame {
        var (bytes, decoder) = (ByteBuffer(), FrameDecoder(maximumPayload: 268))
        bytes.writeFrame(goAway)
        decoder.append(bytes)
        return try #require(try decoder.next())
    }

    @Test("It is read as it was written", arguments: GoAwayCode.allCases)
    func roundTrip(code: GoAwayCode) throws {
        let goAway = GoAway(
            lastStream: .last,
            code: code,
            retryAfterMilliseconds: .max,
            text: "why ä"
        )
        #expect(try GoAway(payload: try written(goAway).payload) == goAway)
    }

    @Test("A text is cut at 256 bytes on a character's border")
    func cut() throws {
        let texts = [
            (String(repeating: "x", count: 256), 256), (String(repeating: "x", count: 257), 256),
            ("x" + String(repeating: "ä", count: 200), 255),
            (String(repeating: "👩‍👩‍👧‍👦", count: 300), 250),
        ]
        for (text, length) in texts {
            let read = try GoAway(
                payload: try written(
                    GoAway(lastStream: .connection, code: .drain, text: text)
                ).payload
            )
            #expect(read.text.utf8.count == length)
            #expect(text.hasPrefix(read.text))
        }
    }

    @Test("A payload of 12 to 268 bytes is one and no other is")
    func lengths() throws {
        for length in [12, 268] { _ = try GoAway(payload: filled(length)) }
        for length in [0, 11, 269] {
            #expect(throws: ProtocolViolation.malformedPayload(.goAway)) {
                try GoAway(payload: filled(length))
            }
        }
    }

    @Test("An unknown code counts as an internal error")
    func unknownCode() throws {
        var payload = ByteBuffer()
        payload.writeMultipleIntegers(UInt32(0), UInt32(9), UInt32(0))
        #expect(try GoAway(payload: payload).code == .internalError)
    }

    @Test("Every violation says itself in words that fit a GOAWAY")
    func descriptions() {
        let violations: [ProtocolViolation] = [
            .frameTooLarge(length: 2, limit: 1), .headTooLarge(length: 2, limit: 1),
            .unknownKind(11), .compressedFrame, .wrongStream(.ping, .last),
            .wrongDirection(.open), .malformedPayload(.fin), .illegalFlags(.ping, .end),
            .helloMissing(.open), .skippedBeforeHello(24), .helloRepeated, .helloOutOfRange("x"),
            .streamOutOfOrder(.last, expected: .last), .streamLimitExceeded(.last, limit: .last),
            .streamUnknown(.last), .streamEnded(.last), .creditExceeded(.last),
            .creditOverflow(.last), .glitches(limit: 1), .pings, .late(.life),
        ]
        for violation in violations {
            #expect((1...256).contains(violation.description.utf8.count))
            #expect(violation.code != .drain)
        }
        #expect(Set(violations.map(\.description)).count == violations.count)
    }
}

@Suite("Limits")
struct LimitsTests {
    @Test("The defaults are in range")
    func defaults() {
        #expect(Limits().outOfRange == nil)
    }

    @Test("Each value out of its range is named")
    func names() {
        func name(_ change: (inout Limits) -> Void) -> String? {
            var limits = Limits()
            change(&limits)
            return limits.outOfRange
        }
        #expect(name { $0.maximumFrame = 1_023 } == "maximumFrame")
        #expect(name { $0.maximumMessage = (64 << 20) + 1 } == "maximumMessage")
        #expect(name { $0.streamCredit = 4_095 } == "streamCredit")
        #expect(name { $0.streamsBeforeSignIn = 7 } == "streamsBeforeSignIn")
        #expect(name { $0.streams = 0 } == "streams")
        #expect(name { $0.unfinishedMessages = 0 } == "unfinishedMessages")
        #expect(name { $0.keepalive = .zero } == "keepalive")
        #expect(name { $0.keepalive = .milliseconds(Int64(UInt32.max) + 1) } == "keepalive")
        #expect(name { $0.drainTime = .seconds(-1) } == "drainTime")
    }

    @Test("A machine takes no limits out of range")
    func precondition() async {
        await #expect(processExitsWith: .failure) {
            var limits = Limits()
            limits.glitches = 0
            _ = ServerConnectionMachine(limits: limits, now: .now)
        }
    }

    @Test("A frame costs its length and at least 64")
    func cost() {
        #expect([0, 63, 64, 65, 16_376].map(Limits.cost) == [64, 64, 64, 65, 16_376])
    }
}

@Suite("A token bucket")
struct TokenBucketTests {
    @Test("It gives a burst, then one for every second, and never more than a burst")
    func refill() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(burst: 3, perSecond: 1, now: start)
        func takes(_ count: Int, after time: Duration) -> [Bool] {
            (0..<count).map { _ in bucket.take(at: start + time) }
        }
        #expect(takes(4, after: .zero) == [true, true, true, false])
        #expect(takes(1, after: .milliseconds(999)) == [false])
        #expect(takes(2, after: .seconds(1)) == [true, false])
        #expect(takes(4, after: .seconds(1_000)) == [true, true, true, false])
    }

    @Test("Time that goes back gives nothing and takes nothing")
    func backwards() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(burst: 1, perSecond: 1, now: start)
        let taken = [
            bucket.take(at: start), bucket.take(at: start - .seconds(5)),
            bucket.take(at: start + .seconds(1)),
        ]
        #expect(taken == [true, false, true])
    }
}

@Suite("A receive window")
struct ReceiveWindowTests {
    @Test("One frame may overdraw it and the next finds no credit")
    func overdraft() {
        var window = ReceiveWindow(size: 100)
        let taken = [
            window.receive(cost: 99), window.receive(cost: 1_000), window.receive(cost: 1),
        ]
        #expect(taken == [true, true, false])
    }

    @Test("A window that was used exactly has no credit left")
    func exact() {
        var window = ReceiveWindow(size: 128)
        let taken = [window.receive(cost: 64), window.receive(cost: 64), window.receive(cost: 64)]
        #expect(taken == [true, true, false])
    }

    @Test("Credit goes back in lumps of at least half of the window")
    func lumps() {
        var window = ReceiveWindow(size: 65_536)
        for _ in 0..<5 { _ = window.receive(cost: 16_376) }
        let grants = (0..<4).map { _ in window.release(cost: 16_376) }
        #expect(grants == [nil, nil, 49_128, nil])
    }

    @Test("It says how many frames can still be under way")
    func framesLeft() {
        var window = ReceiveWindow(size: 4_096)
        #expect(window.framesLeft == 64)
        _ = window.receive(cost: 4_000)
        #expect(window.framesLeft == 2)
        _ = window.receive(cost: 4_000)
        #expect(window.framesLeft == 0)
    }
}

@Suite("A table of streams")
struct StreamTableTests {
    @Test("It behaves like a dictionary under random inserts, changes and removals")
    func likeADictionary() {
        var random = SeededRandom()
        var (table, model) = (StreamTable<Int>(), [StreamID: Int]())
        for step in 0..<20_000 {
            // Few ids that collide often: neighbours, and ids a power of two apart.
            let id = stream(
                UInt32.random(in: 1...12, using: &random)
                    + 64 * UInt32.random(in: 0...6, using: &random)
            )
            switch Int.random(in: 0..<3, using: &random) {
            case 0 where model[id] == nil:
                table.insert(step, for: id)
                model[id] = step
            case 1:
                let removed = table.remove(id)
                #expect(removed == model.removeValue(forKey: id), "\(random.replay)")
            default:
                table.update(id) { $0 += 1 }
                model[id]? += 1
            }
            #expect(table[id] == model[id], "\(random.replay)")
            #expect(table.count == model.count, "\(random.replay)")
        }
        #expect(table.sortedIDs == model.keys.sorted(), "\(random.replay)")
        for (id, value) in model { #expect(table[id] == value, "\(random.replay)") }
    }

    @Test("An element keeps its place when a change throws")
    func throwingChange() {
        var table = StreamTable<[Int]>()
        table.insert([1], for: stream(5))
        #expect(throws: ProtocolViolation.pings) {
            try table.update(stream(5)) { (element) throws(ProtocolViolation) in
                element.append(2)
                throw .pings
            }
        }
        #expect(table[stream(5)] == [1, 2])
    }

    @Test("Nothing is found under the connection's own id")
    func connection() {
        var table = StreamTable<Int>()
        #expect(table[.connection] == nil)
        table.insert(1, for: stream(16))
        #expect(!table.contains(.connection))
        #expect(table.remove(.connection) == nil)
    }
}
