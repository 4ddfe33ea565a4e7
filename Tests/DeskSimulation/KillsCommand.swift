import ArgumentParser
import DeskSupport
import Foundation

/// Kills processes that play on a store on the disk, with SIGKILL at any moment, and compares what
/// they leave with what they had acknowledged.
struct KillsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kills",
        abstract: "Kills processes that play on a store on the disk."
    )

    /// After how many kills another store is taken: what is compared grows with each.
    private static let killsOfStore = 30

    @Option(help: "How many processes to kill.")
    var count = 30

    @Option(help: "The first seed of what they play; by chance by default.")
    var seed: UInt64?

    func run() throws {
        let first = seed ?? .random(in: 1...1_000_000)
        let isWell = finished { await kill(from: first) }
        if !isWell { throw ExitCode.failure }
    }

    private func kill(from first: UInt64) async -> Bool {
        var (acknowledged, unheard) = (0, 0)
        for store in 0..<(count + Self.killsOfStore - 1) / Self.killsOfStore {
            let seed = first + UInt64(store)
            let kills = min(count - store * Self.killsOfStore, Self.killsOfStore)
            do {
                var session = try KillSession(seed: seed)
                for kill in 0..<kills {
                    let findings = try await session.kill(kill)
                    guard let finding = findings.first else { continue }
                    print("kill \(kill + 1) with --seed \(seed): \(finding)")
                    return false
                }
                acknowledged += session.acknowledged
                unheard += session.unheard
            } catch {
                print("--seed \(seed): \(error)")
                return false
            }
        }
        print("\(count) kills from --seed \(first), \(acknowledged) steps acknowledged")
        print("\(unheard) times something was durable that nobody had heard of")
        return true
    }
}

/// Plays on a store until it is killed, and prints the number of each step that is done.
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Plays on a store until it is killed.",
        shouldDisplay: false
    )

    @Argument(help: "The folder of the store.")
    var folder: String

    @Option(help: "The seed of what is played.")
    var seed: UInt64

    @Option(help: "The number of the process.")
    var life: UInt64

    func run() throws {
        let (folder, seed, number) = (folder, seed, life)
        let failure: String? = finished {
            do {
                let policies = OpenedDesk.policies(try PlayPolicies.all(), of: seed)
                var life = try await DeskLife(folder, policies, seed: seed, life: number)
                tell(0)
                for (place, step) in life.steps.enumerated() {
                    try await life.perform(step)
                    tell(place + 1)
                }
                while true { sleep(3_600) }
            } catch {
                return "\(error)"
            }
        }
        if let failure { throw ValidationError(failure) }
    }

    private func tell(_ number: Int) {
        let line = Array("\(number)\n".utf8)
        _ = write(1, line, line.count)
    }
}
