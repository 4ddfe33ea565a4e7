internal import DocketClient
internal import DocketConsole
internal import DocketTerminal

/// What an agent may type instead of a message.
struct AnswerCommands {
    private let requests: Requests
    private let id: RequestID

    init(_ client: DocketClient, _ request: RequestID) {
        requests = client.requests
        id = request
    }

    /// All of them.
    var all: [PromptCommand] { [take, note, title, status, split, merge, finish] }

    private var take: PromptCommand {
        command("/take", help: "makes the request yours") { _ async throws(DocketClientError) in
            _ = try await requests.take(id)
            return []
        }
    }

    private var note: PromptCommand {
        command("/note", help: "TEXT writes a note that the contact never sees", needs: "a text") {
            text async throws(DocketClientError) in
            try await requests.note(text, on: id)
            return []
        }
    }

    private var title: PromptCommand {
        command("/title", help: "[TEXT] gives the request a title, or takes it away") {
            text async throws(DocketClientError) in
            _ = try await requests.edit(id, [.title(text.isEmpty ? nil : text)])
            return []
        }
    }

    private var status: PromptCommand {
        command("/status", help: "KEY sets the request's status", needs: "the key of a status") {
            key async throws(DocketClientError) in
            _ = try await requests.setStatus(key, of: id)
            return []
        }
    }

    private var split: PromptCommand {
        command("/split", help: "makes a request of its own of what was said since it was reopened")
        { _ async throws(DocketClientError) in
            let made = try await requests.splitNewMessages(of: id)
            return ["Answer it with: docket answer \(made.number)"]
        }
    }

    private var merge: PromptCommand {
        command("/merge", help: "makes the request one with the one before it") {
            _ async throws(DocketClientError) in
            let survivor = try await requests.merge(id)
            return ["Go on with: docket answer \(survivor.number)"]
        }
    }

    private var finish: PromptCommand {
        command("/finish", help: "[STATUS] ends the chat and leaves the request in a status") {
            status async throws(DocketClientError) in
            _ = try await requests.finish(id, status: status.isEmpty ? nil : status)
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
