internal import DocketCommandLine
internal import DocketConsole

/// The text of a message or a note: an argument, or else standard input.
enum TextInput {
    /// The text that is given, or everything on standard input.
    static func text(_ given: String?) async throws(CommandFailure) -> String {
        if let given { return given }
        do throws(StandardInput.Fault) {
            return try await StandardInput().rest()
        } catch {
            throw error.failure
        }
    }
}
