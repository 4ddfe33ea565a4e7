internal import DocketPolicy
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
    /// Variables of the environment with names like those of settings that no program knows.
    var unknownVariables: [String] = []

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
    /// A value is the text as it is written, whatever YAML would make of it: `yes`, `1e3` and
    /// `2026-11-28` are names like any other. A blank value is not set. Unknown keys are refused by
    /// name.
    mutating func read(yaml text: String, file: String) throws(Fault) {
        let document: Node?
        do {
            document = try Yams.compose(yaml: text)
        } catch {
            let problem = PolicyDocument.explanation(ofYAML: error)
            throw Fault(description: "\(file) is not YAML: \(problem)")
        }
        guard let document else { return }
        if case .scalar(let scalar) = document, scalar.string.isEmpty { return }
        guard case .mapping(let mapping) = document else {
            throw Fault(description: "\(file): write one 'key: value' per line")
        }
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            guard let setting = Self.settings.first(where: { $0.name == name }) else {
                let known = Self.settings.map(\.name).joined(separator: ", ")
                throw Fault(
                    description: "\(file): unknown setting '\(name)'; there are \(known)"
                )
            }
            guard case .scalar(let scalar) = value else {
                throw Fault(description: "\(file): \(name) takes one value on its line")
            }
            try setting.set(scalar.string, in: &self)
        }
    }

    /// Takes the settings of the environment: `DOCKET_` and the setting's name in capitals.
    ///
    /// Other variables of that kind are nobody's or another program's; they stop no server.
    mutating func read(environment: [String: String]) throws(Fault) {
        for setting in Self.settings {
            if let text = environment[setting.environmentName] { try setting.set(text, in: &self) }
        }
        let known = Set(Self.settings.map(\.environmentName)).union(Self.others)
        unknownVariables = environment.keys.filter {
            $0.hasPrefix(ProcessEnvironment.prefix) && !known.contains($0)
        }.sorted()
    }

    /// Takes the settings of flags, by the settings' names.
    mutating func read(flags: [String: String?]) throws(Fault) {
        for setting in Self.settings {
            if let text = flags[setting.name] ?? nil { try setting.set(text, in: &self) }
        }
    }

    /// Names that other programs of Docket read.
    private static let others: Set<String> = [
        "DOCKET_SEED", "DOCKET_UPDATE_GOLDEN", "DOCKET_KILL_ROUNDS",
    ]
}
