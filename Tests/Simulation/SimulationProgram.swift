import ArgumentParser
import DocketTesting
import SimulationSupport

/// Runs clients, a server and a network through random scripts on virtual time, and says what of
/// what the client library promises does not hold.
///
/// Each script follows from its seed, and so does everything else: two runs of a seed are the same,
/// job by job.
@main
struct SimulationProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-simulation",
        abstract: "Runs the client library through random faults on virtual time."
    )

    @OptionGroup var options: SimulationOptions

    func run() throws {
        try OneThread.takeOver()
        try options.run(as: "docket-simulation") { seed, kept in
            var script = Script(seed: seed)
            if let kept {
                let wanted = kept.filter(script.steps.indices.contains)
                script = Script(seed: seed, steps: wanted.map { script.steps[$0] })
            }
            let steps = script.steps
            let run = Run(script)
            return SimulationReport(
                stepCount: steps.count,
                steps: { steps.map { "\($0)" } },
                trace: { run.trace },
                fault: run.fault
            )
        }
    }
}
