internal import DocketCrypto
internal import DocketRPC
internal import DocketTLS
internal import DocketTransport
internal import NIOPosix

/// Connects over TCP and TLS, on an event loop of the process's shared ones.
struct NetworkConnector: Connector {
    private let address: TransportAddress
    private let security: ClientConnection.Configuration.Security
    private let resources: LoopResources
    private let software: String

    init(to server: Server, software: String) throws(DocketClientError) {
        do throws(TLSConfigurationError) {
            let context = try TLSClientContext(
                TLSClientConfiguration(trust: server.trust.configuration),
                at: UnixTime(
                    secondsSinceEpoch: Int64(Timestamp.now.millisecondsSinceEpoch / 1_000)
                )
            )
            security = .tls(context, try TLSServerName(server.host))
        } catch {
            throw DocketClientError(.invalidInput, "cannot set up TLS: \(error)")
        }
        address = .tcp(host: server.host, port: Int(server.port))
        resources = LoopResources(eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        self.software = software
    }

    var networkChanges: AsyncStream<Void> { AddressWatch.shared.changes }

    func connect(token: [UInt8]) async throws(RPCError) -> any ServerLink {
        var configuration = ClientConnection.Configuration(security: security)
        configuration.token = token
        configuration.software = software
        return try await ClientConnection.connect(
            to: address,
            configuration,
            resources: resources
        )
    }
}

extension Server.Trust {
    fileprivate var configuration: TLSClientConfiguration.Trust {
        switch self {
        case .system: .system
        case .authorities(let pem): .certificates(pem)
        }
    }
}
