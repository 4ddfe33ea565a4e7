import DeskSupport
import DocketDesk
import DocketStore
import Synchronization

/// Waits for the transaction in which the process is to be killed, and keeps what the disk has
/// then, and what somebody had heard.
final class KillWatch: Sendable {
    /// What was there when the process was killed.
    struct Hit: Sendable {
        /// The disk.
        let files: StoreFiles
        /// The log's end before the transaction.
        let headBefore: UInt64
        /// The log's end after it, had it become durable.
        let headAfter: UInt64
        /// Whether the disk has all of the transaction; `nil` where that is to be found out.
        let isDurable: Bool?
        /// Whether what was submitted last had been answered.
        let wasAnswered: Bool
        /// The log's end as feeds were told of it.
        let announced: UInt64
    }

    private struct State {
        var transactions: Int
        var logBefore = 0
        var headBefore: UInt64 = 0
        var outcome: Result<Hit, any Error>?
    }

    private let kill: Kill
    private let failsSync: Bool
    private let fixture: DeskFixture
    private let files: StoreFiles
    private let state: Mutex<State>

    /// Prepares to kill a desk on a store in some files.
    init(_ kill: Kill, failsSync: Bool, _ fixture: DeskFixture, on files: StoreFiles) {
        self.kill = kill
        self.failsSync = failsSync
        self.fixture = fixture
        self.files = files
        state = Mutex(State(transactions: kill.transactions))
    }

    /// What was there when the process was killed; `nil` while it lives.
    ///
    /// - Throws: Why the disk could not be copied.
    func hit() throws -> Hit? { try state.withLock { try $0.outcome?.get() } }

    /// Takes note of a moment of a transaction.
    func meet(_ moment: FailingStore.Moment, in store: FailingStore) {
        state.withLock { state in
            guard state.outcome == nil else { return }
            switch moment {
            case .begins:
                guard state.transactions == 0 else { return }
                state.logBefore = files.logLength
                state.headBefore = head
                if failsSync { store.fail(.afterCommit(.commitFailed("the disk fails"))) }
            case .isCommitted where state.transactions > 0: state.transactions -= 1
            case .isCommitted:
                let (length, before) = (state.logBefore, state.headBefore)
                state.outcome = Result { try strike(length, before) }
            }
        }
    }

    private var head: UInt64 {
        let position = try? fixture.store.readLog { reading throws(StoreError) in
            try reading.position()
        }
        return position?.head ?? 0
    }

    private func strike(_ lengthBefore: Int, _ headBefore: UInt64) throws -> Hit {
        let log = lengthBefore..<max(files.logLength, lengthBefore)
        let (place, tear): (Int, Kill.Tear) =
            switch kill.moment {
            case .beforeCommit: (log.lowerBound, .end)
            case .afterCommit: (log.upperBound, .end)
            case .within(let perMille, let tear):
                (log.lowerBound + log.count * perMille / 1_000, tear)
            }
        let isDurable: Bool? =
            place == log.upperBound ? true : tear == .end || place == log.lowerBound ? false : nil
        return Hit(
            files: try files.copy(cutting: log, at: place, tear),
            headBefore: headBefore,
            headAfter: head,
            isDurable: isDurable,
            wasAnswered: fixture.hasAnswered,
            announced: fixture.desk.position.head
        )
    }
}
