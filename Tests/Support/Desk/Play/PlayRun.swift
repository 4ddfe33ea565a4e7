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
        var recovery: [PlayFinding] = []
        for part in script.parts(kind == .sqlite ? Self.kills : 1) {
            await play.perform(Array(part))
            guard kind == .sqlite else { continue }
            let readers = play.everybody.compactMap(\.id)
            recovery += try Self.findingsAfterKill(of: fixture.store, in: directory, readers)
        }
        await fixture.desk.stop()
        let readers = play.everybody.compactMap(\.id)
        content = try PlayContent(fixture.store, readers: readers)
        let store = StoreInvariants(
            content: content,
            model: play.model,
            readers: readers,
            now: fixture.clock.now()
        )
        replies = play.replies.map { "\($0)" }
        transcript = play.transcript
        findings = play.findings + recovery + store.findings()
        try fixture.store.close()
    }

    /// How often a process that keeps its store on disk is killed, as it were.
    private static let kills = 4

    /// What differs between a store that was killed now, with everything that it had put off, and
    /// one that had written it.
    private static func findingsAfterKill(
        of store: any Store,
        in directory: TemporaryDirectory,
        _ readers: [PrincipalID]
    ) throws -> [PlayFinding] {
        let killed = try directory.copy()
        try store.read { _ throws(StoreError) in }
        let written = try directory.copy()
        let contents = try [killed, written].map { copy in
            let store = try StoreKind.sqlite.open(in: copy)
            defer { try? store.close() }
            return try PlayContent(store, readers: readers)
        }
        guard contents[0] != contents[1] else { return [] }
        return [PlayFinding("Recovery", "after a kill the store holds something else")]
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

extension Array {
    /// The elements in so many parts of about the same length, in order.
    fileprivate func parts(_ count: Int) -> [ArraySlice<Element>] {
        let length = Swift.max((self.count + count - 1) / count, 1)
        return stride(from: 0, to: Swift.max(self.count, 1), by: length).map { start in
            self[start..<Swift.min(start + length, self.count)]
        }
    }
}
