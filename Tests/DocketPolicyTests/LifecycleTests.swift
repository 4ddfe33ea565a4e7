import DocketDomain
import DocketPolicy
import Testing

@Suite("Every status, every command, everybody")
struct LifecycleTests {
    /// How many differences are shown; one mistake makes thousands.
    private static let shownDifferences = 12

    @Test(
        "What is tried with a request leads to what the policy's tables say",
        arguments: PolicyDocument.presets
    )
    func everyCell(preset: PolicyPreset) throws {
        let policy = try PolicyDocument.parse(preset.text)
        var tried = 0
        var differences: [String] = []
        for cell in LifecycleCell.all(of: policy.content) {
            for attempt in LifecycleAttempt.all(of: cell.table, cell.kind) {
                for visitor in Visitor.allCases {
                    tried += 1
                    var forecast = LifecycleForecast(cell, by: visitor)
                    let expected = forecast.outcome(of: attempt)
                    let outcome = cell.outcome(of: attempt, by: visitor, under: policy)
                    guard outcome != expected else { continue }
                    differences.append(
                        "\(visitor) tries \(attempt) with a \(cell):\n  is \(outcome)\n"
                            + "  and has to be \(expected)"
                    )
                }
            }
        }
        #expect(tried > 1_000)
        let shown = differences.prefix(Self.shownDifferences).joined(separator: "\n")
        #expect(differences.isEmpty, "\(differences.count) of \(tried):\n\(shown)")
    }

    @Test("A kind that moves only forward never moves back, whatever is tried")
    func forwardOnly() throws {
        for preset in PolicyDocument.presets {
            let policy = try PolicyDocument.parse(preset.text)
            for rules in policy.content.kinds {
                var content = policy.content
                content.kinds = content.kinds.map { kind in
                    KindRules(
                        kind: kind.kind,
                        initialStatus: kind.initialStatus,
                        finishStatus: kind.finishStatus,
                        isForwardOnly: kind.kind == rules.kind
                    )
                }
                content.transitions = content.transitions.map(\.everywhere)
                let back = movesBack(try Policy(content), rules.kind)
                let shown = back.prefix(Self.shownDifferences).joined(separator: "\n")
                #expect(back.isEmpty, "\(preset): \(back.count)\n\(shown)")
            }
        }
    }

    private func movesBack(_ policy: Policy, _ kind: RequestKind) -> [String] {
        var moves: [String] = []
        for cell in LifecycleCell.all(of: policy.content) where cell.kind == kind {
            for attempt in LifecycleAttempt.all(of: cell.table, kind) where attempt != .restore {
                for visitor in Visitor.allCases {
                    let outcome = cell.outcome(of: attempt, by: visitor, under: policy)
                    guard case .done(let state, _) = outcome,
                        cell.table.status(state.status).rank < cell.status.rank
                    else { continue }
                    moves.append("\(visitor): \(attempt) with a \(cell) gives \(state.status)")
                }
            }
        }
        return moves
    }
}

extension Transition {
    /// The transition with every status to begin in: what its kind's direction lets through is then
    /// decided when it is tried.
    fileprivate var everywhere: Transition {
        Transition(
            on: trigger,
            from: trigger == .created ? from : [],
            to: to,
            by: actors,
            when: condition,
            requires: requirements,
            after: after,
            effects: effects
        )
    }
}
