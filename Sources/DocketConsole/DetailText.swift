internal import DocketClient
internal import DocketTerminal

/// What a request is about and belongs to, in words.
enum DetailText {
    /// Several changes, as one list.
    static func text(of changes: [DetailChange]) -> TerminalText {
        let texts = changes.map(text)
        return texts.dropFirst().reduce(texts.first ?? "") { $0 + ", " + $1 }
    }

    /// One change.
    static func text(of change: DetailChange) -> TerminalText {
        switch change {
        case .topic(let from, let to, _): "topic " + text(from, to)
        case .type(let from, let to): "type " + text(from, to)
        case .priority(let from, let to): "priority " + text(from, to)
        case .field(let key, let from, let to):
            "\(key) " + text(from?.wording, to?.wording)
        case .tagAdded(let tag): "tag +\(tag)"
        case .tagRemoved(let tag): "tag -\(tag)"
        case .watcherAdded(let party): "watched by \(party.name)"
        case .watcherRemoved(let party): "no longer watched by \(party.name)"
        case .participantAdded(let party): "concerns \(party.name)"
        case .participantRemoved(let party): "no longer concerns \(party.name)"
        case .unknown: "something else"
        }
    }

    private static func text(_ from: String?, _ to: String?) -> TerminalText {
        "\(from ?? "-") → \(to ?? "-")"
    }

    /// A link, seen from the request that has it.
    static func text(of link: RequestLink) -> TerminalText {
        let words: TerminalText =
            switch link.kind {
            case .related: "related to"
            case .duplicate: "a duplicate of"
            case .parent: "the parent of"
            case .child: "a part of"
            case .followUp: "the continuation of"
            case .followedUp: "continued in"
            case .splitFrom: "split from"
            case .splitInto: "split into"
            case .madeFrom: "created from"
            case .origin: "the source of"
            case .unknown: "linked to"
            }
        return words + " \(link.other.number)"
    }
}
