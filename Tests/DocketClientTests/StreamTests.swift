import DocketCrypto
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketClient

@Suite("An administrator's streams survive what breaks them off", .timeLimit(.minutes(5)))
struct StreamTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "docket-streams-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private static func fixture() throws -> Fixture {
        try Fixture(as: .login("root", password: FakeDesk.password))
    }

    // MARK: Verifications

    private func progress(_ offset: UInt64) -> Docket_V1_VerifyAuditStep {
        .with {
            $0.progress.checkedOffset = offset
            $0.progress.headOffset = 9
        }
    }

    private func finding(_ offset: UInt64) -> Docket_V1_VerifyAuditStep {
        .with {
            $0.finding.kind = .findingContentChanged
            $0.finding.fromOffset = offset
            $0.finding.throughOffset = offset
        }
    }

    private var conclusion: Docket_V1_VerifyAuditStep {
        .with {
            $0.conclusion.entries = 9
            $0.conclusion.findings = 2
            $0.conclusion.headOffset = 9
            $0.conclusion.headValue = Data(repeating: 7, count: 32)
        }
    }

    private func altered(_ offset: UInt64) -> AuditStep {
        .found(AuditFinding(kind: .contentChanged, from: offset, through: offset))
    }

    @Test(
        "A verification that breaks off is begun anew, and tells nothing twice",
        arguments: [RPCError(.overloaded, "busy"), nil]
    )
    func begunAnew(ending: RPCError?) async throws {
        let fixture = try Self.fixture()
        fixture.desk.streams.plan(
            verifications: .init(
                messages: [progress(2), finding(3), progress(4)],
                ending: ending
            ),
            .init(messages: [
                progress(2), finding(3), progress(4), finding(5), progress(6), conclusion,
            ])
        )
        var steps: [AuditStep] = []
        let (clock, audit) = (fixture.clock, fixture.client.audit)
        async let passing: Duration = clock.passNextWait(within: .seconds(1))
        for try await step in audit.verify() { steps.append(step) }
        _ = await passing
        let end = AuditConclusion(
            entries: 9,
            erased: 0,
            findings: 2,
            head: 9,
            value: [UInt8](repeating: 7, count: 32)
        )
        #expect(
            steps == [
                .checked(upTo: 2, of: 9), altered(3), .checked(upTo: 4, of: 9), altered(5),
                .checked(upTo: 6, of: 9), .concluded(end),
            ]
        )
        #expect(fixture.desk.streams.calls == 2)
    }

    @Test("A verification that is refused ends with the reason, and stays ended")
    func refused() async throws {
        let fixture = try Self.fixture()
        var steps = fixture.client.audit.verify().makeAsyncIterator()
        do throws(DocketClientError) {
            _ = try await steps.next()
            Issue.record("a verification without a server's word")
        } catch {
            #expect(error.refusal?.reason == "not_found")
        }
        #expect(try await steps.next() == nil)
        #expect(fixture.desk.streams.calls == 1)
    }

    // MARK: Copies

    private func chunks(_ text: String, digest: [UInt8]? = nil) -> [Docket_V1_BackupChunk] {
        let bytes = Array(text.utf8)
        return [
            .with { $0.data = Data(bytes.prefix(3)) },
            .with {
                $0.data = Data(bytes.dropFirst(3))
                $0.sha256 = Data(digest ?? SHA256.digest(of: bytes.span.bytes).bytes)
            },
        ]
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path) }
    }

    @Test("A copy that breaks off is begun anew, and nothing of the first is in it")
    func copy() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Self.fixture()
        fixture.desk.streams.plan(
            copies: .init(
                messages: [.with { $0.data = Data("a longer beginning".utf8) }],
                ending: RPCError(.overloaded, "busy")
            ),
            .init(messages: chunks("the copy"))
        )
        let path = folder.path + "/copy"
        let (clock, administration) = (fixture.clock, fixture.client.administration)
        async let passing: Duration = clock.passNextWait(within: .seconds(1))
        let copy = try await administration.backup(to: path)
        _ = await passing
        #expect(copy.size == 8)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("the copy".utf8))
        #expect(try names == ["copy"])
    }

    @Test("A copy that is not what the server says is thrown away")
    func damaged() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Self.fixture()
        let cut = FakeStreams.Script(messages: Array(chunks("the copy").dropLast()))
        let changed = FakeStreams.Script(
            messages: chunks("the copy", digest: [UInt8](repeating: 0, count: 32))
        )
        fixture.desk.streams.plan(copies: changed, cut)
        for _ in 0..<2 {
            do throws(DocketClientError) {
                _ = try await fixture.client.administration.backup(to: folder.path + "/copy")
                Issue.record("a damaged copy was kept")
            } catch {
                #expect(error.code == .incompatible)
            }
        }
        #expect(try names == [])
    }

    @Test("A folder that is not there is told without asking again")
    func noFolder() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = try Self.fixture()
        fixture.desk.streams.plan(copies: .init(messages: chunks("the copy")))
        do throws(DocketClientError) {
            _ = try await fixture.client.administration.backup(to: folder.path + "/none/copy")
            Issue.record("a copy in no folder")
        } catch {
            #expect(error.code == .invalidInput && error.message.contains("No such file"))
        }
    }
}
