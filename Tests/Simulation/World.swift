import DocketClient
import DocketTesting

/// A server, the devices of a guest, and what has happened to them.
///
/// Everything of the simulation runs on one thread, see `OneThread`.
final class World: @unchecked Sendable {
    /// What a guarantee was broken by, or that something is stuck.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    let script: Script
    let clock = VirtualClock()
    let server: ModelServer
    var devices: [Device] = []
    var conversations: [ConversationID] = []
    var messages: [SentMessage] = []
    /// The read marks that were made, and the numbers of those that are kept.
    var marks: [MadeMark] = []
    var keptMarks: Set<Int> = []
    /// The places up to which read marks were dropped, and said to be.
    var droppedMarks: [DroppedReadMark] = []
    var backup: ModelBackup?
    /// How often the server was restored.
    var restores = 0
    var random: SeededGenerator
    private(set) var trace: [String] = []
    /// The first fault that was found.
    private(set) var fault: Fault?
    private(set) var isOver = false

    init(_ script: Script) {
        self.script = script
        random = SeededGenerator(seed: script.seed &+ 0x5EED)
        server = ModelServer(clock: clock)
    }

    // MARK: Telling

    /// Adds a line to the trace.
    func tell(_ line: String) {
        let (seconds, attoseconds) = clock.elapsed.components
        let fraction = String(attoseconds / 1_000_000_000_000)
        let padding = String(repeating: "0", count: max(0, 6 - fraction.count))
        trace.append("\(seconds).\(padding)\(fraction) \(line)")
    }

    /// Notes that a guarantee was broken.
    func report(_ description: String) {
        tell("FAULT \(description)")
        fault = fault ?? Fault(description: description)
    }

    // MARK: Running

    /// Runs the script, then lets everything become quiet and looks whether all is as it should be.
    func run() async {
        do {
            try await begin()
            for step in script.steps where fault == nil { await perform(step) }
            if fault == nil { try await end() }
        } catch {
            report("\(error)")
        }
        isOver = true
    }

    /// Signs the guest in and opens its conversations.
    private func begin() async throws {
        let device = try await open(0)
        guard let client = device.client else { throw Fault(description: "no client") }
        for channel in Script.channels {
            conversations.append(try await client.openConversation(channel: channel).id)
        }
        backup = server.backup()
        for conversation in conversations.indices { watch(conversation, on: device) }
    }

    /// Opens a device that was not there.
    @discardableResult
    func open(_ number: Int) async throws -> Device {
        let key = devices.first?.client?.guestKey
        let credential = key.map(Credential.guest) ?? .newGuest(name: "Ana")
        let device = try Device(number, server.makeNetwork(), as: credential)
        devices.append(device)
        try await start(device)
        return device
    }

    /// Starts a client on what a device keeps.
    func start(_ device: Device) async throws {
        let life = Life()
        device.life = life
        device.lives += 1
        let client = try await DocketClient.open(
            device.disk,
            over: device.network,
            as: device.credential,
            clock: EngineClock(clock) { self.moment(on: device) },
            random: SeededGenerator(seed: random.next()),
            capacity: 12,
            snapshotPage: 2
        ) {
            device.obstacle(to: life)
        }
        life.client = client
        let drops = client.droppedReadMarks
        Task { for await drop in drops { note(drop, on: device) } }
        tell("device \(device.number) runs, life \(device.lives)")
    }

    private func note(_ drop: DroppedReadMark, on device: Device) {
        droppedMarks.append(drop)
        tell("device \(device.number) drops the mark at \(drop.offset): \(drop.cause)")
        if drop.cause != .restored { report("a read mark is dropped for no reason") }
        if restores == 0 { report("a read mark is dropped, and there was no restore") }
    }

    /// The time by the server's clock.
    var serverMoment: Timestamp { moment(after: clock.elapsed) }

    /// The time by a device's wall clock.
    func moment(on device: Device) -> Timestamp {
        moment(after: clock.elapsed + device.clockOffset)
    }

    private func moment(after passed: Duration) -> Timestamp {
        let milliseconds = 1_800_000_000_000 + Int64(passed / .milliseconds(1))
        return Timestamp(millisecondsSinceEpoch: UInt64(clamping: milliseconds))
    }

    /// Closes the clients whose processes have ended, and starts others; asked after each job.
    func buryDead() {
        for device in devices where device.life.isOver {
            guard let client = device.life.client else { continue }
            device.life.client = nil
            tell("device \(device.number) is killed")
            device.network.cut()
            client.close()
            Task { await revive(device) }
        }
    }

    private func revive(_ device: Device) async {
        try? await clock.sleep(until: clock.now + device.rest)
        do {
            try await start(device)
            try recognise(on: device)
            for conversation in conversations.indices { watch(conversation, on: device) }
        } catch {
            report("device \(device.number) does not start again: \(error)")
        }
    }

    /// Finds the messages again that the new process has in its outbox.
    private func recognise(on device: Device) throws {
        guard let client = device.client else { return }
        for queued in try client.outbox.messages() {
            guard let message = messages.first(where: { $0.text == queued.text }) else {
                throw Fault(description: "the outbox has what nobody sent: \(queued.text)")
            }
            if message.standing == .gone || message.standing == .notKept {
                report("\(message.text) is \(message.standing) and in the outbox after a restart")
            }
            message.id = queued.id
            if let pending = client.outbox.message(queued.id) { follow(pending, message) }
        }
    }

    /// Ends every process and the connections of all.
    func close() {
        for device in devices {
            device.life.client?.close()
            device.network.cut()
        }
    }
}
