internal import ArgumentParser
internal import DocketCalls
internal import DocketCommandLine
internal import DocketMessages
internal import DocketRPC
internal import DocketTLS
internal import DocketTransport

/// Measures connecting: TCP, TLS, HELLO, one Health call, close.
struct ConnectCommand: AsyncParsableCommand, LoadAction {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connect, call Health/Check once and close, again and again.",
        discussion: "--connections is how many are being set up at a time."
    )

    @OptionGroup var options: LoadOptions

    @Flag(help: "Resume TLS sessions by ticket.")
    var resume = false

    func measure() async throws -> LoadReport {
        let client = try LoadClient(credentials: options.credentials, resumes: resume)
        let before = try options.accounting?.processorTime()
        let began = ContinuousClock.now
        let end = began + .seconds(options.seconds)
        var report = await measure(client, until: end)
        report.elapsed = began.duration(to: .now)
        if let before, let after = try options.accounting?.processorTime() {
            report.serverTime = after - before
        }
        try await client.shutDown()
        return report
    }

    private func measure(
        _ client: LoadClient,
        until end: ContinuousClock.Instant
    ) async
        -> LoadReport
    {
        await withTaskGroup(of: LoadReport.self) { group in
            for _ in 0..<options.connections {
                group.addTask { await Self.worker(client, until: end) }
            }
            var total = LoadReport()
            total.rateName = "connections_per_second"
            for await part in group { total.add(part) }
            total.extra["resumed"] = total.extra["resumed"] ?? 0
            return total
        }
    }

    private static func worker(
        _ client: LoadClient,
        until end: ContinuousClock.Instant
    ) async -> LoadReport {
        var report = LoadReport()
        while ContinuousClock.now < end {
            let began = ContinuousClock.now
            do {
                let connection = try await client.connect()
                _ = try await HealthCaller(channel: connection).check(Docket_V1_HealthCheckCall())
                if await connection.peer()?.isResumed == true {
                    report.extra["resumed", default: 0] += 1
                }
                connection.close()
                report.count += 1
                report.latency.record(began.duration(to: .now))
            } catch {
                report.errors += 1
                report.firstError = report.firstError ?? ErrorText.words(for: error)
            }
        }
        return report
    }
}
