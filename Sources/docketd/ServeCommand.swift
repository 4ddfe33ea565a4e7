internal import ArgumentParser
internal import Dispatch
internal import DocketTransport
internal import Foundation
internal import Logging

/// Serves until it is told to end.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve until SIGTERM, then finish what was begun; a second SIGTERM ends at once.",
        discussion: """
            Settings come from --config, then from the environment (DOCKET_DATA and so
            on), then from flags; the later one wins. The file has a line for each setting,
            such as

              data: /var/lib/docket
              listen: 0.0.0.0:7443
              certificate: /etc/docket/chain.pem
              private_key: /etc/docket/key.pem

            and for policy, client_authority, minimum_tls, log_level, threads,
            maximum_connections and maximum_store_bytes.
            """
    )

    /// How long the last lines of the log may take to be written: its reader may be stuck.
    private static let lastLines = DispatchTimeInterval.seconds(2)

    @OptionGroup var settings: SettingOptions

    @Flag(help: "Make certificates, an administrator, an agent and a key in a new data folder.")
    var dev = false

    @Option(help: "Receives HOST:PORT once the server serves.")
    var readyFile: String?

    func run() async throws {
        let configuration = try settings.configuration()
        LoggingSystem.bootstrap { label in JSONLogHandler(label: label) }
        defer { LogWriter.standardError.flush(atMost: Self.lastLines) }
        var logger = Logger(label: "docketd")
        logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let server = try await Server.start(configuration, development: dev, logger: logger)
        if let readyFile {
            try DataFolder.writePrivate("\(server.address)\n", to: readyFile)
        }
        logger.info("serving", metadata: ["address": "\(server.address)"])
        try await server.run()
    }
}

/// The flags that set what a configuration file also sets.
struct SettingOptions: ParsableArguments {
    /// The longest file of settings, in bytes: many times what all of them together need.
    private static let longestFile = 64 << 10

    @Option(name: .customLong("config"), help: "A YAML file of settings.")
    var configurationFile: String?

    @Option(help: "The folder that holds everything the server keeps.")
    var data: String?

    @Option(help: "Where to listen, as HOST:PORT; port 0 has the system choose one.")
    var listen: String?

    @Option(help: "The first policy of an empty store; without it the built-in.")
    var policy: String?

    @Option(help: "The certificate chain, a PEM file.")
    var certificate: String?

    @Option(help: "The certificate's key, a PEM file.")
    var privateKey: String?

    /// Everything taken together.
    func configuration() throws -> ServerConfiguration {
        var all = ServerConfiguration()
        if let path = configurationFile {
            let bytes = try BoundedFile.read(path, atMost: Self.longestFile)
            try all.read(yaml: String(decoding: bytes, as: UTF8.self), file: path)
        }
        try all.read(environment: ProcessInfo.processInfo.environment)
        if let data { all.data = data }
        if let listen { all.listen = listen }
        if let policy { all.policy = policy }
        if let certificate { all.certificate = certificate }
        if let privateKey { all.privateKey = privateKey }
        return all
    }
}
