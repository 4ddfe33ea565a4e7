internal import Glibc

extension DocketClient {
    /// How the client does now, for people who help and for programs that watch.
    ///
    /// It waits for nothing and asks no server. The parts are taken one after the other, so that
    /// they may be of moments that are a little apart.
    public func diagnostics() -> ClientDiagnostics {
        let moment = engine.clock.moment()
        let counts = engine.journal.counts
        return ClientDiagnostics(
            at: moment,
            connection: engine.diagnostics(counts.connections),
            feed: ClientDiagnostics.Feed(
                cursor: replica.cursor?.description,
                lag: replica.cursor.flatMap { cursor in
                    let taken = runner.epoch == cursor.epoch ? runner.lastOffset : 0
                    return counts.feeds.lag(of: cursor, behind: taken)
                },
                resyncs: counts.feeds.resyncs,
                gapReopenings: counts.feeds.gapReopenings,
                silenceReopenings: counts.feeds.silenceReopenings
            ),
            outbox: runner.diagnostics(at: moment),
            uploads: runner.uploads.diagnostics,
            readMarks: marks.count,
            verdicts: counts.verdicts.told,
            store: ClientDiagnostics.Store(
                version: LocalSchema.version,
                isDurable: isDurable
            ),
            holder: profile.flatMap { ClientDiagnostics.Holder(of: $0.folder) }
        )
    }
}

extension SharedClient {
    /// How the client of this process does now, and which process has the profile.
    ///
    /// What other processes have queued is told by `queued()`: where another process has the
    /// profile, it sends and counts for all.
    public func diagnostics() async -> ClientDiagnostics {
        let holder = await seat.client
        var diagnostics = (holder ?? client).diagnostics()
        diagnostics.holder = ClientDiagnostics.Holder(of: folder)
        return diagnostics
    }
}

extension ClientDiagnostics.Holder {
    /// The holder of the profile in a folder; nil where there is none, or nobody can tell.
    fileprivate init?(of folder: String) {
        guard let processID = ProfileLock.holder(of: folder) else { return nil }
        self.init(processID: processID, isThisProcess: processID == getpid())
    }
}
