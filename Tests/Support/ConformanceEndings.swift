internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Testing

/// How calls end other than well: cancelled, too late, or by the handler's error.
extension ConformanceCase {
    static let endings: [ConformanceCase] = cancellations + deadlines + failures

    private static let cancellations: [ConformanceCase] = [
        ConformanceCase("cancel_after_begin: the handler is cancelled") { bench in
            let call = bench.caller.fullDuplexCall()
            await bench.observer.wait { $0.begun == 1 }
            call.writer.cancel()
            #expect(await failure(of: call.replies.next)?.reason == .cancelled)
            await bench.observer.wait { $0.cancelled == 1 }
        },
        ConformanceCase("cancel_after_first_response: the handler is cancelled") { bench in
            let call = bench.caller.fullDuplexCall()
            try await call.writer.write(.asking(for: 31_415, payload: 27_182))
            #expect(try await call.replies.next()?.payload.count == 31_415)
            call.writer.cancel()
            #expect(await failure(of: call.replies.next)?.reason == .cancelled)
            #expect(
                await failure { () async throws(RPCError) in
                    try await call.writer.write(.asking(for: 1))
                } != nil
            )
            await bench.observer.wait { $0.cancelled == 1 }
        },
        ConformanceCase("Cancelling the caller's task cancels the handler") { bench in
            let caller = bench.caller
            let task = Task {
                await failure { () async throws(RPCError) in
                    try await caller.sleep(Docket_Test_Empty())
                }
            }
            await bench.observer.wait { $0.begun == 1 }
            task.cancel()
            #expect(await task.value?.reason == .cancelled)
            await bench.observer.wait { $0.cancelled == 1 }
        },
        ConformanceCase("Leaving the loop over the replies cancels the handler") { bench in
            let call = Docket_Test_StreamingOutputCallCall.with {
                $0.replySizes = Array(repeating: 10_000, count: 100)
            }
            for try await reply in try bench.caller.streamingOutputCall(call) {
                #expect(reply.number == 0)
                break
            }
            await bench.observer.wait { $0.cancelled == 1 }
        },
        ConformanceCase("An error of the sender gives the call up and is what it throws") { bench in
            let error = await failure { () async throws(RPCError) in
                try await bench.caller.sleepingCall { (writer) async throws(RPCError) in
                    await bench.observer.wait { $0.begun == 1 }
                    throw RPCError(.invalidArgument, "the sender's own")
                }
            }
            #expect(error == RPCError(.invalidArgument, "the sender's own"))
            await bench.observer.wait { $0.cancelled == 1 }
        },
    ]

    /// Long enough for a loaded machine to begin a call, short enough to wait for.
    private static let shortTimeout = CallOptions(timeout: .milliseconds(200))

    private static let deadlines: [ConformanceCase] = [
        ConformanceCase("timeout_on_sleeping_server: the call ends in time") { bench in
            let error = await failure { () async throws(RPCError) in
                try await bench.caller.sleep(Docket_Test_Empty(), options: shortTimeout)
            }
            #expect(error?.reason == .deadlineExceeded)
            #expect(error?.code == .deadlineExceeded)
            await bench.observer.wait { $0.begun == $0.ended }
        },
        ConformanceCase("A caller that waits for credit is let go at the deadline") { bench in
            let error = await failure { () async throws(RPCError) in
                try await bench.caller.sleepingCall(options: shortTimeout) {
                    (writer) async throws(RPCError) in
                    while true { try await writer.write(.with { $0.payload = Data(count: 4_096) }) }
                }
            }
            #expect(error?.reason == .deadlineExceeded)
            await bench.observer.wait { $0.begun == $0.ended }
        },
        ConformanceCase("A handler that waits for credit is let go at the deadline") { bench in
            let call = Docket_Test_StreamingOutputCallCall.with {
                $0.replySizes = Array(repeating: 4_096, count: 1_000)
            }
            let replies = try bench.caller.streamingOutputCall(call, options: shortTimeout)
            let sightings = await bench.observer.wait { $0.ended == 1 }
            #expect(sightings.replies < 1_000)
            let error = await failure { () async throws(RPCError) in
                while try await replies.next() != nil {}
            }
            #expect(error?.reason == .deadlineExceeded)
        },
    ]

    private static let failures: [ConformanceCase] = [
        ConformanceCase("status_code_and_message: a handler's error reaches the caller") { bench in
            let wanted = Docket_Test_FailCall.with {
                $0.code = 2
                $0.message = "test status message"
            }
            try await bench.expectFailure(wanted)
        },
        ConformanceCase("special_status_message: any text is carried unchanged") { bench in
            let wanted = Docket_Test_FailCall.with {
                $0.code = 2
                $0.message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
            }
            try await bench.expectFailure(wanted)
        },
        ConformanceCase("Every reason of the registry is carried with its code") { bench in
            for reason in Reason.registered {
                let wanted = Docket_Test_FailCall.with { $0.reason = reason.rawValue }
                let error = try await bench.expectFailure(wanted)
                #expect(error?.code == reason.code)
                #expect(error?.isFinal == reason.isFinal)
            }
        },
        ConformanceCase("Every code is carried, with all that belongs to an error") { bench in
            for code in StatusCode.allCases where code != .ok {
                let wanted = Docket_Test_FailCall.with {
                    $0.code = code.rawValue
                    $0.notProcessed = true
                    $0.retryAfterMilliseconds = 1_500
                    $0.trailers = [.with { $0.key = "field" }]
                }
                try await bench.expectFailure(wanted)
            }
        },
        ConformanceCase("A status that breaks its limits is cut and keeps its reason") { bench in
            let wanted = Docket_Test_FailCall.with {
                $0.reason = "server_error"
                $0.message = String(repeating: "ü", count: 2_000)
                $0.trailers = (0..<40).map { number in .with { $0.key = "entry\(number)" } }
            }
            let error = await failure { () async throws(RPCError) in
                try await bench.caller.fail(wanted)
            }
            #expect(error?.reason == .serverError)
            #expect(error?.message == String(repeating: "ü", count: 512))
            #expect(error?.trailers.map(\.key) == (0..<32).map { "entry\($0)" })
        },
    ]
}

extension ConformanceCase.Bench {
    /// Expects an error to come as it was thrown, from a unary call and from a stream.
    @discardableResult
    fileprivate func expectFailure(
        _ wanted: Docket_Test_FailCall
    ) async throws(RPCError) -> RPCError? {
        let error = await failure { () async throws(RPCError) in try await caller.fail(wanted) }
        #expect(error == RPCError(wanted))
        let call = caller.fullDuplexCall()
        try await call.writer.write(.with { $0.failure = wanted })
        #expect(await failure(of: call.replies.next) == RPCError(wanted))
        return error
    }
}
