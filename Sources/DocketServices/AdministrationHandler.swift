internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf
internal import Synchronization

/// Serves `Administration`.
package final class AdministrationHandler: AdministrationService {
    /// Bytes of a backup sent at a time: with its numbers it fits one frame.
    private static let chunkSize = 15_000
    /// Bytes of a backup read at a time, a whole number of chunks: a hop to the disk is rare then,
    /// and less than a mebibyte is held.
    private static let blockSize = 64 * chunkSize
    /// Copies that there may be at a time: each takes as much of the disk as the store.
    private static let copiesAtOnce = 1

    let desk: Desk
    let identities: Identities
    private let stats: @Sendable () async -> [(name: String, value: Double)]
    private let backupFolder: String
    private let copies = Mutex(0)

    /// Puts the service together.
    ///
    /// `stats` gives the server's counters; backups are made in `backupFolder` and removed once
    /// they are sent.
    package init(
        desk: Desk,
        identities: Identities,
        backupFolder: String,
        stats: @escaping @Sendable () async -> [(name: String, value: Double)]
    ) {
        self.desk = desk
        self.identities = identities
        self.backupFolder = backupFolder
        self.stats = stats
    }

    package func stats(
        _ call: Docket_V1_StatsCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_StatsReply {
        var reply = Docket_V1_StatsReply()
        reply.values = await stats().sorted { $0.name < $1.name }.map { entry in
            .with {
                $0.name = entry.name
                $0.value = entry.value
            }
        }
        return reply
    }

    package func backup(
        _ call: Docket_V1_BackupCall,
        replies: ReplyWriter<Docket_V1_BackupChunk>,
        context: CallContext
    ) async throws(RPCError) {
        try beginCopy()
        defer { copies.withLock { $0 -= 1 } }
        let path = "\(backupFolder)/\(BackupFile.prefix)\(UUID().uuidString)"
        do throws(BackupError) {
            try await desk.backUp(to: path)
        } catch {
            throw RPCError(error)
        }
        var failure: RPCError?
        do throws(RPCError) {
            try await send(path, to: replies)
        } catch {
            failure = error
        }
        // Taking a large file off a disk takes a while too.
        await desk.besideLoops { _ = unsafe unlink(path) }
        if let failure { throw failure }
    }

    private func beginCopy() throws(RPCError) {
        let isAllowed = copies.withLock { copies in
            guard copies < Self.copiesAtOnce else { return false }
            copies += 1
            return true
        }
        guard isAllowed else {
            throw RPCError(
                .overloaded,
                "another copy is being made",
                isNotProcessed: true,
                retryAfter: .seconds(1)
            )
        }
    }

    /// Sends a file in chunks, the last one with the digest of them all.
    private func send(
        _ path: String,
        to replies: ReplyWriter<Docket_V1_BackupChunk>
    ) async throws(RPCError) {
        let reader = try await desk.besideLoops { () throws(RPCError) in
            try BackupReader(path, blockBytes: Self.blockSize)
        }
        var chunk = Docket_V1_BackupChunk()
        chunk.totalBytes = reader.totalBytes
        var digest: Data?
        while digest == nil {
            let block = try await desk.besideLoops { () throws(RPCError) in try reader.next() }
            digest = block.digest
            var rest = block.bytes[...]
            while !rest.isEmpty {
                chunk.data = rest.prefix(Self.chunkSize)
                rest = rest.dropFirst(Self.chunkSize)
                if rest.isEmpty, let digest { chunk.sha256 = digest }
                try await replies.write(chunk)
            }
        }
    }
}
