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

    /// What the key has to be.
    var keyCheck: KeyCheck { KeyCheck(keyFile: keyFile, channel: channel) }

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
            let profile = try Profile.open(at: folder)
            if let salvage = profile.salvage { BridgeReport().tell("\(salvage)") }
            client = try await DocketClient.open(
                profile,
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
