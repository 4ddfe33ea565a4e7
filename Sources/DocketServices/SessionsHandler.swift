internal import DocketCalls
internal import DocketCrypto
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// Serves `Sessions`: guests, keys, logins, and their sessions.
package struct SessionsHandler: SessionsService {
    private let desk: Desk
    private let identities: Identities
    private let registry: SessionRegistry
    private let clock: any DeskClock
    private let guests: KeyedRateLimiter<String>
    private let attempts: KeyedRateLimiter<String>
    private let signIns: KeyedRateLimiter<String>

    /// Puts the service together.
    ///
    /// `guests` limits new guests, `attempts` wrong secrets, and `signIns` sign-ins of those who
    /// exist, right or wrong; each by `RemoteNetwork`.
    package init(
        desk: Desk,
        identities: Identities,
        registry: SessionRegistry,
        clock: any DeskClock,
        guests: KeyedRateLimiter<String>,
        attempts: KeyedRateLimiter<String>,
        signIns: KeyedRateLimiter<String>
    ) {
        self.desk = desk
        self.identities = identities
        self.registry = registry
        self.clock = clock
        self.guests = guests
        self.attempts = attempts
        self.signIns = signIns
    }

    package func createGuest(
        _ call: Docket_V1_CreateGuestCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_CreateGuestReply {
        try requireNobody(context)
        try guests.take(RemoteNetwork(of: context).name)
        try require(call.name, atMost: TextLimits.nameBytes, "name")
        try require(call.secret, count: Identities.secretBytes, "secret")
        let id: ContactID = try identifier(call.header.commandID, "header.command_id")
        let digest = try await signingIn { () async throws(SignInError) in
            try identities.digest(call.secret)
        }
        let acceptance = try await desk.accept(
            .identity(.createGuest(id, name: call.name, secret: digest)),
            header: call.header,
            digest: try context.digest,
            as: nil
        )
        // A repetition may come long after: the guest may have another name by then.
        let principal = Principal(.contact(id), name: try acceptance.party.name)
        var reply = Docket_V1_CreateGuestReply()
        reply.session = try await signIn(context) { identities throws(SignInError) in
            try await identities.open(principal)
        }
        return reply
    }

    package func signIn(
        _ call: Docket_V1_SignInCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_SignInReply {
        try requireNobody(context)
        guard let secret = call.secret else { throw .field(.fieldMissing, "secret") }
        // An attempt is taken before the secret is checked: that takes a while, and whoever guesses
        // would send as many guesses in it as there is room for.
        let network = RemoteNetwork(of: context)
        try attempts.take(network.name)
        var reply = Docket_V1_SignInReply()
        do throws(RPCError) {
            try signIns.take(network.name)
            reply.session = try await signIn(secret, context)
        } catch {
            if error.reason != .credentialsInvalid { attempts.giveBack(network.name) }
            throw error
        }
        attempts.giveBack(network.name)
        return reply
    }

    private func signIn(
        _ secret: Docket_V1_SignInCall.OneOf_Secret,
        _ context: CallContext
    ) async throws(RPCError) -> Docket_V1_Session {
        switch secret {
        case .guest(let guest):
            let id: ContactID = try identifier(guest.contactID, "guest.contact_id")
            return try await signIn(context) { identities throws(SignInError) in
                try await identities.signIn(guest: id, secret: guest.secret)
            }
        case .apiKey(let key):
            try require(key, atMost: 256, "api_key")
            return try await signIn(context) { identities throws(SignInError) in
                try await identities.signIn(apiKey: key)
            }
        case .login(let login):
            try require(login.login, atMost: TextLimits.nameBytes, "login.login")
            let password = try PasswordRule.typed(login.password, "login.password")
            return try await signIn(context) { identities throws(SignInError) in
                try await identities.signIn(
                    login: login.login,
                    password: password.prepared,
                    or: password.original
                )
            }
        }
    }

    /// Opens a session and makes the connection act through it.
    private func signIn(
        _ context: CallContext,
        _ open: @Sendable (Identities) async throws(SignInError) -> OpenSession
    ) async throws(RPCError) -> Docket_V1_Session {
        let opened = try await signingIn { () async throws(SignInError) in
            try await open(identities)
        }
        try context.connection.adopt(try await registry.identity(of: opened.record))
        var session = Docket_V1_Session()
        session.token = opened.token
        session.expiresInSeconds = seconds(until: opened.record.expiresAt)
        session.principal = Docket_V1_Actor(opened.record.principal.party)
        session.role = Docket_V1_AgentRole(of: opened.record.principal)
        return session
    }

    package func signOut(
        _ call: Docket_V1_SignOutCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_SignOutReply {
        let signedIn = try context.signedIn
        _ = try await desk.accept(
            .identity(.endSession(signedIn.token)),
            header: call.header,
            digest: try context.digest,
            as: signedIn.principal
        )
        return Docket_V1_SignOutReply()
    }

    package func changePassword(
        _ call: Docket_V1_ChangePasswordCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ChangePasswordReply {
        let signedIn = try context.signedIn
        guard let agent = signedIn.principal.agent?.agent.id else {
            throw RPCError(.serverError, "only agents have passwords")
        }
        let old = try PasswordRule.typed(call.oldPassword, "old_password")
        let new = try PasswordRule.new(call.newPassword, "new_password")
        // Whoever has got hold of a session could guess the password with it.
        let network = RemoteNetwork(of: context)
        try attempts.take(network.name)
        do throws(RPCError) {
            let ended = try await changePassword(of: agent, from: old, to: new, call, context)
            attempts.giveBack(network.name)
            return .with { $0.ended = ended }
        } catch {
            if error.reason != .wrongPassword { attempts.giveBack(network.name) }
            throw error
        }
    }

    /// Changes an agent's own password; gives how many other sessions that has ended.
    private func changePassword(
        of agent: AgentID,
        from old: PasswordRule.Typed,
        to new: String,
        _ call: Docket_V1_ChangePasswordCall,
        _ context: CallContext
    ) async throws(RPCError) -> UInt32 {
        let signedIn = try context.signedIn
        let checked = try await signingIn { () async throws(SignInError) in
            try await identities.check(old.prepared, or: old.original, of: agent)
        }
        // Where the old password is wrong, nothing but a repetition is accepted.
        var hash = ""
        if checked != nil {
            hash = try await signingIn { () async throws(SignInError) in
                try await identities.passwordHash(new)
            }
        }
        // Passwords can be guessed from a digest, so a repetition is known without them. It is
        // answered as before although the old password has ceased to be right.
        var content = call
        content.oldPassword = ""
        content.newPassword = ""
        let acceptance = try await desk.accept(
            .identity(.changePassword(from: checked, to: hash, keeping: signedIn.token)),
            header: call.header,
            digest: try Digest(of: content, SessionsMethods.changePassword),
            as: signedIn.principal
        )
        return try acceptance.endedSessions
    }

    package func describe(
        _ call: Docket_V1_DescribeCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_DescribeReply {
        let signedIn = try context.signedIn
        var reply = Docket_V1_DescribeReply()
        reply.principal = Docket_V1_Actor(signedIn.principal.party)
        reply.role = Docket_V1_AgentRole(of: signedIn.principal)
        reply.expiresInSeconds = seconds(until: signedIn.expiresAt)
        return reply
    }

    private func requireNobody(_ context: CallContext) throws(RPCError) {
        guard context.connection.identity == nil else {
            throw RPCError(
                .alreadySignedIn,
                "the connection acts as somebody already",
                isNotProcessed: true
            )
        }
    }

    private func seconds(until end: Timestamp) -> UInt64 {
        UInt64(max(0, end.since(clock.now()).components.seconds))
    }
}

extension Docket_V1_AgentRole {
    /// The role of a principal; unspecified for everybody but agents.
    init(of principal: Principal) {
        switch principal.agent?.role {
        case .agent: self = .agent
        case .supervisor: self = .supervisor
        case .administrator: self = .administrator
        case nil: self = .unspecified
        }
    }
}
