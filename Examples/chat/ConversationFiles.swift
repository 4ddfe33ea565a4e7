internal import DocketClient
internal import DocketCommandLine

/// The files of a customer's conversation.
struct ConversationFiles {
    /// A file, and how it came there.
    struct File {
        let attachment: Message.Attachment
        let sender: String?
        let sentAt: Timestamp
    }

    /// How many of the newest events are read.
    static let mostRead = 1_000
    private static let pageLength = 200

    private let customer: Customer

    /// The files of a customer.
    init(of customer: Customer) {
        self.customer = customer
    }

    /// All of them, the newest first.
    ///
    /// - Returns: The files among the newest events.
    /// - Throws: `CommandFailure` where they cannot be read.
    func all() async throws(CommandFailure) -> [File] {
        guard let conversation = try customer.knownConversation() else { return [] }
        var files: [File] = []
        var place = HistoryPlace.newest
        for _ in 0..<(Self.mostRead / Self.pageLength) {
            let page: HistoryPage
            do throws(DocketClientError) {
                page = try await conversation.history(place, limit: Self.pageLength)
            } catch {
                throw customer.failure(error)
            }
            files += page.events.reversed().flatMap(Self.files)
            guard page.hasMore else { break }
            place = .before(page.range.lowerBound)
        }
        return files
    }

    private static func files(of event: Event) -> [File] {
        guard case .messagePosted(let message) = event.fact else { return [] }
        return message.attachments.reversed().map {
            File(attachment: $0, sender: event.actor?.name, sentAt: event.at)
        }
    }

    /// The file with an id, or the newest with a name.
    ///
    /// - Parameter name: The id or the name.
    /// - Returns: The file.
    /// - Throws: `CommandFailure` where there is none.
    func file(_ name: String) async throws(CommandFailure) -> Message.Attachment {
        let files = try await all()
        let found =
            files.first { "\($0.attachment.id)" == name }
            ?? files.first { $0.attachment.name == name }
        guard let found else {
            throw CommandFailure(
                "there is no file \(name) among the newest \(Self.mostRead) events",
                advice: "See the files: docket-chat files list",
                status: .notFound
            )
        }
        return found.attachment
    }
}
