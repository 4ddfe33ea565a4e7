import DocketDesk
package import DocketDomain
import DocketStore

/// One script played on one store.
package struct PlayRun: Sendable {
    /// What the store holds.
    package let content: PlayContent
    /// The answers.
    package let replies: [String]
    /// What was asked and answered, as people read it.
    package let transcript: [String]
    /// What is wrong.
    package let findings: [PlayFinding]

    /// Plays a script on an empty store, under the first of some policies.
    package init(
        _ script: [PlayStep],
        on kind: StoreKind,
        policies: [Policy],
        seed: UInt64
    ) async throws {
        let directory = try TemporaryDirectory()
        let fixture = try DeskFixture(
            store: kind.open(in: directory),
            seed: seed,
            policy: policies.first
        )
        var play = Play(fixture: fixture, policies: policies)
        await play.begin()
        await play.perform(script)
        await fixture.desk.stop()
        let readers = play.everybody.compactMap(\.id)
        content = try PlayContent(fixture.store, readers: readers)
        let store = StoreInvariants(
            content: content,
            model: play.model,
            readers: readers,
            now: fixture.clock.now()
        )
        replies = play.replies
        transcript = play.transcript
        findings = play.findings + store.findings()
        try fixture.store.close()
    }

    /// Plays a script on every store, and gives what is wrong on any or differs between them.
    package static func findings(
        _ script: [PlayStep],
        policies: [Policy],
        seed: UInt64
    ) async throws -> [PlayFinding] {
        var runs: [PlayRun] = []
        for kind in StoreKind.allCases {
            runs.append(try await PlayRun(script, on: kind, policies: policies, seed: seed))
        }
        return runs.flatMap(\.findings) + zip(runs, runs.dropFirst()).flatMap(differences)
    }

    private static func differences(_ one: PlayRun, _ other: PlayRun) -> [PlayFinding] {
        var findings: [PlayFinding] = []
        if one.replies != other.replies {
            findings.append(PlayFinding("Stores", "the answers differ"))
        }
        let parts: [(String, Bool)] = [
            ("logs", one.content.log == other.content.log),
            ("requests", one.content.requests == other.content.requests),
            ("conversations", one.content.situations == other.content.situations),
            ("marks", one.content.marks == other.content.marks),
            ("timers", one.content.timers == other.content.timers),
            ("contents", one.content == other.content),
        ]
        for (name, isSame) in parts where !isSame {
            findings.append(PlayFinding("Stores", "the \(name) differ"))
        }
        return findings
    }

    /// Why a script fails, in words: what is wrong, and the smallest script of which it is.
    package static func explanation(
        of findings: [PlayFinding],
        _ script: [PlayStep],
        policies: [Policy],
        seed: UInt64
    ) async -> String {
        let broken = findings.first?.invariant
        let smallest = await PlayShrinker.smallest(script) { shorter in
            let found = try? await Self.findings(shorter, policies: policies, seed: seed)
            return found?.contains { $0.invariant == broken } ?? false
        }
        let run = try? await PlayRun(smallest, on: .memory, policies: policies, seed: seed)
        let lines =
            ["DOCKET_SEED=\(seed), under \(policies.first?.name ?? "no policy")"]
            + findings.prefix(3).map(\.description) + ["with \(smallest.count) steps:"]
            + (run?.transcript ?? []).suffix(smallest.count)
            + (run?.findings ?? []).prefix(5).map { "found: \($0)" }
        return lines.joined(separator: "\n")
    }
}
