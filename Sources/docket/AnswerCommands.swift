internal import DocketClient
internal import DocketConsole
internal import DocketTerminal

/// What an agent may type instead of a message.
struct AnswerCommands {
    private let requests: Requests
    private let answered: AnsweredRequest
    private let conversation: ConversationID

    /// Commands of a session that answers a request.
    ///
    /// - Parameters:
    ///   - client: The connection.
    ///   - answered: The request, whichever it is when a command runs.
    ///   - conversation: The conversation, which stays the same.
    init(_ client: DocketClient, _ answered: AnsweredRequest, in conversation: ConversationID) {
        requests = client.requests
        self.answered = answered
        self.conversation = conversation
    }

    /// All of them.
    var all: [PromptCommand] { [take, note, title, status, split, merge, answer, finish] }

    private var take: PromptCommand {
        command("/take", help: "makes the request yours") { _ async throws(DocketClientError) in
            _ = try await requests.take(answered.id)
            return []
        }
    }

    private var note: PromptCommand {
        command("/note", help: "TEXT writes a note that the contact never sees", needs: "a text") {
            text async throws(DocketClientError) in
            try await requests.note(text, on: answered.id)
            return []
        }
    }

    private var title: PromptCommand {
        command("/title", help: "[TEXT] gives the request a title, or takes it away") {
            text async throws(DocketClientError) in
            _ = try await requests.edit(answered.id, [.title(text.isEmpty ? nil : text)])
            return []
        }
    }

    private var status: PromptCommand {
        command("/status", help: "KEY sets the request's status", needs: "the key of a status") {
            key async throws(DocketClientError) in
            _ = try await requests.setStatus(key, of: answered.id)
            return []
        }
    }

    private var split: PromptCommand {
        command("/split", help: "makes a request of its own of what was said since it was reopened")
        { _ async throws(DocketClientError) in
            let made = try await requests.splitNewMessages(of: answered.id)
            return ["To answer it: /answer \(made.number)"]
        }
    }

    private var merge: PromptCommand {
        command("/merge", help: "makes the request one with the one before it") {
            _ async throws(DocketClientError) in
            let survivor = try await requests.merge(answered.id)
            answered.turn(to: survivor)
            return ["What you say belongs to request \(survivor.number) now."]
        }
    }

    private var answer: PromptCommand {
        PromptCommand("/answer", help: "NUMBER turns to another request of the conversation") {
            number in
            do throws(CommandFailure) {
                return .tell(try await turn(toNumber: number))
            } catch {
                return .fail(error)
            }
        }
    }

    /// Turns to another request; whatever is wrong is a failure, since what a script says next is
    /// meant for that request and no other.
    private func turn(toNumber text: String) async throws(CommandFailure) -> [TerminalText] {
        guard let number = RequestNumber(argument: text) else {
            throw CommandFailure("/answer takes the number of a request", status: .usage)
        }
        let request: SupportRequest
        do throws(DocketClientError) {
            request = try await requests.survivor(number: number.value)
        } catch {
            throw CommandFailure(error)
        }
        guard request.conversationID == conversation else {
            throw CommandFailure(
                "request \(request.number) is of another conversation",
                advice: "Answer it with: docket answer \(request.number)",
                status: .refused
            )
        }
        answered.turn(to: request)
        let belonging: TerminalText = "What you say belongs to request \(request.number) now."
        return request.details.isInternal
            ? [belonging, "It is internal: the contact hears nothing of it."] : [belonging]
    }

    private var finish: PromptCommand {
        command("/finish", help: "[STATUS] ends the chat and leaves the request in a status") {
            status async throws(DocketClientError) in
            _ = try await requests.finish(answered.id, status: status.isEmpty ? nil : status)
            return []
        }
    }

    /// A command of which the feed tells what has changed, and that says what the feed does not.
    private func command(
        _ name: String,
        help: TerminalText,
        needs argument: TerminalText? = nil,
        _ work: @escaping @Sendable (String) async throws(DocketClientError) -> [TerminalText]
    ) -> PromptCommand {
        PromptCommand(name, help: help) { text in
            if let argument, text.isEmpty { return .tell(["\(name) takes " + argument]) }
            do throws(DocketClientError) {
                return .tell(try await work(text))
            } catch {
                return .fail(CommandFailure(error))
            }
        }
    }
}

extension Requests {
    /// The request with a number, or where it was merged, the one that has its content.
    func survivor(number: UInt64) async throws(DocketClientError) -> SupportRequest {
        let named = try await get(number: number)
        guard let survivor = named.details.mergedInto else { return named }
        return try await get(survivor.id)
    }
}
