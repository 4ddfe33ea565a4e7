import DocketTestSupport
import Testing

@testable import DocketClient

@Suite("Which command leaves next, and what becomes of those that fail")
struct OutboxMachineTests {
    private let start = ContinuousClock.now
    private let moment = TestClock.firstMoment
    private let lanes = [1, 2, 3].map { Lane(name: "lane \($0)") }
    private let refusal = Refusal(reason: "not_found", message: "gone", particulars: "")

    private static func id(_ number: UInt8) -> CommandID {
        CommandID(bytes: [UInt8](repeating: number, count: 16)) ?? CommandID()
    }

    private func draft(
        _ number: UInt8,
        in lane: Int = 0,
        _ kind: CommandKind = .post,
        size: Int = 10
    ) -> CommandDraft {
        CommandDraft(
            Self.id(number),
            in: lanes[lane],
            kind,
            call: [UInt8](repeating: number, count: size)
        )
    }

    /// A ticket, which is the first of a lane of its own.
    private func ticket(_ number: UInt8, size: Int = 10) -> CommandDraft {
        CommandDraft(
            Self.id(number),
            in: Lane(name: "ticket \(number)"),
            .ticket,
            call: [UInt8](repeating: number, count: size)
        )
    }

    /// A command that is there.
    private func command(_ number: UInt8, in machine: OutboxMachine) throws -> QueuedCommand {
        try #require(machine.command(Self.id(number)))
    }

    /// A command takes effect; gives whether it was there.
    private func accept(_ number: UInt8, in machine: inout OutboxMachine) -> Bool {
        guard let command = machine.command(Self.id(number)) else { return false }
        return machine.accepted(command)
    }

    /// Attempts at commands bring no verdict, and each is tried again.
    private func fail(
        _ commands: [QueuedCommand],
        _ failure: OutboxMachine.AttemptFailure,
        mayHaveTakenEffect: Bool,
        in machine: inout OutboxMachine
    ) {
        var random = SeededRandom(seed: 1)
        for command in commands {
            let goesOn = machine.failed(
                command,
                failure,
                mayHaveTakenEffect: mayHaveTakenEffect,
                at: start,
                using: &random
            )
            #expect(goesOn)
        }
    }

