import DeskSupport
import DocketDomain
import DocketStore

/// The life of one process that plays at a desk, until it is killed.
///
/// It follows from what the store has when it begins: whoever begins with a copy sees the same
/// happen.
struct DeskLife {
    /// What happens, in order.
    let steps: [DeskStep]
    /// The desk's clock.
    let clock = ManualClock()
    private(set) var play: Play
    private let opened: OpenedDesk

    /// Opens a desk on the store in a folder; the first life brings everybody in.
    init(_ folder: String, _ policies: [Policy], seed: UInt64, life: UInt64) async throws {
        steps = DeskScript(seed: seed &+ life &* 7_919).steps.filter(\.isHarmless)
        opened = try OpenedDesk(folder, seed, policies, clock, life)
        if life == 0 {
            play = Play(fixture: opened.fixture, policies: policies)
            await play.begin()
        } else {
            play = try await Play(fixture: opened.fixture, policies: policies, begunWith: seed)
        }
    }

    /// Performs a step.
    mutating func perform(_ step: DeskStep) async throws {
        if case .play(let step, let waits) = step { return await play.perform(step, waits: waits) }
        await play.askWaiting()
        switch step {
        case .follow(let follower, let entries):
            _ = try opened.store.follow(follower, atMost: entries)
        case .setClock(let seconds): clock.setForward(by: .seconds(seconds))
        case .play, .kill, .failSync, .fillDisk: return
        }
    }
}

extension DeskStep {
    /// Whether nothing fails in it.
    fileprivate var isHarmless: Bool {
        switch self {
        case .play, .follow, .setClock: true
        case .kill, .failSync, .fillDisk: false
        }
    }
}
