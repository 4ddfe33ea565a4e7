import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import DocketStoreSQLite

/// A desk, its people and its machine, in one run of a script.
struct DeskWorld: Sendable {
    /// How many pages a disk has that is never full.
    private static let pagesOfDisk = 1 << 30

    private let script: DeskScript
    private let policies: [Policy]
    private let clock = ManualClock()
    private var life: UInt64 = 0
    private var files: StoreFiles
    private var opened: OpenedDesk
    private var store: FailingStore { opened.store }
    private(set) var play: Play
    private var watch: KillWatch?
    /// For how many more steps the disk is full.
    private var fullSteps = 0
    /// What was found wrong beside what the play has found.
    private var found: [PlayFinding] = []
    /// What was met, and how often.
    private(set) var counts: [String: Int] = [:]

    /// Opens a desk on a new store.
    ///
    /// - Parameters:
    ///   - script: What happens.
    ///   - policies: The rules that may come into force.
    ///   - empty: The files of a new store.
    /// - Throws: Why the store cannot be copied or opened.
    init(_ script: DeskScript, policies: [Policy], on empty: StoreFiles) throws {
        self.script = script
        self.policies = OpenedDesk.policies(policies, of: script.seed)
        files = try StoreFiles(copying: empty.path)
        opened = try OpenedDesk(files.path, script.seed, self.policies, clock, life)
        play = Play(fixture: opened.fixture, policies: self.policies)
    }

    /// Everything that is wrong.
    var findings: [PlayFinding] { play.findings + found }

    /// What happened, line by line, and the value that stands for the whole log.
    var trace: [String] {
        let chain = try? store.readLog { reading throws(StoreError) in try reading.auditChain() }
        return play.transcript
            + (chain.map { ["the log ends at \($0.offset) with \($0.value.text)"] } ?? [])
            + findings.map { "found: \($0)" }
    }

    // MARK: Running

    /// Runs the script, up to the first thing that is wrong.
    mutating func run() async throws {
        await play.begin()
        for step in script.steps {
            guard findings.isEmpty else { return }
            try await perform(step)
        }
        guard findings.isEmpty else { return }
        endWatch()
        try freeDisk()
        await play.perform(.wait(seconds: 10))
        add(try await DeskChecks(play: play, store: store).ofEverything())
        count("submissions", play.submissionCount)
        count("entries of logs", play.model.entries.count)
    }

    private mutating func count(_ name: String, _ number: Int = 1) {
        counts[name, default: 0] += number
    }

    private mutating func perform(_ step: DeskStep) async throws {
        if case .play(let step, let waits) = step { return try await perform(step, waits: waits) }
        try await perform { play in await play.askWaiting() }
        switch step {
        case .play: return
        case .follow(let follower, let entries):
            play.note("\(step)")
            follow(follower, entries)
            try await meetKill(ending: play, hasHeard: true)
        case .kill(let kill): begin(kill, failsSync: false, step)
        case .failSync(let kill): begin(kill, failsSync: true, step)
        case .fillDisk(let steps, let isAtOnce):
            play.note("\(step)")
            count("full disks")
            fullSteps = steps
            play.mayBeUnavailable = true
            if isAtOnce { store.fail(.atBegin(.full)) } else { try opened.sqlite.limitPages(to: 1) }
        case .setClock(let seconds):
            play.note("\(step)")
            count(seconds < 0 ? "clocks set back" : "clocks set forward")
            clock.setForward(by: .seconds(seconds))
        }
    }

    private mutating func perform(_ step: PlayStep, waits: Bool) async throws {
        try await perform { play in await play.perform(step, waits: waits) }
        guard fullSteps > 0 else { return }
        count("commands refused on a full disk", play.newestReplies.count { $0 == nil })
        fullSteps -= 1
        if fullSteps == 0 { try freeDisk() }
    }

    /// Goes on with the play, unless the process is killed on the way.
    private mutating func perform(_ act: (inout Play) async -> Void) async throws {
        guard watch != nil else { return await act(&play) }
        var ended = play
        let mayBeUnavailable = ended.mayBeUnavailable
        ended.mayBeUnavailable = true
        await act(&ended)
        ended.mayBeUnavailable = mayBeUnavailable
        if try await !meetKill(ending: ended, hasHeard: false) { play = ended }
    }

    private mutating func follow(_ follower: Follower, _ entries: UInt64) {
        do throws(StoreError) {
            let offset = try store.follow(follower, atMost: entries)
            if offset > play.model.entries.count { wrong("Followers", "it is ahead of the log") }
        } catch {
            let isExpected = error == .full ? fullSteps > 0 : watch != nil
            if !isExpected { wrong("Followers", "\(error)") }
        }
    }

    /// Adds what is wrong.
    mutating func add(_ findings: [PlayFinding]) { found += findings }

    private mutating func wrong(_ name: String, _ text: String) {
        found.append(PlayFinding(name, text))
    }

    // MARK: Disk

    private mutating func freeDisk() throws {
        fullSteps = 0
        play.mayBeUnavailable = false
        store.fail(nil)
        try opened.sqlite.limitPages(to: Self.pagesOfDisk)
    }

    // MARK: Kills

    private mutating func begin(_ kill: Kill, failsSync: Bool, _ step: DeskStep) {
        play.note("\(step)")
        let watch = KillWatch(kill, failsSync: failsSync, play.fixture, on: files)
        self.watch = watch
        store.watch { [store] moment in watch.meet(moment, in: store) }
    }

    private mutating func endWatch() {
        store.watch(nil)
        watch = nil
    }

    /// Goes on from what the disk has, where the process was killed; `false` where it lives.
    @discardableResult
    private mutating func meetKill(ending ended: Play, hasHeard: Bool) async throws -> Bool {
        guard let hit = try watch?.hit() else { return false }
        endWatch()
        fullSteps = 0
        life += 1
        files = hit.files
        let hasHeard = hasHeard || hit.wasAnswered
        opened = try OpenedDesk(files.path, script.seed, policies, clock, life)
        let log = try store.readLog { reading throws(StoreError) in
            try reading.entries(after: 0, limit: .max)
        }
        count(
            hit.isDurable.map { $0 ? "kills after a commit" : "kills before a commit" }
                ?? "kills with damaged writes"
        )
        let ends =
            switch hit.isDurable {
            case true?: hit.headAfter...hit.headAfter
            case false?: hit.headBefore...hit.headBefore
            case nil: hit.headBefore...hit.headAfter
            }
        let recovery = Recovery(
            log: log,
            ended: ended,
            hasHeard: hasHeard,
            ends: ends,
            isDurable: hit.isDurable,
            announced: hit.announced
        )
        add(recovery.findings())
        if recovery.head != ends.lowerBound, recovery.head != ends.upperBound {
            wrong("Recovery", "the disk has a part of a transaction")
        }
        play.resume(at: opened.fixture, after: ended, hasHeard: hasHeard)
        play.mayBeUnavailable = false
        play.note("killed, and opened again with \(log.count) entries")
        if opened.fixture.desk.policy != play.model.policy {
            wrong("Recovery", "another policy is in force")
        }
        let replies = await play.repeatNewest()
        count("commands asked again after a kill", replies.count)
        add(recovery.findings(inRepeated: replies))
        add(try DeskChecks(play: play, store: store).ofStore(isQuick: true))
        return true
    }
}

extension Digest {
    /// Its beginning, as people read it.
    fileprivate var text: String { String(words.0, radix: 16) }
}
