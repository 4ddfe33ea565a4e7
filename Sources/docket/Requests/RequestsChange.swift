internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Where requests are, who works, and how they are told.
struct RequestTargets: ParsableArguments {
    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Argument(help: "The numbers of the requests.")
    var numbers: [RequestNumber]
}

/// A subcommand that does the same to several requests, one after the other.
///
/// What is refused for one does not keep the others from it: each has a result of its own.
protocol RequestsChange: ConnectedAction {
    /// Which requests.
    var numbers: [RequestNumber] { get }
    /// How they are told.
    var output: RequestOutput { get }
    /// What was typed, for the advice after a refusal.
    var typed: MissingFields.Command { get }
    /// What was typed, for the words of a refusal; it may have to look something up.
    func words(with client: DocketClient) async -> RefusalWords.Typed
    /// Changes one.
    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest
}

extension RequestsChange {
    var typed: MissingFields.Command { .other }
    func words(with client: DocketClient) async -> RefusalWords.Typed { .other }

    /// Numbers of one command at most: a person selects them by hand.
    private static var mostNumbers: Int { 200 }

    /// Checks what the numbers may be together with.
    func validate(_ numbers: [RequestNumber], seen: SeenVersion? = nil) throws {
        guard !numbers.isEmpty else { throw ValidationError("Missing: the number of a request") }
        guard numbers.count <= Self.mostNumbers else {
            throw ValidationError("Name at most \(Self.mostNumbers) requests")
        }
        guard seen?.number == nil || numbers.count == 1 else {
            throw ValidationError("--version belongs to one request")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        var seen: Set<UInt64> = []
        let numbers = numbers.map(\.value).filter { seen.insert($0).inserted }
        var failures: [CommandFailure] = []
        for number in numbers {
            do throws(CommandFailure) {
                try await change(number, with: client)
            } catch {
                guard numbers.count > 1, error.concernsOneRequest else { throw error }
                failures.append(error)
                try output.tell(error, about: number)
            }
        }
        guard let first = failures.first else { return .done }
        return failures.count < numbers.count ? .partlyDone : first.status
    }

    /// Changes one request and tells what became of it.
    private func change(
        _ number: UInt64,
        with client: DocketClient
    ) async throws(CommandFailure) {
        do {
            let request = try await client.requests.numbered(number)
            try output.tell(try await change(request, with: client))
        } catch let error as DocketClientError {
            throw await RefusalHelp(client).failure(
                error,
                about: number,
                after: typed,
                typed: words(with: client)
            )
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            guard let failure = CommandFailure(endingWith: error) else {
                throw CommandFailure("nobody reads the output", status: .localFile)
            }
            throw failure
        }
    }
}

extension CommandFailure {
    /// Whether the same may still be done to other requests.
    fileprivate var concernsOneRequest: Bool {
        switch status {
        case .refused, .notFound, .unconfirmed: true
        case .done, .usage, .notSignedIn, .partlyDone, .unreachable, .localFile, .tryAgainLater,
            .incompatible, .interrupted:
            false
        }
    }
}
