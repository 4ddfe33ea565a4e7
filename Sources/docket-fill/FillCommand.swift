internal import ArgumentParser
internal import DocketCommandLine
internal import DocketDomain
internal import DocketPolicy
internal import DocketStore
internal import DocketStoreSQLite
internal import DocketTerminal
internal import Foundation
internal import Glibc

/// Fills a store with as many requests as a desk would have after years.
@main
struct FillCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "docket-fill",
        abstract: "Fill a store with requests, as a desk would have left it.",
        discussion: """
            The store must have no request yet and no server running on it. To look at
            the result as the development accounts, start docketd serve --dev on the
            folder once before, and again afterwards.

            What is said comes from real dialogues, with other names and numbers. The same
            options give the same store.

            Exit status: 0 done, 2 usage, 74 the store or a file could not be read or
            written.
            """
    )

    @Option(help: "The folder of the store.")
    var store: String

    @Option(help: "How many requests to make.")
    var requests = 1_000

    @Option(help: "How many messages a request has on average.")
    var messagesPerRequest = 5

    @Option(help: "How many bytes a message has at least, where it is not the last of its speaker.")
    var body = 100

    @Option(help: "Where the chance begins.")
    var seed: UInt64 = 1

    @Option(help: "The dialogues.")
    var dialogues = "Examples/dialogues/abcd_sample.json"

    @Flag(inversion: .prefixedNo, help: "Whether to fill the search index as well.")
    var index = true

    @Flag(help: "End with one JSON object.")
    var json = false

    func validate() throws {
        try Self.check(requests, in: 1...100_000_000, "--requests")
        try Self.check(messagesPerRequest, in: 1...100, "--messages-per-request")
        try Self.check(body, in: 1...4_096, "--body")
    }

    private static func check(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws {
        guard range.contains(value) else {
            throw ValidationError("\(name) takes \(range.lowerBound) to \(range.upperBound)")
        }
    }

    static func main() async {
        let status = await CommandRun(of: "docket-fill").run(FillCommand.self)
        Glibc.exit(status.rawValue)
    }

    func act() async throws -> ExitStatus {
        let texts = try DialogueTexts(path: dialogues, bytes: body)
        try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
        var random = FillRandom(seed: seed)
        let opened = try SQLiteStore(directory: store, newEpoch: Epoch(random.next()))
        let began = ContinuousClock.now
        var filling = try Filling(
            store: opened,
            policy: Policy.shippedDefault(),
            texts: texts,
            seed: seed
        )
        try filling.fill(requests: requests, messagesPerRequest: messagesPerRequest) { made in
            // Whoever does not read it does not miss it.
            try? OutputWriter.standardError.writeLine("\(made) of \(requests) requests")
        }
        let filled = ContinuousClock.now
        if index { try filling.followLog() }
        let indexed = ContinuousClock.now
        try opened.close()
        var report = filling.report
        report.writing = began.duration(to: filled)
        report.indexing = filled.duration(to: indexed)
        report.bytes = try Self.size(of: store + "/docket.sqlite")
        try report.write(asJSON: json)
        return .done
    }

    private static func size(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return attributes[.size] as? Int ?? 0
    }
}
