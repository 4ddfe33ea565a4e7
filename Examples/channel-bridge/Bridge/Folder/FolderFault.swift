internal import DocketCommandLine
internal import Glibc

/// A folder or file of the bridge's that cannot be used.
struct FolderFault: Error, Hashable, Sendable {
    /// What could not be done, such as `write FILE`.
    let action: String
    /// The system's number for what is the matter.
    let code: Int32

    /// Whether nothing but room is missing, which may come.
    var isForLackOfRoom: Bool { code == ENOSPC || code == EDQUOT }
}

extension FolderFault: CustomStringConvertible, CommandEnding {
    /// What happened, in the system's words.
    var description: String { "cannot \(action): \(CommandFailure.words(for: code))" }

    /// How the program ends.
    var failure: CommandFailure {
        CommandFailure(
            description,
            advice: "Check that the folder is there and belongs to whom the bridge runs as.",
            status: .localFile
        )
    }
}
