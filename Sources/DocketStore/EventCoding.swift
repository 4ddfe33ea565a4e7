package import DocketDomain
package import DocketMessages
package import Foundation
internal import SwiftProtobuf

extension Identifier {
    /// The id's 16 bytes.
    package var data: Data {
        unsafe withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { unsafe Data($0) }
    }
}

extension Docket_V1_Actor {
    /// The party as others see it.
    package init(_ party: Party) {
        self.init()
        kind = Docket_V1_PrincipalKind(party.kind)
        if let id = party.id { self.id = id.data }
        name = party.name
    }

    /// The party, where it is one that this version knows.
    package var party: Party? {
        guard let kind = kind.domain else { return nil }
        return Party(kind: kind, id: PrincipalID(bytes: id), name: name)
    }
}

extension Docket_V1_PrincipalKind {
    /// The kind of party as the protocol names it.
    package init(_ kind: PartyKind) {
        self =
            switch kind {
            case .contact: .principalContact
            case .agent: .principalAgent
            case .integration: .principalIntegration
            case .partner: .principalPartner
            case .desk: .principalDesk
            }
    }

    fileprivate var domain: PartyKind? { PartyKind(rawValue: UInt8(clamping: rawValue)) }
}

extension Docket_V1_StatusCategory {
    /// The category as the protocol names it.
    package init(_ category: StatusCategory) {
        self =
            switch category {
            case .new: .categoryNew
            case .open: .categoryOpen
            case .waiting: .categoryWaiting
            case .resolved: .categoryResolved
            case .closed: .categoryClosed
            case .merged: .categoryMerged
            case .deleted: .categoryDeleted
            }
    }

    /// The category, where it is one that this version knows.
    package var domain: StatusCategory? { StatusCategory(rawValue: UInt8(clamping: rawValue)) }
}

extension Docket_V1_StatusCause {
    init(_ cause: StatusCause) {
        self =
            switch cause {
            case .assigned: .causeAssigned
            case .answered: .causeAnswered
            case .finished: .causeFinished
            case .contactReplied: .causeContactReplied
            case .timer: .causeTimer
            case .set: .causeSet
            case .viewed: .causeViewed
            case .created: .causeCreated
            case .woken: .causeWoken
            case .elapsed: .causeElapsed
            case .merged: .causeMerged
            case .split: .causeSplit
            case .deleted: .causeDeleted
            case .restored: .causeRestored
            }
    }

    var domain: StatusCause? { StatusCause(rawValue: UInt8(clamping: rawValue)) }
}

extension Docket_V1_Way {
    fileprivate init(_ way: Way) {
        self =
            switch way {
            case .call: .call
            case .channel: .channel
            case .partner: .partner
            case .timer: .timer
            case .rule: .rule
            }
    }

    fileprivate var domain: Way? { Way(rawValue: UInt8(clamping: rawValue)) }
}

extension Event {
    /// The event as the log holds it and the feed sends it to the staff.
    package var encoded: Data {
        // An event has no required fields, so encoding it has no way to fail.
        (try? message.serializedBytes()) ?? Data()
    }

    /// The event as a message of the protocol.
    package var message: Docket_V1_Event {
        var message = Docket_V1_Event()
        message.atMilliseconds = at.milliseconds
        message.actor = Docket_V1_Actor(actor)
        if let conversation { message.conversationID = conversation.data }
        message.way = Docket_V1_Way(way)
        message.isInternal = isInternal
        if let request {
            message.requestID = request.id.data
            message.requestNumber = request.number
            message.requestVersion = request.version
            if request.versionForContact != request.version {
                message.requestVersionForContact = request.versionForContact
            }
        }
        message.fact = fact.message(named: contactNames)
        return message
    }

    /// Takes the event from its bytes; `nil` where they are none that this version wrote.
    package init?(encoded: Data) {
        var names = ContactNames()
        guard let message = try? Docket_V1_Event(serializedBytes: encoded),
            let actor = message.actor.party,
            let way = message.way.domain,
            let fact = message.fact.flatMap({ Fact(message: $0, names: &names) })
        else { return nil }
        let mark = RequestID(bytes: message.requestID).map {
            RequestMark(
                id: $0,
                number: message.requestNumber,
                version: message.requestVersion,
                versionForContact: message.requestVersionForContact.nonzero
            )
        }
        self.init(
            at: Timestamp(milliseconds: message.atMilliseconds),
            actor: actor,
            conversation: ConversationID(bytes: message.conversationID),
            request: mark,
            way: way,
            isInternal: message.isInternal,
            contactNames: names,
            fact: fact
        )
    }
}

extension ContactView<Event> {
    /// The event as the feed sends it to contacts.
    package var encoded: Data { value.encoded }
}
