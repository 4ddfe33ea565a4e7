internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import Foundation

/// Measures the client library's replica: how fast what was missed is read, and how fast a profile
/// opens that holds it.
struct CatchUpCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "catch-up",
        abstract: "Read everything that a desk has told, into a profile, with the client library.",
        discussion: """
            An agent's client takes a snapshot of an empty desk in a profile, waits until
            the file that --go names is there, and then reads what has happened since.
            Post a load in between. opening_milliseconds is how long the profile takes to
            open again, until its first list of conversations.
            """
    )

    @Option(help: "The credentials file that docketd serve --dev writes.")
    var credentials: String

    @Option(help: "A file that somebody makes when everything has happened.")
    var go: String

    @Flag(help: "End with one JSON object.")
    var json = false

    func act() async throws -> ExitStatus {
        let saved = try SavedCredentials(contentsOf: credentials)
        guard let agent = saved.agent else {
            throw CommandFailure("The credentials have no agent.", status: .usage)
        }
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "docket-load-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await sync(folder, saved.server, agent)
        while !FileManager.default.fileExists(atPath: go) {
            try await Task.sleep(for: .milliseconds(100))
        }
        let before = try head(of: folder)
        let began = ContinuousClock.now
        try await sync(folder, saved.server, agent)
        var report = LoadReport()
        report.rateName = "events_per_second"
        report.elapsed = began.duration(to: .now)
        report.count = try head(of: folder) - before
        report.extra["opening_milliseconds"] = try await opening(folder, saved.server, agent)
        report.extra["resident_mebibytes"] = try resident()
        try report.write(asJSON: json)
        return report.count == 0 ? .refused : .done
    }

    /// Reads everything that has happened.
    private func sync(_ folder: String, _ server: Server, _ agent: Credential) async throws {
        let profile = try Profile.open(at: folder)
        defer { profile.close() }
        let client = try await DocketClient.open(profile, to: server, as: agent)
        defer { client.close() }
        try await client.sync(within: .seconds(3_600))
    }

    /// The offset up to which the profile has read.
    private func head(of folder: String) throws -> UInt64 {
        let profile = try Profile.open(at: folder)
        defer { profile.close() }
        return try profile.readUpTo
    }

    /// Milliseconds from nothing to the first list of conversations.
    private func opening(
        _ folder: String,
        _ server: Server,
        _ agent: Credential
    ) async throws -> Double {
        let began = ContinuousClock.now
        let profile = try Profile.open(at: folder)
        defer { profile.close() }
        let client = try await DocketClient.open(profile, to: server, as: agent)
        defer { client.close() }
        for try await _ in client.conversations(limit: 50) { break }
        return began.duration(to: .now) / .milliseconds(1)
    }

    private func resident() throws -> Double {
        let bytes = try ProcessAccounting(identifier: getpid()).residentBytes()
        return Double(bytes) / Double(1 << 20)
    }
}
