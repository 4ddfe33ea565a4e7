internal import DocketCrypto
internal import Glibc

/// What is uploaded: bytes in memory, or a file that is read as it goes.
public struct AttachmentContent: Sendable {
    private enum Source: Sendable {
        case bytes([UInt8])
        case file(LocalFile)
        case spooled(any Spool, SpoolName)
    }

    private let source: Source
    /// How many bytes there are.
    public let size: UInt64

    /// Bytes in memory.
    public static func bytes(_ bytes: [UInt8]) -> AttachmentContent {
        AttachmentContent(source: .bytes(bytes), size: UInt64(bytes.count))
    }

    /// A file, which must not change while it is uploaded.
    ///
    /// - Parameter path: Where it is.
    /// - Returns: The content.
    /// - Throws: `invalidInput` where there is none that can be read.
    public static func file(_ path: String) throws(DocketClientError) -> AttachmentContent {
        // Without waiting for whoever may write into a pipe of that name.
        let file = try LocalFile(path, O_RDONLY | O_NONBLOCK)
        return AttachmentContent(source: .file(file), size: try file.size)
    }

    /// A content of so many bytes in a spool.
    static func spooled(_ spool: any Spool, _ name: SpoolName, size: UInt64) -> AttachmentContent {
        AttachmentContent(source: .spooled(spool, name), size: size)
    }

    /// Reads a part, less only at the end.
    func read(_ count: Int, at offset: UInt64) async throws(DocketClientError) -> [UInt8] {
        switch source {
        case .bytes(let bytes):
            return Array(bytes.dropFirst(Int(clamping: offset)).prefix(count))
        case .file(let file):
            return try await LocalFile.onDisk { () throws(DocketClientError) in
                try file.read(count, at: offset)
            }
        case .spooled(let spool, let name):
            do throws(SpoolError) {
                return try await spool.read(name, count, at: offset)
            } catch {
                throw DocketClientError(.storage, error.message)
            }
        }
    }

    /// How many bytes are read at a time for the digest.
    private static let blockBytes = 1 << 18

    /// SHA-256 of the whole content.
    func digest() async throws(DocketClientError) -> [UInt8] {
        var hash = SHA256()
        var offset: UInt64 = 0
        while offset < size {
            let block = try await read(Self.blockBytes, at: offset)
            guard !block.isEmpty else {
                throw DocketClientError(.invalidInput, "the file became shorter")
            }
            unsafe hash.update(block.span.bytes)
            offset += UInt64(block.count)
        }
        return hash.finish().bytes
    }
}
