internal import DocketDomain

/// One request from its customer's first message to its end, a step at a time.
struct Chat: Sendable {
    /// What somebody does.
    enum Step: Sendable {
        /// A new customer comes.
        case comeAsGuest
        /// The customer opens the conversation.
        case openConversation
        /// The customer says something.
        case ask(String)
        /// The agent takes the request.
        case take
        /// The agent answers.
        case answer(String)
        /// The agent notes something.
        case note(String)
        /// The agent finishes, and leaves the request in a status.
        case finish(StatusKey)
    }

    /// How a request is left.
    enum Ending {
        /// Nobody has looked at it yet.
        case untouched
        /// The agent still works on it.
        case open
        /// It was finished, in a status.
        case finished(StatusKey)
    }

    let customer: Customer
    let agent: Principal
    /// Whether the customer's next message opens a new request.
    let isClosed: Bool
    private(set) var request: RequestID?
    private var steps: ArraySlice<Step>

    /// Writes the script of a request.
    init(
        of customer: Customer,
        isNew: Bool,
        saying texts: [(speaker: DialogueTexts.Speaker, text: String)],
        with agent: Principal,
        endingAs ending: Ending
    ) {
        self.customer = customer
        self.agent = agent
        var steps: [Step] = isNew ? [.comeAsGuest, .openConversation] : []
        let isUntouched = if case .untouched = ending { true } else { false }
        for (index, line) in texts.enumerated() {
            switch line.speaker {
            case .customer: steps.append(.ask(line.text))
            case .agent: steps.append(isUntouched ? .ask(line.text) : .answer(line.text))
            case .action: if !isUntouched { steps.append(.note(line.text)) }
            }
            if index == 0, !isUntouched { steps.append(.take) }
        }
        if case .finished(let status) = ending {
            steps.append(.finish(status))
            isClosed = status == "closed"
        } else {
            isClosed = false
        }
        self.steps = steps[...]
    }

    /// What is done next; `nil` at the end.
    var next: Step? { steps.first }

    /// Notes that it is done, and to which request a message went.
    mutating func didNext(in request: RequestID?) {
        steps = steps.dropFirst()
        if let request { self.request = request }
    }
}
