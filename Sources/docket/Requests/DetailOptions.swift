internal import ArgumentParser
internal import DocketClient

/// What a request is about, as it is written on a command line.
struct DetailOptions: ParsableArguments {
    @Option(help: "The title.")
    var title: String?

    @Option(help: "The key of the topic.")
    var topic: String?

    @Option(help: "The key of the type.")
    var type: String?

    @Option(help: "The key of the priority.")
    var priority: String?

    @Option(help: "A field of the policy, as KEY=VALUE. Repeatable.")
    var field: [FieldArgument] = []

    /// Whether nothing is given.
    var isEmpty: Bool {
        [title, topic, type, priority].allSatisfy { $0 == nil } && field.isEmpty
    }

    func validate() throws {
        guard priority != "" else { throw ValidationError("--priority takes a key") }
    }

    /// The edits that these options ask for.
    func edits(with client: DocketClient) async throws -> [RequestEdit] {
        let keys: [RequestEdit?] = [
            title.map { .title($0.isEmpty ? nil : $0) },
            topic.map { .topic($0.isEmpty ? nil : $0) },
            type.map { .type($0.isEmpty ? nil : $0) }, priority.map(RequestEdit.priority),
        ]
        guard !field.isEmpty else { return keys.compactMap { $0 } }
        let rules = try await DeskRules(of: client)
        return try keys.compactMap { $0 } + field.map { .field($0.key, try rules.value(of: $0)) }
    }

    /// Fills them in before something else is done to a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - client: The connection.
    /// - Returns: The version to expect afterwards; nil where none was seen.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    func fill(
        _ request: SupportRequest,
        expecting version: UInt64?,
        with client: DocketClient
    ) async throws -> UInt64? {
        guard !isEmpty else { return version }
        let edits = try await edits(with: client)
        do throws(DocketClientError) {
            let filled = try await client.requests.edit(request.id, edits, expecting: version)
            return version == nil ? nil : filled.version
        } catch {
            // They were filled in already, as when the command is typed once more.
            guard error.refusal?.reason == "no_change" else { throw error }
            return version
        }
    }
}
