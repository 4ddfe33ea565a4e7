import CoreMetrics
import DocketRPC
import DocketTestSupport
import InMemoryLogging
import Logging
import MetricsTestKit
import Testing

extension Interceptor {
    /// Lets a call pass what the interceptor has for its method.
    fileprivate func begin(_ call: CallContext) throws(RPCError) {
        try observer(of: call.method)?.begin(call)
    }
}

@Suite("The interceptor of access")
struct AccessInterceptorTests {
    @Test("answers by what the method table says", arguments: Caller.allCases)
    func callers(caller: Caller) {
        let context = CallContext.stub(
            callers: Callers(.agent, .supervisor),
            identity: .stub(caller)
        )
        let isAllowed = caller == .agent || caller == .supervisor
        if isAllowed {
            #expect(throws: Never.self) { try AccessInterceptor().begin(context) }
        } else {
            let error = #expect(throws: RPCError.self) { try AccessInterceptor().begin(context) }
            #expect(error?.reason == .notFound)
            #expect(error?.isNotProcessed == true)
        }
    }

    @Test("tells nobody to sign in, except for what anybody may call")
    func nobody() throws {
        let error = #expect(throws: RPCError.self) {
            try AccessInterceptor().begin(.stub(callers: Callers(.agent), identity: nil))
        }
        #expect(error?.reason == .unauthenticated)
        try AccessInterceptor().begin(.stub(callers: Callers(.anyone), identity: nil))
    }
}

@Suite("The interceptor of rates")
struct RateLimitInterceptorTests {
    private let clock = ManualClock()

    private func interceptor(burst: Int, perSecond: Double) -> RateLimitInterceptor {
        let clock = clock
        return RateLimitInterceptor(
            rates: [.contact: CallRate(burst: burst, perSecond: perSecond)],
            limited: [CallContext.stubMethod(Callers(.anyone))],
            now: { clock.now }
        )
    }

    private func refusal(
        _ interceptor: RateLimitInterceptor,
        _ identity: CallerIdentity? = .stub(.contact)
    ) -> RPCError? {
        do throws(RPCError) {
            try interceptor.begin(.stub(callers: Callers(.anyone), identity: identity))
            return nil
        } catch {
            return error
        }
    }

