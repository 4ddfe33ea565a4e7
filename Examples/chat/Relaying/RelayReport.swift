internal import DocketClient
internal import DocketTerminal
internal import Synchronization

/// Tells the operator of a relay what happens, a line each; what people say is never in it.
final class RelayReport: Sendable {
    private let output: OutputWriter
    private let log = Mutex(RelayLog())

    /// Tells it on standard error.
    init(to output: OutputWriter = .standardError) {
        self.output = output
    }

    /// Tells something.
    func tell(_ text: String) {
        // Where standard error takes nothing, nobody is left to tell, and messages still go on.
        try? output.writeLine("docket-chat: \(text)")
    }

    /// Tells what is due of how the relay stands.
    func tell(_ condition: RelayCondition) {
        for line in log.withLock({ $0.lines(for: condition) }) { tell(line) }
    }
}
