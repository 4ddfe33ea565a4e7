internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Testing

/// Credit, and how many calls there may be.
extension ConformanceCase {
    /// How many messages with a payload of 1,000 bytes may be written before one has been read:
    /// as many as there is credit for, one that overdraws it, and one that waits with its writer.
    private static func mostUnread(_ limits: ConformanceLimits) -> Int {
        limits.streamCredit / 1_000 + 2
    }

    /// How many may be written at least.
    private static func leastUnread(_ limits: ConformanceLimits) -> Int {
        limits.streamCredit / 1_100
    }

    static let flow: [ConformanceCase] = [
        ConformanceCase("A slow reader makes the handler wait and misses nothing") { bench in
            let call = Docket_Test_StreamingOutputCallCall.with {
                $0.replySizes = Array(repeating: 1_000, count: 400)
            }
            let replies = try bench.caller.streamingOutputCall(call)
            await bench.observer.wait { $0.replies >= leastUnread(bench.limits) }
            for _ in 1...20 { _ = try await bench.caller.emptyCall(Docket_Test_Empty()) }
            #expect(bench.observer.sightings.replies <= mostUnread(bench.limits))
            var count: UInt32 = 0
            for try await reply in replies {
                #expect(reply.number == count)
                count += 1
            }
            #expect(count == 400)
        },
        ConformanceCase("Both sides may be out of credit at once, and go on") { bench in
            let call = bench.caller.deafCall()
            let written = InteropObserver()
            async let writing: Void = {
                for number in 0..<UInt32(400) {
                    try await call.writer.write(
                        .with {
                            $0.number = number
                            $0.payload = Data(count: 1_000)
                            $0.replySizes = number == 0 ? Array(repeating: 1_000, count: 400) : []
                        }
                    )
                    written.note { $0.messages += 1 }
                }
                call.writer.end()
            }()
            await bench.observer.wait { $0.replies >= leastUnread(bench.limits) }
            await written.wait { $0.messages >= leastUnread(bench.limits) }
            #expect(bench.observer.sightings.replies <= mostUnread(bench.limits))
            #expect(written.sightings.messages <= mostUnread(bench.limits) + 1)
            for number in 0..<UInt32(400) {
                #expect(try await call.replies.next()?.number == number)
            }
            #expect(try await call.replies.next() == nil)
            try await writing
            #expect(bench.observer.sightings.messages == 400)
        },
        ConformanceCase("Small messages cost credit too") { bench in
            let call = Docket_Test_StreamingOutputCallCall.with {
                $0.replySizes = Array(repeating: 0, count: 3_000)
            }
            let replies = try bench.caller.streamingOutputCall(call)
            let most = bench.limits.streamCredit / 64
            await bench.observer.wait { $0.replies >= most }
            _ = try await bench.caller.emptyCall(Docket_Test_Empty())
            #expect(bench.observer.sightings.replies <= most + 1)
            var count = 0
            while try await replies.next() != nil { count += 1 }
            #expect(count == 3_000)
        },
    ]

    static let volume: [ConformanceCase] = [
        ConformanceCase("10,000 calls after one another are answered") { bench in
            for _ in 1...10_000 { _ = try await bench.caller.emptyCall(Docket_Test_Empty()) }
        },
        ConformanceCase("1,000 calls at once are answered, whatever the limit") { bench in
            try await bench.signIn(as: .agent)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...1_000 {
                    group.addTask {
                        let reply = try await bench.caller.unaryCall(
                            .with { $0.replySize = UInt32(number) }
                        )
                        #expect(reply.payload.count == number)
                    }
                }
                try await group.waitForAll()
            }
        },
        ConformanceCase("A call beyond the limit waits until others have ended", limits: few) {
            bench in
            let calls = (1...bench.limits.calls).map { _ in bench.caller.fullDuplexCall() }
            await bench.observer.wait { $0.begun == calls.count }
            let last = bench.caller.fullDuplexCall()
            for call in calls {
                try await call.writer.write(.asking(for: 1))
                #expect(try await call.replies.next()?.payload.count == 1)
            }
            #expect(bench.observer.sightings.begun == calls.count)
            for call in calls { call.writer.cancel() }
            await bench.observer.wait { $0.begun == calls.count + 1 }
            last.writer.end()
            #expect(try await last.replies.next() == nil)
        },
        ConformanceCase("A call that waits for others ends at its deadline", limits: few) { bench in
            let calls = (1...bench.limits.calls).map { _ in bench.caller.fullDuplexCall() }
            await bench.observer.wait { $0.begun == calls.count }
            let error = await failure { () async throws(RPCError) in
                try await bench.caller.emptyCall(
                    Docket_Test_Empty(),
                    options: CallOptions(timeout: .milliseconds(50))
                )
            }
            #expect(error?.reason == .deadlineExceeded)
            for call in calls {
                call.writer.end()
                let reply = try await call.replies.next()
                #expect(reply == nil)
            }
        },
        ConformanceCase("Signing in within a call raises how many there may be") { bench in
            let early = (1...7).map { _ in bench.caller.fullDuplexCall() }
            await bench.observer.wait { $0.begun == early.count }
            try await bench.signIn(as: .contact)
            let late = (1...20).map { _ in bench.caller.fullDuplexCall() }
            await bench.observer.wait { $0.begun == early.count + late.count }
            for call in early + late { call.writer.end() }
            for call in early + late { #expect(try await call.replies.next() == nil) }
        },
    ]

    /// Limits that are reached with few calls: those that a connection has before it signs in.
    private static var few: ConformanceLimits {
        var limits = ConformanceLimits()
        limits.calls = 8
        return limits
    }
}
