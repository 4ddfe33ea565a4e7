import ArgumentParser
import DocketTesting

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

    @Option(help: "The seeds to run, as 1..5000.")
    var seeds = "1..100"

    @Option(help: "One seed to run.")
    var seed: UInt64?

    @Option(help: "The numbers of the steps to run of it, as 0,3,4; all by default.")
    var steps: String?

    @Flag(help: "Print what happens.")
    var trace = false

    @Flag(help: "Run each seed twice, and see that the same happens.")
    var checkDeterminism = false

    func run() throws {
        try OneThread.takeOver()
        if let seed { return try run(script(seed)) }
        let bounds = seeds.split(separator: ".").compactMap { UInt64($0) }
        guard bounds.count == 2, bounds[0] <= bounds[1] else {
            throw ValidationError("the seeds are to be like 1..100")
        }
        var failures: [UInt64] = []
        for seed in bounds[0]...bounds[1] {
            let script = Script(seed: seed)
            let result = Run(script)
            if checkDeterminism, Run(script).trace != result.trace {
                print("seed \(seed): two runs are not alike")
                failures.append(seed)
            }
            guard let fault = result.fault else { continue }
            failures.append(seed)
            print("seed \(seed): \(fault)")
            if failures.count == 1 { explain(script) }
        }
        print("\(bounds[1] - bounds[0] + 1) seeds, \(failures.count) failures \(failures)")
        if !failures.isEmpty { throw ExitCode.failure }
    }

    /// The script of a seed, or the part of it that was asked for.
    private func script(_ seed: UInt64) -> Script {
        let whole = Script(seed: seed)
        guard let steps else { return whole }
        let kept = steps.split(separator: ",").compactMap { Int($0) }
        let wanted = kept.filter(whole.steps.indices.contains)
        return Script(seed: seed, steps: wanted.map { whole.steps[$0] })
    }

    /// Runs one script and tells of it.
    private func run(_ script: Script) throws {
        let result = Run(script)
        if trace { for line in result.trace { print(line) } }
        guard let fault = result.fault else { return print("seed \(script.seed): all is well") }
        print("seed \(script.seed): \(fault)")
        if steps == nil { explain(script) }
        throw ExitCode.failure
    }

    /// Prints the smallest script that fails, what happens in it, and how to see it again.
    private func explain(_ script: Script) {
        let shrinker = Shrinker(script)
        let result = Run(shrinker.shrunk)
        print("the shrunk script:")
        for step in shrinker.shrunk.steps { print("    \(step)") }
        print("its trace:")
        for line in result.trace { print("    \(line)") }
        let numbers = shrinker.kept.map(String.init).joined(separator: ",")
        print("repeat with: docket-simulation --seed \(script.seed) --steps \(numbers) --trace")
    }
}
