internal import DocketCrypto
internal import DocketRPC
internal import Synchronization

/// Keeps the contents of files that queued commands name, and uploads them until the server has
/// them.
///
/// `UploadMachine` decides; this shell copies contents into the spool and makes the calls. How far
/// an upload has come is the server's to say, so that nothing of it is kept here.
final class UploadRunner: Sendable {
    /// What the outbox is told.
    struct Listener: Sendable {
        /// The server has all files of the command at a position.
        let isReady: @Sendable (UInt64) -> Void
        /// The command at a position is not to leave before it is ready again.
        let isHeld: @Sendable (UInt64) -> Void
        /// A file of the command at a position has no chance any more.
        let isStopped: @Sendable (UInt64, QueuedCommand.Stop) async -> Void
        /// A file has got further.
        let hasProgressed: @Sendable () -> Void
        /// Where the process stands, for tests that end it there.
        let failpoint: @Sendable (OutboxFailpoint) -> Void
    }

    private let engine: Engine
    private let spool: any Spool
    private let bell = Bell()
    private let machine: Mutex<UploadMachine>

    /// A runner over the files that were kept, beside those of messages that are not queued yet.
    init(
        _ engine: Engine,
        _ spool: any Spool,
        _ files: [QueuedFile],
        of commands: [QueuedCommand],
        beside others: [SpooledFile],
        limits: OutboxLimits
    ) {
        self.engine = engine
        self.spool = spool
        var machine = UploadMachine(files, of: commands, limits: limits)
        for file in others { machine.holdRoom(file.size) }
        spool.sweep(keeping: machine.spoolNames.union(others.map(\.spoolName)))
        self.machine = Mutex(machine)
    }

    /// What the server does not have yet.
    var diagnostics: ClientDiagnostics.Uploads { machine.withLock { $0.diagnostics } }

    /// The positions of commands that have files.
    var positions: Set<UInt64> { machine.withLock { $0.positions } }

    /// The files of a position, in order, and how far they have come.
    func attachments(of position: UInt64) -> [QueuedAttachment] {
        machine.withLock { $0.attachments(of: position) }
    }

    /// The files of a position, in order.
    func queued(at position: UInt64) -> [QueuedFile] {
        machine.withLock { $0.queued(at: position) }
    }

    // MARK: Keeping

    /// Copies contents into the spool, all of them or none.
    ///
    /// - Throws: Why they are not kept.
    func keep(_ drafts: [AttachmentDraft]) async throws(EnqueueError) -> [SpooledFile] {
        try machine.withLock { machine throws(EnqueueError) in
            try machine.reserve(drafts, capacity: spool.capacity)
        }
        var kept: [SpooledFile] = []
        do throws(EnqueueError) {
            for draft in drafts {
                let name: SpoolName = engine.newID()
                let digest = try await spool.keep(draft.content, as: name)
                kept.append(
                    SpooledFile(
                        id: draft.id,
                        name: draft.name,
                        size: draft.content.size,
                        digest: digest,
                        spoolName: name
                    )
                )
            }
        } catch {
            for file in kept { spool.remove(file.spoolName) }
            machine.withLock { machine in
                for draft in drafts { machine.giveBack(draft.content.size) }
            }
            throw error
        }
        return kept
    }

    /// Removes contents whose command is not kept.
    func drop(_ files: [SpooledFile]) {
        for file in files {
            spool.remove(file.spoolName)
            machine.withLock { $0.giveBack(file.size) }
        }
    }

    /// Begins to upload files whose command is kept.
    func add(_ files: [QueuedFile], in lane: Lane) {
        machine.withLock { $0.add(files, in: lane) }
        bell.ring()
    }

    /// The command at a position is gone, and nobody needs its files any more.
    func remove(_ position: UInt64) {
        for name in machine.withLock({ $0.remove(position) }) { spool.remove(name) }
        bell.ring()
    }

