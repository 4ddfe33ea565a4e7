import DocketCalls
import DocketMessages
import DocketRPC
import Foundation

/// What a call names: the owner's things, or things that are not there.
struct Target: Sendable {
    var contact: Data
    var conversation: Data
    var request: Data
    /// A company for which nobody speaks.
    var company: Data
    var attachment: Data
    /// An agent who has no requests.
    var agent: Data
    /// An integration.
    var keyHolder: Data

    /// Ids of nothing.
    static func absent(at fixture: ServiceFixture) -> Target {
        Target(
            contact: fixture.newID,
            conversation: fixture.newID,
            request: fixture.newID,
            company: fixture.newID,
            attachment: fixture.newID,
            agent: fixture.newID,
            keyHolder: fixture.newID
        )
    }
}

/// What one method owes each visitor beside what `ExpectedCallers` says of its kind.
struct MatrixRow: Sendable {
    typealias Call = @Sendable (Person, Target) async throws(RPCError) -> Void

    /// Those whom the method serves on the owner's things, if `ExpectedCallers` names their kind.
    var reach: Set<Visitor> = Visitor.all
    /// Whether the call names a thing, so that an absent one is answered `not_found`.
    var namesThing = false
    /// What those of a named kind are answered who are not served.
    var refusal = Reason.notFound
    /// Those of a named kind for whom the channel that the call names is none.
    var elsewhere: Set<Visitor> = []
    /// Makes the call.
    let call: Call

    /// What belongs to nobody else.
    static func open(_ call: @escaping Call) -> MatrixRow {
        MatrixRow(call: call)
    }

    /// What is done to a thing of the owner.
    static func thing(
        of reach: Set<Visitor> = Visitor.all,
        elsewhere: Set<Visitor> = [],
        _ call: @escaping Call
    ) -> MatrixRow {
        MatrixRow(reach: reach, namesThing: true, elsewhere: elsewhere, call: call)
    }

    /// What is done before signing in.
    static func signingIn(_ call: @escaping Call) -> MatrixRow {
        MatrixRow(reach: [.nobody], refusal: .alreadySignedIn, call: call)
    }

    /// The row of every method.
    static let all: [Method: MatrixRow] = [
        administration, people, keys, directory, attachments, conversations, requests, lifecycle,
        lanes, tickets, policies, sessions, others,
    ].reduce(into: [:]) { all, rows in all.merge(rows) { first, _ in first } }

    private static let administration: [Method: MatrixRow] = [
        AdministrationMethods.revokeSessions: .thing { person, target throws(RPCError) in
            var call = Docket_V1_RevokeSessionsCall()
            call.header = person.header()
            call.principalID = target.contact
            _ = try await person.administration.revokeSessions(call)
        },
        AdministrationMethods.stats: .open { person, target throws(RPCError) in
            _ = try await person.administration.stats(Docket_V1_StatsCall())
        },
        AdministrationMethods.backup: .open { person, target throws(RPCError) in
            let chunks = try person.administration.backup(Docket_V1_BackupCall())
            _ = try await chunks.next()
            chunks.abandon()
        },
    ]

    private static let directory: [Method: MatrixRow] = [
        AuditMethods.list: .thing { person, target throws(RPCError) in
            var call = Docket_V1_ListAuditCall()
            call.requestID = target.request
            _ = try await person.audit.list(call)
        },
        AuditMethods.verify: .open { person, target throws(RPCError) in
            let steps = try person.audit.verify(Docket_V1_VerifyAuditCall())
            _ = try await steps.next()
            steps.abandon()
        },
        ContactsMethods.get: .thing(of: Visitor.knowers) { person, target throws(RPCError) in
            _ = try await person.contact(target.contact)
        },
        ContactsMethods.find: .open { person, target throws(RPCError) in
            _ = try await person.find(.companyID(target.company))
        },
        ContactsMethods.create: .open { person, target throws(RPCError) in
            var call = Docket_V1_CreateContactCall()
            call.header = person.header()
            call.fields.name = "New"
            _ = try await person.contacts.create(call)
        },
        ContactsMethods.update: .thing(of: Visitor.knowers) { person, target throws(RPCError) in
            try await person.update(target.contact) { $0.name = "New" }
        },
        ContactsMethods.setCompany: .thing { person, target throws(RPCError) in
            try await person.set(target.company, of: target.contact)
        },
        CompaniesMethods.create: .open { person, target throws(RPCError) in
            try await person.makeCompany("New")
        },
        CompaniesMethods.get: .thing { person, target throws(RPCError) in
            var call = Docket_V1_GetCompanyCall()
            call.companyID = target.company
            _ = try await person.companies.get(call)
        },
        CompaniesMethods.list: .open { person, target throws(RPCError) in
            _ = try await person.companies.list(Docket_V1_ListCompaniesCall())
        },
        CompaniesMethods.update: .thing { person, target throws(RPCError) in
            var call = Docket_V1_UpdateCompanyCall()
            call.header = person.header()
            call.companyID = target.company
            _ = try await person.companies.update(call)
        },
        CompaniesMethods.remove: .thing { person, target throws(RPCError) in
            try await person.removeCompany(target.company)
        },
    ]

