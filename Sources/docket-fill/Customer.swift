internal import DocketDomain

/// A customer with a conversation.
struct Customer: Sendable {
    let contact: ContactID
    let conversation: ConversationID
    let channel: ChannelKey
    let firstName: String
    let lastName: String
    /// What shops know the customer by.
    let username: String

    private static let syllables = [
        "al", "an", "be", "bri", "ca", "da", "di", "el", "fe", "ga", "ha", "io", "ja", "ka", "la",
        "li", "ma", "mi", "na", "no", "o", "pa", "ra", "ro", "sa", "so", "ta", "ti", "u", "va",
        "wen", "za",
    ]

    init(at moment: Timestamp, random: inout FillRandom) {
        contact = ContactID(at: moment, random: &random)
        conversation = ConversationID(at: moment, random: &random)
        channel = random.happens(percent: 80) ? "chat" : "bridge"
        firstName = Self.name(2, &random)
        lastName = Self.name(3, &random)
        username = "\(firstName.prefix(1))\(lastName)".lowercased() + random.digits(3)
    }

    private static func name(_ length: Int, _ random: inout FillRandom) -> String {
        let parts = (0..<length).map { _ in
            syllables[Int(random.next() % UInt64(syllables.count))]
        }
        let name = parts.joined()
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The name shown to others.
    var name: String { "\(firstName) \(lastName)" }

    var principal: Principal { Principal(.contact(contact), name: name) }
}
