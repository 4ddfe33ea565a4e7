internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Where the desk is, and as which integration the bridge speaks.
struct DeskOptions: ParsableArguments {
    @OptionGroup var place: ServerOptions

    @Option(help: "The file with the integration's key in its first line.")
    var keyFile: String

    @Option(help: "The channel, by key.")
    var channel = "email"

    /// Runs a relay on the profile.
    func withRelay<Value: Sendable>(
        _ body: (DocketClient, Relay) async throws -> Value
    ) async throws -> Value {
        guard let server = try place.named() else {
            throw CommandFailure(
                "no server is named",
                advice: "Add --server HOST:PORT, or --credentials FILE",
                status: .usage
            )
        }
        let key = try KeyFile.key(in: keyFile)
        let folder = try place.profile.folder(of: BridgeReport.program)
        let client: DocketClient
        do {
            client = try await DocketClient.open(
                try Profile.open(at: folder),
                to: server,
                as: .apiKey(key)
            )
        } catch let error as ProfileError {
            throw CommandFailure(error)
        } catch let error as DocketClientError {
            throw CommandFailure(error)
        }
        defer { client.close() }
        do {
            return try await client.relay("mail", channel: channel) { relay in
                try await body(client, relay)
            }
        } catch let error as DocketClientError {
            throw CommandFailure(error)
        }
    }
}
