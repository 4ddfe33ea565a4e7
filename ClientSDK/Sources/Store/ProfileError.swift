/// Why a profile cannot be opened.
public enum ProfileError: Error, Hashable, Sendable {
    /// Another client works in the folder, in the process with this id; nil where the system does
    /// not say.
    case busy(processID: Int32?)
    /// A folder or a file belongs to another user, or can be changed by others; the path says which
    /// one.
    case notOwned(String)
    /// Something else is where a file or a folder should be, such as a link; the path says where.
    case wrongKind(String)
    /// A file has another name too (a hard link), by which another process could change it.
    case hasOtherNames(String)
    /// The folder is on a file system of this kind, where other machines may work in it too.
    case networkFileSystem(String)
    /// A newer version of this library wrote the profile.
    case tooNew
    /// The disk is full.
    case full
    /// So many messages in it are not delivered yet.
    case unsent(Int)
    /// The profile is damaged, and nothing could be done about it.
    case damaged(String)
    /// The name is not one that a profile can have.
    case invalidName(String)
    /// The folder cannot be used for another reason.
    case failed(String)
}

extension ProfileError: CustomStringConvertible {
    /// What is the matter and what to do about it, for a person.
    public var description: String {
        switch self {
        case .busy(let processID?):
            "the profile is in use by process \(processID): end that one, or use another profile"
        case .busy(nil):
            "the profile is in use by another program: end that program, or use another profile"
        case .notOwned(let path):
            "\(path) is not yours alone: give it to yourself, take the right to write from others "
                + "(chmod go-w), or use another profile"
        case .wrongKind(let path):
            "\(path) is not a plain file or folder as a profile has it: move it away, or use "
                + "another profile"
        case .hasOtherNames(let path):
            "\(path) has another name too (a hard link): remove one of the two, or use another "
                + "profile"
        case .networkFileSystem(let name):
            "the profile is on a network file system (\(name)), where it could be damaged: use a "
                + "folder on a disk of this machine"
        case .tooNew:
            "a newer version wrote the profile: update this program, or use another profile"
        case .full:
            "the disk with the profile is full: make room and try again"
        case .unsent(let count):
            (count == 1 ? "1 message of the profile is" : "\(count) messages of the profile are")
                + " not delivered yet: send or discard what waits first"
        case .damaged(let text):
            "the profile is damaged (\(text)): keep a copy of its folder, and use another profile"
        case .invalidName(let name):
            "\"\(name)\" cannot be the name of a profile: use up to \(Profile.nameLength) letters, "
                + "digits, dots, hyphens and underscores, and no dot at the beginning"
        case .failed(let text):
            "the profile cannot be used (\(text)): see to that, or use another profile"
        }
    }
}

extension ProfileError {
    /// Says of a profile what its local store says of its file.
    init(_ error: LocalStoreError) {
        self =
            switch error {
            case .full: .full
            case .tooNew: .tooNew
            case .damaged(let text): .damaged(text)
            case .failed(let text): .failed(text)
            case .closed: .failed("it was closed")
            }
    }

    /// Says what the system refused to do with a file or folder, as `errno` has it.
    static func system(_ path: String) -> ProfileError {
        ProfileError(LocalStoreError.system(path))
    }
}