    @Test("Behind a verdict that is not recorded no command leaves over another connection")
    func unrecorded() throws {
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), draft(3), draft(4, in: 1), in: &machine)
        guard case .send(let batch) = machine.next(at: start, moment, over: 1) else {
            Issue.record("nothing leaves")
            return
        }
        #expect(batch.map(\.id) == [1, 2, 3].map(Self.id))
        machine.returned(batch[2...], mayHaveTakenEffect: true)
        for command in batch[..<2] {
            let isThere = machine.accepted(command, over: 1)
            #expect(isThere)
        }
        let isFirstEnough = machine.recorded(batch[0].position)
        #expect(!isFirstEnough)
        let other = machine.next(at: start, moment, over: 2)
        #expect(other == .send([try command(4, in: machine)]))
        #expect(machine.next(at: start, moment, over: 2) == .rest(until: nil))
        #expect(!machine.isAtRest)
        let mayLeave = machine.recorded(batch[1].position)
        #expect(mayLeave)
        #expect(machine.next(at: start, moment, over: 2) == .send([batch[2]]))
    }

    @Test("Over the same connection a lane goes on while its verdicts are being recorded")
    func sameConnection() throws {
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), in: &machine)
        machine.sendAlone()
        let (first, second) = (try command(1, in: machine), try command(2, in: machine))
        #expect(machine.next(at: start, moment, over: 1) == .send([first]))
        let isThere = machine.accepted(first, over: 1)
        #expect(isThere)
        #expect(machine.next(at: start, moment, over: 1) == .send([second]))
    }

    /// The server refuses a command.
    private func refuse(_ number: UInt8, in machine: inout OutboxMachine) throws {
        let command = try command(number, in: machine)
        let isThere = machine.stopped(command, .refused(refusal))
        #expect(isThere)
    }

    /// An attempt brings no verdict; gives whether the command is tried again.
    private func fail(
        _ number: UInt8,
        _ failure: OutboxMachine.AttemptFailure,
        mayHaveTakenEffect: Bool = true,
        at moment: ContinuousClock.Instant? = nil,
        in machine: inout OutboxMachine,
        using random: inout SeededRandom
    ) throws -> Bool {
        machine.failed(
            try command(number, in: machine),
            failure,
            mayHaveTakenEffect: mayHaveTakenEffect,
            at: moment ?? start,
            using: &random
        )
    }

    /// Takes a command out, as when the local store has forgotten it.
    private func discard(
        _ number: UInt8,
        onlyUnsent: Bool = false,
        in machine: inout OutboxMachine
    ) -> OutboxMachine.Cancellation {
        let known = machine.command(Self.id(number))
        let cancellation = machine.takeBack(Self.id(number), onlyUnsent: onlyUnsent)
        let stays = cancellation == .unknown || cancellation == .maybeSent && onlyUnsent
        if let known, !stays { machine.leftOut(known) }
        return cancellation
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
        while case .send(let commands) = machine.next(at: start + wait, moment) {
            numbers += commands.map(\.id.bytes[0])
        }
        return numbers
    }

    /// The ids of the commands that leave at once, of all lanes that may leave now.
    private func batches(_ machine: inout OutboxMachine) -> [[UInt8]] {
        var batches: [[UInt8]] = []
        while case .send(let commands) = machine.next(at: start, moment) {
            batches.append(commands.map(\.id.bytes[0]))
        }
        return batches
    }

    @Test("Within a lane one command is under way, and the next leaves after its verdict")
    func order() throws {
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), draft(2), draft(3), in: &machine)
        #expect(leaving(&machine) == [1])
        #expect(accept(1, in: &machine))
        #expect(leaving(&machine) == [2])
        #expect(accept(2, in: &machine))
        #expect(leaving(&machine) == [3])
    }

    @Test(
        "The commands of a lane leave together, and those queued meanwhile after the last verdict"
    )
    func batch() throws {
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), draft(3, in: 1), draft(4), in: &machine)
        #expect(batches(&machine) == [[1, 2, 4], [3]])
        try queue(draft(5), in: &machine)
        for number in [1, 2] as [UInt8] {
            #expect(accept(number, in: &machine))
            #expect(batches(&machine).isEmpty)
        }
        #expect(accept(4, in: &machine))
        #expect(batches(&machine) == [[5]])
    }

    @Test("A batch has no more commands and bytes than the limits say, but always one command")
    func batchLimits() throws {
        var limits = OutboxLimits()
        (limits.batch, limits.batchBytes) = (3, 30)
        var machine = OutboxMachine(limits: limits)
        try queue(draft(1), draft(2), draft(3), draft(4), in: &machine)
        try queue(draft(5, in: 1, size: 31), draft(6, in: 1), in: &machine)
        try queue(draft(7, in: 2), draft(8, in: 2, size: 21), in: &machine)
        #expect(batches(&machine) == [[1, 2, 3], [5], [7]])
    }

    @Test("A batch ends before a command that is not kept yet")
    func batchOfKept() throws {
        var machine = OutboxMachine()
        try queue(draft(1), in: &machine)
        _ = try machine.add(draft(2), at: moment)
        try queue(draft(3), in: &machine)
        #expect(batches(&machine) == [[1]])
    }

    @Test("What stands behind a refused command comes back, unsent, and stays behind it")
    func refusedBatch() throws {
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), draft(3), in: &machine)
        #expect(batches(&machine) == [[1, 2, 3]])
        let last = try command(3, in: machine)
        machine.returned([last], mayHaveTakenEffect: false)
        #expect(accept(1, in: &machine))
        try refuse(2, in: &machine)
        #expect(batches(&machine).isEmpty)
        #expect(discard(3, onlyUnsent: true, in: &machine) == .neverSent)
        #expect(discard(2, in: &machine) == .neverSent)
        #expect(machine.count == 0)
    }

    @Test("What may have taken effect with a batch is not taken back as unsent, and leaves again")
    func uncertainBatch() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), in: &machine)
        #expect(batches(&machine) == [[1, 2]])
        #expect(discard(2, onlyUnsent: true, in: &machine) == .maybeSent)
        machine.returned([try command(2, in: machine)], mayHaveTakenEffect: true)
        #expect(batches(&machine).isEmpty)
        #expect(try fail(1, .connection, in: &machine, using: &random))
        #expect(discard(2, onlyUnsent: true, in: &machine) == .maybeSent)
        #expect(batches(&machine) == [[1, 2]])
    }

    @Test(
        "A command at which the server has failed leaves alone, so that none is blamed for another"
    )
    func faultyBatch() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine()
        try queue(draft(1), draft(2), draft(3), in: &machine)
        #expect(batches(&machine) == [[1, 2, 3]])
        let rest = try [command(2, in: machine), command(3, in: machine)]
        machine.returned(rest[...], mayHaveTakenEffect: true)
        let fault = OutboxMachine.AttemptFailure.fault(retryAfter: .zero)
        #expect(try fail(1, fault, in: &machine, using: &random))
        #expect(leaving(&machine, after: .seconds(60)) == [1])
        #expect(accept(1, in: &machine))
        #expect(batches(&machine) == [[2, 3]])
    }

    @Test("Lanes do not wait for each other, and the oldest head leaves first")
    func lanesAreIndependent() throws {
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1, in: 1), draft(2, in: 0), draft(3, in: 1), in: &machine)
        try queue(draft(4, in: 2), in: &machine)
        #expect(leaving(&machine) == [1, 2, 4])
    }

    @Test("No more batches are under way than the limit says")
    func batchesUnderWay() throws {
        var limits = OutboxLimits()
        limits.batchesUnderWay = 2
        var machine = OutboxMachine(limits: limits)
        try queue(draft(1, in: 0), draft(2, in: 1), draft(3, in: 2), in: &machine)
        #expect(leaving(&machine) == [1, 2])
        #expect(accept(2, in: &machine))
        #expect(leaving(&machine) == [3])
    }

    @Test("Tickets leave together, as many as one call takes, and messages by themselves")
    func tickets() throws {
        var limits = OutboxLimits()
        (limits.tickets, limits.batchesUnderWay) = (3, 2)
        var machine = OutboxMachine(limits: limits)
        try queue(ticket(1), draft(2), ticket(3), ticket(4), ticket(5), in: &machine)
        let tickets = try [1, 3, 4].map { try command($0, in: machine) }
        #expect(machine.next(at: start, moment) == .send(tickets))
        #expect(machine.next(at: start, moment) == .send([try command(2, in: machine)]))
        #expect(machine.next(at: start, moment) == .rest(until: nil))
        // A call is over when each of its tickets has its verdict.
        #expect(accept(1, in: &machine) && accept(3, in: &machine))
        #expect(machine.next(at: start, moment) == .rest(until: nil))
        try refuse(4, in: &machine)
        #expect(machine.next(at: start, moment) == .send([try command(5, in: machine)]))
    }

    @Test("Tickets leave together up to the bytes of a call")
    func ticketBytes() throws {
        var limits = OutboxLimits()
        limits.batchBytes = 25
        var machine = OutboxMachine(limits: limits)
        try queue(ticket(1), ticket(2), ticket(3), ticket(4, size: 30), in: &machine)
        for batch: [UInt8] in [[1, 2], [3], [4]] {
            let commands = try batch.map { try command($0, in: machine) }
            #expect(machine.next(at: start, moment) == .send(commands))
        }
    }

    @Test("A refused ticket holds up its own comments, and no other ticket")
    func refusedTicket() throws {
        var machine = OutboxMachine()
        try queue(draft(1, .ticket), draft(2, .comment), draft(3, .comment), in: &machine)
        try queue(draft(4, in: 1, .ticket), draft(5, in: 1, .comment), in: &machine)
        let tickets = try [1, 4].map { try command($0, in: machine) }
        #expect(machine.next(at: start, moment) == .send(tickets))
        #expect(machine.next(at: start, moment) == .rest(until: nil))
        try refuse(1, in: &machine)
        #expect(machine.obstacle(to: Self.id(3))?.id == Self.id(1))
        #expect(accept(4, in: &machine))
        #expect(leaving(&machine) == [5])
        _ = machine.takeBack(Self.id(1), onlyUnsent: false)
        machine.leftOut(tickets[0])
        let comments = try [2, 3].map { try command($0, in: machine) }
        #expect(machine.next(at: start, moment) == .send(comments))
    }

    @Test("A ticket at which the server has failed leaves alone, and others go on without it")
    func failedTicket() throws {
        var machine = OutboxMachine()
        try queue(ticket(1), ticket(2), in: &machine)
        let both = try [1, 2].map { try command($0, in: machine) }
        #expect(machine.next(at: start, moment) == .send(both))
        fail(both, .fault(retryAfter: nil), mayHaveTakenEffect: true, in: &machine)
        try queue(ticket(3), draft(4), in: &machine)
        #expect(leaving(&machine) == [4])
        let later = start + .seconds(10)
        for ticket in both { #expect(machine.next(at: later, moment) == .send([ticket])) }
        #expect(machine.next(at: later, moment) == .send([try command(3, in: machine)]))
    }

    @Test("Where the server takes no tickets now, all of them wait as long as it asks for")
    func busyTickets() throws {
        var machine = OutboxMachine()
        try queue(ticket(1), ticket(2), in: &machine)
        let both = try [1, 2].map { try command($0, in: machine) }
        #expect(machine.next(at: start, moment) == .send(both))
        fail(both, .busy(retryAfter: .seconds(5)), mayHaveTakenEffect: false, in: &machine)
        try queue(ticket(3), draft(4), in: &machine)
        #expect(leaving(&machine) == [4])
        #expect(machine.next(at: start, moment) == .rest(until: start + .seconds(5)))
        let all = try [1, 2, 3].map { try command($0, in: machine) }
        #expect(machine.next(at: start + .seconds(5), moment) == .send(all))
    }

    @Test("After a call with several tickets was refused as a whole, each leaves by itself")
    func pushedAlone() throws {
        var machine = OutboxMachine()
        try queue(ticket(1), ticket(2), in: &machine)
        let both = try [1, 2].map { try command($0, in: machine) }
        #expect(machine.next(at: start, moment) == .send(both))
        machine.pushAlone()
        machine.returned(both[...], mayHaveTakenEffect: false)
        for ticket in both { #expect(machine.next(at: start, moment) == .send([ticket])) }
    }

    @Test("A renewed ticket has a lane of its new id, and its comments follow it there")
    func followed() throws {
        var machine = OutboxMachine()
        try queue(draft(1, .ticket), draft(2, .comment), in: &machine)
        let old = try [1, 2].map { try command($0, in: machine) }
        #expect(machine.next(at: start, moment) == .send([old[0]]))
        try refuse(1, in: &machine)
        let refused = try command(1, in: machine)
        let renewed = try machine.renew(Self.id(1), as: draft(9, in: 1, .ticket), at: moment)
        let followers = machine.follow([draft(2, in: 1, .comment, size: 12)])
        #expect(renewed?.lane == lanes[1] && followers.map(\.lane) == [lanes[1]])
        #expect(machine.bytes == 22 && machine.stoppedCount == 0)
        machine.restore([refused, old[1]])
        #expect(try command(1, in: machine) == refused && command(2, in: machine) == old[1])
        #expect(machine.bytes == 20 && machine.stoppedCount == 1)
        #expect(machine.waiting(in: lanes[1]) == nil)
        _ = try machine.renew(Self.id(1), as: draft(9, in: 1, .ticket), at: moment)
        _ = machine.follow([draft(2, in: 1, .comment, size: 12)])
        machine.kept(Self.id(9))
        machine.kept(Self.id(2))
        try queue(draft(3, in: 1, .comment), in: &machine)
        #expect(leaving(&machine) == [9])
        #expect(accept(9, in: &machine))
        #expect(leaving(&machine) == [2, 3])
    }

    @Test("A ticket that was sent too long ago expires, and leaves with no other")
    func expiredTicket() throws {
        var machine = OutboxMachine()
        try queue(ticket(1), in: &machine)
        machine.marked(try command(1, in: machine))
        machine = OutboxMachine(machine.commands)
        let old = Timestamp(
            millisecondsSinceEpoch: moment.millisecondsSinceEpoch + 31 * 86_400_000
        )
        _ = try machine.add(ticket(2), at: old)
        machine.kept(Self.id(2))
        guard case .expire(let expired) = machine.next(at: start, old) else {
            Issue.record("nothing expires")
            return
        }
        #expect(expired.id == Self.id(1))
        #expect(machine.next(at: start, old) == .send([try command(2, in: machine)]))
    }

    @Test("A command that is not kept yet does not leave, and lets none behind it pass")
    func keptFirst() throws {
        var machine = OutboxMachine(limits: .alone)
        _ = try machine.add(draft(1), at: moment)
        _ = try machine.add(draft(2), at: moment)
        machine.kept(Self.id(2))
        #expect(leaving(&machine).isEmpty)
        machine.kept(Self.id(1))
        #expect(leaving(&machine) == [1])
    }

    @Test("A command that could not be kept was never queued")
    func dropped() throws {
        var machine = OutboxMachine(limits: .alone)
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
        var machine = OutboxMachine(limits: .alone)
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
        #expect(accept(1, in: &machine))
        try queue(draft(4, size: 60), in: &machine)
    }

    @Test("A refused command stops its lane and no other, until somebody discards it")
    func refused() throws {
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1, in: 0), draft(2, in: 0), draft(3, in: 1), in: &machine)
        #expect(leaving(&machine) == [1, 3])
        try refuse(1, in: &machine)
        #expect(try command(1, in: machine).stop == .refused(refusal))
        #expect(machine.obstacle(to: Self.id(2))?.id == Self.id(1))
        #expect(machine.obstacle(to: Self.id(1)) == nil)
        #expect(accept(3, in: &machine))
        #expect(leaving(&machine).isEmpty)
        #expect(machine.stoppedCount == 1)
        #expect(discard(1, in: &machine) == .neverSent)
        #expect(machine.stoppedCount == 0)
        #expect(leaving(&machine) == [2])
    }

    @Test("A refused command is retried in its place, under a new id")
    func renewed() throws {
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        try refuse(1, in: &machine)
        let renewed = try machine.renew(Self.id(1), as: draft(9, size: 30), at: moment)
        #expect(renewed?.position == 1)
        #expect(renewed?.mayBeSent == false)
        #expect(leaving(&machine).isEmpty)
        machine.kept(Self.id(9))
        #expect(machine.command(Self.id(1)) == nil)
        #expect(machine.bytes == 40)
        #expect(leaving(&machine) == [9])
        #expect(accept(9, in: &machine))
        #expect(leaving(&machine) == [2])
    }

    @Test("A retry that cannot be kept leaves the refused command as it was")
    func notRenewed() throws {
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        try refuse(1, in: &machine)
        let old = try command(1, in: machine)
        _ = try machine.renew(Self.id(1), as: draft(9, size: 30), at: moment)
        machine.restore([old])
        #expect(machine.command(Self.id(1)) == old)
        #expect(machine.command(Self.id(9)) == nil)
        #expect(machine.bytes == 20)
        #expect(machine.stoppedCount == 1)
        #expect(leaving(&machine).isEmpty)
    }

    @Test("A command that may have been sent expires in time, and is retried under the same id")
    func expired() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), in: &machine)
        #expect(leaving(&machine) == [1])
        #expect(try fail(1, .connection, in: &machine, using: &random))
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

    @Test("A command that was never sent leaves however late, and a clock set right expires none")
    func neverSent() throws {
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), in: &machine)
        let years = Timestamp(millisecondsSinceEpoch: 2 * moment.millisecondsSinceEpoch)
        guard case .send = machine.next(at: start, years) else {
            Issue.record("the command does not leave")
            return
        }
    }

    @Test("A clock that was set back lets nothing expire")
    func clockSetBack() throws {
        var machine = OutboxMachine(limits: .alone)
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
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        let busy = OutboxMachine.AttemptFailure.busy(retryAfter: .seconds(5))
        #expect(try fail(1, busy, in: &machine, using: &random))
        #expect(machine.next(at: start, moment) == .rest(until: start + .seconds(5)))
        #expect(leaving(&machine, after: .seconds(4)).isEmpty)
        #expect(leaving(&machine, after: .seconds(5)) == [1])
    }

    @Test("A lost connection does not count: the command leaves with the next one")
    func connectionLost() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), in: &machine)
        for _ in 0..<100 {
            #expect(leaving(&machine) == [1])
            #expect(try fail(1, .connection, in: &machine, using: &random))
        }
    }

    @Test("Faults of the server end in a refusal after eight in ten minutes, not before")
    func faults() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), in: &machine)
        var now = start
        var faults = 0
        var goesOn = true
        while goesOn, faults < 100 {
            while case .rest(let moment?) = machine.next(at: now, moment) { now = moment }
            let fault = OutboxMachine.AttemptFailure.fault(retryAfter: .seconds(60))
            goesOn = try fail(1, fault, at: now, in: &machine, using: &random)
            faults += 1
        }
        #expect(faults == 11)
        #expect(now - start == .seconds(600))
    }

    @Test("Hours without a connection do not count as hours of faults")
    func faultsOffline() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), in: &machine)
        var now = start
        for _ in 1...10 {
            while case .rest(let moment?) = machine.next(at: now, moment) { now = moment }
            #expect(try fail(1, .fault(retryAfter: nil), at: now, in: &machine, using: &random))
            now += .seconds(3_600)
        }
        while case .rest(let moment?) = machine.next(at: now, moment) { now = moment }
        #expect(try !fail(1, .fault(retryAfter: nil), at: now, in: &machine, using: &random))
    }

    @Test("What was never sent can be taken back, what may have been sent stays")
    func cancelled() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        #expect(discard(1, onlyUnsent: true, in: &machine) == .maybeSent)
        #expect(discard(2, onlyUnsent: true, in: &machine) == .neverSent)
        let goesOn = try fail(
            1,
            .connection,
            mayHaveTakenEffect: false,
            in: &machine,
            using: &random
        )
        #expect(goesOn)
        #expect(discard(1, onlyUnsent: true, in: &machine) == .neverSent)
        #expect(discard(1, in: &machine) == .unknown)
        #expect(machine.count == 0)
    }

    @Test("A command that is being taken back does not leave, and leaves again if that fails")
    func takenBack() throws {
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), draft(2), in: &machine)
        let taken = machine.takeBack(Self.id(1), onlyUnsent: true)
        #expect(taken == .neverSent)
        #expect(leaving(&machine).isEmpty)
        machine.kept(Self.id(1))
        #expect(leaving(&machine) == [1])
    }

    @Test("A command that is being taken back takes effect all the same if it was under way")
    func takenBackTooLate() throws {
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        let first = try command(1, in: machine)
        let taken = machine.takeBack(Self.id(1), onlyUnsent: false)
        #expect(taken == .maybeSent)
        #expect(accept(1, in: &machine))
        machine.leftOut(first)
        #expect(leaving(&machine) == [2])
    }

    @Test("After a restart, what was marked may have been sent, and the order is the same")
    func restarted() throws {
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), draft(2), draft(3, in: 1), in: &machine)
        #expect(leaving(&machine) == [1, 3])
        machine.marked(try command(1, in: machine))
        var again = OutboxMachine(machine.commands.reversed(), limits: .alone)
        #expect(discard(1, onlyUnsent: true, in: &again) == .maybeSent)
        #expect(discard(3, onlyUnsent: true, in: &again) == .neverSent)
        #expect(leaving(&again) == [1])
        #expect(accept(1, in: &again))
        #expect(leaving(&again) == [2])
    }

    @Test("A verdict on an earlier attempt changes nothing of a later command with its id")
    func lateVerdict() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), draft(2), in: &machine)
        #expect(leaving(&machine) == [1])
        let first = try command(1, in: machine)
        #expect(discard(1, in: &machine) == .maybeSent)
        #expect(leaving(&machine) == [2])
        try queue(draft(1, in: 1), in: &machine)
        #expect(leaving(&machine) == [1])
        let isAccepted = machine.accepted(first)
        let isStopped = machine.stopped(first, .refused(refusal))
        #expect(!isAccepted && !isStopped)
        machine.marked(first)
        let goesOn = machine.failed(
            first,
            .connection,
            mayHaveTakenEffect: true,
            at: start,
            using: &random
        )
        #expect(goesOn)
        #expect(leaving(&machine).isEmpty)
        #expect(try command(1, in: machine).mayBeSent == false)
        #expect(machine.count == 2)
    }

    @Test("A stopped command does not leave, whatever is queued behind it")
    func stoppedStays() throws {
        var random = SeededRandom(seed: 7)
        var machine = OutboxMachine(limits: .alone)
        try queue(draft(1), in: &machine)
        #expect(leaving(&machine) == [1])
        _ = try machine.add(draft(2), at: moment)
        _ = try fail(1, .connection, in: &machine, using: &random)
        machine.kept(Self.id(2))
        try refuse(1, in: &machine)
        #expect(leaving(&machine).isEmpty)
    }

    @Test("Commands of a lane are marked together, the next ones and no more than the limit")
    func marks() throws {
        var limits = OutboxLimits()
        limits.batch = 2
        var machine = OutboxMachine(limits: limits)
        try queue(draft(1), draft(2), draft(3), draft(4, in: 1), in: &machine)
        #expect(machine.unmarked(in: lanes[0]).map(\.id) == [Self.id(1), Self.id(2)])
        machine.marked(try command(1, in: machine))
        #expect(machine.unmarked(in: lanes[0]).map(\.id) == [Self.id(2)])
        #expect(!machine.isUncertain(Self.id(1)))
    }
}

extension OutboxLimits {
    /// Each command leaves alone.
    fileprivate static var alone: OutboxLimits {
        var limits = OutboxLimits()
        limits.batch = 1
        return limits
    }
}
