internal import ArgumentParser
internal import DocketCalls
internal import DocketCrypto
internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketServices
internal import DocketStore
internal import DocketStoreSQLite
internal import Foundation

/// Asks a running server whether it serves.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask a running server whether it serves.",
        discussion: "Exit status: 0 it serves, 1 it does not or cannot be reached."
    )

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let reply = try await server.withServer { connection, _ in
            try await HealthCaller(channel: connection).check(Docket_V1_HealthCheckCall())
        }
        let state =
            switch reply.state {
            case .serving: "serving"
            case .readOnly: "read only"
            case .draining: "draining"
            case .unspecified, .UNRECOGNIZED: "unknown"
            }
        print(reply.reason.isEmpty ? state : "\(state): \(reply.reason)")
        if reply.state != .serving { throw ExitCode.failure }
    }
}

/// Prints a running server's counters.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Print a running server's counters."
    )

    @OptionGroup var server: ServerOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    /// A counter without a fraction is shown without one.
    private static func text(of value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    func run() async throws {
        let reply = try await server.withAdministrator { connection in
            try await AdministrationCaller(channel: connection).stats(Docket_V1_StatsCall())
        }
        if json {
            let values = Dictionary(reply.values.map { ($0.name, $0.value) }) { $1 }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            print(String(decoding: try encoder.encode(values), as: UTF8.self))
        } else {
            let width = reply.values.map(\.name.count).max() ?? 0
            for value in reply.values {
                let name = value.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
                print(name, Self.text(of: value.value))
            }
        }
    }
}

/// Writes a consistent copy of a running server's store to a file.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write a consistent copy of a running server's store to a new file."
    )

    @OptionGroup var server: ServerOptions

    @Argument(help: "The file to write; it must not exist.")
    var file: String

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw ValidationError("\(file) exists already; name a new file")
        }
        let size = try await server.withAdministrator { connection in
            let chunks = try AdministrationCaller(channel: connection).backup(
                Docket_V1_BackupCall()
            )
            return try await Self.write(chunks, to: file)
        }
        print("\(size) bytes written to \(file)")
    }

    private static func write(
        _ chunks: MessageStream<Docket_V1_BackupChunk>,
        to file: String
    ) async throws -> UInt64 {
        let partial = file + ".partial"
        _ = unsafe unlink(partial)
        let copy = try PrivateFile(partial)
        var hash = SHA256()
        var last = Docket_V1_BackupChunk()
        var size: UInt64 = 0
        for try await chunk in chunks {
            try copy.write(chunk.data)
            unsafe hash.update(chunk.data.span.bytes)
            size += UInt64(chunk.data.count)
            last = chunk
        }
        guard size == last.totalBytes, Data(hash.finish().bytes) == last.sha256 else {
            throw ServerConfiguration.Fault(description: "the copy did not arrive as it was sent")
        }
        try copy.finish(as: file)
        return size
    }
}

/// Checks configuration and store while no server runs on it.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the settings, the policy and the store, while no server runs on it."
    )

    @OptionGroup var settings: SettingOptions

    @Flag(help: "Read the content of every attachment and compare it with its digest.")
    var deep = false

    func run() async throws {
        let configuration = try settings.configuration()
        let policy = try PolicyCheck.read(configuration.policy)
        print("policy: \(policy)")
        guard DataFolder.hasStore(configuration.data) else {
            print("store: there is none in \(configuration.data)")
            return
        }
        let found = try configuration.explained(configuration.data) {
            try SQLiteStore.look(at: configuration.data, hash: AuditHashes.openSSL())
        }
        for step in found.dueMigrations {
            print("store: step \(step) of the schema is due; the next start of the server makes it")
        }
        for problem in found.problems { print("store: \(problem)") }
        let check = try AttachmentCheck(configuration, deep: deep)
        for problem in check.problems { print("attachments: \(problem)") }
        guard found.problems.isEmpty, check.problems.isEmpty else { throw ExitCode.failure }
        print("store: sound")
        if check.count > 0 { print("attachments: sound (contents: \(check.count))") }
    }
}
