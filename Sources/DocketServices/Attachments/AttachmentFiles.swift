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

    /// Goes on with an upload, or begins it; a call that does so already has to end.
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

    /// Puts a complete upload into its place, durably.
    package func keep(
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
