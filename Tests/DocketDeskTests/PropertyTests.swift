import DeskSupport
import DocketDomain
import SimulationSupport
import Testing

/// What holds whatever people do: random plays on every store, under every policy.
///
/// A failure prints the seed, and the smallest script that fails in the same way; DOCKET_SEED runs
/// that seed alone.
@Suite("Properties of the desk", .serialized)
struct PropertyTests {
    /// How many steps a play has: enough for some twenty requests with a past.
    private static let steps = 160

    @Test(
        "Every invariant holds in random plays, in every store alike and as the log alone says",
        arguments: seeds(16)
    )
    func invariants(seed: UInt64) async throws {
        let all = try PlayPolicies.all()
        let first = Int(seed % UInt64(all.count))
        let policies = Array(all[first...] + all[..<first])
        let script = PlayScript.steps(Self.steps, seed: seed)
        let findings = try await PlayRun.findings(script, policies: policies, seed: seed)
        guard !findings.isEmpty else { return }
        let explanation = await PlayRun.explanation(
            of: findings,
            script,
            policies: policies,
            seed: seed
        )
        Issue.record("\(explanation)")
    }

    @Test("A failing script is cut down to the steps that make it fail")
    func shrinking() async throws {
        let policies = try PlayPolicies.both()
        let script = PlayScript.steps(80, seed: 3)
        let fails = { (steps: [PlayStep]) async -> Bool in
            let run = try? await PlayRun(steps, on: .memory, policies: policies, seed: 3)
            return run?.content.requests.contains { $0.noteSequence >= 2 } ?? false
        }
        let planted =
            script + [PlayStep.ask(.note(0), by: .agent(3), atVersion: nil)]
            + [PlayStep.ask(.note(0), by: .agent(3), atVersion: nil)]
        try #require(await fails(planted))
        let smallest = await PlayShrinker.smallest(planted, fails: fails)
        #expect(await fails(smallest))
        #expect(smallest.count == 3, "a request and two notes: \(smallest)")
        let isNote = { (step: PlayStep) in
            if case .ask(.note, _, _) = step { true } else { false }
        }
        #expect(smallest.count(where: isNote) == 2)
    }

    @Test("Shrinking leaves out whole parts and single steps, and gives up in bounded time")
    func shrinkingParts() async {
        let numbers = Array(0..<200)
        let smallest = await PlayShrinker.smallest(numbers) { steps in
            steps.contains(17) && steps.contains(150) && steps.contains(151)
        }
        #expect(smallest == [17, 150, 151])
        var tries = 0
        _ = await PlayShrinker.smallest(Array(0..<5_000)) { _ in
            tries += 1
            return false
        }
        #expect(tries <= Shrinker.tries)
    }
}
