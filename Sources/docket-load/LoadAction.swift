internal import DocketCommandLine
internal import DocketRPC

/// A kind of load.
protocol LoadAction: CommandAction {
    /// What it is told.
    var options: LoadOptions { get }
    /// Puts a server under load.
    func measure() async throws -> LoadReport
}

extension LoadAction {
    /// Measures, and tells what was measured; a load that did nothing has failed.
    func act() async throws -> ExitStatus {
        let report: LoadReport
        do {
            report = try await measure()
        } catch let error as RPCError {
            throw CommandFailure(error)
        }
        try report.write(asJSON: options.json)
        return report.count == 0 ? .refused : .done
    }
}

extension CommandFailure {
    /// Describes why a server could not be put under load.
    init(_ error: RPCError) {
        let status: ExitStatus =
            switch error.code {
            case .unavailable, .deadlineExceeded: .unreachable
            case .unauthenticated: .notSignedIn
            default: .refused
            }
        self.init(ErrorText.words(for: error), status: status)
    }
}
