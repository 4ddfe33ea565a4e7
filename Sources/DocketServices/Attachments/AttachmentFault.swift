internal import Foundation

/// Why the content of an attachment was not written or read.
package enum AttachmentFault: Error, Hashable, Sendable {
    /// The disk has no room left.
    case full
    /// There is no such file.
    case missing
    /// The process has as many files and sockets open as it may: a moment later it may have fewer.
    case noDescriptor
    /// The disk failed, in words.
    case failed(String)
    /// The data do not begin where the upload has come to.
    case offsetMismatch(received: UInt64)
    /// The data are more than the declared size, or end before it.
    case sizeMismatch
    /// Another call goes on with the upload.
    case superseded
    /// The principal has as many unfinished uploads as it may.
    case tooManyUploads(limit: Int)

    /// Says why a function of the system failed, by its error number.
    init(errno number: CInt, _ what: String) {
        switch number {
        case ENOSPC, EDQUOT: self = .full
        case ENOENT, ENOTDIR: self = .missing
        case EMFILE, ENFILE: self = .noDescriptor
        default: self = .failed("\(what): error \(number)")
        }
    }
}
