import ArgumentParser
import DeskSupport
import DocketDomain
import DocketStore
import DocketStoreSQLite
import SimulationSupport

/// Runs scripts of random commands and faults, on a store in memory and a clock that stands still.
///
/// Each script follows from its seed, and so does everything else: two runs of a seed are the same,
/// byte by byte.
struct SeedsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seeds",
        abstract: "Runs scripts of random commands and faults."
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
}
