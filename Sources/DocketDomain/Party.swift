/// What kind of party acts.
package enum PartyKind: UInt8, Sendable, CaseIterable {
    /// A customer.
    case contact = 1
    /// An employee.
    case agent = 2
    /// A channel.
    case integration = 3
    /// Another company's system.
    case partner = 4
    /// The desk itself: timers and automatic replies.
    case desk = 5
}

/// Who did something, as others may see it.
package struct Party: Hashable, Sendable {
    /// The kind of party.
    package let kind: PartyKind
    /// The party's id; `nil` for the desk itself.
    package let id: PrincipalID?
    /// The name shown to others; at most 128 bytes.
    package let name: String

    /// Names a party.
    package init(kind: PartyKind, id: PrincipalID?, name: String) {
        self.kind = kind
        self.id = id
        self.name = name
    }

    /// The desk itself.
    package static let desk = Party(kind: .desk, id: nil, name: "")
}
