internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// How contacts and companies are shown: as a table for people, as JSON for programs.
struct DirectoryOutput: ParsableArguments {
    @Flag(help: "Print one JSON object per line.")
    var json = false

    /// Shows contacts, and that there are more where that is so.
    func show(_ contacts: Listing<Contact>) throws {
        guard !json else {
            for contact in contacts.items { try write(ContactLine(contact)) }
            return
        }
        var table = TextTable(columns: [
            .init("NAME"), .init("E-MAIL", importance: .useful),
            .init("PHONE", isWhole: true, importance: .detail),
            .init("COMPANY", importance: .detail), .init("ID", isWhole: true, importance: .key),
        ])
        for contact in contacts.items {
            table.append([
                "\(contact.name)", "\(contact.emails.first ?? "")",
                "\(contact.phones.first ?? "")", "\(contact.companyName ?? "")",
                "\(contact.id.description)",
            ])
        }
        try show(table, isEmpty: contacts.items.isEmpty, hasMore: !contacts.isWhole)
    }

    /// Shows companies, and that there are more where that is so.
    func show(_ companies: Listing<Company>) throws {
        guard !json else {
            for company in companies.items { try write(CompanyLine(company)) }
            return
        }
        var table = TextTable(columns: [
            .init("NAME"), .init("CATEGORY", importance: .detail),
            .init("ID", isWhole: true, importance: .key),
        ])
        for company in companies.items {
            table.append([
                "\(company.name)", "\(company.clientCategory ?? "")", "\(company.id.description)",
            ])
        }
        try show(table, isEmpty: companies.items.isEmpty, hasMore: !companies.isWhole)
    }

    private func show(_ table: TextTable, isEmpty: Bool, hasMore: Bool) throws {
        let output = OutputWriter.standard
        guard !isEmpty else { return try output.writeLine("There is nothing.") }
        try RequestOutput.show(table)
        if hasMore { try output.writeLine("There are more: raise --limit.") }
    }

    /// Shows everything about one contact.
    func show(details contact: Contact) throws {
        guard !json else { return try write(ContactLine(contact)) }
        let facts: [(name: TerminalText, value: String)] =
            [
                ("name", contact.name),
                ("id", "\(contact.id)"),
                ("e-mail", contact.emails.joined(separator: ", ")),
                ("phone", contact.phones.joined(separator: ", ")),
                ("company", contact.companyName ?? ""), ("language", contact.language ?? ""),
                ("time zone", contact.timeZone ?? ""),
                ("category", contact.clientCategory ?? ""),
                ("blocked", contact.isBlocked ? "yes" : ""),
                ("external id", contact.externalID ?? ""), ("version", "\(contact.version)"),
            ] + contact.attributes.map { (TerminalText(untrusted: $0.key), $0.value) }
        for fact in facts where !fact.value.isEmpty {
            try OutputWriter.standard.writeLine("\(fact.name): \(fact.value)")
        }
    }

    /// Tells what became of a contact.
    func tell(_ contact: Contact) throws {
        guard !json else { return try write(ContactLine(contact)) }
        try OutputWriter.standard.writeLine(
            "contact \(contact.name), \(contact.id.description): version \(contact.version)"
        )
    }

    /// Tells what became of a company.
    func tell(_ company: Company) throws {
        guard !json else { return try write(CompanyLine(company)) }
        try OutputWriter.standard.writeLine(
            "company \(company.name), \(company.id.description): version \(company.version)"
        )
    }

    /// Tells that a company is gone.
    func tell(removed company: Company) throws {
        guard !json else { return try write(CompanyLine(company, isRemoved: true)) }
        try OutputWriter.standard.writeLine("company \(company.name) is removed")
    }

    private func write(_ line: some Encodable) throws {
        try OutputWriter.standard.write(JSONLine.text(of: line) + "\n")
    }
}

/// A contact as a line of JSON.
struct ContactLine: Encodable {
    /// The fields of the contact; what is not known is left out.
    struct Fields: Encodable {
        let id: String
        let name: String
        let emails: [String]
        let phones: [String]
        let version: UInt64
        let createdAt: String?
        let changedAt: String?
        let company: String?
        let companyName: String?
        let language: String?
        let timeZone: String?
        let clientCategory: String?
        let blocked: Bool
        let externalId: String?
        let attributes: [Attribute]
    }

    /// An attribute: a list keeps its keys as they were written, which the names of fields are not.
    struct Attribute: Encodable {
        let key: String
        let value: String
    }

    let v = JSONLine.version
    let type = "contact"
    let contact: Fields

    init(_ contact: Contact) {
        self.contact = Fields(
            id: "\(contact.id)",
            name: contact.name,
            emails: contact.emails,
            phones: contact.phones,
            version: contact.version,
            createdAt: contact.createdAt.map(LocalCalendar.rfc3339),
            changedAt: contact.changedAt.map(LocalCalendar.rfc3339),
            company: contact.companyID.map { "\($0)" },
            companyName: contact.companyName,
            language: contact.language,
            timeZone: contact.timeZone,
            clientCategory: contact.clientCategory,
            blocked: contact.isBlocked,
            externalId: contact.externalID,
            attributes: contact.attributes.map { Attribute(key: $0.key, value: $0.value) }
        )
    }
}

/// A company as a line of JSON.
struct CompanyLine: Encodable {
    /// The fields of the company.
    struct Fields: Encodable {
        let id: String
        let name: String
        let clientCategory: String?
        let version: UInt64
    }

    let v = JSONLine.version
    let type = "company"
    let company: Fields
    let removed: Bool

    init(_ company: Company, isRemoved: Bool = false) {
        removed = isRemoved
        self.company = Fields(
            id: "\(company.id)",
            name: company.name,
            clientCategory: company.clientCategory,
            version: company.version
        )
    }
}
