import ArgumentParser
import DeskSupport
import Dispatch
import DocketDomain
import DocketStore
import DocketStoreSQLite
import SimulationSupport
import Synchronization

/// Runs a desk, on a store and a clock of its own, through random commands and faults, and says
/// what of what it promises does not hold.
///
/// Each script follows from its seed, and so does everything else: two runs of a seed are the same,
/// byte by byte.
@main
struct DeskSimulationProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-desk-simulation",
        abstract: "Runs the desk through random commands, kills and faults of its machine."
    )

    @OptionGroup var options: SimulationOptions

    func run() throws {
        let policies = try PlayPolicies.all()
        let empty = try StoreFiles()
        try SQLiteStore(directory: empty.path, newEpoch: Epoch(7)).close()
        try options.run(as: "docket-desk-simulation") { seed, steps in
            let script = DeskScript(seed: seed, steps: steps)
            return finished { await Self.report(script, policies, empty) }
        }
    }

    private static func report(
        _ script: DeskScript,
        _ policies: [Policy],
        _ empty: StoreFiles
    ) async -> SimulationReport {
        let failure: String
        do {
            var world = try DeskWorld(script, policies: policies, on: empty)
            do {
                try await world.run()
            } catch {
                world.add([PlayFinding("Store", "\(error)")])
            }
            return report(script, world.findings.first?.description, world.counts) { [world] in
                world.trace
            }
        } catch {
            failure = "there is no store: \(error)"
        }
        return report(script, failure, [:]) { [] }
    }

    private static func report(
        _ script: DeskScript,
        _ fault: String?,
        _ counts: [String: Int],
        trace: @escaping @Sendable () -> [String]
    ) -> SimulationReport {
        SimulationReport(
            stepCount: script.steps.count,
            steps: { script.steps.map { "\($0)" } },
            trace: trace,
            fault: fault,
            counts: counts
        )
    }

    /// Waits for a task, as a program may that does nothing else.
    private func finished<Result: Sendable>(
        _ body: @escaping @Sendable () async -> Result
    ) -> Result {
        let isDone = DispatchSemaphore(value: 0)
        let outcome = Outcome<Result>()
        Task.detached {
            let result = await body()
            outcome.result.withLock { $0 = result }
            isDone.signal()
        }
        isDone.wait()
        guard let result = outcome.result.withLock({ $0 }) else {
            preconditionFailure("the task has signalled")
        }
        return result
    }

    private final class Outcome<Result: Sendable>: Sendable {
        let result = Mutex<Result?>(nil)
    }
}
