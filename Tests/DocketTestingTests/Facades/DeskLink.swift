import DocketClient
import DocketDomain
import DocketRPC
import DocketTestSupport

import struct DocketClient.Timestamp

/// One connection of a client to a desk in the same process.
final class DeskLink: ServerLink {
    private let channel: any CallChannel
    private let (closing, closed) = AsyncStream.makeStream(of: Never.self)

    init(_ channel: any CallChannel) {
        self.channel = channel
    }

    func greeted() -> Timestamp? { nil }

    func ended() async -> RPCError {
        for await _ in closing {}
        return RPCError(.cancelled, "closed here")
    }

    func close() {
        closed.finish()
    }

    func begin(
        _ method: DocketRPC.Method,
        options: CallOptions,
        first: [UInt8]?,
        ends: Bool,
        receiver: any MessageReceiver
    ) -> any ClientCall {
        channel.begin(method, options: options, first: first, ends: ends, receiver: receiver)
    }
}

/// Connects clients to a desk, each as nobody at first.
struct DeskConnector: Connector {
    let subject: DeskSubject
    var networkChanges: AsyncStream<Void> { .ended }

    func connect(token: [UInt8]) throws(RPCError) -> any ServerLink {
        // The connections here are never lost, so a client signs in once.
        guard token.isEmpty else { throw RPCError(.sessionExpired, "no session outlives a link") }
        return DeskLink(subject.connect())
    }
}

/// A desk with its services, and clients of it.
final class ClientScene {
    let subject: DeskSubject

    init(_ subject: DeskSubject) {
        self.subject = subject
    }

    /// A client that signs in with a credential.
    func client(as credential: Credential) async throws -> DocketClient {
        let client = try DocketClient(
            DeskConnector(subject: subject),
            as: credential,
            clock: EngineClock(ContinuousClock()),
            random: SeededRandom(seed: 9)
        )
        try await client.signedIn()
        return client
    }

    /// A client of an agent, whose login is its name.
    func agent(_ name: String = "bo") async throws -> DocketClient {
        try await subject.addAgent(name, .agent)
        return try await signIn(name)
    }

    /// A client of a supervisor, whose login is its name.
    func supervisor(_ name: String = "cy") async throws -> DocketClient {
        try await subject.addAgent(name, .supervisor)
        return try await signIn(name)
    }

    /// A client of an administrator, whose login is its name.
    func administrator(_ name: String = "root") async throws -> DocketClient {
        try await subject.addAgent(name, .administrator)
        return try await signIn(name)
    }

    /// A further client of an agent.
    func signIn(
        _ login: String,
        password: String = DeskSubject.password
    ) async throws -> DocketClient {
        try await client(as: .login(login, password: password))
    }

    /// A client of a new guest.
    func guest(_ name: String = "Ana") async throws -> DocketClient {
        try await client(as: .newGuest(name: name))
    }

    /// A client of a new partner.
    func partner(_ name: String = "Partner") async throws -> DocketClient {
        let administrator = try await administrator("maker of \(name)")
        let key = try await administrator.administration.createPartner(name: name)
        guard let text = key.text else { throw CancellationError() }
        return try await client(as: .apiKey(text))
    }

    /// A client of a new integration of a channel.
    func integration(of channel: String = "chat") async throws -> DocketClient {
        let administrator = try await administrator("maker")
        let key = try await administrator.administration.createIntegration(
            name: "Bridge",
            channel: channel
        )
        guard let text = key.text else { throw CancellationError() }
        return try await client(as: .apiKey(text))
    }
}

/// The reason with which a call is refused; nil where it is not.
func refusal<Value>(
    _ call: () async throws(DocketClientError) -> Value
) async -> String? {
    do throws(DocketClientError) {
        _ = try await call()
        return nil
    } catch {
        return error.refusal?.reason ?? "\(error.code)"
    }
}
