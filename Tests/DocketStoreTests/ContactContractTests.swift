import DeskSupport
import DocketDomain
import DocketMessages
import DocketStore
import Foundation
import Testing

@Suite("What every store keeps of contacts and companies")
struct ContactContractTests {
    private let directory: TemporaryDirectory
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func id<Tag>(_ seed: UInt64) -> Identifier<Tag> {
        var random = SeededGenerator(seed: seed)
        return Identifier(at: now, random: &random)
    }

    private func record(_ seed: UInt64, _ name: String) -> PrincipalRecord {
        PrincipalRecord(id: id(seed), name: name, details: .registered)
    }

    /// A contact with everything that may be known of one.
    private func full(_ profile: ContactProfile, company: CompanyID?) throws -> ContactProfile {
        var edit = ContactEdit()
        try edit.set(emails: ["Ana@example.com", "office@example.com"])
        try edit.set(phones: ["+123456"])
        try edit.set(attributes: [ContactAttribute(key: "k", value: "v")])
        var full = profile
        full.emails = edit.emails ?? []
        full.phones = edit.phones ?? []
        full.attributes = edit.attributes ?? []
        full.language = "uk"
        full.timeZone = "Europe/Kyiv"
        full.clientCategory = "vip"
        full.isBlocked = true
        full.company = company
        full.version = 2
        full.changedAt = now + .seconds(1)
        return full
    }

    private func insert(_ records: [PrincipalRecord], into store: any Store) throws {
        try store.transact { transaction throws(StoreError) in
            for record in records { try transaction.insert(record, at: now) }
        }
    }

    private func found(
        _ criterion: ContactCriterion,
        in store: any Store,
        after place: ContactPlace = .start,
        limit: Int = 10
    ) throws -> [(place: ContactPlace, profile: ContactProfile)] {
        try store.read { reading throws(StoreError) in
            try reading.contacts(criterion, after: place, limit: limit)
        }
    }

    @Test(
        "Every contact has a profile from the beginning, however it came",
        arguments: StoreKind.allCases
    )
    func beginnings(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let integration = PrincipalRecord(
            id: id(1),
            name: "Bridge",
            details: .integration("bridge")
        )
        let origins: [(PrincipalRecord.Details, ContactOrigin)] = [
            (.guest(secret: DeskFixture.digest(Data([1]))), .guest),
            (
                .external(integration: integration.id, externalID: "+49"),
                .external(integration: integration.id, externalID: "+49")
            ),
            (.registered, .registered),
        ]
        let records = origins.enumerated().map { index, origin in
            PrincipalRecord(id: id(10 + UInt64(index)), name: "Ana", details: origin.0)
        }
        try insert([integration] + records, into: store)
        try store.read { reading throws(StoreError) in
            for (record, origin) in zip(records, origins.map(\.1)) {
                let contact = ContactID(record.id)
                let expected = ContactProfile(id: contact, name: "Ana", origin: origin, at: now)
                #expect(try reading.profile(of: contact) == expected)
                #expect(try reading.principal(record.id) == record)
            }
            #expect(try reading.profile(of: ContactID(integration.id)) == nil)
        }
        let external = try found(.address(ContactAddress(.externalID, "+49")), in: store)
        #expect(external.map(\.profile.id) == [ContactID(records[1].id)])
        #expect(try store.check().isEmpty)
    }

