internal import DocketCalls
internal import DocketCrypto
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import Glibc
internal import SwiftProtobuf
internal import Synchronization

/// One download into a new file, over as many calls as it takes: each goes on behind what is there.
///
/// The file has its name only when all of it is there and is what it should be.
final class Download: Sendable {
    private struct State: ~Copyable {
        var received: UInt64 = 0
        var hash: SHA256? = SHA256()
        /// Why the file cannot be written, where it cannot.
        var failure: DocketClientError?
    }

    private let attachment: Message.Attachment
    private let path: String
    private let file: LocalFile
    private let limit: Duration
    private let state = Mutex(State())

    /// Begins a file beside the one that is to be made.
    init(
        _ attachment: Message.Attachment,
        to path: String,
        within limit: Duration
    ) throws(DocketClientError) {
        self.attachment = attachment
        self.path = path
        self.limit = limit
        guard unsafe access(path, F_OK) != 0 else { throw Self.exists(path) }
        // Beside it, so that it can be given its name; and with a name of its own, since one made
        // of the other's might be longer than a name may be.
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let partial = "\(folder).\(attachment.id).partial"
        // Of an earlier download that its process did not end.
        _ = unsafe unlink(partial)
        file = try LocalFile(partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
    }

    deinit { _ = unsafe unlink(file.path) }

    private static func exists(_ path: String) -> DocketClientError {
        DocketClientError(.invalidInput, "\(path) exists already")
    }

    /// Downloads all of it.
    func run(on client: DocketClient) async throws(DocketClientError) {
        do throws(DocketClientError) {
            try await client.call(within: limit) { (channel, _) async throws(RPCError) in
                try await self.attempt(on: channel)
            }
        } catch {
            throw state.withLock { $0.failure } ?? error
        }
        try await LocalFile.onDisk { () throws(DocketClientError) in try self.finish() }
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
        try state.withLock { state throws(DocketClientError) in
            guard UInt64(bytes.count) <= attachment.size - min(state.received, attachment.size)
            else { throw .malformed("more of a file than it has") }
            try file.write(bytes, at: state.received)
            unsafe state.hash?.update(bytes.span.bytes)
            state.received += UInt64(bytes.count)
        }
    }

    /// Gives the file its name, unless there is one of that name.
    private func finish() throws(DocketClientError) {
        let digest = state.withLock { $0.hash.take()?.finish().bytes }
        guard digest == attachment.sha256 else {
            throw .malformed("a file that is not what it should be")
        }
        try file.synchronize()
        // A link is made only where there is nothing, where renaming would replace what is there.
        guard unsafe link(file.path, path) == 0 else {
            throw errno == EEXIST ? Self.exists(path) : LocalFile.failure(path)
        }
    }
}
