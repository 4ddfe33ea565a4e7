/// What somebody has begun to write in a conversation and has not sent, kept in a profile.
///
/// It is a file of its own, so that it outlives a program that is killed while somebody writes.
public struct ProfileDraft: Hashable, Sendable {
    /// The folder of the drafts, in the profile's.
    static let folderName = "drafts"
    /// The longest draft that is kept, in bytes.
    public static let longest = 64 << 10

    private let profile: String
    private let name: String

    /// The draft in a conversation, whether there is one or not.
    ///
    /// - Parameters:
    ///   - conversation: The conversation.
    ///   - folder: The profile's folder.
    public init(of conversation: ConversationID, inProfileAt folder: String) {
        profile = folder
        name = "\(conversation)"
    }

    private var folder: String { "\(profile)/\(Self.folderName)" }
    private var path: String { "\(folder)/\(name)" }

    /// Reads the draft.
    ///
    /// - Returns: The text; nil where there is none.
    /// - Throws: `ProfileError` where it cannot be read, or others could have written it.
    public func read() throws(ProfileError) -> String? {
        guard DurableFiles.exists(path), !ProfileErasure(in: profile).isPending else { return nil }
        try Ownership.checkFile(path)
        do throws(LocalStoreError) {
            let bytes = try DurableFiles.read(path, upTo: Self.longest)
            return String(validating: bytes, as: UTF8.self)
        } catch {
            throw ProfileError(error)
        }
    }

    /// Keeps a draft in the place of the one before, whole or not at all; an empty one is removed.
    ///
    /// - Parameter text: The text.
    /// - Throws: `ProfileError` where it cannot be written.
    public func write(_ text: String) throws(ProfileError) {
        guard !text.isEmpty else { return DurableFiles.remove(path) }
        guard text.utf8.count <= Self.longest else {
            throw .failed("the draft has more than \(Self.longest) bytes")
        }
        try ProfileErasure(in: profile).finishAlone()
        _ = try ProfileFolder.prepare(folder, fileSystem: nil)
        do throws(LocalStoreError) {
            try DurableFiles.replace(path, with: Array(text.utf8))
        } catch {
            throw ProfileError(error)
        }
    }
}