    @Test(
        "A profile comes back as it was kept, and is found by all it is found by",
        arguments: StoreKind.allCases
    )
    func keeping(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let record = record(1, "Ana")
        let acme = Company(id: id(2), name: "Acme", at: now)
        try insert([record], into: store)
        let before = ContactProfile(
            id: ContactID(record.id),
            name: "Ana",
            origin: .registered,
            at: now
        )
        let profile = try full(before, company: acme.id)
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(acme)
            try transaction.update(profile, from: before)
            #expect(try transaction.profile(of: profile.id) == profile)
        }
        let ways: [ContactCriterion] = [
            .namePrefix("aN"), .namePrefix(""), .company(acme.id),
            .address(ContactAddress(.email, "ana@example.com")),
            .address(ContactAddress(.email, "office@example.com")),
            .address(ContactAddress(.phone, "+123456")),
        ]
        for way in ways {
            #expect(try found(way, in: store).map(\.profile) == [profile], "\(way)")
        }
        var changed = profile
        changed.emails.removeFirst()
        changed.company = nil
        try store.transact { transaction throws(StoreError) in
            try transaction.update(changed, from: profile)
            try transaction.removeCompany(acme.id)
            #expect(try transaction.company(acme.id) == nil)
        }
        for gone in [ways[2], ways[3], .address(ContactAddress(.phone, "office@example.com"))] {
            #expect(try found(gone, in: store).isEmpty, "\(gone)")
        }
        #expect(try found(ways[4], in: store).map(\.profile) == [changed])
        #expect(try store.check().isEmpty)
    }

    @Test(
        "Contacts are found by name and age, a page at a time, and all who share an address",
        arguments: StoreKind.allCases
    )
    func pages(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let names = ["bo", "Ana", "ana", "Änne", "an", "B", "ANA"]
        let records = names.enumerated().map { record(UInt64($0.offset) + 1, $0.element) }
        try insert(records, into: store)
        var place = ContactPlace.start
        var seen: [String] = []
        while let next = try found(.namePrefix(""), in: store, after: place, limit: 1).first {
            seen.append(next.profile.name)
            place = next.place
        }
        #expect(seen == ["an", "Ana", "ana", "ANA", "B", "bo", "Änne"])
        let anas = try found(.namePrefix("ANA"), in: store)
        #expect(anas.map(\.profile.name) == ["Ana", "ana", "ANA"])
        let behind = try found(.namePrefix("ana"), in: store, after: anas[0].place)
        #expect(behind.map(\.profile.name) == ["ana", "ANA"])
        try share("office@example.com", among: records, in: store)
        let office = ContactCriterion.address(ContactAddress(.email, "office@example.com"))
        let all = try found(office, in: store, limit: 20)
        #expect(all.map(\.profile.name) == names)
        let rest = try found(office, in: store, after: all[5].place)
        #expect(rest.map(\.profile.name) == Array(names[6...]))
    }

    private func share(
        _ email: String,
        among records: [PrincipalRecord],
        in store: any Store
    ) throws {
        let email = try EmailAddress(email, path: "email")
        try store.transact { transaction throws(StoreError) in
            for record in records {
                guard let before = try transaction.profile(of: ContactID(record.id)) else {
                    throw .corrupted("a profile is missing")
                }
                var after = before
                after.emails = [email]
                try transaction.update(after, from: before)
            }
        }
    }

    @Test(
        "A contact is blocked from the change that says so, and not by one that is undone",
        arguments: StoreKind.allCases
    )
    func blocking(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let record = record(1, "Ana")
        try insert([record], into: store)
        let open = ContactProfile(
            id: ContactID(record.id),
            name: "Ana",
            origin: .registered,
            at: now
        )
        var blocked = open
        blocked.isBlocked = true
        func expect(_ isBlocked: Bool) throws {
            try store.transact { transaction throws(StoreError) in
                #expect(try transaction.isBlocked(open.id) == isBlocked)
                #expect(try !transaction.isBlocked(self.id(99)))
            }
            try store.read { reading throws(StoreError) in
                #expect(try reading.isBlocked(open.id) == isBlocked)
            }
        }
        try expect(false)
        #expect(throws: StoreError.self) {
            try store.transact { transaction throws(StoreError) in
                try transaction.update(blocked, from: open)
                #expect(try transaction.isBlocked(open.id))
                throw .corrupted("undone")
            }
        }
        try expect(false)
        try store.transact { transaction throws(StoreError) in
            try transaction.update(blocked, from: open)
        }
        try expect(true)
        try store.transact { transaction throws(StoreError) in
            try transaction.update(open, from: blocked)
        }
        try expect(false)
    }

    @Test("A contact's new name is shown wherever the contact is", arguments: StoreKind.allCases)
    func renaming(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let secret = DeskFixture.digest(Data([1]))
        let record = PrincipalRecord(id: id(1), name: "Ana", details: .guest(secret: secret))
        let contact = Contact(id: ContactID(record.id), name: "Ana")
        let conversation = Conversation(
            id: id(2),
            contact: contact,
            channel: "chat",
            newestRequest: nil
        )
        let session = SessionRecord(token: secret, principal: record.principal, expiresAt: now)
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(record, at: now)
            try transaction.insert(conversation, openedAt: 1)
            try transaction.insert(session)
        }
        try store.transact { transaction throws(StoreError) in
            guard let before = try transaction.profile(of: contact.id) else {
                throw .corrupted("a profile is missing")
            }
            var after = before
            after.name = "Anna"
            try transaction.update(after, from: before)
            #expect(
                try transaction.situation(of: conversation.id).conversation?.contact.name == "Anna"
            )
        }
        try store.read { reading throws(StoreError) in
            #expect(try reading.principal(record.id)?.name == "Anna")
            #expect(try reading.session(secret)?.principal.name == "Anna")
        }
        #expect(try found(.namePrefix("anna"), in: store).count == 1)
    }

    @Test(
        "Contacts of one name are listed by age, page by page, before those of the next",
        arguments: StoreKind.allCases
    )
    func namesakes(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let names = ["Guest", "Gus", "guest", "Guest", "Guest 2", "Gu", "Hans", "GUEST"]
        try insert(names.enumerated().map { record(UInt64($0) + 1, $1) }, into: store)
        for limit in 1...8 {
            var listed: [String] = []
            var place = ContactPlace.start
            while true {
                let page = try found(.namePrefix("GU"), in: store, after: place, limit: limit)
                listed += page.map(\.profile.name)
                guard let last = page.last else { break }
                place = last.place
            }
            #expect(listed == ["Gu", "Guest", "guest", "Guest", "GUEST", "Guest 2", "Gus"])
        }
        let before = ContactPlace(name: "a", ordinal: .max)
        #expect(try found(.namePrefix("gus"), in: store, after: before).count == 1)
        let behind = ContactPlace(name: "gus", ordinal: 0)
        #expect(try found(.namePrefix("gu"), in: store, after: behind).count == 1)
        #expect(
            try found(.namePrefix("gu"), in: store, after: .init(name: "h", ordinal: 0)).isEmpty
        )
    }

    @Test("Companies are found by name in any case and listed by it", arguments: StoreKind.allCases)
    func companies(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let names = ["Beta", "acme", "Acme Ltd", "Ärzte"]
        var companies = names.enumerated().map {
            Company(id: id(UInt64($0.offset) + 1), name: $0.element, at: now)
        }
        companies[1].clientCategory = "vip"
        try store.transact { [companies] transaction throws(StoreError) in
            for company in companies { try transaction.insert(company) }
        }
        try store.read { [companies] reading throws(StoreError) in
            #expect(try reading.company(companies[1].id) == companies[1])
            #expect(try reading.company(named: " ACME ") == companies[1])
            #expect(try reading.company(named: "ac") == nil)
            let all = try reading.companies(namePrefix: "", after: "", limit: 10)
            #expect(all.map(\.name) == ["acme", "Acme Ltd", "Beta", "Ärzte"])
            let some = try reading.companies(namePrefix: "AC", after: "acme", limit: 10)
            #expect(some.map(\.name) == ["Acme Ltd"])
            #expect(try reading.companies(namePrefix: "", after: "", limit: 2).count == 2)
        }
        companies[0].name = "Gamma"
        companies[0].version = 2
        try store.transact { [companies] transaction throws(StoreError) in
            try transaction.update(companies[0])
            try transaction.removeCompany(companies[3].id)
            #expect(try transaction.company(named: "gamma") == companies[0])
            #expect(try transaction.company(named: "beta") == nil)
            #expect(try transaction.companies(namePrefix: "", after: "", limit: 9).count == 3)
        }
        #expect(try store.check().isEmpty)
    }

    @Test("A profile survives its coding, and bytes that are none are refused")
    func coding() throws {
        let origins: [ContactOrigin] = [
            .guest, .external(integration: id(4), externalID: "x"), .registered,
        ]
        for origin in origins {
            let empty = ContactProfile(id: id(1), name: "Ana", origin: origin, at: now)
            let full = try full(empty, company: id(3))
            for profile in [empty, full] {
                #expect(ContactProfile(encoded: profile.encoded()) == profile)
            }
        }
        #expect(ContactProfile(encoded: Data([0xFF])) == nil)
        #expect(ContactProfile(encoded: Data()) == nil)
    }
}
