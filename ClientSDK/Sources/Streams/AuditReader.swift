internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Reads one verification, and begins it anew where it breaks off.
final class AuditReader {
    private struct Verification {
        let link: Engine.Link
        let steps: MessageStream<Docket_V1_VerifyAuditStep>
    }

    private let engine: Engine
    private let deadline: ContinuousClock.Instant
    private var repetition: Repetition
    private var verification: Verification?
    private var isOver = false
    /// How far what was told has come.
    private var checked: UInt64 = 0
    /// The findings that were told.
    private var told: Set<AuditFinding> = []

    /// A reader whose time begins now.
    init(_ engine: Engine, within limit: Duration) {
        self.engine = engine
        deadline = engine.clock.now() + limit
        repetition = Repetition(deadline: deadline)
    }

    deinit {
        verification?.steps.abandon()
    }

    /// The next step that was not told; nil after the conclusion or an error.
    func next() async throws(DocketClientError) -> AuditStep? {
        while !isOver {
            do throws(DocketClientError) {
                if let step = try await step() { return step }
            } catch {
                end()
                throw error
            }
        }
        return nil
    }

    private func end() {
        isOver = true
        verification?.steps.abandon()
        verification = nil
    }

    /// Reads one step; nil if it is not to be told.
    private func step() async throws(DocketClientError) -> AuditStep? {
        let verification = try await begin()
        do throws(RPCError) {
            guard let step = try await verification.steps.next() else {
                throw RPCError(.serverError, "the verification ended without a conclusion")
            }
            return tell(step)
        } catch {
            verification.steps.abandon()
            self.verification = nil
            try await engine.recover(
                from: error,
                on: verification.link,
                with: &repetition,
                mayHaveTakenEffect: false
            )
            return nil
        }
    }

    private func begin() async throws(DocketClientError) -> Verification {
        if let verification { return verification }
        let link = try await engine.link(by: deadline)
        do throws(RPCError) {
            let steps = try AuditCaller(channel: link.connection).verify(
                Docket_V1_VerifyAuditCall(),
                options: CallOptions(timeout: deadline - engine.clock.now())
            )
            let begun = Verification(link: link, steps: steps)
            verification = begun
            return begun
        } catch {
            throw DocketClientError(error)
        }
    }

    /// The step as it is told; nil for what a verification that was begun anew repeats.
    private func tell(_ step: Docket_V1_VerifyAuditStep) -> AuditStep? {
        switch step.step {
        case .progress(let progress):
            guard progress.checkedOffset > checked else { return nil }
            checked = progress.checkedOffset
            return .checked(upTo: checked, of: progress.headOffset)
        case .finding(let message):
            let finding = AuditFinding(message)
            return told.insert(finding).inserted ? .found(finding) : nil
        case .conclusion(let conclusion):
            end()
            return .concluded(AuditConclusion(conclusion))
        case nil: return nil
        }
    }
}

extension AuditFinding {
    fileprivate init(_ finding: Docket_V1_AuditFinding) {
        self.init(
            kind: Kind(finding.kind),
            from: finding.fromOffset,
            through: finding.throughOffset
        )
    }
}

extension AuditFinding.Kind {
    fileprivate init(_ kind: Docket_V1_AuditFindingKind) {
        self =
            switch kind {
            case .findingContentChanged: .contentChanged
            case .findingDigestsAltered: .digestsAltered
            case .findingEntriesMissing: .entriesMissing
            case .findingEntriesUnchained: .entriesUnchained
            case .findingCheckpointMissing: .checkpointMissing
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }
}

extension AuditConclusion {
    fileprivate init(_ conclusion: Docket_V1_AuditConclusion) {
        self.init(
            entries: conclusion.entries,
            erased: conclusion.erased,
            findings: conclusion.findings,
            head: conclusion.headOffset,
            value: Array(conclusion.headValue)
        )
    }
}
