import ArgumentParser

/// Which seeds a simulation runs, and what it tells of them.
///
/// A seed makes a script, and with it everything that happens: two runs of it are the same.
package struct SimulationOptions: ParsableArguments {
    @Option(help: "The seeds to run, as 1..5000.")
    private var seeds = "1..100"

    @Option(help: "One seed to run.")
    private var seed: UInt64?

    @Option(help: "The numbers of the steps to run of it, as 0,3,4; all by default.")
    private var steps: String?

    @Flag(help: "Print what happens.")
    private var trace = false

    @Flag(help: "Run each seed twice, and see that the same happens.")
    private var checkDeterminism = false

    /// Takes the defaults.
    package init() {}

    /// Runs what was asked for.
    ///
    /// - Parameters:
    ///   - program: The name under which a failure is to be repeated.
    ///   - simulate: Runs the script of a seed, or the steps of it with some numbers.
    /// - Throws: `ExitCode.failure` where something does not hold.
    package func run(
        as program: String,
        _ simulate: (_ seed: UInt64, _ steps: [Int]?) throws -> SimulationReport
    ) throws {
        if let seed { return try run(seed, as: program, simulate) }
        let bounds = seeds.split(separator: ".").compactMap { UInt64($0) }
        guard bounds.count == 2, bounds[0] <= bounds[1] else {
            throw ValidationError("the seeds are to be like 1..100")
        }
        var failures: [UInt64] = []
        var counts: [String: Int] = [:]
        for seed in bounds[0]...bounds[1] {
            let report = try simulate(seed, nil)
            counts.merge(report.counts, uniquingKeysWith: +)
            if checkDeterminism, try simulate(seed, nil).trace != report.trace {
                print("seed \(seed): two runs are not alike")
                failures.append(seed)
            }
            guard let fault = report.fault else { continue }
            failures.append(seed)
            print("seed \(seed): \(fault)")
            if failures.count == 1 { try explain(report, of: seed, as: program, simulate) }
        }
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print("\(count) \(name)") }
        print("\(bounds[1] - bounds[0] + 1) seeds, \(failures.count) failures \(failures)")
        if !failures.isEmpty { throw ExitCode.failure }
    }

    /// Runs one script and tells of it.
    private func run(
        _ seed: UInt64,
        as program: String,
        _ simulate: (UInt64, [Int]?) throws -> SimulationReport
    ) throws {
        let wanted = steps?.split(separator: ",").compactMap { Int($0) }
        let report = try simulate(seed, wanted)
        if trace { for line in report.trace { print(line) } }
        guard let fault = report.fault else { return print("seed \(seed): all is well") }
        print("seed \(seed): \(fault)")
        if wanted == nil { try explain(report, of: seed, as: program, simulate) }
        throw ExitCode.failure
    }

    /// Prints the smallest script that fails, what happens in it, and how to see it again.
    private func explain(
        _ report: SimulationReport,
        of seed: UInt64,
        as program: String,
        _ simulate: (UInt64, [Int]?) throws -> SimulationReport
    ) throws {
        var shrinker = Shrinker(stepCount: report.stepCount)
        while let attempt = shrinker.next() {
            shrinker.note(fails: try simulate(seed, attempt).fault != nil)
        }
        let smallest = try simulate(seed, shrinker.kept)
        print("the shrunk script:")
        for step in smallest.steps { print("    \(step)") }
        print("its trace:")
        for line in smallest.trace { print("    \(line)") }
        if let fault = smallest.fault { print("it fails: \(fault)") }
        let numbers = shrinker.kept.map(String.init).joined(separator: ",")
        print("repeat with: \(program) --seed \(seed) --steps \(numbers) --trace")
    }
}
