import DeskSupport
import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketRPC
import DocketStore
import Foundation
import SwiftProtobuf
import Testing

@Suite("Contacts and companies", .timeLimit(.minutes(5)))
struct ContactTests {
    @Test(
        "After a phone call an agent makes a contact and finds it again",
        arguments: StoreKind.allCases
    )
    func phoneCall(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let agent = try await fixture.agent("agent")
        let acme = try await agent.makeCompany("Acme").company
        let call = Docket_V1_CreateContactCall.with {
            $0.header = agent.header()
            $0.fields.name = "Ana Petrova"
            $0.fields.phones.values = ["+380 44 123-45-67"]
            $0.fields.emails.values = [" Ana@EXAMPLE.com"]
            $0.fields.attributes.values = [
                .with {
                    $0.key = "shoe size"
                    $0.value = "38"
                }
            ]
            $0.companyID = acme.id
        }
        let made = try await agent.contacts.create(call).contact
        #expect(made.id == call.header.commandID && made.version == 1)
        #expect(made.origin == .originRegistered)
        #expect(made.companyName == "Acme")
        #expect(try await agent.contacts.create(call).contact == made)
        for by: Docket_V1_FindContactsCall.OneOf_By in [
            .phone("+380441234567"), .email("ana@example.com"), .namePrefix("ana p"),
            .companyID(acme.id),
        ] {
            #expect(try await agent.find(by).contacts == [made], "\(by)")
        }
        #expect(try await agent.contact(made.id) == made)
        #expect(try await agent.find(.externalID("1")).contacts.isEmpty)
    }

