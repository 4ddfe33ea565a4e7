internal import DocketClient
internal import DocketCommandLine
internal import Glibc

extension ConversationSession {
    /// Uploads a file and says it, as a message without a text.
    func attach(fileAt path: String) async throws(CommandFailure) {
        guard let conversation else {
            throw CommandFailure("There is no conversation yet.", status: .unreachable)
        }
        let request = answered?.id
        do throws(DocketClientError) {
            let file = AttachmentDraft(
                try .file(path),
                name: SafeFileName.name(from: path)
            )
            let outcome = try await conversation.post(
                "",
                continuing: destination(of: request),
                attachments: [file]
            )
            guard case .refused(let refusal) = outcome else { return }
            throw DocketClientError(.refused, refusal.message, refusal: refusal)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Downloads a file into a new one, and gives its path.
    ///
    /// It is kept at `path`, under its own name where that is a folder, and in the folder of the
    /// program where it is empty.
    func save(
        _ file: Message.Attachment,
        to path: String
    ) async throws(CommandFailure) -> String {
        let name = SafeFileName.name(from: file.name)
        let place =
            if path.isEmpty { name } else if Self.isFolder(path) { "\(path)/\(name)" } else { path }
        do throws(DocketClientError) {
            try await client.download(file, to: place)
            return place
        } catch {
            throw CommandFailure(error)
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { return false }
        return information.st_mode & S_IFMT == S_IFDIR
    }
}
