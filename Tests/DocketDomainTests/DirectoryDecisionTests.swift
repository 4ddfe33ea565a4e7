import DocketDomain
import Testing

@Suite("What becomes of changes of contacts and companies")
struct DirectoryDecisionTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)
    private static let later = now + .seconds(5)

    private static func id<Tag>(_ number: UInt64) -> Identifier<Tag> {
        Identifier(high: 0x7000, low: 0x8000_0000_0000_0000 | number)
    }

    private static let agent = Principal(.agent(id(1), .agent), name: "Bo")
    private static let supervisor = Principal(.agent(id(2), .supervisor), name: "Su")
    private static let contact = Principal(.contact(id(10)), name: "Ana")
    private static let stranger = Principal(.contact(id(11)), name: "Eve")
    private static let integration = Principal(.integration(id(3), "bridge"), name: "Bridge")
    private static let otherIntegration = Principal(.integration(id(4), "bridge"), name: "Other")
    private static let partner = Principal(.partner(id(5)), name: "Partner")

    private static let brought = ContactProfile(
        id: id(10),
        name: "Ana",
        origin: .external(integration: id(3), externalID: "+49"),
        at: now
    )
    private static let acme = Company(id: id(20), name: "Acme", at: now)

    private static func edit(_ fill: (inout ContactEdit) throws -> Void) rethrows -> ContactEdit {
        var edit = ContactEdit()
        try fill(&edit)
        return edit
    }

    private func decided(
        _ change: ContactChange,
        by principal: Principal,
        on profile: ContactProfile? = brought,
        expecting version: UInt64? = nil,
        company: Company? = nil,
        named: Company? = nil
    ) throws(Rejection) -> ContactDecision {
        try decide(
            change,
            in: ContactSituation(
                principal: principal,
                expectedVersion: version,
                now: Self.later,
                profile: profile,
                company: company,
                namedCompany: named
            )
        )
    }

    @Test("An agent makes a contact by hand, for a company if one is named")
    func creation() throws {
        let edit = try Self.edit {
            try $0.set(name: "Ana")
            try $0.set(phones: ["+1 23"])
        }
        let change = ContactChange.create(Self.id(12), edit, company: Self.acme.id)
        let decision = try decided(change, by: Self.agent, on: nil, named: Self.acme)
        #expect(decision.profile.origin == .registered)
        #expect(decision.profile.version == 1)
        #expect(decision.profile.company == Self.acme.id)
        #expect(decision.profile.createdAt == Self.later)
        #expect(
            decision.change
                == AdministrativeChange(
                    .contact(Self.id(12)),
                    name: "Ana",
                    .created,
                    fields: [
                        FieldChange(field: "name", before: "", after: "Ana"),
                        FieldChange(field: "phones", before: "", after: "+123"),
                        FieldChange(field: "company", before: "", after: "Acme"),
                    ]
                )
        )
        #expect(throws: Rejection.notFound) { try decided(change, by: Self.agent, on: nil) }
        let nameless = ContactChange.create(Self.id(12), ContactEdit(), company: nil)
        #expect(throws: Rejection.textEmpty(.name)) {
            try decided(nameless, by: Self.agent, on: nil)
        }
        for other in [Self.contact, Self.integration, Self.partner] {
            #expect(throws: Rejection.notPermitted) { try decided(change, by: other, on: nil) }
        }
    }

    @Test("A contact and its integration change how to reach it, the staff everything")
    func fields() throws {
        let reach = try Self.edit {
            try $0.set(name: "Anna")
            try $0.set(emails: ["a@b.c"])
            try $0.set(phones: ["123"])
            try $0.set(language: "uk")
        }
        for principal in [Self.contact, Self.integration, Self.agent, Self.supervisor] {
            let decision = try decided(.update(Self.brought.id, reach), by: principal)
            #expect(decision.profile.version == 2)
            #expect(decision.profile.changedAt == Self.later)
            #expect(
                decision.change?.fields.map(\.field) == ["name", "emails", "phones", "language"]
            )
        }
        let staffs = try [
            Self.edit { try $0.set(timeZone: "UTC") },
            Self.edit { try $0.set(clientCategory: "vip") },
            Self.edit { $0.isBlocked = true },
            Self.edit { try $0.set(attributes: [ContactAttribute(key: "a", value: "b")]) },
        ]
        for edit in staffs {
            let change = ContactChange.update(Self.brought.id, edit)
            #expect(try decided(change, by: Self.agent).change?.fields.count == 1)
            for principal in [Self.contact, Self.integration] {
                #expect(edit.fieldBeyond(principal) != nil)
                #expect(throws: Rejection.notPermitted) { try decided(change, by: principal) }
            }
        }
    }

    @Test("Nobody changes a contact that is not theirs to know")
    func strangers() throws {
        let edit = try Self.edit { try $0.set(name: "X") }
        for principal in [Self.stranger, Self.otherIntegration, Self.partner] {
            #expect(!principal.mayKnow(Self.brought))
            #expect(throws: Rejection.notFound) {
                try decided(.update(Self.brought.id, edit), by: principal)
            }
        }
        let guest = ContactProfile(id: Self.id(10), name: "Ana", origin: .guest, at: Self.now)
        #expect(!Self.integration.mayKnow(guest))
        #expect(Self.contact.mayKnow(guest))
        #expect(throws: Rejection.notFound) {
            try decided(.update(Self.id(10), edit), by: Self.agent, on: nil)
        }
    }

    @Test("A change that changes nothing makes no version, and one of an old version is refused")
    func versions() throws {
        let same = try Self.edit { try $0.set(name: "Ana") }
        let decision = try decided(.update(Self.brought.id, same), by: Self.agent, expecting: 1)
        #expect(decision.profile == Self.brought)
        #expect(decision.change == nil)
        #expect(throws: Rejection.versionConflict(current: 1, of: .contact)) {
            try decided(.update(Self.brought.id, same), by: Self.agent, expecting: 2)
        }
    }

    @Test("The staff says for which company a contact speaks, and the log has the names")
    func company() throws {
        let change = ContactChange.setCompany(Self.brought.id, Self.acme.id)
        let joined = try decided(change, by: Self.agent, named: Self.acme)
        #expect(joined.profile.company == Self.acme.id)
        #expect(
            joined.change?.fields == [FieldChange(field: "company", before: "", after: "Acme")]
        )
        let left = try decided(
            .setCompany(Self.brought.id, nil),
            by: Self.agent,
            on: joined.profile,
            company: Self.acme
        )
        #expect(left.profile.company == nil)
        #expect(
            left.change?.fields == [FieldChange(field: "company", before: "Acme", after: "")]
        )
        #expect(throws: Rejection.notFound) { try decided(change, by: Self.agent) }
        for other in [Self.contact, Self.integration] {
            #expect(throws: Rejection.notPermitted) {
                try decided(change, by: other, named: Self.acme)
            }
        }
    }

    // MARK: Companies

    private func decided(
        _ change: CompanyChange,
        by principal: Principal,
        on company: Company? = acme,
        expecting version: UInt64? = nil,
        nameHolder: CompanyID? = nil,
        hasContacts: Bool = false
    ) throws(Rejection) -> CompanyDecision {
        try decide(
            change,
            in: CompanySituation(
                principal: principal,
                expectedVersion: version,
                now: Self.later,
                company: company,
                nameHolder: nameHolder,
                hasContacts: hasContacts
            )
        )
    }

    @Test("A company has a name that no other has, and keeps it through a change of its case")
    func companyNames() throws {
        var edit = CompanyEdit()
        #expect(throws: Rejection.textEmpty(.name)) {
            try decided(.create(Self.id(21), edit), by: Self.agent, on: nil)
        }
        try edit.set(name: "ACME")
        let renamed = try decided(
            .update(Self.acme.id, edit),
            by: Self.agent,
            nameHolder: Self.acme.id
        )
        #expect(renamed.company?.name == "ACME")
        #expect(renamed.company?.version == 2)
        #expect(throws: Rejection.nameTaken) {
            try decided(.update(Self.acme.id, edit), by: Self.agent, nameHolder: Self.id(22))
        }
        #expect(throws: Rejection.nameTaken) {
            try decided(
                .create(Self.id(21), edit),
                by: Self.agent,
                on: nil,
                nameHolder: Self.acme.id
            )
        }
        #expect(throws: Rejection.notPermitted) {
            try decided(.create(Self.id(21), edit), by: Self.contact, on: nil)
        }
    }

    @Test("A company is removed by a supervisor, and only when no contact speaks for it")
    func removal() throws {
        let change = CompanyChange.remove(Self.acme.id)
        let decision = try decided(change, by: Self.supervisor, expecting: 1)
        #expect(decision.company == nil)
        #expect(decision.change?.action == .removed)
        #expect(throws: Rejection.inUse(["Acme"])) {
            try decided(change, by: Self.supervisor, hasContacts: true)
        }
        #expect(throws: Rejection.notPermitted) { try decided(change, by: Self.agent) }
        #expect(throws: Rejection.notFound) {
            try decided(change, by: Self.supervisor, on: nil)
        }
        #expect(throws: Rejection.versionConflict(current: 1, of: .company)) {
            try decided(change, by: Self.supervisor, expecting: 3)
        }
    }
}
