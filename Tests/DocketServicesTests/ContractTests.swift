import DeskSupport
import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketPolicy
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@Suite("Every method keeps the rules that hold for all of them")
struct ContractTests {
    private typealias Command =
        @Sendable (Person, Docket_V1_CommandHeader) async throws(RPCError)
        -> Void

    // MARK: Versions

    @Test("A look and a mark are refused at another version than the request has")
    func looks() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let posted = try await guest.post("help", in: conversation)
        let request = posted.requestID
        let version = try await agent.get(request).version
        let commands: [(name: String, call: Command)] = [
            (
                "View",
                { person, header throws(RPCError) in
                    _ = try await person.requests.view(
                        .with {
                            $0.header = header
                            $0.requestID = request
                        }
                    )
                }
            ),
            (
                "MarkRead",
                { person, header throws(RPCError) in
                    _ = try await person.conversations.markRead(
                        .with {
                            $0.header = header
                            $0.conversationID = conversation
                            $0.upToOffset = posted.offset
                        }
                    )
                }
            ),
            (
                "MarkReceived",
                { person, header throws(RPCError) in
                    _ = try await person.conversations.markReceived(
                        .with {
                            $0.header = header
                            $0.conversationID = conversation
                            $0.upToOffset = posted.offset
                        }
                    )
                }
            ),
        ]
        for (name, call) in commands {
            let refused = await refusal { () async throws(RPCError) in
                try await call(agent, agent.header(expecting: 99))
            }
            #expect(refused?.reason == .versionConflict, "\(name)")
            #expect(refused?.trailer("version") == "\(version)", "\(name)")
            let accepted = await refusal { () async throws(RPCError) in
                try await call(agent, agent.header(expecting: version))
            }
            #expect(accepted == nil, "\(name)")
        }
    }

    @Test("What has no version, or is made by the command, is at version 0")
    func noVersion() async throws {
        let fixture = try ServiceFixture()
        let administrator = try await fixture.agent("administrator", .administrator)
        let guest = try await fixture.guest()
        let commands =
            Self.creations(by: administrator, for: guest) + Self.endings(by: administrator, guest)
        for (name, person, call) in commands {
            let refused = await refusal { () async throws(RPCError) in
                try await call(person, person.header(expecting: 1))
            }
            #expect(refused?.reason == .versionConflict, "\(name)")
            #expect(refused?.trailer("version") == "0", "\(name)")
            #expect(refused?.message.contains("has no version") == true, "\(name)")
            let accepted = await refusal { () async throws(RPCError) in
                try await call(person, person.header(expecting: 0))
            }
            #expect(accepted?.reason != .versionConflict, "\(name)")
        }
    }

    private typealias Named = (name: String, by: Person, call: Command)

    private static func creations(by administrator: Person, for guest: Person) -> [Named] {
        [
            (
                "Open", guest,
                { person, header throws(RPCError) in
                    _ = try await person.conversations.open(
                        .with {
                            $0.header = header
                            $0.channel = "chat"
                        }
                    )
                }
            ),
            (
                "Create", administrator,
                { person, header throws(RPCError) in
                    try await person.create(for: guest.id) { $0.header = header }
                }
            ),
            (
                "CreateContact", administrator,
                { person, header throws(RPCError) in
                    _ = try await person.contacts.create(
                        .with {
                            $0.header = header
                            $0.fields.name = "Ana"
                        }
                    )
                }
            ),
            (
                "CreateCompany", administrator,
                { person, header throws(RPCError) in
                    _ = try await person.companies.create(
                        .with {
                            $0.header = header
                            $0.fields.name = "Company \(header.expectedVersion)"
                        }
                    )
                }
            ),
        ]
    }

    private static func endings(by administrator: Person, _ guest: Person) -> [Named] {
        [
            (
                "RevokeSessions", administrator,
                { person, header throws(RPCError) in
                    _ = try await person.administration.revokeSessions(
                        .with {
                            $0.header = header
                            $0.principalID = person.fixture.newID
                        }
                    )
                }
            ),
            (
                "SignOut", guest,
                { person, header throws(RPCError) in
                    _ = try await person.sessions.signOut(.with { $0.header = header })
                }
            ),
        ]
    }

    @Test("A version conflict says what has changed")
    func conflicts() async throws {
        let fixture = try ServiceFixture()
        let administrator = try await fixture.agent("administrator", .administrator)
        let guest = try await fixture.guest()
        let request = try await guest.post("help", in: try await guest.open()).requestID
        let company = try await administrator.makeCompany("Company").company.id
        let refusals = [
            "request": await refusal { () async throws(RPCError) in
                try await administrator.take(request, expecting: 99)
            },
            "contact": await refusal { () async throws(RPCError) in
                try await administrator.update(guest.id, expecting: 99) { $0.name = "X" }
            },
            "company": await refusal { () async throws(RPCError) in
                try await administrator.removeCompany(
                    company,
                    header: administrator.header(expecting: 99)
                )
            },
            "policy": await refusal { () async throws(RPCError) in
                var call = Docket_V1_ApplyPolicyCall()
                call.header = administrator.header(expecting: 99)
                call.text = PolicyDocument.defaultText
                _ = try await PoliciesCaller(channel: administrator.connection).apply(call)
            },
        ]
        for (subject, error) in refusals {
            #expect(error?.reason == .versionConflict, "\(subject)")
            #expect(error?.message.hasPrefix("the \(subject) has changed") == true, "\(subject)")
        }
    }

    // MARK: Fields

    @Test("A field that the policy does not have is named by its path")
    func unknownField() async throws {
        let fixture = try ServiceFixture()
        let agent = try await fixture.agent("agent")
        let guest = try await fixture.guest()
        let created = await refusal { () async throws(RPCError) in
            try await agent.create(for: guest.id) {
                $0.fields = ["colour": .with { $0.text = "x" }]
            }
        }
        #expect(created?.reason == .invalidValue)
        #expect(created?.trailer("field") == "fields.colour")
        let request = try await guest.post("help", in: try await guest.open()).requestID
        let edited = await refusal { () async throws(RPCError) in
            try await agent.edit(
                request,
                [
                    .with {
                        $0.field.key = "colour"
                        $0.field.value.text = "x"
                    }
                ]
            )
        }
        #expect(edited?.trailer("field") == "fields.colour")
    }

    @Test("A filter with an enum value that the server does not know is refused by its field")
    func unknownEnumValue() async throws {
        let fixture = try ServiceFixture()
        let agent = try await fixture.agent("agent")
        let calls: [(field: String, call: Docket_V1_ListRequestsCall)] = [
            ("categories", .with { $0.categories = [.categoryOpen, .UNRECOGNIZED(99)] }),
            ("ownership", .with { $0.ownership = .UNRECOGNIZED(99) }),
        ]
        for (field, call) in calls {
            let refused = await refusal { () async throws(RPCError) in
                try await agent.requests.list(call)
            }
            #expect(refused?.reason == .invalidArgument, "\(field)")
            #expect(refused?.trailer("field") == field)
        }
    }

    // MARK: Pages

    @Test("Every list refuses a page that it did not give, and a page of another list")
    func pages() async throws {
        let fixture = try ServiceFixture()
        let administrator = try await fixture.agent("administrator", .administrator)
        for index in 0..<2 {
            let guest = try await fixture.guest("Guest \(index)")
            try await guest.post("help", in: try await guest.open())
            try await administrator.makeCompany("Company \(index)")
            _ = try await fixture.agent("agent \(index)")
            _ = try await fixture.keyHolder("bridge \(index)", channel: "bridge")
            try await administrator.apply(PolicyDocument.defaultText)
        }
        while true {
            let reply = try await administrator.search("help")
            if reply.indexedUpTo == reply.head { break }
            fixture.desk.wake()
            await Task.yield()
        }
        var tokens: [String: Data] = [:]
        for (name, list) in Self.lists {
            let token = try await list(administrator, Data())
            #expect(!token.isEmpty, "\(name)")
            tokens[name] = token
        }
        for (name, list) in Self.lists {
            let own = try #require(tokens[name])
            let garbage = [
                Data("garbage".utf8), Data(count: own.count), own.prefix(12),
                own.prefix(1) + Data(count: 8) + own.dropFirst(9),
            ]
            // Two methods give the list of agents.
            let others = tokens.values.filter { $0 != own }
            for page in garbage + others {
                let refused = await refusal { () async throws(RPCError) in
                    _ = try await list(administrator, page)
                }
                #expect(refused?.reason == .invalidArgument, "\(name): \(page as NSData)")
                #expect(refused?.trailer("field") == "page", "\(name)")
            }
            _ = try await list(administrator, own)
        }
    }

    private typealias List = @Sendable (Person, Data) async throws(RPCError) -> Data

    /// Every list that gives pages, one entry at a time.
    private static let lists: [(name: String, call: List)] = [
        (
            "ListAgents",
            { person, page throws(RPCError) in
                try await person.administration.listAgents(
                    .with {
                        $0.limit = 1
                        $0.page = page
                    }
                ).nextPage
            }
        ),
        (
            "ListKeys",
            { person, page throws(RPCError) in
                try await person.administration.listKeys(
                    .with {
                        $0.limit = 1
                        $0.page = page
                    }
                ).nextPage
            }
        ),
        (
            "Agents/List",
            { person, page throws(RPCError) in
                try await AgentsCaller(channel: person.connection).list(
                    .with {
                        $0.limit = 1
                        $0.page = page
                    }
                ).nextPage
            }
        ),
        (
            "Requests/List",
            { person, page throws(RPCError) in
                try await person.requests.list(
                    .with {
                        $0.limit = 1
                        $0.page = page
                    }
                ).nextPage
            }
        ),
        (
            "Contacts/Find",
            { person, page throws(RPCError) in
                try await person.find(nil, limit: 1, page: page).nextPage
            }
        ),
        (
            "Companies/List",
            { person, page throws(RPCError) in
                try await person.companies.list(
                    .with {
                        $0.limit = 1
                        $0.page = page
                    }
                ).nextPage
            }
        ),
        (
            "Policies/History",
            { person, page throws(RPCError) in
                try await PoliciesCaller(channel: person.connection).history(
                    .with {
                        $0.limit = 1
                        $0.page = page
                    }
                ).nextPage
            }
        ),
        (
            "Search/Messages",
            { person, page throws(RPCError) in
                try await person.search("help", limit: 1, page: page).nextPage
            }
        ),
        (
            "Feed/Snapshot",
            { person, page throws(RPCError) in
                try await person.snapshot(page: page, limit: 1).nextPage
            }
        ),
    ]

    // MARK: Keys

    @Test("Only integrations and partners have keys to revoke", arguments: StoreKind.allCases)
    func keys(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let administrator = try await fixture.agent("administrator", .administrator)
        let agent = try await fixture.agent("agent")
        let guest = try await fixture.guest()
        for person in [administrator, agent, guest] {
            let refused = await refusal { () async throws(RPCError) in
                _ = try await administrator.administration.revokeKey(
                    .with {
                        $0.header = administrator.header()
                        $0.principalID = person.id
                    }
                )
            }
            #expect(refused?.reason == .notFound)
            #expect(try await fixture.identities.session(token: person.token) != nil)
        }
        for channel in ["bridge", nil] {
            let holder = try await fixture.keyHolder("Keys", channel: channel)
            _ = try await administrator.administration.revokeKey(
                .with {
                    $0.header = administrator.header()
                    $0.principalID = holder.id
                }
            )
            #expect(try await fixture.identities.session(token: holder.token) == nil)
        }
    }
}
