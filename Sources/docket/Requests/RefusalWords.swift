internal import DocketClient

/// What a refusal says about what was typed, in the words of the command line.
///
/// The server names the fields of its protocol, which nobody has typed. Every sentence that is put
/// in their place is here, built of the reason, of what the reason is about, and of what was typed.
struct RefusalWords: Equatable {
    /// What was typed, as far as a sentence depends on it.
    enum Typed: Equatable {
        case set(topic: String?, type: String?, priority: String?)
        case postpone
        case link(LinkArgument, other: UInt64)
        case unlink(LinkArgument, other: UInt64)
        case merge(other: SupportRequest?)
        case restore
        case search(String)
        case contact(emails: [String], phones: [String])
        case lock(String)
        case unlock(String)
        case other
    }

    /// What happened.
    let message: String
    /// What to do about it; nil for what fits the reason.
    var advice: String?

    private init(_ message: String, advice: String? = nil) {
        self.message = message
        self.advice = advice
    }

    /// The words for a refusal; nil where those of the server fit.
    ///
    /// - Parameters:
    ///   - refusal: What the server said.
    ///   - typed: What was typed.
    ///   - request: The request that it is about, as it is; nil where there is none.
    init?(_ refusal: Refusal, after typed: Typed, about request: SupportRequest? = nil) {
        let number = request?.number ?? 0
        let words: RefusalWords?
        switch refusal.reason {
        case "invalid_value", "invalid_argument":
            words = Self.invalid(refusal, after: typed, about: number)
        case "no_change": words = Self.unchanged(after: typed, about: number)
        case "not_mergeable": words = request.flatMap { Self.apart($0, after: typed) }
        case "invalid_transition":
            words = request.map {
                RefusalWords("Request \($0.number) cannot go there from \($0.status)")
            }
        default: words = nil
        }
        guard let words else { return nil }
        self = words
    }

    private static func invalid(
        _ refusal: Refusal,
        after typed: Typed,
        about number: UInt64
    ) -> RefusalWords? {
        let field = refusal.particulars
        switch (typed, field) {
        case (.postpone, "wake_at"), (.postpone, "wake_at_milliseconds"):
            return RefusalWords("--until must be in the future, at most ten years ahead")
        case (.link, "other_id"): return RefusalWords("A request cannot be linked to itself")
        case (.link(let kind, let other), "kind"):
            guard let inverse = kind.inverse else { return nil }
            return RefusalWords(
                "\(number) is already the \(inverse.rawValue) of \(other)",
                advice: "Remove that link first: "
                    + "docket request unlink \(number) \(inverse.rawValue) \(other)"
            )
        case (.set(let topic, _, _), "topic"): return missing("topic", topic, refusal)
        case (.set(_, let type, _), "type"): return missing("type", type, refusal)
        case (.set(_, _, let priority), "priority"): return missing("priority", priority, refusal)
        case (.search(let query), "query"):
            return query.contains("*")
                ? RefusalWords("A beginning needs two letters or more, as in pa*")
                : RefusalWords("There is nothing to search for in '\(query)'")
        case (.contact(let emails, _), _) where field.hasPrefix("fields.emails["):
            return element(of: emails, field).map {
                RefusalWords("'\($0)' is not an e-mail address")
            }
        case (.contact(_, let phones), _) where field.hasPrefix("fields.phones["):
            return element(of: phones, field).map { RefusalWords("'\($0)' is not a phone number") }
        default: return nil
        }
    }

    /// A key that the policy does not have, with those that the server names.
    private static func missing(
        _ name: String,
        _ key: String?,
        _ refusal: Refusal
    ) -> RefusalWords? {
        guard let key else { return nil }
        let allowed = refusal.message.split(separator: "must be one of: ").dropFirst().first
        guard let allowed else { return RefusalWords("This policy has no \(plural(of: name))") }
        return RefusalWords("This policy has no \(name) '\(key)'", advice: "It has: \(allowed)")
    }

    private static func plural(of name: String) -> String {
        name == "priority" ? "priorities" : "\(name)s"
    }

    /// The element that a field such as `fields.emails[0]` names.
    private static func element(of values: [String], _ field: String) -> String? {
        let index = field.split(separator: "[").last.flatMap { Int($0.dropLast()) }
        return index.flatMap { values.indices.contains($0) ? values[$0] : nil }
    }

    private static func unchanged(after typed: Typed, about number: UInt64) -> RefusalWords? {
        switch typed {
        case .unlink(let kind, let other):
            RefusalWords("\(number) is not \(kind.words) \(other)")
        case .link(let kind, let other):
            RefusalWords("\(number) is already \(kind.words) \(other)")
        case .restore: RefusalWords("\(number) is not deleted")
        case .lock(let login): RefusalWords("\(login) is already locked")
        case .unlock(let login): RefusalWords("\(login) is not locked")
        case .set, .postpone, .merge, .search, .contact, .other: nil
        }
    }

    /// Why two requests cannot be merged, where that can be seen from here.
    private static func apart(_ request: SupportRequest, after typed: Typed) -> RefusalWords? {
        if let survivor = request.details.mergedInto {
            return RefusalWords(
                "\(request.number) is already merged into \(survivor.number)",
                advice: "See it: docket show \(survivor.number)"
            )
        }
        guard case .merge(let other?) = typed else { return nil }
        if other.number == request.number {
            return RefusalWords("A request cannot be merged with itself", advice: "")
        }
        if let survivor = other.details.mergedInto {
            return RefusalWords(
                "\(other.number) is already merged into \(survivor.number)",
                advice: "See it: docket show \(survivor.number)"
            )
        }
        let link = "docket request link \(request.number) related \(other.number)"
        let isSame = request.contact?.id == other.contact?.id
        return RefusalWords(
            isSame
                ? "\(request.number) and \(other.number) cannot be merged"
                : "\(request.number) and \(other.number) belong to different customers",
            advice: "Link them instead: \(link)"
        )
    }
}

extension LinkArgument {
    /// What the second is to the first, where it is something else.
    var inverse: LinkArgument? {
        switch self {
        case .parent: .child
        case .child: .parent
        case .related, .duplicate: nil
        }
    }

    /// What the first is to the second, before the number of that.
    var words: String {
        switch self {
        case .related: "related to"
        case .duplicate: "a duplicate of"
        case .parent: "the parent of"
        case .child: "the child of"
        }
    }
}
