internal import ArgumentParser
internal import DocketCommandLine
internal import DocketRPC
internal import DocketTransport

/// Measures what connections that say nothing cost the server in memory.
struct IdleCommand: AsyncParsableCommand, LoadAction {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Hold signed-in connections that say nothing and measure the server's memory.",
        discussion: "Memory is read --seconds after the last connection was greeted."
    )

    @OptionGroup var options: LoadOptions

    func validate() throws {
        guard options.serverPid != nil else { throw ValidationError("idle needs --server-pid") }
    }

    func measure() async throws -> LoadReport {
        let client = try LoadClient(credentials: options.credentials)
        let token = try await client.signInWithKey()
        // A command line without it was refused.
        guard let accounting = options.accounting else { return LoadReport() }
        let before = try accounting.residentBytes()
        let began = ContinuousClock.now
        let connections = try await client.connect(options.connections, token: token)
        var report = LoadReport()
        report.rateName = "connections_per_second"
        report.count = UInt64(connections.count)
        report.elapsed = began.duration(to: .now)
        try await Task.sleep(for: .seconds(options.seconds))
        let growth = try accounting.residentBytes() - before
        report.serverBytesPerConnection = Double(growth) / Double(connections.count)
        report.errors = UInt64(await Self.lost(connections))
        for connection in connections { connection.close() }
        try await client.shutDown()
        return report
    }

    /// How many of the connections did not live to the end.
    private static func lost(_ connections: [ClientConnection]) async -> Int {
        var lost = 0
        for connection in connections where await !connection.isOpen() { lost += 1 }
        return lost
    }
}
