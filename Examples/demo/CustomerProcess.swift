internal import DocketClient
internal import Foundation

/// A customer's program that the demo starts, and kills.
final class CustomerProcess {
    /// What the program's lines begin with.
    enum Line: String {
        /// The id of the conversation follows.
        case conversation
        /// The id of a message that is durable follows.
        case queued
    }

    /// How long the program may take for what the demo waits for.
    private static let patience = Duration.seconds(30)

    private let process = Process()
    private let output: String

    /// Starts the program with a profile in the folder.
    init(
        in folder: String,
        credentials: String,
        saying texts: [String],
        in conversation: ConversationID? = nil,
        stays: Bool = false
    ) throws {
        output = folder + "/customer.out"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments =
            ["customer", "--profile", folder + "/profile", "--credentials", credentials]
            + (conversation.map { ["--conversation", "\($0)"] } ?? [])
            + (stays ? ["--stays"] : []) + ["--"] + texts
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        try process.run()
    }

    deinit { kill() }

    /// What it has said of something.
    private func values(_ line: Line) throws -> [Substring] {
        try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("\(line) ") }
            .map { $0.dropFirst(line.rawValue.count + 1) }
    }

    /// The ids of the messages that it has queued.
    var queued: [MessageID] {
        get throws { try values(.queued).compactMap { MessageID(String($0)) } }
    }

    /// The conversation that it is in.
    var conversation: ConversationID? {
        get throws { try values(.conversation).first.flatMap { ConversationID(String($0)) } }
    }

    /// Waits until it has queued so many messages.
    func waitUntilQueued(_ count: Int) async throws {
        try await wait("queue \(count) messages") { try queued.count == count }
    }

    /// Waits until it has ended in good order.
    func waitUntilEnded() async throws {
        try await wait("send everything") { !process.isRunning }
        guard process.terminationStatus == 0 else {
            throw Chat.Difference(description: "the customer's program has failed")
        }
    }

    private func wait(_ purpose: String, _ condition: () throws -> Bool) async throws {
        let end = ContinuousClock.now + Self.patience
        while try !condition() {
            guard ContinuousClock.now < end else {
                throw Chat.Difference(description: "the customer's program did not \(purpose)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Ends it as a power cut would.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