    @Test("A contact reads and changes its own profile, and sees nothing of what is thought of it")
    func ownProfile() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest("Ana")
        let agent = try await fixture.agent("agent")
        try await agent.update(guest.id) {
            $0.clientCategory = "nuisance"
            $0.blocked = true
            $0.timeZone = "Europe/Kyiv"
        }
        let own = try await guest.contact()
        #expect(own.id == guest.id && own.version == 1 && own.name == "Ana")
        #expect(own.createdMilliseconds == 0 && own.changedMilliseconds == 0)
        #expect(own.clientCategory.isEmpty && !own.blocked && own.timeZone.isEmpty)
        #expect(own.origin == .unspecified)
        let changed = try await guest.update {
            $0.name = "Anna"
            $0.language = "uk"
            $0.emails.values = ["anna@example.com"]
        }
        #expect(changed.version == 2 && changed.clientCategory.isEmpty)
        #expect(changed.createdMilliseconds == 0 && changed.changedMilliseconds == 0)
        let seen = try await agent.contact(guest.id)
        #expect(seen.name == "Anna" && seen.emails == ["anna@example.com"])
        #expect(seen.clientCategory == "nuisance" && seen.blocked && seen.version == 3)
        let beyond = await refusal { () async throws(RPCError) in
            try await guest.update { $0.timeZone = "UTC" }
        }
        #expect(beyond?.reason == .invalidArgument)
        #expect(beyond?.trailer("field") == "fields.time_zone")
    }

    @Test(
        "A new name is in what the staff lists at once, and in what live sessions say and do",
        arguments: StoreKind.allCases
    )
    func renaming(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let secret = fixture.bytes(32)
        let guest = try await fixture.nobody().becomingGuest(name: "Ana", secret: secret)
        let conversation = try await guest.open()
        let request = try await guest.post("help", in: conversation).requestID
        let open = try await fixture.nobody().signingIn(guest: guest.id, secret: secret)
        try await guest.update { $0.name = "Anna" }
        let agent = try await fixture.agent("agent")
        for person in [guest, open] {
            let described = try await person.sessions.describe(Docket_V1_DescribeCall())
            #expect(described.principal.name == "Anna")
            try await person.post("still here", in: conversation)
            let said = try await agent.history(of: conversation).entries.last
            #expect(said?.event.actor.name == "Anna")
            #expect(said?.event.messagePosted.text == "still here")
        }
        #expect(try await agent.get(request).contact.name == "Anna")
        let again = try await fixture.nobody().signingIn(guest: guest.id, secret: secret)
        try await again.post("again", in: conversation)
        let history = try await agent.history(of: conversation)
        #expect(history.entries.last?.event.actor.name == "Anna")
        let session = try await fixture.identities.session(token: guest.token)
        #expect(session?.principal.name == "Anna")
    }

    @Test("A repeated CreateGuest signs in with the name that the guest has now")
    func repeatedGuest() async throws {
        let fixture = try ServiceFixture()
        let call = Docket_V1_CreateGuestCall.with {
            $0.header.commandID = fixture.newID
            $0.name = "Ana"
            $0.secret = fixture.bytes(32)
        }
        let agent = try await fixture.agent("agent", .supervisor)
        let first = try await fixture.nobody().sessions.createGuest(call).session
        #expect(first.principal.name == "Ana")
        try await agent.update(call.header.commandID) { $0.name = "Anna" }
        let again = fixture.nobody()
        let session = try await again.sessions.createGuest(call).session
        #expect(session.principal.id == first.principal.id)
        #expect(session.principal.name == "Anna")
        let described = try await again.sessions.describe(Docket_V1_DescribeCall())
        #expect(described.principal.name == "Anna")
    }

    @Test("An integration changes whom it brought and nobody else")
    func integrations() async throws {
        let fixture = try ServiceFixture()
        let bridge = try await fixture.keyHolder("Bridge", channel: "bridge")
        let other = try await fixture.keyHolder("Other", channel: "bridge")
        let guest = try await fixture.guest("Guest")
        let ensure = Docket_V1_EnsureContactCall.with {
            $0.header = bridge.header()
            $0.externalID = "+49"
            $0.name = "Ana"
        }
        let contact = try await bridge.contacts.ensure(ensure).contact.id
        let changed = try await bridge.update(contact) { $0.phones.values = ["+49 151 1"] }
        #expect(changed.phones == ["+491511"] && changed.version == 2)
        let own = try await bridge.contact(contact)
        #expect(own.externalID == "+49" && own.integrationID.isEmpty)
        #expect(own.phones == changed.phones && own.version == changed.version)
        let same = try await bridge.update(contact) { $0.phones.values = ["+491511"] }
        #expect(same.version == 2, "a change that changes nothing makes no version")
        for (person, target) in [(other, contact), (bridge, guest.id)] {
            let refused = await refusal { () async throws(RPCError) in
                try await person.update(target) { $0.name = "X" }
            }
            #expect(refused?.reason == .notFound)
        }
        let agent = try await fixture.agent("agent")
        let found = try await agent.find(.externalID("+49")).contacts
        #expect(found.map(\.integrationID) == [bridge.id])
        #expect(found.map(\.externalID) == ["+49"])
    }

    @Test("Of two who change the same version, one is told that it has changed")
    func versions() async throws {
        let fixture = try ServiceFixture()
        let agent = try await fixture.agent("agent")
        let guest = try await fixture.guest("Ana")
        try await agent.update(guest.id, expecting: 1) { $0.language = "uk" }
        let late = await refusal { () async throws(RPCError) in
            try await agent.update(guest.id, expecting: 1) { $0.language = "de" }
        }
        #expect(late?.reason == .versionConflict && late?.trailer("version") == "2")
        #expect(try await agent.contact(guest.id).language == "uk")
    }

    @Test(
        "A company keeps its name from others and is removed when nobody speaks for it",
        arguments: StoreKind.allCases
    )
    func companies(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let supervisor = try await fixture.agent("supervisor", .supervisor)
        let guest = try await fixture.guest("Ana")
        let acme = try await supervisor.makeCompany("Acme").company
        let taken = await refusal { () async throws(RPCError) in
            try await supervisor.makeCompany("ACME")
        }
        #expect(taken?.reason == .nameTaken && taken?.isFinal == true)
        let joined = try await supervisor.set(acme.id, of: guest.id)
        #expect(joined.companyName == "Acme")
        let used = await refusal { () async throws(RPCError) in
            try await supervisor.removeCompany(acme.id)
        }
        #expect(used?.reason == .inUse)
        let rename = Docket_V1_UpdateCompanyCall.with {
            $0.header = supervisor.header(expecting: 1)
            $0.companyID = acme.id
            $0.fields.name = "ACME"
        }
        let renamed = try await supervisor.companies.update(rename).company
        #expect(renamed.name == "ACME" && renamed.version == 2)
        #expect(try await supervisor.companies.update(rename).company == renamed)
        #expect(try await supervisor.contact(guest.id).companyName == "ACME")
        let left = try await supervisor.set(Data(), of: guest.id)
        #expect(left.companyID.isEmpty && left.companyName.isEmpty)
        let removal = supervisor.header()
        try await supervisor.removeCompany(acme.id, header: removal)
        try await supervisor.removeCompany(acme.id, header: removal)
        let gone = await refusal { () async throws(RPCError) in
            try await supervisor.companies.get(.with { $0.companyID = acme.id })
        }
        #expect(gone?.reason == .notFound)
        #expect(try await supervisor.makeCompany("Acme").company.id != acme.id)
    }

    @Test(
        "Long lists come in pages, and a page that no desk gave is refused",
        arguments: StoreKind.allCases
    )
    func pages(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let agent = try await fixture.agent("agent")
        for index in 0..<5 {
            _ = try await fixture.guest("Ana \(index)")
            try await agent.makeCompany("Company \(index)")
        }
        var names: [String] = []
        var page = Data()
        repeat {
            let reply = try await agent.find(.namePrefix("ana"), limit: 2, page: page)
            names += reply.contacts.map(\.name)
            page = reply.nextPage
        } while !page.isEmpty
        #expect(names == (0..<5).map { "Ana \($0)" })
        var companies: [String] = []
        var call = Docket_V1_ListCompaniesCall.with { $0.limit = 2 }
        repeat {
            let reply = try await agent.companies.list(call)
            companies += reply.companies.map(\.name)
            call.page = reply.nextPage
        } while !call.page.isEmpty
        #expect(companies == (0..<5).map { "Company \($0)" })
        for bytes in [1, 15, 16, 17, 401] {
            let refused = await refusal { () async throws(RPCError) in
                try await agent.find(nil, page: Data(repeating: 0xFF, count: bytes))
            }
            #expect(refused?.reason == .invalidArgument && refused?.trailer("field") == "page")
        }
    }

    @Test("A repeated change has one answer, also when the contact has changed since")
    func repetition() async throws {
        let fixture = try ServiceFixture()
        let agent = try await fixture.agent("agent")
        let other = try await fixture.agent("other")
        let guest = try await fixture.guest("Ana")
        let call = Docket_V1_UpdateContactCall.with {
            $0.header = agent.header()
            $0.contactID = guest.id
            $0.fields.language = "uk"
        }
        let first = try await agent.contacts.update(call)
        try await agent.update(guest.id) { $0.language = "de" }
        #expect(try await agent.contacts.update(call) == first)
        #expect(try await agent.contact(guest.id).language == "de")
        let stolen = await refusal { () async throws(RPCError) in
            try await other.contacts.update(call)
        }
        #expect(stolen?.reason == .keyReused)
        var changed = call
        changed.fields.language = "fr"
        let sent = changed
        let reused = await refusal { () async throws(RPCError) in
            try await agent.contacts.update(sent)
        }
        #expect(reused?.reason == .keyReused)
    }

    @Test("Who was made by hand cannot sign in")
    func signIn() async throws {
        let fixture = try ServiceFixture()
        let agent = try await fixture.agent("agent")
        let call = Docket_V1_CreateContactCall.with {
            $0.header = agent.header()
            $0.fields.name = "Ana"
        }
        let contact = try await agent.contacts.create(call).contact.id
        let refused = await refusal { () async throws(RPCError) in
            try await fixture.nobody().signingIn(
                guest: contact,
                secret: Data(repeating: 0, count: 32)
            )
        }
        #expect(refused?.reason == .credentialsInvalid)
    }

    @Test("Every field of a contact is checked, and a refusal names its path")
    func contactFields() async throws {
        let agent = try await ServiceFixture().agent("agent")
        let good = Docket_V1_CreateContactCall.with {
            $0.header = agent.header()
            $0.fields.name = "Ana"
        }
        await expectRefusals(
            of: good,
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("company_id", \.companyID, mayBeEmpty: true),
                .texts("fields.name", \.fields.name, atMost: 128),
                .value("fields.name", .fieldMissing) { $0.fields.clearName() },
                .value("fields.emails[1]") { $0.fields.emails.values = ["a@b.c", "x"] },
                .value("fields.emails", .fieldTooLong) {
                    $0.fields.emails.values = (0..<17).map { "a\($0)@b.c" }
                },
                .value("fields.phones[0]") { $0.fields.phones.values = ["x"] },
                .value("fields.language") { $0.fields.language = "?" },
                .value("fields.time_zone", .fieldTooLong) {
                    $0.fields.timeZone = text(bytes: 65)
                },
                .value("fields.client_category") { $0.fields.clientCategory = "a b" },
                .value("fields.attributes[0].key", .fieldMissing) {
                    $0.fields.attributes.values = [Docket_V1_ContactAttribute()]
                },
            ],
            agent.contacts.create
        )
        await expectRefusals(
            of: Docket_V1_UpdateContactCall.with {
                $0.header = agent.header()
                $0.contactID = agent.id
            },
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("contact_id", \.contactID),
                .value("fields.phones[0]", .fieldMissing) { $0.fields.phones.values = [""] },
            ],
            agent.contacts.update
        )
        await expectRefusals(
            of: Docket_V1_SetContactCompanyCall.with {
                $0.header = agent.header()
                $0.contactID = agent.id
            },
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("contact_id", \.contactID),
                .identifiers("company_id", \.companyID, mayBeEmpty: true),
            ],
            agent.contacts.setCompany
        )
    }

    @Test("Every field of a query for contacts is checked, and of companies")
    func queryFields() async throws {
        let agent = try await ServiceFixture().agent("agent")
        await expectRefusals(
            of: Docket_V1_FindContactsCall(),
            [
                .identifiers("company_id", \.companyID),
                .texts("external_id", \.externalID, atMost: 256),
                .texts("name_prefix", \.namePrefix, atMost: 128),
                .value("email") { $0.email = "x" },
                .value("phone") { $0.phone = "x" },
                .value("limit") { $0.limit = 201 },
            ],
            agent.contacts.find
        )
        await expectRefusals(
            of: Docket_V1_GetContactCall.with { $0.contactID = agent.id },
            [.identifiers("contact_id", \.contactID)],
            agent.contacts.get
        )
        await expectRefusals(
            of: Docket_V1_CreateCompanyCall.with {
                $0.header = agent.header()
                $0.fields.name = "Acme"
            },
            [
                .identifiers("header.command_id", \.header.commandID),
                .texts("fields.name", \.fields.name, atMost: 128),
                .value("fields.name", .fieldMissing) { $0.fields.clearName() },
                .value("fields.client_category") { $0.fields.clientCategory = "ü" },
            ],
            agent.companies.create
        )
        await expectRefusals(
            of: Docket_V1_UpdateCompanyCall.with {
                $0.header = agent.header()
                $0.companyID = agent.id
            },
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("company_id", \.companyID),
            ],
            agent.companies.update
        )
        await expectRefusals(
            of: Docket_V1_ListCompaniesCall(),
            [
                .value("name_prefix", .fieldTooLong) { $0.namePrefix = text(bytes: 129) },
                .value("limit") { $0.limit = 201 },
            ],
            agent.companies.list
        )
    }
}