    /// A person has retried the command at a position.
    func renew(_ position: UInt64, as ids: [AttachmentID]?) {
        machine.withLock { $0.renew(position, as: ids) }
        bell.ring()
    }

    // MARK: Uploading

    /// Begins to upload; goes on until the client is closed.
    func start(_ listener: Listener) {
        Task { await run(listener) }
    }

    /// Ends the waiting of a client that is closed.
    func close() {
        bell.ring()
    }

    private func run(_ listener: Listener) async {
        // The engine says that the client was closed, or that it has to sign in anew.
        while let link = try? await engine.link(by: nil) {
            let now = engine.clock.now()
            switch machine.withLock({ $0.next(at: now) }) {
            case .upload(let file): Task { await attempt(file, on: link, listener) }
            case .hold(let position): listener.isHeld(position)
            case .rest(let moment): await bell.wait(until: moment, by: engine.clock)
            }
        }
    }

    private func attempt(
        _ file: QueuedFile,
        on link: Engine.Link,
        _ listener: Listener
    ) async {
        let upload = Upload(file.spooled(in: spool), limit: DocketClient.transferLimit) { sent in
            listener.failpoint(.chunkSent)
            self.machine.withLock { $0.progressed(file.id, to: sent) }
            listener.hasProgressed()
        }
        do throws(RPCError) {
            try await upload.attempt(on: link.connection)
            listener.failpoint(.uploaded)
            let now = engine.clock.now()
            let ready = machine.withLock { $0.completed(file, at: now) }
            if let ready { listener.isReady(ready) }
            listener.hasProgressed()
        } catch {
            await failed(file, error, upload.failure, on: link, listener)
        }
        bell.ring()
    }

    private func failed(
        _ file: QueuedFile,
        _ error: RPCError,
        _ local: DocketClientError?,
        on link: Engine.Link,
        _ listener: Listener
    ) async {
        let damage = await damage(of: file, error, local)
        if let damage {
            let refusal = Refusal(reason: "damaged", message: damage, particulars: file.name)
            return await stop(file, .gaveUp(refusal), listener)
        }
        guard let failure = UploadMachine.Failure(error) else {
            return await stop(file, .refused(Refusal(error)), listener)
        }
        if failure == .connection { engine.report(error, on: link) }
        let now = engine.clock.now()
        let goesOn = engine.withRandom { random in
            machine.withLock { $0.failed(file, failure, at: now, using: &random) }
        }
        if !goesOn { await listener.isStopped(file.position, .gaveUp(Refusal(error))) }
    }

    private func stop(
        _ file: QueuedFile,
        _ reason: QueuedCommand.Stop,
        _ listener: Listener
    ) async {
        machine.withLock { $0.stopped(file) }
        await listener.isStopped(file.position, reason)
    }

    /// What is wrong with a content in the spool; nil where it is what it was, or is not in doubt.
    private func damage(
        of file: QueuedFile,
        _ error: RPCError,
        _ local: DocketClientError?
    ) async -> String? {
        if let local { return "\(file.name) cannot be read any more: \(local.message)" }
        guard error.reason == .contentMismatch else { return nil }
        do throws(DocketClientError) {
            let digest = try await file.spooled(in: spool).content.digest()
            return digest == file.digest.bytes ? nil : "\(file.name) is not what it was any more"
        } catch {
            return "\(file.name) cannot be read any more: \(error.message)"
        }
    }
}

extension UploadMachine.Failure {
    /// Whose trouble an attempt met; nil for a refusal, which is a verdict.
    fileprivate init?(_ error: RPCError) {
        switch error.reason {
        case .tooManyUploads, .tooManyUnusedFiles, .uploadSuperseded:
            self = .busy(retryAfter: error.retryAfter)
            return
        case .contentMismatch, .sizeMismatch:
            self = .fault
            return
        default: break
        }
        switch OutboxMachine.AttemptFailure(error) {
        case .connection: self = .connection
        case .busy(let requested): self = .busy(retryAfter: requested)
        case .fault: self = .fault
        case nil: return nil
        }
    }
}
