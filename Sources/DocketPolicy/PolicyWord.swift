internal import DocketDomain

/// What a document says by one of a closed set of words.
protocol PolicyWord: CaseIterable {
    /// The word.
    var word: String { get }
}

extension PolicyWord {
    /// All words.
    static var words: [String] { allCases.map(\.word) }

    /// Takes what a word says; `nil` for any other.
    init?(word: String) {
        guard let found = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = found
    }
}

extension PolicyWord where Self: RawRepresentable<String> {
    var word: String { rawValue }
}

extension RequestKind: PolicyWord {}
extension ChannelKind: PolicyWord {}
extension Trigger: PolicyWord {}
extension Requirement: PolicyWord {}
extension FieldPhase: PolicyWord {}
extension WorkAction: PolicyWord {}

extension StatusCategory: PolicyWord {
    var word: String { "\(self)" }
}

extension WaitingFor: PolicyWord {
    var word: String {
        switch self {
        case .customer: "customer"
        case .thirdParty: "third_party"
        case .colleague: "colleague"
        case .time: "time"
        }
    }
}

/// What a contact's message does in a status, without the time that one of them has.
enum ReplyWord: String, PolicyWord {
    case append
    case reopen
    case newRequest = "new_request"
    case refuse
}

/// What a field holds, without the limits that go with it.
enum FieldTypeWord: String, PolicyWord {
    case text
    case integer
    case decimal
    case flag
    case date
    case choice
    case choices
}

/// What a condition looks at, beside a field of the policy's own.
enum SubjectWord: String, PolicyWord {
    case kind
    case origin
    case channel
    case category
    case topic
    case type
    case priority
    case tag
    case visibility
    case assignee
    case chat

    /// What comes before the key of a field.
    static let fieldPrefix = "fields."
}
