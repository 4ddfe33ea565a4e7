internal import DocketClient

// The parts of JSON lines that tell of what happened to requests.

extension JSONLine {
    struct OpeningFields: Encodable, Sendable {
        let kind: String
        let origin: String
        let isAside: Bool?
        let previous: String?
        let title: String?
        let topic: String?
        let type: String?
        let priority: String?
        let externalKey: String?
        let topicNameForContact: String?

        init(_ opening: RequestOpening) {
            kind = opening.kind.rawValue
            origin = opening.origin.rawValue
            isAside = opening.isAside ? true : nil
            previous = opening.previous.map { "\($0)" }
            title = opening.title
            topic = opening.topic
            type = opening.type
            priority = opening.priority
            externalKey = opening.externalKey
            topicNameForContact = opening.topicNameForContact
        }
    }

    struct BeforeAfterFields: Encodable, Sendable {
        let from: String?
        let to: String?
    }

    struct MovedFields: Encodable, Sendable {
        let other: OtherFields
        let messages: [String]
        let firstSequence: UInt64

        init(_ moved: MovedMessages) {
            other = OtherFields(moved.other)
            messages = moved.messageIDs.map { "\($0)" }
            firstSequence = moved.firstSequence
        }
    }

    struct PolicyFields: Encodable, Sendable {
        let version: UInt64
        let name: String
    }

    struct AdministeredFields: Encodable, Sendable {
        struct FieldFields: Encodable, Sendable {
            let field: String
            let before: String
            let after: String
        }

        let subject: String
        let id: String?
        let name: String
        let action: String
        let fields: [FieldFields]

        init(_ change: AdministrativeChange) {
            subject = change.subject.rawValue
            id = change.subjectID.map { "\($0)" }
            name = change.name
            action = change.action.rawValue
            fields = change.fields.map { field in
                FieldFields(field: field.name, before: field.before, after: field.after)
            }
        }
    }

    /// One change; `what` decides which of the other fields are there.
    struct DetailFields: Encodable, Sendable {
        var what: String
        var key: String?
        var from: FieldValueFields?
        var to: FieldValueFields?
        var tag: String?
        var party: PartyFields?

        init(_ change: DetailChange) {
            what = "unknown"
            switch change {
            case .topic(let from, let to, _): fill("topic", from, to)
            case .type(let from, let to): fill("type", from, to)
            case .priority(let from, let to): fill("priority", from, to)
            case .field(let key, let from, let to):
                what = "field"
                self.key = key
                self.from = from.map(FieldValueFields.init)
                self.to = to.map(FieldValueFields.init)
            case .tagAdded(let tag): fill("tag_added", tag: tag)
            case .tagRemoved(let tag): fill("tag_removed", tag: tag)
            case .watcherAdded(let party): fill("watcher_added", party)
            case .watcherRemoved(let party): fill("watcher_removed", party)
            case .participantAdded(let party): fill("participant_added", party)
            case .participantRemoved(let party): fill("participant_removed", party)
            case .unknown: break
            }
        }

        private mutating func fill(_ what: String, _ from: String?, _ to: String?) {
            self.what = what
            self.from = from.map { FieldValueFields(.text($0)) }
            self.to = to.map { FieldValueFields(.text($0)) }
        }

        private mutating func fill(_ what: String, tag: String) {
            self.what = what
            self.tag = tag
        }

        private mutating func fill(_ what: String, _ party: Party) {
            self.what = what
            self.party = PartyFields(party)
        }
    }
}
