internal import DocketCalls
internal import DocketCrypto
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import Glibc
internal import SwiftProtobuf
internal import Synchronization

/// One copy of the server's store into a new file, over as many attempts as it takes.
///
/// Each attempt is another copy, since the server goes on meanwhile, and begins with an empty file.
final class BackupTransfer: Sendable {
    private let path: String
    private let limit: Duration
    /// Why the copy cannot be written, where it cannot.
    private let failure = Mutex<DocketClientError?>(nil)

    /// Prepares a copy; the file must not exist.
    init(to path: String, within limit: Duration) throws(DocketClientError) {
        guard unsafe access(path, F_OK) != 0 else { throw Self.exists(path) }
        self.path = path
        self.limit = limit
    }

    private static func exists(_ path: String) -> DocketClientError {
        DocketClientError(.invalidInput, "\(path) exists already")
    }

    /// Copies all of it.
    func run(on client: DocketClient) async throws(DocketClientError) -> BackupCopy {
        let attempt: BackupAttempt
        do throws(DocketClientError) {
            attempt = try await client.call(within: limit) { (channel, _) async throws(RPCError) in
                try await self.attempt(on: channel)
            }
        } catch {
            throw failure.withLock { $0 } ?? error
        }
        return try await LocalFile.onDisk { () throws(DocketClientError) in
            try attempt.finish(as: self.path)
        }
    }

    private func attempt(on channel: any CallChannel) async throws(RPCError) -> BackupAttempt {
        let attempt = try await onDisk { () throws(DocketClientError) in
            try BackupAttempt(beside: self.path)
        }
        let chunks = try AdministrationCaller(channel: channel).backup(
            Docket_V1_BackupCall(),
            options: CallOptions(timeout: limit)
        )
        for try await chunk in chunks {
            let (bytes, digest) = (Array(chunk.data), Array(chunk.sha256))
            try await onDisk { () throws(DocketClientError) in
                try attempt.append(bytes, digest: digest)
            }
        }
        return attempt
    }

    /// Does something on a disk; its failure ends the transfer.
    private func onDisk<Result: Sendable>(
        _ body: @escaping @Sendable () throws(DocketClientError) -> Result
    ) async throws(RPCError) -> Result {
        do throws(DocketClientError) {
            return try await LocalFile.onDisk(body)
        } catch {
            failure.withLock { $0 = error }
            throw RPCError(.invalidArgument, error.message)
        }
    }
}

/// One copy that is being written, under a name of its own.
private final class BackupAttempt: Sendable {
    private struct State: ~Copyable {
        var size: UInt64 = 0
        var hash: SHA256? = SHA256()
        /// The digest of all of it, which the server sends last.
        var digest: [UInt8] = []
    }

    private let file: LocalFile
    private let state = Mutex(State())

    /// Begins a file in the folder of the one that is to be made, so that it can be given its name.
    init(beside path: String) throws(DocketClientError) {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        file = try LocalFile(
            "\(folder).\(CommandID()).partial",
            O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
        )
    }

    deinit { _ = unsafe unlink(file.path) }

    /// Writes the next part, which comes with the digest of all if it is the last.
    func append(_ bytes: [UInt8], digest: [UInt8]) throws(DocketClientError) {
        try state.withLock { state throws(DocketClientError) in
            guard state.digest.isEmpty else { throw .malformed("more of a copy than it has") }
            try file.write(bytes, at: state.size)
            unsafe state.hash?.update(bytes.span.bytes)
            state.size += UInt64(bytes.count)
            state.digest = digest
        }
    }

    /// Gives the file its name, unless it is not what it should be or there is one of that name.
    func finish(as path: String) throws(DocketClientError) -> BackupCopy {
        let (size, computed, sent) = state.withLock { state in
            (state.size, state.hash.take()?.finish().bytes, state.digest)
        }
        guard let computed, computed == sent else {
            throw .malformed("a copy that is not what it should be")
        }
        try file.synchronize()
        // A link is made only where there is nothing, where renaming would replace what is there.
        guard unsafe link(file.path, path) == 0 else {
            throw errno == EEXIST
                ? DocketClientError(.invalidInput, "\(path) exists already")
                : LocalFile.failure(path)
        }
        do throws(LocalStoreError) {
            try DurableFiles.synchronize(DurableFiles.folder(of: path))
        } catch {
            throw DocketClientError(error)
        }
        return BackupCopy(size: size, sha256: computed)
    }
}
