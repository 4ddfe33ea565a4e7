/// What came of one run of a script.
///
/// What happened is put into words only for whoever reads it.
package struct SimulationReport: Sendable {
    /// How many steps the script has.
    package let stepCount: Int
    private let describedSteps: @Sendable () -> [String]
    private let describedTrace: @Sendable () -> [String]
    /// What does not hold; `nil` where all is well.
    package let fault: String?
    /// What was met, and how often.
    package let counts: [String: Int]

    /// Tells of a run.
    package init(
        stepCount: Int,
        steps: @escaping @Sendable () -> [String],
        trace: @escaping @Sendable () -> [String],
        fault: String?,
        counts: [String: Int] = [:]
    ) {
        self.stepCount = stepCount
        self.fault = fault
        self.counts = counts
        describedSteps = steps
        describedTrace = trace
    }

    /// The steps of the script.
    package var steps: [String] { describedSteps() }

    /// What happened, line by line.
    package var trace: [String] { describedTrace() }
}
