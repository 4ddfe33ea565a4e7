internal import Dispatch
internal import Foundation
internal import Synchronization

/// Writes the lines of the log to a file, on a thread of its own.
///
/// Whoever logs only adds to a bounded queue: an event loop or the desk's writer never waits for
/// a disk, nor for the reader of a pipe. A line that finds the queue full, or that cannot be
/// written because the disk is full or the pipe closed, is dropped and counted, and the log says
/// how many were as soon as it takes lines again.
final class LogWriter: Sendable {
    /// The writer of the server's own log.
    static let standardError = LogWriter(to: STDERR_FILENO)
    /// How many bytes may wait: thousands of lines, more than a burst of faults makes, and little
    /// beside the rest of the process.
    static let longestQueue = 1 << 20

    private struct Line {
        var waiting: [Data] = []
        var bytes = 0
        var dropped: UInt64 = 0
        /// Whether the thread looks at the queue again before it rests.
        var isWriting = false
    }

    private let file: Int32
    private let limit: Int
    private let line = Mutex(Line())
    /// Whether the file ends within a line, since a write was cut short.
    ///
    /// Only the thread asks.
    private let isTorn = Mutex(false)
    private let thread = DispatchQueue(label: "docketd.log")

    /// Writes to an open file, of which so many bytes may wait.
    init(to file: Int32, longestQueue limit: Int = LogWriter.longestQueue) {
        self.file = file
        self.limit = limit
        // A closed pipe is to be an error of the write and not the end of the process.
        signal(SIGPIPE, SIG_IGN)
    }

    /// How many lines were dropped of which the log has not told yet.
    var droppedCount: UInt64 { line.withLock { $0.dropped } }

    /// Has a line written, or drops it where too much waits.
    func add(_ text: Data) {
        let starts = line.withLock { line in
            guard line.bytes + text.count <= limit else {
                line.dropped += 1
                return false
            }
            line.waiting.append(text)
            line.bytes += text.count
            defer { line.isWriting = true }
            return !line.isWriting
        }
        if starts { thread.async { [self] in writeAll() } }
    }

    /// Waits until what was added before is written, but no longer than so.
    func flush(atMost time: DispatchTimeInterval) {
        let isDone = DispatchSemaphore(value: 0)
        thread.async { isDone.signal() }
        _ = isDone.wait(timeout: .now() + time)
    }

    private func writeAll() {
        while let lines = takeAll() {
            let lost = lines.reduce(into: UInt64(0)) { lost, text in
                if !write(text) { lost += 1 }
            }
            if lost > 0 { line.withLock { $0.dropped += lost } }
            tellDropped()
        }
    }

    /// Takes what waits; `nil` where nothing does, and the next line then starts the thread again.
    private func takeAll() -> [Data]? {
        line.withLock { line in
            guard !line.waiting.isEmpty else {
                line.isWriting = false
                return nil
            }
            defer {
                line.waiting = []
                line.bytes = 0
            }
            return line.waiting
        }
    }

    private func tellDropped() {
        let count = droppedCount
        guard count > 0, let text = LogLine.dropped(count), write(text) else { return }
        line.withLock { $0.dropped -= count }
    }

    /// Writes a line, and gives whether all of it was written.
    private func write(_ text: Data) -> Bool {
        isTorn.withLock { isTorn in
            let all = isTorn ? Data([UInt8(ascii: "\n")]) + text : text
            var rest = all[...]
            while !rest.isEmpty {
                guard let count = writeSome(rest) else {
                    isTorn = isTorn || rest.count < all.count
                    return false
                }
                rest = rest.dropFirst(count)
            }
            isTorn = false
            return true
        }
    }

    /// Writes what the file takes at once, and waits where it takes nothing yet; `nil` where it
    /// fails.
    private func writeSome(_ bytes: Data) -> Int? {
        while true {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Foundation.write(file, buffer.baseAddress, buffer.count)
            }
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var wish = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wish, 1, -1)
            default: return nil
            }
        }
    }
}
