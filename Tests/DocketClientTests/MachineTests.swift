import DocketRPC
import DocketTestSupport
import Testing

@testable import DocketClient

@Suite("Waits grow by chance, and servers are obeyed")
struct BackoffTests {
    @Test("The bound doubles from half a second to a minute")
    func bounds() {
        var random = SeededRandom(seed: 1)
        var backoff = Backoff()
        var bounds: [Duration] = []
        for _ in 0..<9 {
            bounds.append(backoff.bound)
            _ = backoff.wait(after: nil, using: &random)
        }
        let milliseconds = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]
        #expect(bounds == milliseconds.map { .milliseconds($0) })
    }

    @Test("A wait lies between nothing and its bound")
    func fullJitter() {
        var random = SeededRandom()
        for _ in 0..<200 {
            var backoff = Backoff()
            for _ in 0..<12 {
                let bound = backoff.bound
                let wait = backoff.wait(after: nil, using: &random)
                #expect((.zero...bound).contains(wait), "\(random.replay)")
            }
        }
    }

    @Test("The same seed gives the same waits")
    func seeded() {
        var random = SeededRandom(seed: 42)
        var again = SeededRandom(seed: 42)
        var backoff = Backoff()
        var other = Backoff()
        for _ in 0..<5 {
            #expect(
                backoff.wait(after: nil, using: &random) == other.wait(after: nil, using: &again)
            )
        }
    }

    @Test("A server's longer wait is obeyed, up to ten minutes")
    func requested() {
        var random = SeededRandom(seed: 1)
        var backoff = Backoff()
        #expect(backoff.wait(after: .seconds(41), using: &random) == .seconds(41))
        #expect(backoff.wait(after: .seconds(600), using: &random) == .seconds(600))
        #expect(backoff.wait(after: .seconds(601), using: &random) == .seconds(600))
    }

    @Test("After a success the waits begin anew")
    func reset() {
        var random = SeededRandom(seed: 1)
        var backoff = Backoff()
        for _ in 0..<5 { _ = backoff.wait(after: nil, using: &random) }
        backoff.reset()
        #expect(backoff == Backoff())
    }
}

@Suite("A client connects, waits and gives up as it should")
struct ConnectionMachineTests {
    private let start = ContinuousClock.now
    private let error = DocketClientError(.unreachable, "lost")

    /// A machine that stands since `start`.
    private func established() -> ConnectionMachine {
        var machine = ConnectionMachine()
        machine.greeted()
        #expect(machine.signedIn(at: start) == true)
        return machine
    }

    private func failures(of machine: inout ConnectionMachine, _ count: Int) -> [Duration] {
        var random = SeededRandom(seed: 7)
        return (0..<count).map { _ in
            let action = machine.failed(
                error,
                .reconnects(after: nil),
                at: start,
                using: &random
            )
            guard case .wait(let until) = action else { return .zero }
            _ = machine.rested(at: until)
            return until - start
        }
    }

    @Test("The way to a live connection is seen step by step")
    func states() {
        var machine = ConnectionMachine()
        #expect(machine.visibleState == .connecting)
        machine.greeted()
        #expect(machine.visibleState == .authenticating)
        #expect(machine.signedIn(at: start) == true)
        #expect(machine.visibleState == .live)
        machine.feedIsBehind(1)
        #expect(machine.visibleState == .catchingUp)
        machine.feedCaughtUp(1)
        #expect(machine.visibleState == .live)
        machine.feedClosed(1)
        #expect(machine.visibleState == .live)
    }

    @Test("After a loss every feed has to catch up again")
    func feedsAfterLoss() {
        var machine = established()
        machine.feedIsBehind(1)
        machine.feedCaughtUp(1)
        _ = failures(of: &machine, 1)
        machine.greeted()
        _ = machine.signedIn(at: start)
        #expect(machine.visibleState == .catchingUp)
    }

    @Test("Failures in a row wait longer, until a connection has stood for ten seconds")
    func stable() {
        let first = {
            var machine = ConnectionMachine()
            return failures(of: &machine, 3)
        }()
        for (lived, isStable) in [(Duration.seconds(10), true), (.milliseconds(9_999), false)] {
            var machine = ConnectionMachine()
            _ = failures(of: &machine, 3)
            machine.greeted()
            _ = machine.signedIn(at: start - lived)
            #expect((failures(of: &machine, 3) == first) == isStable)
        }
    }

