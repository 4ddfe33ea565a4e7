internal import DocketTerminal

/// Tells the operator what happens, a line each; what mails say is never in it.
struct BridgeReport: Sendable {
    /// The program's name, which every line begins with.
    static let program = "docket-channel-bridge"

    private let output: OutputWriter

    /// Tells it on standard error.
    init(to output: OutputWriter = .standardError) {
        self.output = output
    }

    /// Tells something.
    func tell(_ text: String) {
        // Where standard error takes nothing, nobody is left to tell, and mails still go on.
        try? output.writeLine("\(Self.program): \(text)")
    }
}
