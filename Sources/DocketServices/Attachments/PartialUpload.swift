package import DocketDomain
package import Foundation
internal import Synchronization

/// Whose upload of what: the same id of another principal is another upload.
package struct UploadKey: Hashable, Sendable {
    /// Who uploads.
    package let principal: PrincipalID
    /// The attachment to be.
    package let attachment: AttachmentID

    /// Names an upload.
    package init(principal: PrincipalID, attachment: AttachmentID) {
        self.principal = principal
        self.attachment = attachment
    }
}

/// An upload that a call goes on with.
///
/// What has come is in a file, which outlives call and process; the file is opened for each piece,
/// so that a call that stands still holds no descriptor. Every function waits for a disk.
package final class PartialUpload: Sendable {
    private struct State {
        /// Where the next bytes go.
        var received: UInt64 = 0
        /// Whether another call goes on with it, or it was moved to its place or removed.
        var isOver = false
    }

    let path: String
    private let size: UInt64
    private let write: DiskWrite
    private let state = Mutex(State())

    init(path: String, size: UInt64, write: @escaping DiskWrite) {
        self.path = path
        self.size = size
        self.write = write
    }

    /// Finds what is there, which has to end at `offset`; an upload at 0 may begin here.
    func open(at offset: UInt64) throws(AttachmentFault) {
        try state.withLock { state throws(AttachmentFault) in
            guard !state.isOver else { throw .superseded }
            let file = try existing(offset == 0 ? O_RDWR | O_CREAT : O_RDONLY)
            let received = try file.size
            guard received == offset else { throw .offsetMismatch(received: received) }
            guard received <= size else { throw .sizeMismatch }
            state.received = received
        }
    }

    /// Adds bytes behind those that are there.
    package func append(_ bytes: Data) throws(AttachmentFault) {
        guard !bytes.isEmpty else { return }
        try state.withLock { state throws(AttachmentFault) in
            guard !state.isOver else { throw .superseded }
            guard UInt64(bytes.count) <= size - min(state.received, size) else {
                throw .sizeMismatch
            }
            try existing(O_WRONLY).write(bytes, at: state.received, by: write)
            state.received += UInt64(bytes.count)
        }
    }

    /// Opens what is there; nothing is there of an upload that was removed since nobody went on
    /// with it.
    private func existing(_ mode: CInt) throws(AttachmentFault) -> DiskFile {
        do throws(AttachmentFault) {
            return try DiskFile(path, mode)
        } catch {
            throw error == .missing ? .offsetMismatch(received: 0) : error
        }
    }

    /// Makes the complete file durable, and says what it is.
    ///
    /// It is read from the disk for that, and not looked at as it comes: the calls that brought its
    /// parts may have been many, and what counts is what is there.
    package func complete() throws(AttachmentFault) -> InspectedContent {
        try state.withLock { state throws(AttachmentFault) in
            guard !state.isOver else { throw .superseded }
            guard state.received == size else { throw .sizeMismatch }
            let file = try existing(O_RDONLY)
            try file.synchronize()
            return try ContentInspection.content(of: file, size: size)
        }
    }

    /// Removes what has come.
    package func discard() {
        state.withLock { state in
            guard !state.isOver else { return }
            state.isOver = true
            _ = unsafe unlink(path)
        }
    }

    /// Lets another call go on with the upload: nothing is written by this one any more.
    func supersede() {
        state.withLock { $0.isOver = true }
    }

    /// Puts the complete file into its place, unless another call goes on with the upload.
    func move(to place: String) throws(AttachmentFault) {
        try state.withLock { state throws(AttachmentFault) in
            guard !state.isOver else { throw .superseded }
            state.isOver = true
            guard unsafe rename(path, place) == 0 else {
                throw AttachmentFault(errno: errno, place)
            }
        }
    }
}
