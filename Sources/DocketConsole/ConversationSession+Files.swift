internal import DocketClient
internal import DocketCommandLine

extension ConversationSession {
    /// Downloads a file into a new one, and gives its path.
    func save(
        _ file: Message.Attachment,
        to path: String,
        progress: @escaping @Sendable (UInt64) -> Void
    ) async throws(CommandFailure) -> String {
        let place = FilePlace(path, for: file).path
        do throws(DocketClientError) {
            try await client.download(file, to: place, progress: progress)
            return place
        } catch {
            throw CommandFailure(error)
        }
    }
}
