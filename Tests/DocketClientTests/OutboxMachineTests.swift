import DocketTestSupport
import Testing

@testable import DocketClient

@Suite("Which command leaves next, and what becomes of those that fail")
struct OutboxMachineTests {
    private let start = ContinuousClock.now
    private let moment = TestClock.firstMoment
    private let lanes = [1, 2, 3].map { Lane(name: "lane \($0)") }
    private let refusal = Refusal(reason: "not_found", message: "gone", particulars: "")

    private static func id(_ number: UInt8) -> MessageID {
        MessageID(bytes: [UInt8](repeating: number, count: 16)) ?? MessageID()
    }

    private func draft(_ number: UInt8, in lane: Int = 0, size: Int = 10) -> CommandDraft {
        CommandDraft(
            Self.id(number),
            in: lanes[lane],
            .post,
            call: [UInt8](repeating: number, count: size)
        )
    }

    /// Queues commands that are kept at once.
    private func queue(
        _ drafts: CommandDraft...,
        in machine: inout OutboxMachine
    ) throws {
        for draft in drafts {
            _ = try machine.add(draft, at: moment)
            machine.kept(draft.id)
        }
    }

    /// The ids of all commands that may leave now.
    private func leaving(_ machine: inout OutboxMachine, after wait: Duration = .zero) -> [UInt8] {
        var numbers: [UInt8] = []
        while case .send(let command) = machine.next(at: start + wait, moment) {
            numbers.append(command.id.bytes[0])
        }
        return numbers
    }

