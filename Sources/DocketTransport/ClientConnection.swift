package import DocketRPC
package import DocketTLS
package import DocketWire
package import Logging
internal import NIOCore
internal import NIOPosix

/// A client's connection to a server: makes calls until either side ends it.
package final class ClientConnection: CallChannel, Sendable {
    /// What a connection needs beside its address.
    package struct Configuration: Sendable {
        /// How bytes are protected on the way.
        package enum Security: Sendable {
            /// TLS to a server that proves this name.
            case tls(TLSClientContext, TLSServerName)
            /// None: for a Unix socket in tests.
            case none
        }

        /// How bytes are protected.
        package var security: Security
        /// The session token, or nothing.
        package var token: [UInt8] = []
        /// The bounds of the connection.
        package var limits = Limits()
        /// How long TCP may take to connect.
        package var connectTime: Duration = .seconds(10)
        /// Name and version, told in HELLO.
        package var software = "docket-client"
        /// Where the connection writes what a developer may want to know.
        package var logger = Logger(label: "docket.client")

        /// A configuration with default bounds and no token.
        package init(security: Security) {
            self.security = security
        }
    }

    private let handler: ClientConnectionHandler

    private init(handler: ClientConnectionHandler) {
        self.handler = handler
    }

    /// Connects.
    ///
    /// Returns when TCP stands; the handshake, the greeting and the first calls go their way
    /// together. What fails later, fails the calls.
    package static func connect(
        to address: TransportAddress,
        _ configuration: Configuration,
        resources: LoopResources
    ) async throws(RPCError) -> ClientConnection {
        do {
            let handler = try await channel(to: address, configuration, resources)
            return ClientConnection(handler: handler)
        } catch {
            throw RPCError(
                .connectionLost,
                "cannot connect to \(address): \(ConnectFailure(error))",
                isNotProcessed: true
            )
        }
    }

    private static func channel(
        to address: TransportAddress,
        _ configuration: Configuration,
        _ resources: LoopResources
    ) async throws -> ClientConnectionHandler {
        // It is made here and not looked up later, when a connection that failed has lost it.
        let handler = ClientConnectionHandler(
            configuration: configuration,
            layer: try layer(configuration, resources),
            resources: resources
        )
        let bootstrap = ClientBootstrap(group: resources.eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connectTimeout(.nanoseconds(Int64(configuration.connectTime / .nanoseconds(1))))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let future =
            switch address {
            case .tcp(let host, let port):
                bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .connect(host: host, port: port)
            case .unix(let path):
                bootstrap.connect(unixDomainSocketPath: path)
            }
        _ = try await future.get()
        return handler
    }

    private static func layer(
        _ configuration: Configuration,
        _ resources: LoopResources
    ) throws -> ByteLayer {
        switch configuration.security {
        case .tls(let context, let name):
            ByteLayer(resources: resources, session: try TLSSession(client: context, name: name))
        case .none:
            ByteLayer(resources: resources)
        }
    }

    package func begin(
        _ method: Method,
        options: CallOptions,
        first: [UInt8]?,
        ends: Bool,
        receiver: any MessageReceiver
    ) -> any ClientCall {
        let call = ClientCallHandle(
            connection: handler,
            method: method,
            options: options,
            receiver: receiver
        )
        handler.onLoop { handler in handler.begin(call, first: first, ends: ends) }
        return call
    }

    /// Waits for the server's greeting; throws why it does not come.
    @discardableResult
    package func greeting() async throws(RPCError) -> Greeting {
        let result = await withCheckedContinuation { continuation in
            handler.onLoop { $0.whenGreeted { continuation.resume(returning: $0) } }
        }
        return try result.get()
    }

    /// Waits for the server's greeting; gives what its clock showed then.
    ///
    /// - Returns: Milliseconds since 1970-01-01 UTC; 0 where the server did not say.
    /// - Throws: Why the greeting does not come.
    package func serverTime() async throws(RPCError) -> UInt64 {
        try await greeting().serverTimeMilliseconds
    }

    /// Waits until the connection is over; gives why.
    package func closed() async -> RPCError {
        await withCheckedContinuation { continuation in
            handler.onLoop { $0.whenClosed { continuation.resume(returning: $0) } }
        }
    }

    /// Waits until the server drains or the connection is over: from then on calls are refused.
    ///
    /// Gives why; of a drain, with the time after which the server may be called again.
    @discardableResult
    package func refusing() async -> RPCError {
        await withCheckedContinuation { continuation in
            handler.onLoop { $0.whenRefusing { continuation.resume(returning: $0) } }
        }
    }

    /// Whether calls can still be made.
    package func isOpen() async -> Bool {
        await withCheckedContinuation { continuation in
            handler.onLoop { continuation.resume(returning: $0.isOpen) }
        }
    }

    /// What the handshake settled; nil without TLS or before it.
    package func peer() async -> TLSPeer? {
        await withCheckedContinuation { continuation in
            handler.onLoop { continuation.resume(returning: $0.peer) }
        }
    }

    /// Ends the connection: calls under way fail, and the server is told.
    package func close() {
        handler.onLoop { $0.close() }
    }

    /// Returns once every connection that was closed on the process's shared event loops has told
    /// its server.
    ///
    /// A program awaits it before it ends. What was still to be written then is lost with the
    /// process, and the server would take the end for a failure of TLS.
    package static func settle() async {
        for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
            await withCheckedContinuation { settled in
                loop.execute { settled.resume() }
            }
        }
    }
}
