internal import DocketDomain

/// The rows that a transaction has added and not written yet.
///
/// They wait for whoever needs one of them, or for the transaction's end, and are written table by
/// table then: what one statement needs of the processor's caches stays there from row to row.
/// Nobody sees the difference, since a statement that may need one has them written before it.
struct NewRows {
    /// How many requests, or people, wait at most: some megabytes of memory.
    private static let limit = 512

    private(set) var principals: [[12 of SQLValue]] = []
    private(set) var profiles: [[3 of SQLValue]] = []
    private(set) var addresses: [[3 of SQLValue]] = []
    private(set) var conversations: [ConversationRow] = []
    private(set) var requests: [[30 of SQLValue]] = []
    private(set) var tickets: [[4 of SQLValue]] = []
    /// The numbers of the requests among them.
    private var numbers: [RequestID: UInt64] = [:]
    /// The names of the contacts among them.
    private var contactNames: Set<ExternalName> = []
    /// The names of the tickets among them.
    private var ticketNames: Set<ExternalName> = []

    /// Whether none waits.
    private(set) var isEmpty = true
    /// Whether they are to be written before another is added.
    var isFull: Bool { max(requests.count, principals.count) >= Self.limit }

    /// The number of a request among them.
    func number(of request: RequestID) -> UInt64? { isEmpty ? nil : numbers[request] }

    /// Whether a contact of that name is among them.
    func hasContact(_ name: ExternalName) -> Bool { !isEmpty && contactNames.contains(name) }

    /// Whether a ticket of that name is among them.
    func hasTicket(_ name: ExternalName) -> Bool { !isEmpty && ticketNames.contains(name) }

    mutating func add(principal row: [12 of SQLValue], named name: ExternalName?) {
        isEmpty = false
        principals.append(row)
        if let name { contactNames.insert(name) }
    }

    mutating func add(profile row: [3 of SQLValue]) {
        isEmpty = false
        profiles.append(row)
    }

    mutating func add(address row: [3 of SQLValue]) {
        isEmpty = false
        addresses.append(row)
    }

    mutating func add(_ conversation: ConversationRow) {
        isEmpty = false
        conversations.append(conversation)
    }

    mutating func add(request row: [30 of SQLValue], _ id: RequestID, number: UInt64) {
        isEmpty = false
        requests.append(row)
        numbers[id] = number
    }

    mutating func add(ticket row: [4 of SQLValue], named name: ExternalName) {
        isEmpty = false
        tickets.append(row)
        ticketNames.insert(name)
    }

    /// Has a conversation begin with a request; `false` where it is not the one added last.
    mutating func begin(_ conversation: Int64, with number: UInt64) -> Bool {
        guard let last = conversations.indices.last, conversations[last].key == conversation else {
            return false
        }
        conversations[last].newest = number
        return true
    }
}

/// What a principal calls a contact or a ticket of its own.
struct ExternalName: Hashable {
    let owner: PrincipalID
    let name: String
}

/// The row of a conversation.
struct ConversationRow {
    /// Its integer key.
    let key: Int64
    let conversation: Conversation
    /// The key of its contact; `nil` where there is no such contact, which the table refuses.
    let contact: Int64?
    /// The offset at which it was opened.
    let offset: UInt64
    /// The number of its newest request.
    var newest: UInt64?

    /// The values of its columns.
    var values: [7 of SQLValue] {
        [
            .integer(key), .id(conversation.id), .number(contact), .text(conversation.channel),
            .number(offset), .integer(conversation.isInternal ? 1 : 0), .number(newest),
        ]
    }
}