    @Test("A refused credential stops the client for good")
    func needsLogin() {
        var random = SeededRandom(seed: 1)
        var machine = ConnectionMachine()
        #expect(machine.failed(error, .needsLogin, at: start, using: &random) == .stop)
        #expect(machine.visibleState == .needsLogin(error))
        #expect(machine.rested(at: start) == .stop)
    }

    @Test("A session that ended is renewed at once, but not in a loop")
    func renewal() {
        var random = SeededRandom(seed: 1)
        var machine = established()
        #expect(machine.failed(error, .signsIn, at: start, using: &random) == .connect)
        machine.greeted()
        _ = machine.signedIn(at: start)
        guard case .wait = machine.failed(error, .signsIn, at: start, using: &random) else {
            Issue.record("the second renewal does not wait")
            return
        }
    }

    @Test("A closed client stays closed")
    func closed() {
        var random = SeededRandom(seed: 1)
        var machine = established()
        machine.close()
        #expect(
            machine.failed(error, .reconnects(after: nil), at: start, using: &random) == .stop
        )
        #expect(machine.rested(at: start) == .stop)
        machine.greeted()
        #expect(machine.signedIn(at: start) == false)
        #expect(machine.visibleState == .closed)
    }

    @Test("From every state but the last two a step leads on")
    func liveness() {
        let dispositions: [Disposition] = [
            .repeats(after: nil), .reconnects(after: nil), .signsIn, .resyncs, .final,
        ]
        for disposition in dispositions {
            var random = SeededRandom(seed: 1)
            var machine = established()
            let action = machine.failed(error, disposition, at: start, using: &random)
            #expect(action != .stop)
        }
    }
}

@Suite("A call is repeated as its answer allows")
struct RepetitionTests {
    private let start = ContinuousClock.now

    private func action(
        _ disposition: Disposition,
        deadline: Duration?
    ) -> Repetition.Action {
        var random = SeededRandom(seed: 1)
        var repetition = Repetition(deadline: deadline.map { start + $0 })
        return repetition.failed(disposition, at: start, using: &random)
    }

    @Test("What a server asks for is waited for, where there is time")
    func deadline() {
        let wait = Disposition.repeats(after: .seconds(5))
        #expect(action(wait, deadline: nil) == .repeatCall(at: start + .seconds(5)))
        #expect(action(wait, deadline: .seconds(6)) == .repeatCall(at: start + .seconds(5)))
        #expect(action(wait, deadline: .seconds(5)) == .timeIsOver)
    }

    @Test("A lost connection leads to the next, an answer that stands to the caller")
    func others() {
        #expect(action(.reconnects(after: nil), deadline: nil) == .reconnect)
        #expect(action(.signsIn, deadline: nil) == .reconnect)
        #expect(action(.needsLogin, deadline: nil) == .giveUp)
        #expect(action(.resyncs, deadline: nil) == .giveUp)
        #expect(action(.final, deadline: nil) == .giveUp)
    }
}

@Suite("Every reason of the registry has its treatment")
struct DispositionTests {
    private static let groups: [([Reason], Disposition)] = [
        (
            [
                .connectionLost, .draining, .timeout, .protocolError, .frameTooLarge,
                .flowControlError, .helloError, .limitExceeded,
            ], .reconnects(after: nil)
        ),
        (
            [
                .rateLimited, .tooManyStreams, .tooManyIncompleteBytes, .tooManyUnreadReplies,
                .overloaded, .diskFull, .outcomeUnknown, .serverError, .deadlineExceeded,
                .offsetMismatch, .contentMismatch,
            ], .repeats(after: nil)
        ),
        ([.sessionExpired, .unauthenticated], .signsIn),
        ([.credentialsInvalid, .keyRevoked, .agentLocked], .needsLogin),
        ([.resyncRequired], .resyncs),
    ]

    @Test("A reason is treated as the registry says; all others stand")
    func registered() {
        for reason in Reason.registered {
            let group = Self.groups.first { $0.0.contains(reason) }
            #expect(Disposition(RPCError(reason)) == group?.1 ?? .final, "\(reason)")
        }
    }

    @Test("A word that is not known is treated by its code")
    func unknown() {
        var error = RPCError(Reason(rawValue: "moon_phase"), "later")
        error.code = .unavailable
        #expect(Disposition(error) == .repeats(after: nil))
        error.isFinal = true
        #expect(Disposition(error) == .final)
        error.code = .unauthenticated
        #expect(Disposition(error) == .needsLogin)
        error.code = .aborted
        #expect(Disposition(error) == .final)
    }
}
