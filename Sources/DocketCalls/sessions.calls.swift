// Made from docket/v1/sessions.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Sessions`.
package enum SessionsMethods {
    /// Makes a new contact who has no account elsewhere, and signs the connection in as it.
    package static let createGuest = Method(
        "docket.v1.Sessions/CreateGuest", .unary,
        callers: Callers(.anyone),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Signs the connection in with a secret.
    package static let signIn = Method(
        "docket.v1.Sessions/SignIn", .unary,
        callers: Callers(.anyone),
        defaultTimeout: .milliseconds(30000))
    /// Ends the session of this connection; every connection of the session ends within 5 seconds.
    package static let signOut = Method(
        "docket.v1.Sessions/SignOut", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration, .partner),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Changes the caller's own password. Its other sessions end; this one goes on.
    package static let changePassword = Method(
        "docket.v1.Sessions/ChangePassword", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Says who the connection acts as.
    package static let describe = Method(
        "docket.v1.Sessions/Describe", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration, .partner),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [createGuest, signIn, signOut, changePassword, describe]
}

/// Signing in and out. A connection acts as at most one principal, which is set once: by the token
/// of its HELLO or by the first of these calls that succeeds.
package protocol SessionsQueries: Sendable {
    /// Signs the connection in with a secret.
    func signIn(
        _ call: Docket_V1_SignInCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_SignInReply
    /// Says who the connection acts as.
    func describe(
        _ call: Docket_V1_DescribeCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_DescribeReply
}

/// Signing in and out. A connection acts as at most one principal, which is set once: by the token
/// of its HELLO or by the first of these calls that succeeds.
package protocol SessionsService: SessionsQueries {
    /// Makes a new contact who has no account elsewhere, and signs the connection in as it.
    func createGuest(
        _ call: Docket_V1_CreateGuestCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_CreateGuestReply
    /// Ends the session of this connection; every connection of the session ends within 5 seconds.
    func signOut(
        _ call: Docket_V1_SignOutCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_SignOutReply
    /// Changes the caller's own password. Its other sessions end; this one goes on.
    func changePassword(
        _ call: Docket_V1_ChangePasswordCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ChangePasswordReply
}

extension SessionsQueries {
    /// Adds the service's queries to a router.
    package func registerQueries(in router: inout Router) {
        router.unary(SessionsMethods.signIn) {
            (call, context) async throws(RPCError) in
            try await self.signIn(call, context: context)
        }
        router.unary(SessionsMethods.describe) {
            (call, context) async throws(RPCError) in
            try await self.describe(call, context: context)
        }
    }
}

extension SessionsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        router.unary(SessionsMethods.createGuest) {
            (call, context) async throws(RPCError) in
            try await self.createGuest(call, context: context)
        }
        router.unary(SessionsMethods.signOut) {
            (call, context) async throws(RPCError) in
            try await self.signOut(call, context: context)
        }
        router.unary(SessionsMethods.changePassword) {
            (call, context) async throws(RPCError) in
            try await self.changePassword(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Sessions`.
package struct SessionsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Makes a new contact who has no account elsewhere, and signs the connection in as it.
    package func createGuest(
        _ call: Docket_V1_CreateGuestCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_CreateGuestReply {
        try await channel.unary(SessionsMethods.createGuest, call, options: options)
    }

    /// Signs the connection in with a secret.
    package func signIn(
        _ call: Docket_V1_SignInCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_SignInReply {
        try await channel.unary(SessionsMethods.signIn, call, options: options)
    }

    /// Ends the session of this connection; every connection of the session ends within 5 seconds.
    package func signOut(
        _ call: Docket_V1_SignOutCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_SignOutReply {
        try await channel.unary(SessionsMethods.signOut, call, options: options)
    }

    /// Changes the caller's own password. Its other sessions end; this one goes on.
    package func changePassword(
        _ call: Docket_V1_ChangePasswordCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ChangePasswordReply {
        try await channel.unary(SessionsMethods.changePassword, call, options: options)
    }

    /// Says who the connection acts as.
    package func describe(
        _ call: Docket_V1_DescribeCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_DescribeReply {
        try await channel.unary(SessionsMethods.describe, call, options: options)
    }
}

extension Docket_V1_ChangePasswordCall: CommandCall {}
extension Docket_V1_CreateGuestCall: CommandCall {}
extension Docket_V1_SignOutCall: CommandCall {}
