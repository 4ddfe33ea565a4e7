internal import DocketClient
internal import DocketCommandLine

/// Whether a key is an integration's that serves the channel: with another one every mail would be
/// taken in and stand still.
struct KeyCheck: Sendable {
    /// The file with the key.
    let keyFile: String
    /// The channel, by key.
    let channel: String

    /// Refuses to serve the channel with a key that cannot.
    ///
    /// - Parameter client: A client that is connected.
    /// - Throws: `CommandFailure` for another's key, or one of another channel;
    ///   `DocketClientError` where the desk does not say.
    func check(_ client: DocketClient) async throws {
        guard client.identity?.party.kind == .integration else {
            throw CommandFailure(
                "the key in \(keyFile) is not an integration's, and the bridge speaks as one",
                advice: "An administrator makes one: "
                    + "docket key create NAME --channel \(channel)",
                status: .notSignedIn
            )
        }
        let reachable = try await client.channels().map(\.key)
        guard reachable.contains(channel) else {
            let others = reachable.isEmpty ? "none" : reachable.joined(separator: ", ")
            throw CommandFailure(
                "the key in \(keyFile) does not serve the channel \(channel); it serves \(others)",
                advice: "Name another with --channel, or use another key: "
                    + "docket key create NAME --channel \(channel)",
                status: .notFound
            )
        }
    }
}
