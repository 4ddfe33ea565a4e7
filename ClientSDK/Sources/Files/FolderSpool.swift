internal import DocketCrypto
internal import FoundationEssentials
internal import Glibc

/// The spool of a profile: a folder with a file for each content, all of them their owner's alone.
final class FolderSpool: Spool {
    /// The most bytes of a profile's spool.
    static let standardCapacity: UInt64 = 512 << 20

    let capacity: UInt64
    private let folder: String

    /// The spool in a folder, which is made with the first content.
    init(folder: String, capacity: UInt64 = standardCapacity) {
        self.folder = folder
        self.capacity = capacity
    }

    private func path(_ name: SpoolName) -> String { "\(folder)/\(name)" }

    func keep(
        _ content: AttachmentContent,
        as name: SpoolName
    ) async throws(EnqueueError) -> SHA256Digest {
        let path = path(name)
        do throws(EnqueueError) {
            let file = try await onDisk { () throws(LocalStoreError) in
                try self.prepare()
                return try SpoolFile(creating: path)
            }
            var offset: UInt64 = 0
            let digest = try await content.copy { block async throws(EnqueueError) in
                let place = offset
                try await onDisk { () throws(LocalStoreError) in try file.write(block, at: place) }
                offset += UInt64(block.count)
            }
            try await onDisk { () throws(LocalStoreError) in
                try file.synchronize()
                try DurableFiles.synchronize(self.folder)
            }
            return digest
        } catch {
            remove(name)
            throw error
        }
    }

    /// Makes the folder durably, or sees to it that the one that is there is the user's own.
    private func prepare() throws(LocalStoreError) {
        if unsafe mkdir(folder, 0o700) == 0 {
            return try DurableFiles.synchronize(DurableFiles.folder(of: folder))
        }
        guard errno == EEXIST else { throw .system(folder) }
        do throws(ProfileError) {
            let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { throw ProfileError.system(folder) }
            defer { _ = close(descriptor) }
            try Ownership.check(descriptor, path: folder, is: S_IFDIR)
        } catch {
            throw .failed("\(error)")
        }
    }

    func read(
        _ name: SpoolName,
        _ count: Int,
        at offset: UInt64
    ) async throws(SpoolError) -> [UInt8] {
        let path = path(name)
        do throws(DocketClientError) {
            return try await LocalFile.onDisk { () throws(DocketClientError) in
                try LocalFile(path, O_RDONLY | O_NOFOLLOW).read(count, at: offset)
            }
        } catch {
            throw SpoolError(message: error.message)
        }
    }

    func remove(_ name: SpoolName) {
        DurableFiles.remove(path(name))
    }

    func sweep(keeping names: Set<SpoolName>) {
        // A folder that is not there, or cannot be listed, has nothing to be removed.
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for file in files {
            guard let name = SpoolName(file), !names.contains(name) else { continue }
            remove(name)
        }
    }

    /// Does something that may wait for a disk on a thread that may.
    private func onDisk<Value: Sendable>(
        _ body: @escaping @Sendable () throws(LocalStoreError) -> Value
    ) async throws(EnqueueError) -> Value {
        let result: Result<Value, LocalStoreError>
        do throws(DocketClientError) {
            result = try await LocalFile.onDisk { () throws(DocketClientError) in
                Result { () throws(LocalStoreError) in try body() }
            }
        } catch {
            throw .closed
        }
        do throws(LocalStoreError) {
            return try result.get()
        } catch {
            throw EnqueueError(error)
        }
    }
}

/// A new file of a spool.
///
/// The descriptor is closed with the last reference. The class is Sendable because nothing of it
/// changes, and the system lets any thread write at a place.
private final class SpoolFile: Sendable {
    private let descriptor: CInt
    private let path: String

    init(creating path: String) throws(LocalStoreError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe open(path, flags, 0o600)
        guard descriptor >= 0 else { throw .system(path) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { _ = close(descriptor) }

    func write(_ bytes: [UInt8], at offset: UInt64) throws(LocalStoreError) {
        var written = 0
        while written < bytes.count {
            let place = off_t(clamping: offset) + off_t(written)
            let result = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe pwrite(descriptor, rest.baseAddress, rest.count, place)
            }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw .system(path) }
            written += result
        }
    }

    func synchronize() throws(LocalStoreError) {
        guard fsync(descriptor) == 0 else { throw .system(path) }
    }
}
