internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension Model {
    /// Opens a request on purpose, whose description is its first message.
    mutating func create(
        _ asked: Asked<Docket_V1_CreateRequestCall>
    ) throws(RPCError) -> Docket_V1_RequestChangeReply {
        let call = asked.call
        try Self.check(call.channel, 1...64, "channel")
        try Self.check(call.text, 1...16_384, "text")
        try Self.check(call.title, 0...256, "title")
        _ = try once(asked) { model throws(RPCError) in
            let contact = try model.contact(call.contactID, for: asked.author)
            try Self.check(asked.header, sees: 0)
            guard call.attachmentIds.isEmpty else { throw Self.notUploaded }
            let newID = model.newID(at: asked.now)
            let conversation = try model.conversation(of: contact, call.channel, newID, asked)
            try model.begin(asked.id, call.title, call.text, in: conversation, asked)
            return try model.say(call.text, model.newID(at: asked.now), in: asked.id, 0, asked)
        }
        let request = try request(asked.id, for: asked.author)
        return .with {
            $0.offset = log.first { $0.event.requestID == asked.id }?.offset ?? 0
            $0.request = Self.view(of: request, for: asked.author)
        }
    }

    /// Begins a request in a conversation, which then is its newest.
    mutating func begin(
        _ id: Data,
        _ title: String,
        _ text: String,
        in conversation: Conversation,
        _ asked: Asked<some SwiftProtobuf.Message>
    ) throws(RPCError) {
        let view = Docket_V1_Request.with {
            $0.id = id
            $0.number = UInt64(requests.count + 1)
            $0.conversationID = conversation.view.id
            $0.status = "open"
            $0.category = .categoryOpen
            $0.openedMilliseconds = asked.now
            $0.contact = conversation.view.contact
            // That has at most 256 bytes, whatever it is.
            $0.description_p = String(String.UnicodeScalarView(text.unicodeScalars.prefix(64)))
            $0.channel = conversation.view.channel
            $0.title = title.isEmpty ? $0.description_p : title
            $0.previousRequestID = conversation.newest
            $0.details.kind = .kindChat
        }
        requests[id] = Request(staffView: view)
        conversations[conversation.view.id]?.newest = id
        _ = try append(asked, to: id) {
            $0.requestOpened.status = view.status
            $0.requestOpened.category = view.category
            $0.requestOpened.previousRequestID = conversation.newest
            $0.requestOpened.contact = view.contact
            $0.requestOpened.channel = view.channel
            $0.requestOpened.title = title
        }
    }

    /// Adds an event of a request to the log, and counts it in the request's versions.
    mutating func append(
        _ asked: Asked<some SwiftProtobuf.Message>,
        to id: Data,
        forStaffAlone: Bool = false,
        _ fill: (inout Docket_V1_Event) -> Void
    ) throws(RPCError) -> UInt64 {
        guard var request = requests[id],
            let conversation = conversations[request.staffView.conversationID]
        else { throw Self.notFound }
        request.staffView.version += 1
        if !forStaffAlone {
            request.versionForContact += 1
            request.staffView.changedMilliseconds = asked.now
        }
        requests[id] = request
        return append(asked, in: conversation, forStaffAlone: forStaffAlone) { event in
            event.requestID = id
            event.requestNumber = request.staffView.number
            event.requestVersion = request.staffView.version
            if request.versionForContact != request.staffView.version {
                event.requestVersionForContact = request.versionForContact
            }
            fill(&event)
        }
    }

    /// Adds a note, of which contacts and integrations never hear.
    mutating func postNote(
        _ asked: Asked<Docket_V1_PostNoteCall>
    ) throws(RPCError) -> Docket_V1_PostNoteReply {
        try Self.check(asked.call.text, 1...16_384, "text")
        return try once(asked) { model throws(RPCError) in
            let request = try model.request(asked.call.requestID, for: asked.author)
            try Self.check(asked.header, sees: request.staffView.version)
            model.requests[request.staffView.id]?.notes += 1
            let sequence = request.notes + 1
            let offset = try model.append(asked, to: request.staffView.id, forStaffAlone: true) {
                $0.notePosted.noteID = asked.id
                $0.notePosted.sequence = sequence
                $0.notePosted.text = asked.call.text
            }
            return .with {
                $0.offset = offset
                $0.sequence = sequence
            }
        }
    }

    /// One request, by its id or its number.
    func getRequest(
        _ asked: Asked<Docket_V1_GetRequestCall>
    ) throws(RPCError) -> Docket_V1_GetRequestReply {
        let number = asked.call.number
        let named = requests.values.first { $0.staffView.number == number }?.staffView.id
        let request = try request(named ?? asked.call.id, for: asked.author)
        return .with { $0.request = Self.view(of: request, for: asked.author) }
    }

    /// A request that a principal may know of.
    func request(_ id: Data, for principal: Principal) throws(RPCError) -> Request {
        guard let request = requests[id] else { throw Self.notFound }
        _ = try conversation(request.staffView.conversationID, for: principal)
        return request
    }

    /// A request as somebody sees it.
    static func view(of request: Request, for principal: Principal) -> Docket_V1_Request {
        var view = request.staffView
        if principal.kind != .principalAgent { view.version = request.versionForContact }
        return view
    }
}
