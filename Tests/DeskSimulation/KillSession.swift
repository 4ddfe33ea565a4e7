import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Foundation

/// Kills processes that play on one store, one after the other, and compares what each leaves with
/// what it had acknowledged.
struct KillSession {
    private let folder: TemporaryDirectory
    private let policies: [Policy]
    private let seed: UInt64
    private var random: SeededGenerator
    /// How many steps processes had acknowledged.
    private(set) var acknowledged = 0
    /// After how many kills the log had something of what had not been acknowledged.
    private(set) var unheard = 0

    /// Begins with an empty store among the temporary files, on a disk.
    init(seed: UInt64) throws {
        folder = try TemporaryDirectory()
        policies = OpenedDesk.policies(try PlayPolicies.all(), of: seed)
        self.seed = seed
        random = SeededGenerator(seed: seed &+ 7)
    }

    /// Lets a process live and kills it.
    ///
    /// - Parameter kill: How many were killed before.
    /// - Returns: What is wrong with what it has left.
    /// - Throws: Why there is no process, or no store to look at.
    mutating func kill(_ kill: Int) async throws -> [PlayFinding] {
        // Processes have even numbers; in between the store is opened here.
        let life = UInt64(2 * kill)
        let before = try StoreFiles(copying: folder.path)
        let steps = try end(life)
        acknowledged += max(steps ?? 0, 0)
        var shadow = try await DeskLife(before.path, policies, seed: seed, life: life)
        for step in shadow.steps.prefix(steps ?? 0) { try await shadow.perform(step) }
        let known = shadow.play
        if let steps, steps < shadow.steps.count { try await shadow.perform(shadow.steps[steps]) }
        return try await findings(known, shadow.play, shadow.clock, life + 1)
    }

    /// Starts a process, kills it at some moment, and gives how many steps it had acknowledged;
    /// `nil` where it had not begun.
    private mutating func end(_ life: UInt64) throws -> Int? {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["live", folder.path, "--seed", "\(seed)", "--life", "\(life)"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        // The first brings everybody in. The others are killed now and then while they open.
        let goal = Int.random(in: (life == 0 ? 0 : -20)...120, using: &random)
        let delay = UInt32.random(in: 0...(goal < 0 ? 40_000 : 2_000), using: &random)
        var lines = Data()
        func count() -> Int { lines.count { $0 == UInt8(ascii: "\n") } - 1 }
        while count() < goal {
            let read = pipe.fileHandleForReading.availableData
            guard !read.isEmpty else { break }
            lines += read
        }
        usleep(delay)
        Foundation.kill(process.processIdentifier, SIGKILL)
        while true {
            let read = pipe.fileHandleForReading.availableData
            guard !read.isEmpty else { break }
            lines += read
        }
        process.waitUntilExit()
        guard process.terminationReason == .uncaughtSignal else {
            throw Ended(status: process.terminationStatus)
        }
        return count() < 0 ? nil : count()
    }

    /// A process has ended by itself.
    private struct Ended: Error {
        let status: Int32
    }

    /// What is wrong with what a kill has left.
    private mutating func findings(
        _ known: Play,
        _ ended: Play,
        _ clock: ManualClock,
        _ life: UInt64
    ) async throws -> [PlayFinding] {
        let opened = try OpenedDesk(folder.path, seed, policies, clock, life)
        let log = try opened.store.readLog { reading throws(StoreError) in
            try reading.entries(after: 0, limit: .max)
        }
        let heads = [known, ended].map { UInt64($0.model.entries.count) }
        let recovery = Recovery(log: log, ended: ended, hasHeard: false, ends: heads[0]...heads[1])
        if recovery.head > heads[0] { unheard += 1 }
        var findings = recovery.findings()
        var play = known
        play.resume(at: opened.fixture, after: ended, hasHeard: false)
        findings += recovery.findings(inRepeated: await play.repeatNewest())
        await play.settle()
        if opened.fixture.desk.policy != play.model.policy {
            findings.append(PlayFinding("Recovery", "another policy is in force"))
        }
        findings += try await DeskChecks(play: play, store: opened.store).ofEverything()
        try opened.store.close()
        return play.findings + findings
    }
}
