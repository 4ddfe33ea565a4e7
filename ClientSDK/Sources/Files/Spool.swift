internal import DocketCrypto
internal import Synchronization

/// Where the contents of files are kept until the server has them.
protocol Spool: Sendable {
    /// The most bytes of all contents together.
    var capacity: UInt64 { get }

    /// Keeps a content, as durably as the commands that name it.
    ///
    /// - Returns: The digest of what is kept.
    /// - Throws: Why it is not kept.
    func keep(
        _ content: AttachmentContent,
        as name: SpoolName
    ) async throws(EnqueueError) -> SHA256Digest

    /// Reads a part of a content, less only at its end.
    ///
    /// - Throws: `SpoolError` where it is not there.
    func read(
        _ name: SpoolName,
        _ count: Int,
        at offset: UInt64
    ) async throws(SpoolError) -> [UInt8]

    /// Removes a content, where there is one.
    func remove(_ name: SpoolName)

    /// Removes what a process has left that was ended before the command was kept.
    func sweep(keeping names: Set<SpoolName>)
}

/// A content cannot be read, for a person.
struct SpoolError: Error {
    let message: String
}

/// A spool in memory.
final class MemorySpool: Spool {
    /// The most bytes that a client without a profile keeps.
    static let standardCapacity: UInt64 = 64 << 20

    let capacity: UInt64
    private let contents = Mutex<[SpoolName: [UInt8]]>([:])

    init(capacity: UInt64 = standardCapacity) {
        self.capacity = capacity
    }

    func keep(
        _ content: AttachmentContent,
        as name: SpoolName
    ) async throws(EnqueueError) -> SHA256Digest {
        var bytes: [UInt8] = []
        let digest = try await content.copy { block in bytes += block }
        contents.withLock { $0[name] = bytes }
        return digest
    }

    func read(
        _ name: SpoolName,
        _ count: Int,
        at offset: UInt64
    ) async throws(SpoolError) -> [UInt8] {
        guard let bytes = contents.withLock({ $0[name] }) else {
            throw SpoolError(message: "it is not kept any more")
        }
        return Array(bytes.dropFirst(Int(clamping: offset)).prefix(count))
    }

    func remove(_ name: SpoolName) {
        contents.withLock { _ = $0.removeValue(forKey: name) }
    }

    func sweep(keeping names: Set<SpoolName>) {
        contents.withLock { contents in contents = contents.filter { names.contains($0.key) } }
    }
}

extension AttachmentContent {
    /// How many bytes are copied at a time.
    private static let copyBytes = 1 << 18

    /// Gives the whole content block by block; returns its digest.
    ///
    /// - Throws: `attachmentUnreadable` where it cannot be read or has not its size any more, and
    ///   what `take` throws.
    func copy(
        _ take: ([UInt8]) async throws(EnqueueError) -> Void
    ) async throws(EnqueueError) -> SHA256Digest {
        var hash = SHA256()
        var offset: UInt64 = 0
        while offset < size {
            let block: [UInt8]
            do throws(DocketClientError) {
                let count = min(UInt64(Self.copyBytes), size - offset)
                block = try await read(Int(clamping: count), at: offset)
            } catch {
                throw .attachmentUnreadable(error.message)
            }
            guard !block.isEmpty else { throw .attachmentUnreadable("the file became shorter") }
            unsafe hash.update(block.span.bytes)
            try await take(block)
            offset += UInt64(block.count)
        }
        return hash.finish()
    }
}
