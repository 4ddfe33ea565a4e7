internal import DocketCalls
internal import DocketCrypto
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import Glibc
internal import SwiftProtobuf
internal import Synchronization

/// One download into a file, over as many calls as it takes: each goes on behind what is there.
///
/// The file has its name only when all of it is there and is what it should be. Until then it lies
/// beside, under the attachment's id: a download that its process did not end goes on there.
final class Download: Sendable {
    private struct State: ~Copyable {
        var received: UInt64 = 0
        var hash: SHA256? = SHA256()
        /// Whether the unfinished file is this download's.
        var isClaimed = false
        /// Whether the unfinished file is gone.
        var isSpent = false
        /// Why the file cannot be written, where it cannot.
        var failure: DocketClientError?
    }

    /// How many bytes are read at a time of what is there.
    private static let blockBytes = 1 << 18

    private let attachment: Message.Attachment
    private let path: String
    private let replacesFile: Bool
    private let file: LocalFile
    private let limit: Duration
    private let progress: @Sendable (UInt64) -> Void
    private let state = Mutex(State())

    /// Begins a file beside the one that is to be made, or goes on with it.
    init(
        _ attachment: Message.Attachment,
        to path: String,
        replacing replacesFile: Bool,
        within limit: Duration,
        progress: @escaping @Sendable (UInt64) -> Void
    ) throws(DocketClientError) {
        self.attachment = attachment
        self.path = path
        self.replacesFile = replacesFile
        self.limit = limit
        self.progress = progress
        guard unsafe replacesFile || access(path, F_OK) != 0 else { throw Self.exists(path) }
        // Beside it, so that it can be given its name; and with a name of its own, since one made
        // of the other's might be longer than a name may be.
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let partial = "\(folder).\(attachment.id).partial"
        file = try LocalFile(partial, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK)
        guard file.claim() else {
            throw DocketClientError(
                .invalidInput,
                "another download of this file into the folder is under way"
            )
        }
        state.withLock { $0.isClaimed = true }
    }

    deinit {
        // What came is kept for the next attempt; an empty file is of no use.
        let isOfNoUse = state.withLock { $0.isClaimed && !$0.isSpent && $0.received == 0 }
        if isOfNoUse { _ = unsafe unlink(file.path) }
    }

    private static func exists(_ path: String) -> DocketClientError {
        DocketClientError(.invalidInput, "\(path) exists already")
    }

    /// Downloads all of it.
    func run(on client: DocketClient) async throws(DocketClientError) {
        do throws(DocketClientError) {
            try await LocalFile.onDisk { () throws(DocketClientError) in try self.takeUp() }
            try await download(on: client)
            try await LocalFile.onDisk { () throws(DocketClientError) in try self.finish() }
        } catch {
            // A wrong file is of no use for the next attempt.
            if error.code == .incompatible { drop() }
            throw error
        }
    }

    /// Takes the unfinished file away.
    private func drop() {
        _ = unsafe unlink(file.path)
        state.withLock { $0.isSpent = true }
    }

    private func download(on client: DocketClient) async throws(DocketClientError) {
        do throws(DocketClientError) {
            try await client.call(within: limit) { (channel, _) async throws(RPCError) in
                try await self.attempt(on: channel)
            }
        } catch {
            throw state.withLock { $0.failure } ?? error
        }
    }

    /// Reads what an earlier download has left, which the digest is of too.
    private func takeUp() throws(DocketClientError) {
        let size = try file.size
        guard size <= attachment.size else { return try file.truncate() }
        try state.withLock { state throws(DocketClientError) in
            while state.received < size {
                let bytes = try file.read(Self.blockBytes, at: state.received)
                guard !bytes.isEmpty else { break }
                unsafe state.hash?.update(bytes.span.bytes)
                state.received += UInt64(bytes.count)
            }
        }
        if size > 0 { progress(size) }
    }

    private func attempt(on channel: any CallChannel) async throws(RPCError) {
        let call = Docket_V1_DownloadCall.with {
            $0.attachmentID = Data(attachment.id.bytes)
            $0.offset = state.withLock { $0.received }
        }
        let replies = try AttachmentsCaller(channel: channel).download(
            call,
            options: CallOptions(timeout: limit)
        )
        for try await reply in replies {
            let bytes = Array(reply.data)
            do throws(DocketClientError) {
                try await LocalFile.onDisk { () throws(DocketClientError) in
                    try self.append(bytes)
                }
            } catch {
                state.withLock { $0.failure = error }
                throw RPCError(.invalidArgument, error.message)
            }
        }
    }

    private func append(_ bytes: [UInt8]) throws(DocketClientError) {
        let received = try state.withLock { state throws(DocketClientError) -> UInt64 in
            guard UInt64(bytes.count) <= attachment.size - min(state.received, attachment.size)
            else { throw .malformed("more of a file than it has") }
            try file.write(bytes, at: state.received)
            unsafe state.hash?.update(bytes.span.bytes)
            state.received += UInt64(bytes.count)
            return state.received
        }
        progress(received)
    }

    /// Gives the file its name, unless there is one of that name that is to stay.
    private func finish() throws(DocketClientError) {
        let digest = state.withLock { $0.hash.take()?.finish().bytes }
        guard digest == attachment.sha256 else {
            throw .malformed("a file that is not what it should be")
        }
        try file.synchronize()
        if replacesFile {
            guard unsafe rename(file.path, path) == 0 else { throw LocalFile.failure(path) }
            return state.withLock { $0.isSpent = true }
        }
        // A link is made only where there is nothing, where renaming would replace what is there.
        guard unsafe link(file.path, path) == 0 else {
            throw errno == EEXIST ? Self.exists(path) : LocalFile.failure(path)
        }
        drop()
    }
}