    @Test("Within a lane one command is under way, and the next leaves after its verdict")
    func order() throws {
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), draft(3), in: &machine)
        #expect(leaving(&machine) == [1])
        #expect(machine.accepted(Self.id(1))?.id == Self.id(1))
        #expect(leaving(&machine) == [2])
        #expect(machine.accepted(Self.id(2)) != nil)
        #expect(leaving(&machine) == [3])
    }

    @Test("Lanes do not wait for each other, and the oldest head leaves first")
    func lanesAreIndependent() throws {
        var machine = OutboxMachine()
        try queue(draft(1, in: 1), draft(2, in: 0), draft(3, in: 1), in: &machine)
        try queue(draft(4, in: 2), in: &machine)
        #expect(leaving(&machine) == [1, 2, 4])
    }

    @Test("No more lanes have a command under way than the limit says")
    func lanesUnderWay() throws {
        var limits = OutboxLimits()
        limits.lanesUnderWay = 2
        var machine = OutboxMachine(limits: limits)
        try queue(draft(1, in: 0), draft(2, in: 1), draft(3, in: 2), in: &machine)
        #expect(leaving(&machine) == [1, 2])
        #expect(machine.accepted(Self.id(2)) != nil)
        #expect(leaving(&machine) == [3])
    }

    @Test("A command that is not kept yet does not leave, and lets none behind it pass")
    func keptFirst() throws {
        var machine = OutboxMachine()
        _ = try machine.add(draft(1), at: moment)
        _ = try machine.add(draft(2), at: moment)
        machine.kept(Self.id(2))
        #expect(leaving(&machine).isEmpty)
        machine.kept(Self.id(1))
        #expect(leaving(&machine) == [1])
    }

    @Test("A command that could not be kept was never queued")
    func dropped() throws {
        var machine = OutboxMachine()
        _ = try machine.add(draft(1), at: moment)
        _ = try machine.add(draft(2), at: moment)
        machine.kept(Self.id(2))
        machine.dropped(Self.id(1))
        #expect(machine.count == 1)
        #expect(machine.bytes == 10)
        #expect(leaving(&machine) == [2])
    }

    @Test("The same command again is the one that is there, another with its id is an error")
    func sameIdentifier() throws {
        var machine = OutboxMachine()
        guard case .new(let first) = try machine.add(draft(1), at: moment) else {
            Issue.record("the command is not new")
            return
        }
        #expect(try machine.add(draft(1), at: moment) == .known(first))
        #expect(throws: EnqueueError.keyReused) {
            try machine.add(draft(1, size: 11), at: moment)
        }
        #expect(machine.count == 1)
    }

    @Test("A full outbox says so, by commands and by bytes, and takes again what leaves room")
    func full() throws {
        var limits = OutboxLimits()
        (limits.commands, limits.bytes, limits.call) = (3, 100, 60)
        var machine = OutboxMachine(limits: limits)
        #expect(throws: EnqueueError.tooLarge(limit: 60)) {
            try machine.add(draft(1, size: 61), at: moment)
        }
        try queue(draft(1, size: 60), in: &machine)
        #expect(throws: EnqueueError.outboxFull(.bytes(100))) {
            try machine.add(draft(2, size: 41), at: moment)
        }
        try queue(draft(2, size: 20), draft(3, size: 20), in: &machine)
        #expect(throws: EnqueueError.outboxFull(.messages(3))) {
            try machine.add(draft(4, size: 1), at: moment)
        }
        #expect(machine.accepted(Self.id(1)) != nil)
        try queue(draft(4, size: 60), in: &machine)
    }

    @Test("A refused command stops its lane and no other, until somebody discards it")
    func refused() throws {
        var machine = OutboxMachine()
        try queue(draft(1, in: 0), draft(2, in: 0), draft(3, in: 1), in: &machine)
        #expect(leaving(&machine) == [1, 3])
        #expect(machine.refused(Self.id(1), refusal)?.stop == .refused(refusal))
        #expect(machine.obstacle(to: Self.id(2))?.id == Self.id(1))
        #expect(machine.obstacle(to: Self.id(1)) == nil)
        #expect(machine.accepted(Self.id(3)) != nil)
        #expect(leaving(&machine).isEmpty)
        #expect(machine.stopped == 1)
        #expect(machine.discard(Self.id(1)) == .neverSent)
        #expect(machine.stopped == 0)
        #expect(leaving(&machine) == [2])
    }

    @Test("A refused command is retried in its place, under a new id")
    func renewed() throws {
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        _ = machine.refused(Self.id(1), refusal)
        let renewed = try machine.renew(Self.id(1), as: draft(9, size: 30), at: moment)
        #expect(renewed?.position == 1)
        #expect(renewed?.mayBeSent == false)
        #expect(leaving(&machine).isEmpty)
        machine.kept(Self.id(9))
        #expect(machine.command(Self.id(1)) == nil)
        #expect(machine.bytes == 40)
        #expect(leaving(&machine) == [9])
        _ = machine.accepted(Self.id(9))
        #expect(leaving(&machine) == [2])
    }

    @Test("A retry that cannot be kept leaves the refused command as it was")
    func notRenewed() throws {
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        let refused = machine.refused(Self.id(1), refusal)
        let old = try #require(refused)
        _ = try machine.renew(Self.id(1), as: draft(9, size: 30), at: moment)
        machine.notRenewed(Self.id(9), from: old)
        #expect(machine.command(Self.id(1)) == old)
        #expect(machine.command(Self.id(9)) == nil)
        #expect(machine.bytes == 20)
        #expect(machine.stopped == 1)
        #expect(leaving(&machine).isEmpty)
    }

    @Test("A command that waits for too long expires, and is retried under the same id")
    func expired() throws {
        var machine = OutboxMachine()
        try queue(draft(1), in: &machine)
        let days = UInt64(30 * 86_400_000)
        let last = Timestamp(millisecondsSinceEpoch: moment.millisecondsSinceEpoch + days)
        let late = Timestamp(millisecondsSinceEpoch: last.millisecondsSinceEpoch + 1)
        guard case .expire(let expired) = machine.next(at: start, late) else {
            Issue.record("the command has not expired")
            return
        }
        #expect(expired.stop == .expired)
        #expect(machine.next(at: start, late) == .rest(until: nil))
        let renewed = try machine.renew(Self.id(1), as: nil, at: late)
        #expect(renewed?.id == Self.id(1))
        machine.kept(Self.id(1))
        #expect(leaving(&machine) == [1])
    }

    @Test("A clock that was set back lets nothing expire")
    func clockSetBack() throws {
        var machine = OutboxMachine()
        try queue(draft(1), in: &machine)
        let early = Timestamp(millisecondsSinceEpoch: 0)
        guard case .send = machine.next(at: start, early) else {
            Issue.record("the command does not leave")
            return
        }
    }

    @Test("A busy server is asked again with backoff, or when it says")
    func busy() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        let retry = machine.failed(
            Self.id(1),
            .busy(retryAfter: .seconds(5)),
            mayHaveTakenEffect: false,
            at: start,
            using: &random
        )
        #expect(retry == .later)
        #expect(machine.next(at: start, moment) == .rest(until: start + .seconds(5)))
        #expect(leaving(&machine, after: .seconds(4)).isEmpty)
        #expect(leaving(&machine, after: .seconds(5)) == [1])
    }

    @Test("A lost connection does not count: the command leaves with the next one")
    func connectionLost() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine()
        try queue(draft(1), in: &machine)
        for _ in 0..<100 {
            #expect(leaving(&machine) == [1])
            let retry = machine.failed(
                Self.id(1),
                .connection,
                mayHaveTakenEffect: true,
                at: start,
                using: &random
            )
            #expect(retry == .later)
        }
    }

    @Test("Faults of the server end in a refusal after eight in ten minutes, not before")
    func faults() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine()
        try queue(draft(1), in: &machine)
        var now = start
        var retries: [OutboxMachine.Retry] = []
        while retries.last != .never, retries.count < 100 {
            while case .rest(let moment?) = machine.next(at: now, moment) { now = moment }
            let retry = machine.failed(
                Self.id(1),
                .fault(retryAfter: .seconds(60)),
                mayHaveTakenEffect: true,
                at: now,
                using: &random
            )
            retries.append(retry)
        }
        #expect(retries.count == 11)
        #expect(now - start == .seconds(600))
    }

    @Test("What was never sent can be taken back, what may have been sent stays")
    func cancelled() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        #expect(machine.cancel(Self.id(1)) == .maybeSent)
        #expect(machine.cancel(Self.id(2)) == .neverSent)
        _ = machine.failed(
            Self.id(1),
            .connection,
            mayHaveTakenEffect: false,
            at: start,
            using: &random
        )
        #expect(machine.cancel(Self.id(1)) == .neverSent)
        #expect(machine.cancel(Self.id(1)) == .unknown)
        #expect(machine.count == 0)
    }

    @Test("After a restart, what was marked may have been sent, and the order is the same")
    func restarted() throws {
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), draft(3, in: 1), in: &machine)
        #expect(leaving(&machine) == [1, 3])
        machine.marked(Self.id(1))
        var again = OutboxMachine(machine.commands.reversed())
        #expect(again.cancel(Self.id(1)) == .maybeSent)
        #expect(again.cancel(Self.id(3)) == .neverSent)
        #expect(leaving(&again) == [1])
        #expect(again.accepted(Self.id(1)) != nil)
        #expect(leaving(&again) == [2])
    }

    @Test("A verdict on what was discarded meanwhile changes nothing")
    func lateVerdict() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        #expect(machine.discard(Self.id(1)) == .maybeSent)
        #expect(leaving(&machine) == [2])
        #expect(machine.accepted(Self.id(1)) == nil)
        #expect(machine.refused(Self.id(1), refusal) == nil)
        let retry = machine.failed(
            Self.id(1),
            .connection,
            mayHaveTakenEffect: true,
            at: start,
            using: &random
        )
        #expect(retry == .gone)
        #expect(leaving(&machine).isEmpty)
    }
}
