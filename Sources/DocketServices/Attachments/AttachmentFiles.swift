package import DocketDomain
package import Foundation
internal import Synchronization

/// The folder beside the store in which the contents of attachments lie.
///
/// A content lies under its SHA-256, `ab/cdef...`, and never changes: the same content is there
/// once, however often it is uploaded. What is being uploaded lies in `partial`, in a folder for
/// each principal, under the attachment's id. A content gets its name when all of it is durable,
/// and the store learns of it after that; whatever ends the process in between leaves a file that
/// nobody names and that an upload of the same content finds in its place.
///
/// A content is held from before it gets its name until the store has learned of it. One that is
/// held is not removed, and none is taken hold of while another is looked at and removed: so the
/// store's answer, that nothing uses a content, holds until its file is gone.
///
/// Every function waits for a disk.
package final class AttachmentFiles: Sendable {
    /// After how long an upload that nobody goes on with is removed: a phone that was out of reach
    /// for a day has a person who would rather begin anew.
    package static let abandonedAfter: Duration = .seconds(86_400)

    private let folder: String
    private let write: DiskWrite
    private let uploads = Mutex<[UploadKey: PartialUpload]>([:])
    /// Uploads begin one at a time, and not while abandoned ones are removed, so that those of a
    /// principal are counted right.
    private let beginning = Mutex(())
    /// How many calls hold a content, by its SHA-256; it is locked while a content is removed.
    private let holders = Mutex<[[UInt8]: Int]>([:])

    /// Keeps contents in a folder, which is made with the first of them.
    package convenience init(folder: String) {
        self.init(folder: folder) { descriptor, bytes, place in
            unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(descriptor, buffer.baseAddress, buffer.count, place)
            }
        }
    }

    /// Keeps contents in a folder, and writes them in a way of its own.
    init(folder: String, write: @escaping DiskWrite) {
        self.folder = folder
        self.write = write
    }

    // MARK: Uploading

    /// How many bytes of an upload are there.
    package func received(_ key: UploadKey) throws(AttachmentFault) -> UInt64 {
        do throws(AttachmentFault) {
            return try DiskFile(path(of: key), O_RDONLY).size
        } catch {
            guard error == .missing else { throw error }
            return 0
        }
    }

    /// Continues an upload, or begins it; a call that is already doing so has to end.
    ///
    /// - Parameters:
    ///   - key: The upload.
    ///   - offset: Where the data to come begin; it has to be where the upload has come to.
    ///   - size: How many bytes the whole file has.
    ///   - limit: How many unfinished uploads the principal may have with this one.
    /// - Returns: The upload, to be ended by `end` whatever comes of it.
    /// - Throws: `AttachmentFault`.
    package func begin(
        _ key: UploadKey,
        at offset: UInt64,
        of size: UInt64,
        limit: Int
    ) throws(AttachmentFault) -> PartialUpload {
        let upload = PartialUpload(path: path(of: key), size: size, write: write)
        let previous = uploads.withLock { $0.updateValue(upload, forKey: key) }
        previous?.supersede()
        do throws(AttachmentFault) {
            try beginning.withLock { _ throws(AttachmentFault) in
                try makeRoom(for: key, limit: limit)
                try upload.open(at: offset)
            }
        } catch {
            end(key, upload)
            throw error
        }
        return upload
    }

    /// Lets go of an upload; what has come of it stays.
    package func end(_ key: UploadKey, _ upload: PartialUpload) {
        uploads.withLock { uploads in
            if uploads[key] === upload { uploads[key] = nil }
        }
    }

    /// Puts a complete upload into its place, durably, and holds it there until it is released.
    ///
    /// Where that fails, nothing is held.
    package func keep(
        _ upload: PartialUpload,
        as content: InspectedContent
    ) throws(AttachmentFault) {
        holders.withLock { $0[content.sha256, default: 0] += 1 }
        do throws(AttachmentFault) {
            try place(upload, as: content)
        } catch {
            release(content.sha256)
            throw error
        }
    }

    /// Lets go of a content, once the store has learned of it or will not.
    package func release(_ sha256: [UInt8]) {
        holders.withLock { holders in
            guard let count = holders[sha256] else { return }
            holders[sha256] = count > 1 ? count - 1 : nil
        }
    }

    private func place(
        _ upload: PartialUpload,
        as content: InspectedContent
    ) throws(AttachmentFault) {
        let shelf = shelf(of: content.sha256)
        try makeFolder(shelf)
        try upload.move(to: path(of: content.sha256))
        try DiskFile(shelf, O_RDONLY | O_DIRECTORY).synchronize()
        try DiskFile(folder, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Makes the folders of a principal's uploads, unless it has too many of them without this one.
    private func makeRoom(for key: UploadKey, limit: Int) throws(AttachmentFault) {
        let own = partialFolder(of: key.principal)
        for path in [folder, partialFolder, own] { try makeFolder(path) }
        let others = Self.names(in: own).filter { $0 != key.attachment.description }
        guard others.count < limit else { throw .tooManyUploads(limit: limit) }
    }

    // MARK: Downloading

    /// Reads a part of a content.
    ///
    /// - Parameters:
    ///   - sha256: The content's digest, 32 bytes.
    ///   - offset: Where the part begins.
    ///   - count: How many bytes it has.
    /// - Returns: The bytes; fewer than `count` at the end of the content.
    /// - Throws: `AttachmentFault.missing` where the content is not there.
    package func read(
        _ sha256: [UInt8],
        from offset: UInt64,
        count: Int
    ) throws(AttachmentFault) -> Data {
        try DiskFile(path(of: sha256), O_RDONLY).read(count, at: offset)
    }

    // MARK: Housekeeping

    /// Removes a content that may no longer be of use, unless it is.
    ///
    /// The removal is made durable, since the store forgets the content after it: a file that came
    /// back with the power would be removed by nobody.
    ///
    /// - Parameters:
    ///   - sha256: The content's digest.
    ///   - isOfUse: Looks whether anything uses the content. No content is taken hold of meanwhile.
    /// - Returns: Whether it is settled; it is not while a call holds the content.
    /// - Throws: What `isOfUse` throws, and `AttachmentFault` where the content cannot be removed.
    package func settle(
        _ sha256: [UInt8],
        isOfUse: () throws(AttachmentFault) -> Bool
    ) throws(AttachmentFault) -> Bool {
        let isSettled = try holders.withLock { holders throws(AttachmentFault) in
            guard holders[sha256] == nil else { return false }
            guard try !isOfUse() else { return true }
            let path = path(of: sha256)
            // One that is gone already was removed by a process that ended before it said so.
            guard unsafe unlink(path) != 0, errno != ENOENT else { return true }
            throw AttachmentFault(errno: errno, path)
        }
        guard isSettled else { return false }
        do throws(AttachmentFault) {
            try DiskFile(shelf(of: sha256), O_RDONLY | O_DIRECTORY).synchronize()
        } catch {
            // Where there is no such folder, there is no content in it either.
            guard error == .missing else { throw error }
        }
        return true
    }

    /// Removes the uploads to which nothing was added since a moment, and gives how many.
    @discardableResult
    package func removeAbandoned(before moment: Timestamp) -> Int {
        beginning.withLock { _ in
            var count = 0
            for principal in Self.names(in: partialFolder) {
                let own = "\(partialFolder)/\(principal)"
                for name in Self.names(in: own) {
                    let path = "\(own)/\(name)"
                    guard let changed = Self.changed(path), changed < moment else { continue }
                    if unsafe unlink(path) == 0 { count += 1 }
                }
                // This succeeds for empty folders alone.
                _ = unsafe rmdir(own)
            }
            return count
        }
    }

    /// When something was last written to a file.
    private static func changed(_ path: String) -> Timestamp? {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else { return nil }
        let seconds = UInt64(clamping: information.st_mtim.tv_sec)
        let (milliseconds, isTooLate) = seconds.multipliedReportingOverflow(by: 1_000)
        return Timestamp(milliseconds: isTooLate ? .max : milliseconds)
    }

    // MARK: Folders

    private var partialFolder: String { "\(folder)/partial" }

    private func partialFolder(of principal: PrincipalID) -> String {
        "\(partialFolder)/\(principal)"
    }

    /// The file of an upload that is not complete.
    func path(of key: UploadKey) -> String {
        "\(partialFolder(of: key.principal))/\(key.attachment)"
    }

    /// The folder of a content: one for each first byte of a digest, so that none has too many
    /// names in it.
    private func shelf(of sha256: [UInt8]) -> String {
        "\(folder)/\(sha256.prefix(1).hexadecimal)"
    }

    /// The file of a content.
    func path(of sha256: [UInt8]) -> String {
        "\(shelf(of: sha256))/\(sha256.dropFirst().hexadecimal)"
    }

    private func makeFolder(_ path: String) throws(AttachmentFault) {
        guard unsafe mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw AttachmentFault(errno: errno, path)
    }

    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
}
