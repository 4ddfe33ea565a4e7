internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

extension BatchRun {
    /// Keeps what a repetition of a decided command needs, and gives the answer.
    ///
    /// The decision's first event stands at the offset `first`.
    func accept(
        _ command: Command,
        _ decision: Decision,
        from first: UInt64,
        of submission: Submission
    ) throws(StoreError) -> Acceptance {
        let last = first + UInt64(decision.events.count) - 1
        switch command {
        case .openConversation(let opening):
            return try acceptOpening(opening.id, decision, at: last, of: submission)
        case .post(let post):
            return try acceptMessage(post.id, decision, from: first, of: submission)
        case .postNote:
            try keep(.created(offset: last), of: submission)
            let sequence = decision.after.request?.noteSequence ?? 0
            return Acceptance(offset: last, result: .note(sequence: sequence))
        case .markRead(let mark):
            let offset =
                decision.events.isEmpty
                ? try earlierMark(of: submission.principal, in: mark.conversation) : last
            try keep(.accepted(offset: offset, payload: Data()), of: submission)
            return Acceptance(offset: offset, result: .readMark)
        case .markReceived(let mark):
            let offset =
                decision.events.isEmpty
                ? try earlierMark(of: submission.principal, in: mark.conversation) : last
            try keep(.accepted(offset: offset, payload: Data()), of: submission)
            return Acceptance(offset: offset, result: .readMark)
        case .createRequest:
            try keep(.created(offset: last), of: submission)
            let message = message(of: decision.after.request, for: submission.principal)
            return Acceptance(offset: last, result: .request(message))
        case .take, .assign, .view, .setStatus, .finish, .edit, .splitNewMessages,
            .splitMessages, .merge, .link, .unlink, .delete, .restore, .endInactiveSession, .wake,
            .elapse:
            let message = message(of: decision.after.outcome, for: submission.principal)
            let payload: Data = (try? message.serializedBytes()) ?? Data()
            try keep(.accepted(offset: last, payload: payload), of: submission)
            return Acceptance(offset: last, result: .request(message))
        }
    }

    /// How a principal sees requests.
    private func view(of principal: Principal?) -> RequestView {
        RequestView(policy: policy, audience: principal?.audience ?? .conversation)
    }

    /// A request as a principal sees it.
    func message(
        of request: SupportRequest?,
        for principal: Principal?
    ) -> Docket_V1_Request {
        request.map { Docket_V1_Request($0, for: view(of: principal)) } ?? Docket_V1_Request()
    }

    private func acceptOpening(
        _ id: ConversationID,
        _ decision: Decision,
        at last: UInt64,
        of submission: Submission
    ) throws(StoreError) -> Acceptance {
        guard let conversation = decision.after.conversation else {
            throw .corrupted("an opened conversation is missing")
        }
        let result = Acceptance.Result.conversation(
            Docket_V1_Conversation(
                conversation,
                newestRequest: decision.after.request,
                for: view(of: submission.principal)
            )
        )
        // One that was there, perhaps for the staff alone, is not what the command's id names.
        if decision.events.isEmpty || conversation.id != id {
            let offset = try transaction.openingOffset(of: conversation.id) ?? last
            try keep(.accepted(offset: offset, payload: conversation.id.data), of: submission)
            return Acceptance(offset: offset, result: result)
        }
        try keep(.created(offset: last), of: submission)
        return Acceptance(offset: last, result: result)
    }

    private func acceptMessage(
        _ id: MessageID,
        _ decision: Decision,
        from first: UInt64,
        of submission: Submission
    ) throws(StoreError) -> Acceptance {
        let position = decision.events.firstIndex { event in
            if case .messagePosted(let message) = event.fact { message.id == id } else { false }
        }
        guard let position, let posted = PostedMessage(decision.events[position]) else {
            throw .corrupted("a decided message is missing")
        }
        let offset = first + UInt64(position)
        try keep(.created(offset: offset), of: submission)
        return Acceptance(offset: offset, result: .message(posted))
    }

    private func earlierMark(
        of principal: Principal?,
        in conversation: ConversationID
    ) throws(StoreError) -> UInt64 {
        guard let reader = principal?.id else { return 0 }
        return try transaction.readMark(of: reader, in: conversation)?.offset ?? 0
    }

