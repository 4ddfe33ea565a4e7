internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// What an agent may type instead of a message.
struct AnswerCommands {
    private let client: DocketClient
    private let answered: AnsweredRequest
    private let conversation: ConversationID
    private let next: NextRequest

    /// Commands of a session that answers a request.
    ///
    /// - Parameters:
    ///   - client: The connection.
    ///   - answered: The request, whichever it is when a command runs.
    ///   - conversation: The conversation, which stays the same.
    ///   - next: Where to go on after the session.
    init(
        _ client: DocketClient,
        _ answered: AnsweredRequest,
        in conversation: ConversationID,
        then next: NextRequest
    ) {
        self.client = client
        self.answered = answered
        self.conversation = conversation
        self.next = next
    }

    private var requests: Requests { client.requests }

    /// All of them.
    var all: [PromptCommand] {
        [take, note, title, tag, assign, status, split, merge, answer, finish, goOn]
    }

    private var take: PromptCommand {
        command("/take", help: "assigns the request to you") { _ async throws(DocketClientError) in
            _ = try await requests.take(answered.id)
            return []
        }
    }

    private var note: PromptCommand {
        command("/note", help: "TEXT writes a note; the contact never sees it", needs: "a text") {
            text async throws(DocketClientError) in
            try await requests.note(text, on: answered.id)
            return []
        }
    }

    private var title: PromptCommand {
        command("/title", help: "[TEXT] sets the request's title, or clears it") {
            text async throws(DocketClientError) in
            _ = try await requests.edit(answered.id, [.title(text.isEmpty ? nil : text)])
            return []
        }
    }

    private var tag: PromptCommand {
        command("/tag", help: "TAG adds a tag, -TAG removes it", needs: "a tag") {
            text async throws(DocketClientError) in
            let edits = text.split(whereSeparator: \.isWhitespace).map { word in
                word.hasPrefix("-")
                    ? RequestEdit.removeTag(String(word.dropFirst())) : .addTag(String(word))
            }
            _ = try await requests.edit(answered.id, edits)
            return []
        }
    }

    private var assign: PromptCommand {
        PromptCommand("/assign", help: "LOGIN hands the request over; 'nobody' to the queue") {
            login in
            guard !login.isEmpty else { return .tell(["Type: /assign LOGIN, or /assign nobody"]) }
            do {
                let agent =
                    login == "nobody" ? nil : try await AgentNames(client).id(ofActive: login)
                _ = try await requests.assign(answered.id, to: agent)
                return .tell([])
            } catch let error as DocketClientError {
                return .fail(await failure(error))
            } catch {
                return .fail(Self.failure(ending: error))
            }
        }
    }

    private var status: PromptCommand {
        command(
            "/status",
            help: "KEY sets the request's status",
            needs: "the key of a status",
            typing: { .status($0, hasReason: false) },
            doing: { key async throws(DocketClientError) in
                _ = try await requests.setStatus(key, of: answered.id)
                return []
            }
        )
    }

    private var split: PromptCommand {
        command("/split", help: "makes a new request of what was said since it was reopened") {
            _ async throws(DocketClientError) in
            let made = try await requests.splitNewMessages(of: answered.id)
            return ["To answer it: /answer \(made.number)"]
        }
    }

    private var merge: PromptCommand {
        command("/merge", help: "merges the request into the one before it") {
            _ async throws(DocketClientError) in
            let survivor = try await requests.merge(answered.id)
            answered.turn(to: survivor)
            return ["Your messages now go to request \(survivor.number)."]
        }
    }

    private var answer: PromptCommand {
        PromptCommand("/answer", help: "NUMBER switches to another request") { number in
            await self.switchTo(number)
        }
    }

    private var goOn: PromptCommand {
        PromptCommand("/next", help: "[NUMBER] goes on to the next contact who waits") { number in
            guard number.isEmpty else { return await self.switchTo(number) }
            do throws(DocketClientError) {
                guard let waiting = try await requests.nextWaiting(besides: answered.id) else {
                    return .tell(["Nobody is waiting for an agent."])
                }
                next.set(waiting)
                return .leave
            } catch {
                return .fail(await failure(error))
            }
        }
    }

