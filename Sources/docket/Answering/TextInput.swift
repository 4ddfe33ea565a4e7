internal import DocketCommandLine
internal import DocketConsole

/// The text of a message or a note: an argument, or else standard input.
enum TextInput {
    /// The text that is given, or everything on standard input.
    ///
    /// One that begins with a slash was meant as a command, wherever it was typed.
    static func text(
        _ given: String?,
        from input: StandardInput = StandardInput()
    ) async throws(CommandFailure) -> String {
        if let given { return try WholeText(given).text }
        let written: String
        do throws(StandardInput.Fault) {
            written = try await input.rest()
        } catch {
            throw error.failure
        }
        return try WholeText(written).text
    }
}