    /// Answers a submission whose id the store knows: the same again gets the same answer, anything
    /// else learns only that the id is used.
    func answerAgain(
        _ submission: Submission,
        key: Submission.Key,
        record: CommandRecord
    ) throws(StoreError) -> Reply {
        guard record.principal == submission.principal?.id, record.digest == key.digest else {
            return .keyReused
        }
        switch record.answer {
        case .refused(let rejection): return .refused(rejection)
        case .created(let offset):
            return try repetition(of: submission, key: key, offset: offset, payload: nil)
        case .accepted(let offset, let payload):
            return try repetition(of: submission, key: key, offset: offset, payload: payload)
        }
    }

    /// The answer that was given before; an entry that cannot be read any more leaves the outcome
    /// unknown to the caller, and must not stop the desk for everybody else.
    private func repetition(
        of submission: Submission,
        key: Submission.Key,
        offset: UInt64,
        payload: Data?
    ) throws(StoreError) -> Reply {
        let result: Acceptance.Result?
        switch submission.change {
        case .command(let command):
            result = try self.result(
                of: command,
                by: submission.principal,
                offset: offset,
                payload: payload
            )
        case .ticket(let push):
            let request = try transaction.situation(ofRequest: push.creation.id).request
            result = request.map { .request(message(of: $0, for: submission.principal)) }
        case .identity(let change):
            result = try self.result(of: change, key: key, payload: payload)
        case .policy:
            let version = payload.flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
            result = version.map { .policy(version: $0) }
        case .directory(let change):
            if try isGone(change, payload) { return .refused(.notFound) }
            result = try self.result(of: change, by: submission.principal, payload: payload)
        case .attachment:
            let record = try transaction.attachment(AttachmentID(key.id))
            result = record.map { .attachment($0.attachment) }
        case .contentRemoval: result = .contentsForgotten
        }
        guard let result else { return .unavailable(.outcomeUnknown) }
        return .accepted(Acceptance(offset: offset, result: result, isRepetition: true))
    }

    private func result(
        of command: Command,
        by principal: Principal?,
        offset: UInt64,
        payload: Data?
    ) throws(StoreError) -> Acceptance.Result? {
        switch command {
        case .openConversation(let opening):
            let id = payload.flatMap { ConversationID(bytes: $0) } ?? opening.id
            let situation = try transaction.situation(of: id)
            return situation.conversation.map { conversation in
                .conversation(
                    Docket_V1_Conversation(
                        conversation,
                        newestRequest: situation.request,
                        for: view(of: principal)
                    )
                )
            }
        case .post:
            return try event(at: offset).flatMap(PostedMessage.init).map { .message($0) }
        case .postNote:
            guard case .notePosted(let note)? = try event(at: offset)?.fact else { return nil }
            return .note(sequence: note.sequence)
        case .markRead, .markReceived:
            return .readMark
        case .createRequest(let creation):
            let request = try transaction.situation(ofRequest: creation.id).request
            return request.map { .request(message(of: $0, for: principal)) }
        case .take, .assign, .view, .setStatus, .finish, .edit, .splitNewMessages,
            .splitMessages, .merge, .link, .unlink, .delete, .restore, .endInactiveSession, .wake,
            .elapse:
            guard let payload, let request = try? Docket_V1_Request(serializedBytes: payload)
            else { return nil }
            return .request(request)
        }
    }

    private func event(at offset: UInt64) throws(StoreError) -> Event? {
        try transaction.entry(at: offset).flatMap { Event(encoded: $0.event) }
    }
}

extension Situation {
    /// The request that a command's answer tells: the one it is about, or what a merge left.
    fileprivate var outcome: SupportRequest? {
        guard let survivor = request?.details.mergedInto else { return request }
        return self.request(survivor.id) ?? request
    }
}

extension PostedMessage {
    /// Takes from an event where its message came to stand.
    init?(_ event: Event) {
        guard case .messagePosted(let message) = event.fact, let request = event.request
        else { return nil }
        self.init(
            sequence: message.sequence,
            request: request.id,
            requestNumber: request.number,
            acceptedAt: event.at
        )
    }
}