    /// Switches to another request: within the conversation at once, else by ending the session.
    private func switchTo(_ text: String) async -> PromptCommand.Effect {
        guard let number = RequestNumber(argument: text) else {
            return .fail(
                CommandFailure(
                    "'\(text)' is not the number of a request",
                    advice: "See the numbers: docket queue --all",
                    status: .usage
                )
            )
        }
        do throws(DocketClientError) {
            let request = try await requests.survivor(number: number.value)
            guard request.conversationID == conversation else {
                next.set(request)
                return .leave
            }
            answered.turn(to: request)
            let belonging: TerminalText = "Your messages now go to request \(request.number)."
            let reach: [TerminalText] =
                request.details.isInternal ? ["It is internal: the contact sees none of it."] : []
            return .tell([belonging] + reach)
        } catch {
            return .fail(CommandFailure(error, about: number.value))
        }
    }

    private var finish: PromptCommand {
        command(
            "/finish",
            help: "[STATUS] ends the chat and sets the request's status",
            typing: { .finish(status: $0.isEmpty ? nil : $0) },
            doing: { status async throws(DocketClientError) in
                _ = try await requests.finish(answered.id, status: status.isEmpty ? nil : status)
                return await Self.whatFollows { () async throws(DocketClientError) in
                    try await requests.nextWaiting(besides: answered.id)
                }
            }
        )
    }

    /// What is said of the next request after one is finished.
    ///
    /// The one stays finished even where the next cannot be looked up.
    static func whatFollows(
        _ nextWaiting: () async throws(DocketClientError) -> SupportRequest?
    ) async -> [TerminalText] {
        do throws(DocketClientError) {
            guard let waiting = try await nextWaiting() else {
                return ["Nobody else is waiting. Ctrl-D quits."]
            }
            let age = RequestOutput.age(waiting.waitingSince ?? waiting.openedAt, at: .now)
            let name = waiting.contact?.name ?? ""
            return ["/next goes on to request \(waiting.number): \(name) waits \(age)."]
        } catch {
            return [
                "The request is finished. Who waits next could not be looked up: \(error.message)",
                "/next tries again.",
            ]
        }
    }

    /// A command of which the feed tells what has changed, and that says what the feed does not.
    ///
    /// - Parameters:
    ///   - name: The name with its slash.
    ///   - help: What it does.
    ///   - argument: What has to stand behind the name; nil where nothing has to.
    ///   - typed: What was typed, given what stands behind the name.
    ///   - work: Does it, and gives what the feed does not tell.
    /// - Returns: The command.
    private func command(
        _ name: String,
        help: TerminalText,
        needs argument: TerminalText? = nil,
        typing typed: @escaping @Sendable (String) -> MissingFields.Command = { _ in .other },
        doing work: @escaping @Sendable (String) async throws(DocketClientError) -> [TerminalText]
    ) -> PromptCommand {
        PromptCommand(name, help: help) { text in
            if let argument, text.isEmpty { return .tell(["\(name) needs " + argument]) }
            do throws(DocketClientError) {
                return .tell(try await work(text))
            } catch {
                return .fail(await failure(error, after: typed(text)))
            }
        }
    }

    /// The failure that tells an error, with what to type about the request that is answered.
    private func failure(
        _ error: DocketClientError,
        after command: MissingFields.Command = .other
    ) async -> CommandFailure {
        guard error.code == .refused, let request = try? await requests.get(answered.id) else {
            return CommandFailure(error)
        }
        return await RefusalHelp(client).failure(
            error,
            about: request.number,
            after: command
        )
    }

    private static func failure(ending error: any Error) -> CommandFailure {
        CommandFailure(endingWith: error) ?? CommandFailure("\(error)", status: .localFile)
    }
}