    @Test("lets a burst pass exactly, and tells the next one when to come again")
    func burst() {
        let interceptor = interceptor(burst: 5, perSecond: 2)
        for _ in 1...5 { #expect(refusal(interceptor) == nil) }
        let error = refusal(interceptor)
        #expect(error?.reason == .rateLimited)
        #expect(error?.retryAfter == .milliseconds(500))
        #expect(error?.isNotProcessed == true)
    }

    @Test("refills with time, and never beyond the burst")
    func refill() {
        let interceptor = interceptor(burst: 2, perSecond: 4)
        for _ in 1...2 { #expect(refusal(interceptor) == nil) }
        clock.advance(by: .milliseconds(249))
        #expect(refusal(interceptor) != nil)
        clock.advance(by: .milliseconds(1))
        #expect(refusal(interceptor) == nil)
        #expect(refusal(interceptor) != nil)
        clock.advance(by: .seconds(3_600))
        for _ in 1...2 { #expect(refusal(interceptor) == nil) }
        #expect(refusal(interceptor) != nil)
    }

    @Test("counts each principal alone, and neither other kinds nor other methods")
    func principals() {
        let interceptor = interceptor(burst: 1, perSecond: 1)
        #expect(refusal(interceptor, .stub(.contact, number: 1)) == nil)
        #expect(refusal(interceptor, .stub(.contact, number: 1)) != nil)
        #expect(refusal(interceptor, .stub(.contact, number: 2)) == nil)
        for _ in 1...3 {
            #expect(refusal(interceptor, .stub(.agent)) == nil)
            #expect(refusal(interceptor, nil) == nil)
        }
        #expect(throws: Never.self) {
            try interceptor.begin(
                .stub(name: "test.S/Other", callers: Callers(.anyone), identity: .stub(.contact))
            )
        }
    }

    @Test("forgets principals whose budget is full again, and none whose is not")
    func forgetting() {
        let interceptor = interceptor(burst: 1, perSecond: 1)
        let most = RateLimitInterceptor.rememberedAnyway
        for number in 1...most {
            #expect(refusal(interceptor, .stub(.contact, number: number)) == nil)
        }
        #expect(interceptor.rememberedCount == most)
        clock.advance(by: .milliseconds(500))
        let late = CallerIdentity.stub(.contact, number: 0)
        #expect(refusal(interceptor, late) == nil)
        #expect(interceptor.rememberedCount == most + 1)
        clock.advance(by: .milliseconds(500))
        for number in 1...(2 * most) {
            _ = refusal(interceptor, .stub(.contact, number: most + number))
        }
        #expect(interceptor.rememberedCount == 2 * most + 1)
        #expect(refusal(interceptor, late) != nil)
    }
}

@Suite("The interceptor of metrics")
struct MetricsInterceptorTests {
    @Test("counts calls by method and code and times them")
    func counts() throws {
        let metrics = TestMetrics()
        let interceptor = MetricsInterceptor(factory: metrics)
        let context = CallContext.stub(callers: Callers(.anyone), identity: nil)
        let observer = try #require(interceptor.observer(of: context.method))
        for _ in 1...2 { observer.end(context, error: nil, duration: .milliseconds(3)) }
        observer.end(context, error: RPCError(.overloaded), duration: .milliseconds(1))
        func count(_ code: String) throws -> Int64 {
            try metrics.expectCounter(
                "docket_calls_total",
                [("method", "test.S/Stub"), ("code", code)]
            ).totalValue
        }
        #expect(try count("OK") == 2)
        #expect(try count("UNAVAILABLE") == 1)
        let timer = try metrics.expectTimer(
            "docket_call_duration_seconds",
            [("method", "test.S/Stub")]
        )
        #expect(timer.values == [3_000_000, 3_000_000, 1_000_000])
    }
}

@Suite("The interceptor of logs")
struct LoggingInterceptorTests {
    private func entries(
        level: Logger.Level,
        error: RPCError?,
        times: Int = 1
    ) -> [InMemoryLogHandler.Entry] {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = level
        let interceptor = LoggingInterceptor(logger: logger, tally: Tally(logger: logger))
        for _ in 0..<times {
            interceptor.end(
                .stub(callers: Callers(.anyone), identity: nil),
                error: error,
                duration: .microseconds(1_500)
            )
        }
        return log.entries
    }

    @Test("writes the server's own failures as errors, with what tells them apart")
    func failures() {
        let line = entries(level: .info, error: RPCError(.serverError, "secret")).first
        #expect(line?.level == .error)
        #expect(line?.metadata["method"] == "test.S/Stub")
        #expect(line?.metadata["reason"] == "server_error")
        #expect(line?.metadata["count"] == "1")
        #expect(line.map { "\($0)" }?.contains("secret") == false)
    }

    @Test("writes what the caller did wrong, and what went well, only for debugging")
    func refusals() {
        for error in [nil, RPCError(.notFound), RPCError(.cancelled), RPCError(.draining)] {
            #expect(entries(level: .info, error: error).isEmpty)
            let line = entries(level: .debug, error: error).first
            #expect(line?.level == .debug)
            #expect(line?.metadata["duration_us"] == "1500")
        }
        for reason in [Reason.overloaded, .deadlineExceeded, .credentialsInvalid, .rateLimited] {
            #expect(entries(level: .info, error: RPCError(reason)).first?.level == .notice)
        }
    }

    @Test("writes one line for ten thousand calls that fail alike")
    func sums() {
        for reason in [Reason.deadlineExceeded, .credentialsInvalid, .serverError] {
            #expect(entries(level: .info, error: RPCError(reason), times: 10_000).count == 1)
        }
    }
}
