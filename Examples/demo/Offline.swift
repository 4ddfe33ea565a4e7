internal import DocketClient
internal import Foundation

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
        guard let port = try server.address().split(separator: ":").last.flatMap({ UInt16($0) })
        else { throw Chat.Difference(description: "the server does not say where it is") }
        let network = try NetworkLink(to: port)
        try makeCredentials(leadingTo: network.place)
        let greeting = try customer(saying: [Self.first])
        try await greeting.waitUntilEnded()
        guard let conversation = try greeting.conversation else {
            throw Chat.Difference(description: "the customer has no conversation")
        }
        var said = try greeting.queued
        Output.line("  Customer: \(Self.first)")
        network.cut()
        Output.line("  ** the network is cut")
        let writing = try customer(saying: Self.later, in: conversation, stays: true)
        try await writing.waitUntilQueued(Self.later.count)
        said += try writing.queued
        writing.kill()
        Output.line("  ** three messages wait, and the customer's program is killed (SIGKILL)")
        guard try await messages(in: conversation).count == 1 else {
            throw Chat.Difference(description: "the network was not cut")
        }
        let again = try customer(saying: [], in: conversation)
        network.restore()
        Output.line("  ** the program is started again, and the network is back")
        try await again.waitUntilEnded()
        try await check(said, in: conversation)
        Output.line("  ** the agent has them, once and in order\n")
    }

    private var credentials: String { folder + "/customer-credentials.json" }

    /// Makes the customer's credentials: the server's, with another place to connect with.
    private func makeCredentials(leadingTo place: String) throws {
        let known = try Data(contentsOf: URL(filePath: server.credentialsPath))
        guard var values = try JSONSerialization.jsonObject(with: known) as? [String: Any],
            values.updateValue(place, forKey: "address") != nil
        else { throw Chat.Difference(description: "the credentials have no address") }
        let file = URL(filePath: credentials)
        try JSONSerialization.data(withJSONObject: values).write(to: file)
    }

    private func customer(
        saying texts: [String],
        in conversation: ConversationID? = nil,
        stays: Bool = false
    ) throws -> CustomerProcess {
        try CustomerProcess(
            in: folder,
            credentials: credentials,
            saying: texts,
            in: conversation,
            stays: stays
        )
    }

    private func check(_ said: [MessageID], in conversation: ConversationID) async throws {
        let kept = try await messages(in: conversation)
        for line in kept.dropFirst() { Output.line("  Agent sees: \(line.text)") }
        guard kept.map(\.id) == said, kept.map(\.text) == [Self.first] + Self.later else {
            throw Chat.Difference(description: "the agent sees \(kept.map(\.text))")
        }
    }

    /// What the agent sees.
    private func messages(in conversation: ConversationID) async throws -> [Chat.Said] {
        let history = try await agent.conversation(conversation).history(limit: 200)
        return history.events.compactMap(Chat.Said.init)
    }
}
