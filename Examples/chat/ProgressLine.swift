internal import DocketClient
internal import DocketConsole
internal import DocketTerminal
internal import Synchronization

/// How far a transfer has come, in one line of standard error that is written again and again; at
/// a terminal alone.
final class ProgressLine: Sendable {
    private static let erasing = "\r\u{1B}[K"

    private struct State {
        var progress: TransferProgress?
        var isShown = false
        var words = ""
    }

    private let errors = OutputWriter.standardError
    private let isTerminal = Terminal.isTerminal(2)
    private let state = Mutex(State())

    /// Shows the files of a message in the outbox.
    func show(_ files: [QueuedAttachment]) {
        guard files.contains(where: { !$0.isUploaded }) else { return }
        let sent = files.reduce(UInt64(0)) { $0.addingReportingOverflow($1.sent).partialValue }
        let size = files.reduce(UInt64(0)) { $0.addingReportingOverflow($1.size).partialValue }
        show(sent, of: size)
    }

    /// Shows that so many bytes of all are across.
    func show(_ sent: UInt64, of size: UInt64) {
        guard isTerminal else { return }
        let words = state.withLock { state -> String? in
            let progress = TransferProgress(sent, of: size, after: state.progress, at: .now)
            state.progress = progress
            guard progress.words != state.words else { return nil }
            (state.words, state.isShown) = (progress.words, true)
            return progress.words
        }
        // Who looks at the terminal no more misses nothing.
        if let words { try? errors.write(Self.erasing + words) }
    }

    /// Takes the line away.
    func end() {
        let wasShown = state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if wasShown { try? errors.write(Self.erasing) }
    }
}
