internal import Dispatch
internal import DocketCommandLine
internal import Glibc

/// The bytes of a file or of standard input, a chunk when it is asked for.
///
/// Reading blocks a thread of its own, so that a slow pipe holds up nothing else.
final class InputBytes: Sendable {
    /// The word for standard input.
    static let standardInput = "-"
    /// Bytes read at once.
    private static let chunkSize = 65_536

    /// What a file is like; of a pipe nothing is known.
    private struct Shape: Equatable {
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    /// What the input is called in front of people.
    let name: String
    private let descriptor: Int32
    private let shape: Shape?
    private let queue = DispatchQueue(label: "docket.ticket-push.input")

    /// Opens an input.
    ///
    /// - Parameter path: The path of a file, or `-`.
    /// - Throws: `CommandFailure` where it cannot be read.
    init(_ path: String) throws(CommandFailure) {
        let isStandardInput = path == Self.standardInput
        name = isStandardInput ? "standard input" : path
        descriptor = isStandardInput ? 0 : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        shape = Self.shape(of: descriptor)
    }

    deinit {
        if descriptor > 0 { close(descriptor) }
    }

    /// How many bytes there were when it was opened; nil where that is not known.
    var size: Int? { shape?.size }

    /// Whether somebody has written to the file since it was opened.
    var hasChanged: Bool { shape != nil && Self.shape(of: descriptor) != shape }

    /// Whether more can be read at once, or the end is known.
    var isReady: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&request, 1, 0) > 0
    }

    /// The next bytes; none at the end.
    func chunk() async throws(CommandFailure) -> [UInt8] {
        let result = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.read()) }
        }
        do throws(SystemFault) {
            return try result.get()
        } catch {
            throw Self.failure(name, error.code)
        }
    }

    private struct SystemFault: Error {
        let code: Int32
    }

    private func read() -> Result<[UInt8], SystemFault> {
        var bytes = [UInt8](repeating: 0, count: Self.chunkSize)
        while true {
            let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
            if count >= 0 { return .success(Array(bytes.prefix(count))) }
            guard errno == EINTR else { return .failure(SystemFault(code: errno)) }
        }
    }

    private static func shape(of descriptor: Int32) -> Shape? {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Shape(
            size: Int(status.st_size),
            seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec
        )
    }

    private static func failure(_ name: String, _ code: Int32) -> CommandFailure {
        CommandFailure(
            "cannot read \(name): \(CommandFailure.words(for: code))",
            status: .localFile
        )
    }
}