    private static let attachments: [Method: MatrixRow] = [
        AttachmentsMethods.upload: .thing(of: Visitor.seers) { person, target throws(RPCError) in
            _ = try await person.upload(Data("hello".utf8), to: target.conversation)
        },
        AttachmentsMethods.getUpload: .open { person, target throws(RPCError) in
            var call = Docket_V1_GetUploadCall()
            call.attachmentID = target.attachment
            _ = try await person.attachments.getUpload(call)
        },
        AttachmentsMethods.download: .thing(of: Visitor.seers) { person, target throws(RPCError) in
            _ = try await person.download(target.attachment)
        },
    ]

    private static let conversations: [Method: MatrixRow] = [
        ConversationsMethods.open: .thing(of: [.owner], elsewhere: [.otherIntegration]) {
            person,
            target throws(RPCError) in
            _ = try await person.open(for: target.contact)
        },
        ConversationsMethods.post: .thing(of: Visitor.seers) { person, target throws(RPCError) in
            try await person.post("hello", in: target.conversation)
        },
        ConversationsMethods.history: .thing(of: Visitor.seers) {
            person,
            target throws(RPCError) in
            _ = try await person.history(of: target.conversation)
        },
        ConversationsMethods.markRead: .thing(of: Visitor.seers) {
            person,
            target throws(RPCError) in
            var call = Docket_V1_MarkReadCall()
            call.header = person.header()
            call.conversationID = target.conversation
            call.upToOffset = 1
            _ = try await person.conversations.markRead(call)
        },
        ConversationsMethods.typing: .thing(of: Visitor.seers) { person, target throws(RPCError) in
            var call = Docket_V1_TypingCall()
            call.conversationID = target.conversation
            _ = try await person.conversations.typing(call)
        },
    ]

    private static let requests: [Method: MatrixRow] = [
        RequestsMethods.list: .open { person, target throws(RPCError) in
            _ = try await person.requests.list(Docket_V1_ListRequestsCall())
        },
        RequestsMethods.get: .thing(of: Visitor.seers) { person, target throws(RPCError) in
            _ = try await person.get(target.request)
        },
        RequestsMethods.take: .thing { person, target throws(RPCError) in
            try await person.take(target.request)
        },
        RequestsMethods.assign: .thing { person, target throws(RPCError) in
            // An agent gives away what it has; whether it could take it shows in what follows.
            _ = await DocketServicesTests.refusal { () async throws(RPCError) in
                try await person.take(target.request)
            }
            try await person.assign(target.request)
        },
        RequestsMethods.postNote: .thing { person, target throws(RPCError) in
            try await person.note("hello", on: target.request)
        },
        RequestsMethods.finish: .thing { person, target throws(RPCError) in
            _ = await DocketServicesTests.refusal { () async throws(RPCError) in
                try await person.take(target.request)
            }
            try await person.finish(target.request)
        },
    ]

    private static let sessions: [Method: MatrixRow] = [
        SessionsMethods.createGuest: .signingIn { person, target throws(RPCError) in
            _ = try await person.becomingGuest()
        },
        SessionsMethods.signIn: .signingIn { person, target throws(RPCError) in
            _ = try await person.signingIn(
                login: "colleague",
                password: ServiceFixture.password
            )
        },
        SessionsMethods.signOut: .open { person, target throws(RPCError) in
            var call = Docket_V1_SignOutCall()
            call.header = person.header()
            _ = try await person.sessions.signOut(call)
        },
        SessionsMethods.describe: .open { person, target throws(RPCError) in
            _ = try await person.sessions.describe(Docket_V1_DescribeCall())
        },
    ]

    private static let others: [Method: MatrixRow] = [
        ContactsMethods.ensure: .open { person, target throws(RPCError) in
            var call = Docket_V1_EnsureContactCall()
            call.header = person.header()
            call.externalID = "17"
            call.name = "Somebody"
            _ = try await person.contacts.ensure(call)
        },
        ChannelsMethods.list: .open { person, target throws(RPCError) in
            _ = try await ChannelsCaller(channel: person.channel)
                .list(Docket_V1_ListChannelsCall())
        },
        DiagnosticsMethods.echo: .open { person, target throws(RPCError) in
            _ = try await DiagnosticsCaller(channel: person.channel).echo(Docket_V1_EchoCall())
        },
        FeedMethods.subscribe: .open { person, target throws(RPCError) in
            let stream = try person.feed.subscribe(Docket_V1_SubscribeCall())
            _ = try await stream.next()
            stream.abandon()
        },
        FeedMethods.snapshot: .open { person, target throws(RPCError) in
            _ = try await person.snapshot()
        },
        SearchMethods.messages: .open { person, target throws(RPCError) in
            _ = try await person.search("hello")
        },
        HealthMethods.check: .open { person, target throws(RPCError) in
            _ = try await HealthCaller(channel: person.channel)
                .check(Docket_V1_HealthCheckCall())
        },
    ]
}
