import DocketClient
import Testing

@Suite("The library knows the desk's contacts and companies", .timeLimit(.minutes(5)))
struct DirectoryFacadeTests {
    private let scene: ClientScene

    init() throws { scene = ClientScene(try DeskSubject()) }

    private var ada: ContactFields {
        var fields = ContactFields(name: "Ada")
        fields.emails = ["ada@example.org", "a@example.org"]
        fields.phones = ["+380 44 123-45-67"]
        fields.language = "uk"
        fields.timeZone = "Europe/Kyiv"
        fields.clientCategory = "vip"
        fields.attributes = [.init(key: "shoe", value: "38")]
        return fields
    }

    @Test("A contact keeps what an agent says of it, and what is not said stays")
    func fields() async throws {
        let agent = try await scene.agent()
        let company = try await agent.companies.create(CompanyFields(name: "Paper Ltd"))
        let made = try await agent.contacts.create(ada, company: company.id)
        #expect(made == (try await agent.contacts.get(made.id)))
        #expect(made.name == "Ada" && made.emails == ["ada@example.org", "a@example.org"])
        #expect(made.phones == ["+380441234567"] && made.language == "uk")
        #expect(made.timeZone == "Europe/Kyiv" && made.clientCategory == "vip")
        #expect(made.companyID == company.id && made.companyName == "Paper Ltd")
        #expect(made.attributes == [Contact.Attribute(key: "shoe", value: "38")])
        #expect(made.version == 1 && made.origin == .registered && !made.isBlocked)
        var change = ContactFields()
        change.emails = []
        change.language = ""
        change.isBlocked = true
        let changed = try await agent.contacts.update(made.id, change, expecting: 1)
        #expect(changed.emails == [] && changed.language == nil && changed.isBlocked)
        #expect(changed.phones == made.phones && changed.version == 2)
        let free = try await agent.contacts.setCompany(nil, of: made.id, expecting: 2)
        #expect(free.companyID == nil && free.companyName == nil && free.version == 3)
    }

    @Test("Of two who change one contact, the later is told")
    func conflict() async throws {
        let agent = try await scene.agent()
        let made = try await agent.contacts.create(ada)
        let name = ContactFields(name: "Ada Byron")
        try await agent.contacts.update(made.id, name, expecting: made.version)
        let contacts = agent.contacts
        let reasons = [
            await refusal { () async throws(DocketClientError) in
                try await contacts.update(made.id, ContactFields(name: "Eve"), expecting: 1)
            },
            await refusal { () async throws(DocketClientError) in
                try await contacts.setCompany(nil, of: made.id, expecting: 1)
            },
        ]
        #expect(reasons == ["version_conflict", "version_conflict"])
        #expect(try await contacts.get(made.id).name == "Ada Byron")
    }

    @Test("A command that comes twice under one id takes effect once")
    func repetition() async throws {
        let agent = try await scene.agent()
        let (id, command) = (PartyID(), CommandID())
        let first = try await agent.contacts.create(ada, id: id)
        #expect(first.id == id)
        #expect(try await agent.contacts.create(ada, id: id).id == id)
        #expect(try await agent.contacts.find().items.count == 1)
        for _ in 0..<2 {
            let name = ContactFields(name: "Ada Byron")
            let changed = try await agent.contacts.update(id, name, command: command)
            #expect(changed.version == 2)
        }
        let contacts = agent.contacts
        let reason = await refusal { () async throws(DocketClientError) in
            try await contacts.update(id, ContactFields(name: "Eve"), command: command)
        }
        #expect(reason == "key_reused")
    }

    @Test("Contacts are found by each criterion, and page by page")
    func finding() async throws {
        let agent = try await scene.agent()
        let company = try await agent.companies.create(CompanyFields(name: "Paper Ltd"))
        let made = try await agent.contacts.create(ada, company: company.id)
        for name in ["Adam", "Adele", "Bea"] {
            _ = try await agent.contacts.create(ContactFields(name: name))
        }
        let criteria: [ContactCriterion] = [
            .email("ADA@example.org"), .phone("+380441234567"), .company(company.id),
        ]
        for criterion in criteria {
            #expect(try await agent.contacts.find(by: criterion).items == [made], "\(criterion)")
        }
        #expect(try await agent.contacts.find(by: .externalID("17")).items == [])
        let prefix = ContactCriterion.namePrefix("ad")
        let first = try await agent.contacts.find(by: prefix, limit: 2)
        #expect(first.items.map(\.name) == ["Ada", "Adam"])
        let next = try #require(first.next)
        let second = try await agent.contacts.find(by: prefix, limit: 2, page: next)
        #expect(second.items.map(\.name) == ["Adele"] && second.next == nil)
        let contacts = agent.contacts
        let reason = await refusal { () async throws(DocketClientError) in
            try await contacts.find(by: .phone("no number"))
        }
        #expect(reason == "invalid_argument")
    }

