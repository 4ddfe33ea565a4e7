internal import Foundation
internal import Yams

/// What the server is told: from a file, then from the environment, then from flags; the later
/// one wins.
struct ServerConfiguration: Equatable {
    /// The folder that holds everything the server keeps.
    var data = "docket-data"
    /// Where to listen, as `HOST:PORT`; port 0 has the system choose one.
    var listen = "127.0.0.1:7443"
    /// The policy document; nothing means the shipped default.
    var policy: String?
    /// The certificate chain, in PEM form.
    var certificate: String?
    /// The certificate's key, in PEM form.
    var privateKey: String?
    /// Certificates that vouch for clients' certificates; nothing means that none are asked for.
    var clientAuthority: String?
    /// The oldest TLS version, `1.3` or `1.2`.
    var minimumTLS = "1.3"
    /// Least severe messages that are logged: trace, debug, info, notice, warning or error.
    var logLevel = "info"
    /// Threads that serve connections.
    var threads = 1
    /// Connections accepted at once.
    var maximumConnections = 10_000
    /// The largest store, in bytes; nothing means as large as the disk.
    ///
    /// Beyond it commands are refused as on a full disk, so that a store does not take the room of
    /// its neighbours.
    var maximumStoreBytes: Int?

    /// What is wrong with a configuration.
    struct Fault: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    /// Every setting.
    static let settings = [
        Setting("data", .text(\.data)),
        Setting("listen", .text(\.listen)),
        Setting("policy", .optionalText(\.policy)),
        Setting("certificate", .optionalText(\.certificate)),
        Setting("private_key", .optionalText(\.privateKey)),
        Setting("client_authority", .optionalText(\.clientAuthority)),
        Setting("minimum_tls", .choice(\.minimumTLS, of: ["1.2", "1.3"])),
        Setting(
            "log_level",
            .choice(\.logLevel, of: ["trace", "debug", "info", "notice", "warning", "error"])
        ),
        Setting("threads", .number(\.threads, in: 1...64)),
        Setting("maximum_connections", .number(\.maximumConnections, in: 1...1_000_000)),
        Setting("maximum_store_bytes", .optionalNumber(\.maximumStoreBytes, in: storeBytes)),
    ]

    /// An empty store takes a few hundred kilobytes; SQLite ends at 2^32 - 2 pages.
    private static let storeBytes = (1 << 20)...(1 << 44)

    /// Takes the settings of a YAML file.
    ///
    /// An unknown key is refused by name.
    mutating func read(yaml text: String, file: String) throws(Fault) {
        let document: Any?
        do {
            document = try Yams.load(yaml: text)
        } catch {
            throw Fault(description: "\(file) is not YAML: \(error)")
        }
        guard let document else { return }
        guard let values = document as? [String: Any] else {
            throw Fault(description: "\(file): the document must be a list of 'key: value'")
        }
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let setting = Self.settings.first(where: { $0.name == key }) else {
                let known = Self.settings.map(\.name).joined(separator: ", ")
                throw Fault(
                    description: "\(file): there is no setting '\(key)'; there are \(known)"
                )
            }
            try setting.set("\(value)", in: &self)
        }
    }

    /// Takes the settings of the environment: `DOCKET_` and the setting's name in capitals.
    mutating func read(environment: [String: String]) throws(Fault) {
        for setting in Self.settings {
            if let text = environment[setting.environmentName] { try setting.set(text, in: &self) }
        }
        let known = Set(Self.settings.map(\.environmentName))
        for name in environment.keys.sorted()
        where name.hasPrefix("DOCKET_") && !known.contains(name) && !Self.others.contains(name) {
            throw Fault(description: "the environment's \(name) is no setting")
        }
    }

    /// Names that other programs of Docket read.
    private static let others: Set<String> = [
        "DOCKET_SEED", "DOCKET_UPDATE_GOLDEN", "DOCKET_KILL_ROUNDS",
    ]
}
