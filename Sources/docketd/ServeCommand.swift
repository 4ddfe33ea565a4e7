internal import ArgumentParser
internal import Dispatch
internal import DocketCommandLine
internal import Foundation
internal import Logging

/// Serves until it is told to end.
struct ServeCommand: AsyncParsableCommand, ServerAction {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server until SIGTERM.",
        discussion: """
            On SIGTERM it finishes running calls and exits; a second SIGTERM ends it at
            once. SIGHUP reloads the certificate.

            Settings come from the --config file, then from environment variables such as
            DOCKET_DATA, then from flags; later ones win. The file has one line per
            setting, such as

              data: /var/lib/docket
              listen: 0.0.0.0:7443
              certificate: /etc/docket/chain.pem
              private_key: /etc/docket/key.pem

            The other settings are policy, client_authority, minimum_tls, log_level,
            threads, maximum_connections and maximum_store_bytes.
            """
    )

    /// How long the last lines of the log may take to be written: its reader may be stuck.
    private static let lastLines = DispatchTimeInterval.seconds(2)

    @OptionGroup var settings: SettingOptions

    @Flag(help: "Create certificates, an administrator, an agent and a key in a new folder.")
    var dev = false

    @Option(help: "A file to write HOST:PORT to, once the server accepts connections.")
    var readyFile: String?

    func perform() async throws -> ExitStatus {
        let configuration = try settings.configuration()
        LoggingSystem.bootstrap { label in JSONLogHandler(label: label) }
        defer { LogWriter.standardError.flush(atMost: Self.lastLines) }
        var logger = Logger(label: "docketd")
        logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .info
        for name in configuration.unknownVariables {
            logger.warning("unknown environment variable ignored", metadata: ["name": "\(name)"])
        }
        let server = try await Server.start(configuration, development: dev, logger: logger)
        if let readyFile {
            try DataFolder.writePrivate("\(server.address)\n", to: readyFile)
        }
        logger.info("serving", metadata: ["address": "\(server.address)"])
        return try await server.run()
    }
}

/// The flags that set what a configuration file also sets.
struct SettingOptions: ParsableArguments {
    /// The longest file of settings, in bytes: many times what all of them together need.
    private static let longestFile = 64 << 10

    @Option(name: .customLong("config"), help: "A YAML file with settings.")
    var configurationFile: String?

    @Option(help: "The folder for everything the server keeps.")
    var data: String?

    @Option(help: "The address to listen on, as HOST:PORT; port 0 picks a free port.")
    var listen: String?

    @Option(help: "The policy file for a new store; without it: the built-in policy.")
    var policy: String?

    @Option(help: "A PEM file with the certificate chain.")
    var certificate: String?

    @Option(help: "A PEM file with the private key.")
    var privateKey: String?

    /// Everything taken together.
    func configuration() throws -> ServerConfiguration {
        var all = ServerConfiguration()
        if let path = configurationFile {
            let text = try LocalFile.text(of: path, atMost: Self.longestFile)
            try all.read(yaml: text, file: path)
        }
        try all.read(environment: ProcessEnvironment.variables())
        try all.read(flags: [
            "data": data, "listen": listen, "policy": policy, "certificate": certificate,
            "private_key": privateKey,
        ])
        return all
    }
}
