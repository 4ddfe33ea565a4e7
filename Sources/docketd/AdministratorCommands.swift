internal import ArgumentParser
internal import DocketCalls
internal import DocketCommandLine
internal import DocketCrypto
internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketServices
internal import DocketStore
internal import DocketStoreSQLite
internal import DocketTerminal
internal import Foundation

/// Asks a running server whether it serves.
struct HealthCommand: AsyncParsableCommand, ServerAction {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask a running server whether it is healthy.",
        discussion: "Exit status: 0 healthy, 1 not healthy or not reachable."
    )

    @OptionGroup var server: ServerOptions

    func perform() async throws -> ExitStatus {
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
        let line = reply.reason.isEmpty ? state : "\(state): \(reply.reason)"
        try OutputWriter.standard.writeLine("\(line)")
        return reply.state == .serving ? .done : .refused
    }
}

/// Prints a running server's counters.
struct StatsCommand: AsyncParsableCommand, ServerAction {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Print a running server's counters."
    )

    @OptionGroup var server: ServerOptions

    @Flag(help: "Print a JSON object.")
    var json = false

    /// A counter without a fraction is shown without one.
    private static func text(of value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    func perform() async throws -> ExitStatus {
        let reply = try await server.withAdministrator { connection in
            try await AdministrationCaller(channel: connection).stats(Docket_V1_StatsCall())
        }
        if json {
            let values = Dictionary(reply.values.map { ($0.name, $0.value) }) { $1 }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let line = String(decoding: try encoder.encode(values), as: UTF8.self)
            try OutputWriter.standard.write(line + "\n")
        } else {
            let width = reply.values.map(\.name.count).max() ?? 0
            for value in reply.values {
                let name = value.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
                try OutputWriter.standard.writeLine("\(name) \(Self.text(of: value.value))")
            }
        }
        return .done
    }
}

/// Writes a consistent copy of a running server's store to a file.
struct BackupCommand: AsyncParsableCommand, ServerAction {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Back up a running server's store to a new file."
    )

    @OptionGroup var server: ServerOptions

    @Argument(help: "The file to write; it must not exist.")
    var file: String

    func perform() async throws -> ExitStatus {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw CommandFailure("\(file) exists already; name a new file", status: .usage)
        }
        let size = try await server.withAdministrator { connection in
            let chunks = try AdministrationCaller(channel: connection).backup(
                Docket_V1_BackupCall()
            )
            return try await Self.write(chunks, to: file)
        }
        try OutputWriter.standard.writeLine("\(size) bytes written to \(file)")
        return .done
    }

    private static func write(
        _ chunks: MessageStream<Docket_V1_BackupChunk>,
        to file: String
    ) async throws -> UInt64 {
        let partial = file + ".partial"
        _ = unsafe unlink(partial)
        let copy = try onDisk(file) { try PrivateFile(partial) }
        var hash = SHA256()
        var last = Docket_V1_BackupChunk()
        var size: UInt64 = 0
        for try await chunk in chunks {
            try onDisk(file) { try copy.write(chunk.data) }
            unsafe hash.update(chunk.data.span.bytes)
            size += UInt64(chunk.data.count)
            last = chunk
        }
        guard size == last.totalBytes, Data(hash.finish().bytes) == last.sha256 else {
            throw ServerConfiguration.Fault(description: "the copy did not arrive as it was sent")
        }
        try onDisk(file) { try copy.finish(as: file) }
        return size
    }

    /// Does something with the copy; a failure names the file that was typed.
    static func onDisk<Result>(
        _ file: String,
        _ work: () throws -> Result
    ) throws(CommandFailure) -> Result {
        do {
            return try work()
        } catch {
            let words = ErrorText.words(for: error).replacing("\(file).partial", with: file)
            throw CommandFailure(words, status: .localFile)
        }
    }
}

/// Checks configuration and store while no server runs on it.
struct CheckCommand: AsyncParsableCommand, ServerAction {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the settings, certificate, policy and store while no server runs."
    )

    @OptionGroup var settings: SettingOptions

    @Flag(help: "Read every attachment and compare it with its digest.")
    var deep = false

    func perform() async throws -> ExitStatus {
        let configuration = try settings.configuration()
        let output = OutputWriter.standard
        for name in configuration.unknownVariables {
            try output.writeLine("settings: the environment variable \(name) is not a setting")
        }
        let policy = try PolicyCheck.read(configuration.policy)
        try output.writeLine("policy: \(policy)")
        let isSound = [
            try Self.tellCertificate(configuration, to: output),
            try tellStore(configuration, to: output),
        ]
        return isSound.allSatisfy(\.self) ? .done : .refused
    }

    /// Tells of the certificate, and gives whether a server could start with it.
    private static func tellCertificate(
        _ configuration: ServerConfiguration,
        to output: OutputWriter
    ) throws -> Bool {
        let expiry: UnixTime?
        do {
            expiry = try ServerCertificates.check(configuration)
        } catch {
            try output.writeLine("certificate: \(ErrorText.words(for: error))")
            return false
        }
        guard let expiry else {
            try output.writeLine("certificate: none is set; serve needs one, or --dev")
            return true
        }
        let milliseconds = UInt64(max(0, expiry.seconds)) &* 1_000
        let moment = LocalCalendar.rfc3339(milliseconds: milliseconds)
        try output.writeLine("certificate: sound, expires \(moment)")
        return true
    }

    /// Tells of the store and the contents of attachments, and gives whether they are sound.
    private func tellStore(
        _ configuration: ServerConfiguration,
        to output: OutputWriter
    ) throws -> Bool {
        guard DataFolder.hasStore(configuration.data) else {
            try output.writeLine("store: there is none in \(configuration.data)")
            return true
        }
        let found = try configuration.explained(configuration.data) {
            try SQLiteStore.look(at: configuration.data, hash: AuditHashes.openSSL())
        }
        for step in found.dueMigrations {
            try output.writeLine("store: the next start will upgrade the schema (step \(step))")
        }
        for problem in found.problems { try output.writeLine("store: \(problem)") }
        let check = try AttachmentCheck(configuration, deep: deep)
        for problem in check.problems { try output.writeLine("attachments: \(problem)") }
        guard found.problems.isEmpty, check.problems.isEmpty else { return false }
        try output.writeLine("store: sound")
        if check.count > 0 {
            try output.writeLine("attachments: sound (contents: \(check.count))")
        }
        return true
    }
}
