internal import DocketClient
internal import DocketTerminal

/// The files that are on their way to this machine.
struct Downloads: Sendable {
    private struct Download: Sendable {
        let file: Message.Attachment
        var progress: TransferProgress?
    }

    private var files: [Download] = []

    /// A file begins to come.
    mutating func begin(_ file: Message.Attachment) {
        files.append(Download(file: file))
    }

    /// So much of a file is there; gives whether that changes what is shown.
    mutating func update(
        _ file: Message.Attachment,
        _ received: UInt64,
        at now: ContinuousClock.Instant
    ) -> Bool {
        guard let index = files.firstIndex(where: { $0.file.id == file.id }) else { return false }
        let before = words
        let earlier = files[index].progress
        files[index].progress = TransferProgress(received, of: file.size, after: earlier, at: now)
        return words != before
    }

    /// A file comes no longer.
    mutating func end(_ file: Message.Attachment) {
        guard let index = files.firstIndex(where: { $0.file.id == file.id }) else { return }
        files.remove(at: index)
    }

    /// The first of them, and how far it has come; nil for none.
    var words: TerminalText? {
        files.first.map { download in
            "getting \(download.file.name) \(download.progress?.words ?? "")"
        }
    }
}
