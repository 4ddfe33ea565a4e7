internal import DocketClient
internal import DocketCommandLine

/// How people name the desk's contacts and companies.
struct Directory {
    private let client: DocketClient

    init(_ client: DocketClient) {
        self.client = client
    }

    /// The contact that somebody names by its id, an e-mail address, a phone number, what an
    /// integration calls it, or its name or the beginning of that.
    ///
    /// A whole name goes before the beginning of another.
    func contact(_ name: String) async throws -> Contact {
        if let id = PartyID(name) { return try await client.contacts.get(id) }
        let found = try await Self.contact(name) { criterion in
            try await client.contacts.find(by: criterion, atMost: Self.candidates + 1).items
        }
        if let found { return found }
        throw CommandFailure(
            "no contact is known as '\(name)'",
            advice: "See who there is: docket contact find",
            status: .notFound
        )
    }

    /// The contact that a name means by the first criterion that finds somebody.
    ///
    /// A criterion that the server refuses for what the name looks like finds nobody.
    ///
    /// - Parameters:
    ///   - name: How somebody names the contact.
    ///   - find: Looks for contacts by a criterion.
    /// - Returns: The contact; `nil` where nobody was found.
    /// - Throws: What `find` throws, or a failure that lists the candidates where several fit.
    static func contact(
        _ name: String,
        find: (ContactCriterion) async throws -> [Contact]
    ) async throws -> Contact? {
        for criterion in ContactCriteria.all(for: name) {
            do {
                if let contact = try pick(name, from: try await find(criterion)) { return contact }
            } catch let error as DocketClientError where error.concernsArgument {
                continue
            }
        }
        return nil
    }

    /// The contact that a name means of those that were found; `nil` where none was.
    ///
    /// - Throws: A failure that lists the candidates where several fit.
    static func pick(
        _ name: String,
        from found: [Contact]
    ) throws(CommandFailure) -> Contact? {
        let exact = found.filter { $0.name.lowercased() == name.lowercased() }
        let fitting = exact.count == 1 ? exact : found
        guard fitting.count > 1 else { return fitting.first }
        throw ambiguity(name, fitting)
    }

    /// The id of the contact that somebody names; an id need not be looked up.
    func id(of name: String) async throws -> PartyID {
        if let id = PartyID(name) { return id }
        return try await contact(name).id
    }

    /// Contacts that are named where several fit.
    private static let candidates = 10

    private static func ambiguity(
        _ name: String,
        _ found: [Contact]
    ) -> CommandFailure {
        let lines = found.prefix(candidates).map { contact in
            let facts = contact.emails + contact.phones + [contact.externalID].compactMap { $0 }
            return "  \(contact.id)  \(contact.name)  \(facts.joined(separator: " "))"
        }
        let more = found.count > candidates ? ["  and more: docket contact find"] : []
        return CommandFailure(
            "several contacts are known as '\(name)'",
            advice: (["Use the id of one:"] + lines + more).joined(separator: "\n"),
            status: .usage
        )
    }

    /// The company that somebody names by its id or its whole name, in any case.
    func company(_ name: String) async throws -> Company {
        if let id = CompanyID(name) { return try await client.companies.get(id) }
        // Of all names that begin like this, the name itself is the first.
        let found = try await client.companies.list(namePrefix: name, limit: 1).items.first
        guard let found, found.name.lowercased() == name.lowercased() else {
            throw CommandFailure(
                "no company has the name \(name)",
                advice: "See which there are: docket company list",
                status: .notFound
            )
        }
        return found
    }
}

extension Contacts {
    /// The first contacts that a criterion finds, so many at most.
    func find(
        by criterion: ContactCriterion?,
        atMost bound: Int
    ) async throws(DocketClientError) -> Listing<Contact> {
        try await Listing(atMost: bound) { (limit, page) async throws(DocketClientError) in
            try await find(by: criterion, limit: limit, page: page)
        }
    }
}

extension DocketClientError {
    /// Whether the server refused what an argument looks like, not what it means.
    fileprivate var concernsArgument: Bool {
        ["invalid_argument", "field_missing", "field_too_long"].contains(refusal?.reason)
    }
}
