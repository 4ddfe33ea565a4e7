internal import Synchronization

extension OutboxRunner {
    /// Begins to upload the files that commands name.
    func startUploads() {
        uploads.start(
            UploadRunner.Listener(
                isReady: { [weak self] position in
                    self?.change { $0.machine.released(position) }
                    self?.bell.ring()
                },
                isHeld: { [weak self] position in
                    self?.change { $0.machine.hold(position) }
                },
                isStopped: { [weak self] position, stop in
                    await self?.fileStopped(position, stop)
                },
                hasProgressed: { [weak self] in self?.observers.ring(.outbox) },
                failpoint: failpoint
            )
        )
    }

    /// A file of a command has no chance: neither has the command.
    private func fileStopped(_ position: UInt64, _ stop: QueuedCommand.Stop) async {
        guard let command = shared.withLock({ $0.machine.command(at: position) }) else { return }
        if case .refused(let refusal) = stop { return await refused(command, refusal, over: nil) }
        guard change({ $0.machine.stopped(command, stop) }) else { return }
        await stopped(command, stop)
    }

    /// The files of a command, and how far they have come.
    func attachments(of id: CommandID) -> [QueuedAttachment] {
        let position = shared.withLock { $0.machine.command(id)?.position }
        return position.map(uploads.attachments) ?? []
    }
}
