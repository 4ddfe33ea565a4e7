internal import DocketCrypto
internal import DocketRPC
internal import Foundation
internal import Synchronization

/// The files in which copies of the store wait to be sent.
package enum BackupFile {
    /// What their names begin with.
    ///
    /// A server that was killed leaves one behind; the next removes it.
    package static let prefix = "backup-"
}

/// Reads a copy of the store block by block, and makes its digest on the way.
///
/// Every function waits for a disk.
final class BackupReader: Sendable {
    /// A part of the file.
    struct Block: Sendable {
        let bytes: Data
        /// SHA-256 of the whole file, with its last block.
        let digest: Data?
    }

    private struct State: ~Copyable {
        let file: FileHandle
        var left: UInt64
        var hash: SHA256? = SHA256()
    }

    /// How long the file is.
    let totalBytes: UInt64
    private let blockBytes: Int
    private let state: Mutex<State>

    /// Opens the file at a path, to be read in blocks of so many bytes.
    init(_ path: String, blockBytes: Int) throws(RPCError) {
        guard let file = FileHandle(forReadingAtPath: path), let end = try? file.seekToEnd(),
            (try? file.seek(toOffset: 0)) != nil
        else { throw Self.unreadable }
        totalBytes = end
        self.blockBytes = blockBytes
        state = Mutex(State(file: file, left: end))
    }

    /// Reads the next block; there is none after the one with the digest.
    func next() throws(RPCError) -> Block {
        try state.withLock { state throws(RPCError) in
            guard let bytes = try? state.file.read(upToCount: blockBytes), !bytes.isEmpty
            else { throw Self.unreadable }
            unsafe state.hash?.update(bytes.span.bytes)
            state.left -= min(UInt64(bytes.count), state.left)
            var digest: Data?
            if state.left == 0, let hash = state.hash.take() {
                digest = Data(hash.finish().bytes)
            }
            return Block(bytes: bytes, digest: digest)
        }
    }

    private static var unreadable: RPCError {
        RPCError(.serverError, "the copy cannot be read")
    }
}
