/// What somebody asks the desk to do with conversations and requests.
package enum Command: Hashable, Sendable {
    /// Give a contact's conversation on a channel, and create it if there is none.
    case openConversation(OpenConversation)
    /// Add a public message.
    case post(Post)
    /// Say how far the author has read.
    case markRead(MarkRead)
    /// Make the author the assignee of a request that has none.
    case take(RequestID)
    /// Make another agent the assignee, or nobody.
    case assign(Assign)
    /// Add an internal comment.
    case postNote(PostNote)
    /// End the live chat and leave the request in a status.
    case finish(Finish)
    /// Say what has reached the author.
    case markReceived(MarkReceived)
    /// Open a request on purpose.
    case createRequest(CreateRequest)
    /// Say that the author, an agent, looks at a request.
    case view(RequestID)
    /// Change the status of a request.
    case setStatus(SetStatus)
    /// Change what a request is about.
    case edit(EditRequest)
    /// Make a request of the messages since a finished chat went live again.
    case splitNewMessages(RequestID)
    /// Make a request of some of a request's messages.
    case splitMessages(SplitMessages)
    /// Let two requests of one conversation become one.
    case merge(MergeRequests)
    /// Link two requests.
    case link(LinkRequests)
    /// Take a link away.
    case unlink(LinkRequests)
    /// Remove a request, until it is restored.
    case delete(RequestID)
    /// Bring a deleted request back.
    case restore(RequestID)
    /// End a live chat that fell silent; only the desk's own timer asks for it.
    case endInactiveSession(EndInactiveSession)
    /// Wake a request that slept; only the desk's own timer asks for it.
    case wake(RequestTimer)
    /// Move a request that has been in its status long enough; only the desk's own timer asks for
    /// it.
    case elapse(RequestTimer)
}

extension Command {
    /// Decides it by its rule, which adds what follows to a decision.
    func decide(in decider: inout Decider) throws(Rejection) {
        switch self {
        case .openConversation(let opening): try decider.open(opening)
        case .post(let post): try decider.post(post)
        case .markRead(let mark): try decider.markRead(mark)
        case .markReceived(let mark): try decider.markReceived(mark)
        case .createRequest(let creation): try decider.create(creation)
        case .take: try decider.take()
        case .assign(let assignment): try decider.assign(assignment)
        case .view: try decider.view()
        case .postNote(let note): try decider.postNote(note)
        case .setStatus(let setting): try decider.set(setting)
        case .finish(let finish): try decider.finish(finish)
        case .edit(let edit): try decider.edit(edit)
        case .splitNewMessages: try decider.splitNewMessages()
        case .splitMessages(let split): try decider.split(split)
        case .merge(let merge): try decider.merge(merge)
        case .link(let link): try decider.link(link)
        case .unlink(let link): try decider.unlink(link)
        case .delete: try decider.delete()
        case .restore: try decider.restore()
        case .endInactiveSession(let ending): try decider.endInactiveSession(ending)
        case .wake(let timer): try decider.wake(timer)
        case .elapse(let timer): try decider.elapse(timer)
        }
    }
}

/// Which conversation to give.
package struct OpenConversation: Hashable, Sendable {
    /// The conversation's id, if it is made now.
    package let id: ConversationID
    /// The key of the channel.
    package let channel: ChannelKey
    /// The contact an integration speaks for; `nil` when a contact asks for itself.
    package let contact: ContactID?

    /// Asks for a conversation.
    package init(id: ConversationID, channel: ChannelKey, contact: ContactID? = nil) {
        self.id = id
        self.channel = channel
        self.contact = contact
    }
}

/// What to say.
package struct Post: Hashable, Sendable {
    /// The message's id.
    package let id: MessageID
    /// Where to say it; `nil` for the conversation of the request that it names.
    package let conversation: ConversationID?
    /// The text; 1 to 16,384 bytes of UTF-8, or empty where there are attachments.
    package let text: String
    /// When the author wrote it by the author's own clock, if told.
    package let authoredAt: Timestamp?
    /// The request it continues; without one the newest of the conversation decides (O16).
    package let request: RequestID?
    /// The title of the request, if it opens one; at most 256 bytes.
    package let title: String?
    /// The files that belong to it, in the order in which to show them.
    package let attachments: [AttachmentID]
    /// The messages that it may answer, the nearest first.
    ///
    /// At most `RequestLimits.repliedMessages`. The first that was said in the conversation decides
    /// which request it continues, unless it names one.
    package let inReplyTo: [MessageID]

    /// Asks for a message.
    package init(
        id: MessageID,
        conversation: ConversationID?,
        text: String,
        authoredAt: Timestamp? = nil,
        request: RequestID? = nil,
        title: String? = nil,
        attachments: [AttachmentID] = [],
        inReplyTo: [MessageID] = []
    ) {
        self.id = id
        self.conversation = conversation
        self.text = text
        self.authoredAt = authoredAt
        self.request = request
        self.title = title
        self.attachments = attachments
        self.inReplyTo = inReplyTo
    }

    /// The same message, for a request.
    package func continuing(_ request: RequestID) -> Post {
        Post(
            id: id,
            conversation: conversation,
            text: text,
            authoredAt: authoredAt,
            request: request,
            title: title,
            attachments: attachments
        )
    }
}

/// How far the author has read.
package struct MarkRead: Hashable, Sendable {
    /// The conversation.
    package let conversation: ConversationID
    /// Everything up to this offset has been read; an offset that the log has not reached counts
    /// as the log's last.
    package let upTo: UInt64

    /// Asks for a read mark.
    package init(conversation: ConversationID, upTo: UInt64) {
        self.conversation = conversation
        self.upTo = upTo
    }
}

/// To whom to give a request.
package struct Assign: Hashable, Sendable {
    /// The request.
    package let request: RequestID
    /// The agent; `nil` for nobody.
    package let agent: AgentID?

    /// Asks for an assignment.
    package init(request: RequestID, agent: AgentID?) {
        self.request = request
        self.agent = agent
    }
}

/// What to note.
package struct PostNote: Hashable, Sendable {
    /// The note's id.
    package let id: NoteID
    /// The request.
    package let request: RequestID
    /// The text; 1 to 16,384 bytes of UTF-8.
    package let text: String

    /// Asks for a note.
    package init(id: NoteID, request: RequestID, text: String) {
        self.id = id
        self.request = request
        self.text = text
    }
}

/// How to finish.
package struct Finish: Hashable, Sendable {
    /// The request.
    package let request: RequestID
    /// The status in which it is left; `nil` for the policy's default.
    package let status: StatusKey?

    /// Asks to finish.
    package init(request: RequestID, status: StatusKey? = nil) {
        self.request = request
        self.status = status
    }
}

/// Which live period has been silent.
package struct EndInactiveSession: Hashable, Sendable {
    /// The request.
    package let request: RequestID
    /// The live period's ordinal when the timer was set; a later one is left alone.
    package let ordinal: UInt64
    /// By how much the clock was set back since the last message.
    package let setBack: Duration

    /// Asks to end a silent live period.
    package init(request: RequestID, ordinal: UInt64, setBack: Duration = .zero) {
        self.request = request
        self.ordinal = ordinal
        self.setBack = setBack
    }
}
