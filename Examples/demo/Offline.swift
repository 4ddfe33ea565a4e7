internal import DocketClient

/// A customer who writes without a network, and whose program is killed before it comes back.
struct Offline {
    let server: ServerProcess
    let agent: DocketClient
    let folder: String

    /// What the customer says before the network goes, and while it is gone.
    private static let first = "Are you there?"
    private static let later = ["My train is in a tunnel.", "I write on.", "Do you get this?"]

    /// Plays the scene, and compares what the agent sees with what was said.
    func play() async throws {
        Output.line("Offline")
        let address = try server.address()
        let greeting = try customer(saying: [Self.first])
        try await greeting.waitUntilEnded()
        guard let conversation = try greeting.conversation else {
            throw Chat.Difference(description: "the customer has no conversation")
        }
        var said = try greeting.queued
        Output.line("  Customer: \(Self.first)")
        server.kill()
        Output.line("  ** the network is gone")
        let writing = try customer(saying: Self.later, in: conversation, stays: true)
        try await writing.waitUntilQueued(Self.later.count)
        said += try writing.queued
        writing.kill()
        Output.line("  ** three messages wait, and the customer's program is killed (SIGKILL)")
        let again = try customer(saying: [], in: conversation)
        try await server.start(listen: address)
        Output.line("  ** the program is started again, and the network is back")
        try await again.waitUntilEnded()
        try await check(said, in: conversation)
        Output.line("  ** the agent has them, once and in order\n")
    }

    private func customer(
        saying texts: [String],
        in conversation: ConversationID? = nil,
        stays: Bool = false
    ) throws -> CustomerProcess {
        try CustomerProcess(
            in: folder,
            credentials: server.credentialsPath,
            saying: texts,
            in: conversation,
            stays: stays
        )
    }

    private func check(_ said: [MessageID], in conversation: ConversationID) async throws {
        let history = try await agent.conversation(conversation).history(limit: 200)
        let kept = history.events.compactMap(Chat.Said.init)
        for line in kept.dropFirst() { Output.line("  Agent sees: \(line.text)") }
        guard kept.map(\.id) == said, kept.map(\.text) == [Self.first] + Self.later else {
            throw Chat.Difference(description: "the agent sees \(kept.map(\.text))")
        }
    }
}