    @Test("A contact reads and changes itself, and sees nothing of what agents note")
    func itself() async throws {
        let guest = try await scene.guest("Ana")
        let agent = try await scene.agent()
        let own = try await guest.contacts.get()
        var notes = ContactFields()
        notes.clientCategory = "vip"
        notes.attributes = [.init(key: "mood", value: "angry")]
        try await agent.contacts.update(own.id, notes)
        let changed = try await guest.contacts.update(nil, ContactFields(name: "Anna"))
        #expect(changed.name == "Anna" && changed.id == own.id)
        let seen = try await guest.contacts.get()
        #expect(seen == changed && seen.clientCategory == nil && seen.attributes == [])
        #expect(seen.createdAt == nil && seen.origin == .unknown)
        #expect(try await agent.contacts.get(own.id).clientCategory == "vip")
        let contacts = guest.contacts
        let other = try await agent.contacts.create(ada).id
        let reasons = [
            await refusal { () async throws(DocketClientError) in try await contacts.get(other) },
            await refusal { () async throws(DocketClientError) in try await contacts.find() },
            await refusal { () async throws(DocketClientError) in
                try await contacts.update(nil, notes)
            },
        ]
        #expect(reasons[..<2] == ["not_found", "not_found"] && reasons[2] != nil)
    }

    @Test("An integration brings contacts, each once, and sees those alone")
    func brought() async throws {
        let bridge = try await scene.integration()
        let agent = try await scene.agent()
        let party = try await bridge.contacts.ensure(externalID: "17", name: "Di")
        let again = try await bridge.contacts.ensure(externalID: "17", name: "Someone else")
        #expect(party.id == again.id && party.kind == .contact)
        let id = try #require(party.id)
        #expect(try await bridge.contacts.get(id).name == "Di")
        #expect(try await agent.contacts.get(id).externalID == "17")
        #expect(try await agent.contacts.find(by: .externalID("17")).items.map(\.id) == [id])
        let other = try await agent.contacts.create(ada).id
        let contacts = bridge.contacts
        let reason = await refusal { () async throws(DocketClientError) in
            try await contacts.get(other)
        }
        #expect(reason == "not_found")
    }

    @Test("A company is made, listed, renamed, and removed when nobody speaks for it")
    func companies() async throws {
        let supervisor = try await scene.supervisor()
        let companies = supervisor.companies
        let fields = CompanyFields(name: "Paper Ltd", clientCategory: "vip")
        let made = try await companies.create(fields)
        #expect(made == (try await companies.get(made.id)))
        #expect(made.name == "Paper Ltd" && made.clientCategory == "vip" && made.version == 1)
        _ = try await companies.create(CompanyFields(name: "Paint Ltd"))
        let page = try await companies.list(namePrefix: "PA", limit: 1)
        #expect(page.items.map(\.name) == ["Paint Ltd"])
        let next = try #require(page.next)
        let rest = try await companies.list(namePrefix: "PA", page: next)
        #expect(rest.items == [made] && rest.next == nil)
        let taken = await refusal { () async throws(DocketClientError) in
            try await companies.create(CompanyFields(name: "PAINT ltd"))
        }
        #expect(taken == "name_taken")
        let renamed = try await companies.update(
            made.id,
            CompanyFields(name: "Pulp Ltd"),
            expecting: 1
        )
        #expect(renamed.name == "Pulp Ltd" && renamed.version == 2)
        let contact = try await supervisor.contacts.create(ada, company: made.id)
        let used = await refusal { () async throws(DocketClientError) in
            try await companies.remove(made.id, expecting: 2)
        }
        #expect(used == "in_use")
        try await supervisor.contacts.setCompany(nil, of: contact.id)
        try await companies.remove(made.id, expecting: 2)
        let gone = await refusal { () async throws(DocketClientError) in
            try await companies.get(made.id)
        }
        #expect(gone == "not_found")
    }

    @Test("Nobody but staff reaches companies, and an agent removes none")
    func companyCallers() async throws {
        let (guest, agent) = (try await scene.guest(), try await scene.agent())
        let made = try await agent.companies.create(CompanyFields(name: "Paper Ltd"))
        for (name, companies) in [("guest", guest.companies), ("agent", agent.companies)] {
            let reason = await refusal { () async throws(DocketClientError) in
                try await companies.remove(made.id)
            }
            #expect(reason == "not_found", "\(name)")
        }
        let companies = guest.companies
        let reason = await refusal { () async throws(DocketClientError) in
            try await companies.list()
        }
        #expect(reason == "not_found")
    }
}
