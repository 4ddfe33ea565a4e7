internal import DocketCommandLine
internal import DocketDesk
internal import DocketDomain
internal import DocketPolicy
internal import DocketStore
internal import Foundation
internal import Logging

/// The rules with which a server starts: those that its store has in force, or in a new store,
/// those of the settings.
struct StartingRules {
    /// The document.
    let text: String
    /// What it says.
    let policy: Policy

    /// Finds the rules of a store.
    ///
    /// A policy of the settings that is not the one in force is left alone, and said so: another
    /// comes into force by being applied, so that nobody changes the rules by starting a server.
    ///
    /// - Throws: A `Fault` that names what requests use and the first policy of their store does
    ///   not have, among others.
    init(_ store: any Store, _ path: String?, logger: Logger) throws {
        let kept = try store.read { reading throws(StoreError) in try reading.currentPolicy() }
        let given = try path.map(Self.read)
        if let kept, let given, kept.text != given {
            logger.warning(
                "the policy of the settings is not the one in force: docket policy apply",
                metadata: ["in_force": "\(kept.version)"]
            )
        }
        text = kept?.text ?? given ?? PolicyDocument.defaultText
        policy = try PolicyDocument.parse(text)
        if kept == nil { try Self.check(policy, for: store) }
    }

    /// Refuses a first policy that does not have what the requests of its store use.
    private static func check(_ policy: Policy, for store: any Store) throws {
        let used = try store.read { reading throws(StoreError) in
            try Desk.whatIsUsed(without: policy, in: reading)
        }
        guard used.isEmpty else {
            throw ServerConfiguration.Fault(
                description: "policy: '\(policy.name)' cannot be the store's first, since its "
                    + "requests use what it does not have: \(used.joined(separator: ", "))"
            )
        }
    }

    /// Reads the document at a path.
    static func read(_ path: String) throws -> String {
        try LocalFile.text(of: path, atMost: PolicyLimits.documentBytes)
    }
}
