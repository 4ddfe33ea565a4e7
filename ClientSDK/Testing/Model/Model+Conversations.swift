internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension Model {
    /// Gives the contact's conversation on a channel, and makes it if there is none.
    mutating func open(
        _ asked: Asked<Docket_V1_OpenConversationCall>
    ) throws(RPCError) -> Docket_V1_OpenConversationReply {
        try Self.check(asked.call.channel, 1...64, "channel")
        let id = try once(asked) { model throws(RPCError) in
            let contact = try model.contact(asked.call.contactID, for: asked.author)
            try Self.check(asked.header, sees: 0)
            return try model.conversation(of: contact, asked.call.channel, asked.id, asked).view.id
        }
        let conversation = try conversation(id, for: asked.author)
        return .with {
            $0.conversation = view(of: conversation, for: asked.author)
            $0.offset = conversation.offset
        }
    }

    /// The contact of whom a call speaks: the caller itself, or the one that it names.
    func contact(_ id: Data, for principal: Principal) throws(RPCError) -> Principal {
        if principal.kind == .principalContact, id.isEmpty { return principal }
        let isKnown = brought.contains { $0.key[0] == principal.id && $0.value == id }
        guard isKnown || principal.id == id || principal.kind == .principalAgent,
            let contact = principals[id], contact.kind == .principalContact
        else { throw Self.notFound }
        return contact
    }

    /// A contact's conversation on a channel, which is made under an id if need be.
    mutating func conversation(
        of contact: Principal,
        _ channel: String,
        _ newID: Data,
        _ asked: Asked<some SwiftProtobuf.Message>
    ) throws(RPCError) -> Conversation {
        guard openable(by: asked.author).contains(channel)
        else { throw RPCError(.unknownChannel, "there is no such channel") }
        for known in conversations.values
        where known.view.contact.id == contact.id && known.view.channel == channel { return known }
        let view = Docket_V1_Conversation.with {
            $0.id = newID
            $0.contact = contact.actor
            $0.channel = channel
        }
        var conversation = Conversation(view: view)
        conversation.offset = append(asked, in: conversation) {
            $0.conversationOpened.contact = contact.actor
            $0.conversationOpened.channel = channel
        }
        conversations[newID] = conversation
        return conversation
    }

    /// A conversation that a principal may know of.
    func conversation(_ id: Data, for principal: Principal) throws(RPCError) -> Conversation {
        guard let found = conversations[id], Self.isVisible(found, to: principal)
        else { throw Self.notFound }
        return found
    }

    /// A conversation as somebody sees it.
    func view(of conversation: Conversation, for principal: Principal) -> Docket_V1_Conversation {
        var view = conversation.view
        guard let request = requests[conversation.newest] else { return view }
        view.newestRequest = Self.view(of: request, for: principal)
        return view
    }

    /// Stores a message once, in the request that it names, in the newest, or in a new one.
    mutating func post(_ asked: Asked<Docket_V1_PostCall>) throws(RPCError) -> Docket_V1_PostReply {
        let call = asked.call
        try Self.check(call.title, 0...256, "title")
        try Self.check(call.text, 1...16_384, "text")
        try Self.check(id: call.conversationID, "conversation_id")
        return try once(asked) { model throws(RPCError) in
            let place = try model.conversation(call.conversationID, for: asked.author)
            guard call.attachmentIds.isEmpty else { throw Self.notUploaded }
            let id = call.requestID.isEmpty ? place.newest : call.requestID
            let target = model.requests[id]
            guard call.requestID.isEmpty || target?.staffView.conversationID == place.view.id
            else { throw Self.notFound }
            let version = target.map { Self.view(of: $0, for: asked.author).version }
            try Self.check(asked.header, sees: version ?? 0)
            let request = target?.staffView.id ?? model.newID(at: asked.now)
            if target == nil { try model.begin(request, call.title, call.text, in: place, asked) }
            return try model.say(call.text, asked.id, in: request, call.authoredMilliseconds, asked)
        }
    }

    /// Adds a message to a request, with the moment of writing by its author's clock.
    mutating func say(
        _ text: String,
        _ messageID: Data,
        in id: Data,
        _ authored: UInt64,
        _ asked: Asked<some SwiftProtobuf.Message>
    ) throws(RPCError) -> Docket_V1_PostReply {
        guard let request = requests[id]?.staffView else { throw Self.notFound }
        let sequence = request.sequence + 1
        requests[id]?.staffView.sequence = sequence
        let offset = try append(asked, to: id) {
            $0.messagePosted.messageID = messageID
            $0.messagePosted.sequence = sequence
            $0.messagePosted.text = text
            $0.messagePosted.authoredMilliseconds = authored
        }
        return .with {
            $0.offset = offset
            $0.sequence = sequence
            $0.requestID = id
            $0.requestNumber = request.number
            $0.acceptedMilliseconds = asked.now
        }
    }

    /// A part of a conversation, in the order of offsets, as the caller may see it.
    func history(
        _ asked: Asked<Docket_V1_HistoryCall>
    ) throws(RPCError) -> Docket_V1_HistoryReply {
        let limit = try Self.pageLength(asked.call.limit)
        try Self.check(id: asked.call.conversationID, "conversation_id")
        let conversation = try conversation(asked.call.conversationID, for: asked.author)
        let all = entries(of: conversation, for: asked.author)
        var reply = Docket_V1_HistoryReply()
        if case .after(let above) = asked.call.place {
            let wanted = all.filter { $0.offset > above }
            reply.entries = Array(wanted.prefix(limit))
            reply.more = wanted.count > limit
            reply.fromOffset = above == .max ? above : above + 1
            reply.toOffset = reply.entries.last?.offset ?? above
        } else {
            let below = asked.call.place == nil ? head + 1 : asked.call.before
            let wanted = all.filter { $0.offset < below }
            reply.entries = wanted.suffix(limit)
            reply.more = wanted.count > limit
            reply.fromOffset = reply.more ? reply.entries[0].offset : 0
            let isEnd = wanted.count == all.count || below == 0
            reply.toOffset = isEnd ? wanted.last?.offset ?? 0 : below - 1
        }
        return reply
    }

    /// Everything of a conversation that a principal may see.
    func entries(of conversation: Conversation, for reader: Principal) -> [Docket_V1_HistoryEntry] {
        log.filter { $0.event.conversationID == conversation.view.id }.compactMap { entry in
            Self.view(of: entry, for: reader).map { event in
                .with {
                    $0.offset = entry.offset
                    $0.event = event
                }
            }
        }
    }

    /// Says how far somebody has read, which has then arrived too.
    mutating func markRead(
        _ asked: Asked<Docket_V1_MarkReadCall>
    ) throws(RPCError) -> Docket_V1_MarkReadReply {
        let offset = try mark(asked, asked.call.conversationID, asked.call.upToOffset, [0, 1]) {
            $0.readMarked.upToOffset = $1
            $0.readMarked.upToOffsetForContact = $2
        }
        return .with { $0.offset = offset }
    }

    /// Says what has reached somebody.
    mutating func markReceived(
        _ asked: Asked<Docket_V1_MarkReceivedCall>
    ) throws(RPCError) -> Docket_V1_MarkReceivedReply {
        let offset = try mark(asked, asked.call.conversationID, asked.call.upToOffset, [1]) {
            $0.receivedMarked.upToOffset = $1
            $0.receivedMarked.upToOffsetForContact = $2
        }
        return .with { $0.offset = offset }
    }

    /// Moves marks on, or leaves them where the first would cover nothing more than other marks.
    private mutating func mark(
        _ asked: Asked<some SwiftProtobuf.Message>,
        _ id: Data,
        _ limit: UInt64,
        _ kinds: [UInt8],
        _ fill: (inout Docket_V1_Event, UInt64, UInt64) -> Void
    ) throws(RPCError) -> UInt64 {
        try Self.check(id: id, "conversation_id")
        return try once(asked) { model throws(RPCError) in
            let conversation = try model.conversation(id, for: asked.author)
            let view = model.view(of: conversation, for: asked.author)
            try Self.check(asked.header, sees: view.newestRequest.version)
            let keys = kinds.map { [asked.author.id, id, Data([$0])] }
            let earlier = model.marks[keys[0], default: (0, 0)]
            let newest = model.newest(in: conversation, upTo: limit, for: asked.author)
            guard newest > earlier.upTo else { return earlier.offset }
            let contact = model.principals[conversation.view.contact.id] ?? Principal()
            let seen = model.newest(in: conversation, upTo: limit, for: contact)
            let isHidden = seen <= earlier.upTo
            let offset = model.append(asked, in: conversation, forStaffAlone: isHidden) {
                fill(&$0, newest, isHidden ? 0 : seen)
            }
            for key in keys where model.marks[key]?.upTo ?? 0 < newest {
                model.marks[key] = (newest, offset)
            }
            return offset
        }
    }

    /// The newest entry of a conversation up to an offset that somebody may see, marks aside.
    private func newest(in place: Conversation, upTo limit: UInt64, for reader: Principal) -> UInt64
    {
        let covered = entries(of: place, for: reader).last {
            $0.offset <= limit && $0.event.readMarked.upToOffset == 0
                && $0.event.receivedMarked.upToOffset == 0
        }
        return covered?.offset ?? 0
    }
}
