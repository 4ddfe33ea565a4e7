/// Every bound of attachments.
package struct AttachmentLimits: Hashable, Sendable {
    /// The largest file, in bytes: what mail servers commonly pass on, so that a file which came by
    /// mail fits, and a phone's photograph by far.
    package var bytes: UInt64 = 25 << 20
    /// How many files a message has at most: more of them are an archive.
    package var filesInMessage = 10
    /// How many uploads a principal may have that are not complete: together they bound what one
    /// principal leaves half done on the disk.
    package var unfinishedUploads = 16
    /// How many complete files a principal may have that no message names: more than anybody
    /// prepares at once.
    ///
    /// With `bytes` it bounds what one principal leaves unused on the disk: 64 files of 25 MiB are
    /// 1.6 GiB, and about twice that while the contents of as many forgotten ones wait to be
    /// removed. No message can name more.
    package var unusedFiles = 64
    /// The media types that are accepted, such as `image/png`; all where there are none.
    package var types: Set<String> = []

    /// The limits of a desk whose policy says nothing of attachments.
    package init() {}

    /// Whether files of a media type are accepted.
    package func accepts(type: String) -> Bool { types.isEmpty || types.contains(type) }
}
