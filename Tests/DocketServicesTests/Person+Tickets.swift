import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf

extension Person {
    var tickets: TicketsCaller { TicketsCaller(channel: channel) }

    /// A ticket to push.
    func ticket(
        _ externalKey: String,
        _ text: String = "It does not print",
        of contact: String = "crm/7",
        _ change: (inout Docket_V1_Ticket) -> Void = { _ in }
    ) -> Docket_V1_Ticket {
        .with {
            $0.id = fixture.newID
            $0.externalKey = externalKey
            $0.contact.externalID = contact
            $0.contact.name = "Ada"
            $0.channel = "api"
            $0.text = text
            change(&$0)
        }
    }

    /// Pushes tickets, and gives their verdicts.
    func push(
        _ tickets: [Docket_V1_Ticket]
    ) async throws(RPCError) -> [Docket_V1_TicketVerdict] {
        var call = Docket_V1_PushTicketsCall()
        call.tickets = tickets
        return try await self.tickets.pushBatch(call).verdicts
    }

    /// Pushes one ticket that is taken.
    func pushed(_ ticket: Docket_V1_Ticket) async throws -> Docket_V1_PushedTicket {
        let verdict = try await push([ticket])[0]
        if let error = verdict.error { throw error }
        return verdict.pushed
    }

    func ticket(
        _ key: Docket_V1_GetTicketCall.OneOf_Key
    ) async throws(RPCError) -> Docket_V1_Request {
        var call = Docket_V1_GetTicketCall()
        call.key = key
        return try await tickets.get(call).request
    }

    /// The external keys of all tickets, in pages of a length.
    func ticketKeys(prefix: String = "", limit: UInt32 = 200) async throws -> [String] {
        var keys: [String] = []
        var call = Docket_V1_ListTicketsCall()
        (call.keyPrefix, call.limit) = (prefix, limit)
        repeat {
            let reply = try await tickets.list(call)
            keys += reply.requests.map(\.details.externalKey)
            call.page = reply.nextPage
        } while !call.page.isEmpty
        return keys
    }

    @discardableResult
    func comment(
        _ text: String,
        on request: Data,
        id: Data? = nil
    ) async throws(RPCError) -> Docket_V1_CommentReply {
        var call = Docket_V1_CommentCall()
        call.header = header(id)
        call.requestID = request
        call.text = text
        return try await tickets.comment(call)
    }

    /// What was said in a request, as the partner is told.
    func ticketTexts(of request: Data) async throws(RPCError) -> [String] {
        var call = Docket_V1_TicketMessagesCall()
        call.requestID = request
        return try await tickets.messages(call).entries.map(\.event.messagePosted.text)
    }
}

extension Docket_V1_TicketVerdict {
    /// Why the ticket was not taken.
    var error: RPCError? {
        guard case .refusal(let status) = verdict else { return nil }
        return CallStatus(status).error
    }
}

extension MatrixRow {
    /// What partners may do, on what others have opened.
    static let tickets: [Method: MatrixRow] = [
        TicketsMethods.pushBatch: .open { person, target throws(RPCError) in
            _ = try await person.push([person.ticket("crm/1")])
        },
        TicketsMethods.list: .open { person, target throws(RPCError) in
            _ = try await person.tickets.list(Docket_V1_ListTicketsCall())
        },
        TicketsMethods.get: .thing(of: []) { person, target throws(RPCError) in
            _ = try await person.ticket(.id(target.request))
        },
        TicketsMethods.messages: .thing(of: []) { person, target throws(RPCError) in
            _ = try await person.ticketTexts(of: target.request)
        },
        TicketsMethods.comment: .thing(of: []) { person, target throws(RPCError) in
            try await person.comment("hello", on: target.request)
        },
    ]
}
