import ArgumentParser
import DocketCommandLine
import DocketTerminal
import Foundation
import Testing

@testable import DocketClient
@testable import docket
@testable import docket_chat
@testable import docketd

@Suite("What was done is told, also where it could not be shown")
struct TellingTests {
    /// The failure that telling ends with.
    private func failure(_ tell: (OutputWriter) throws -> Void) throws -> CommandFailure {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        return try #require(throws: CommandFailure.self) {
            try tell(OutputWriter(descriptor: full))
        }
    }

    @Test("A key whose secret is lost on a full disk can be ended")
    func lostKey() throws {
        let owner = Party(kind: .integration, id: PartyID(), name: "shop")
        let key = NewKey(text: "docket_47af2b1c00112233_c2VjcmV0", owner: owner)
        for json in [false, true] {
            let failure = try failure { try key.tell(asJSON: json, to: $0) }
            let words = "The key 47af2b1c00112233 of shop was created but could not be shown"
            #expect(failure.message == words && failure.status == .localFile)
            #expect(failure.advice == "End it: docket key revoke 47af2b1c00112233")
            #expect(!failure.message.contains("c2VjcmV0"))
        }
    }

    @Test("A message that is stored is not told as lost, and a secret is lost where nobody reads")
    func untold() throws {
        let stored = try failure { output in
            try CommandFailure.telling("The message is stored but this") { try output.write("x") }
        }
        #expect(stored.message == "The message is stored but this could not be shown")
        #expect(throws: OutputError.closed) {
            try CommandFailure.telling("It is stored") { throw OutputError.closed }
        }
        #expect(throws: CommandFailure.self) {
            try CommandFailure.telling("A key", isSecret: true) { throw OutputError.closed }
        }
    }

    @Test("A list that leaves out what is over says how to see it")
    func openRequests() throws {
        let line = ["requests", "--server", "desk.example:7443"]
        let command = try #require(try ChatCommand.parseAsRoot(line) as? RequestsCommand)
        #expect(command.noRequests.plainText == "No open requests. All of them: --all")
        let all = try #require(try ChatCommand.parseAsRoot(line + ["--all"]) as? RequestsCommand)
        #expect(all.noRequests.plainText == "No requests.")
        #expect(QueueCommand.helpMessage(columns: 200).contains("All open requests, whoever"))
    }

    @Test("A copy that cannot be written is named as it was typed")
    func copy() throws {
        let failure = try #require(throws: CommandFailure.self) {
            try BackupCommand.onDisk("/none/copy") { try PrivateFile("/none/copy.partial") }
        }
        #expect(failure.message == "cannot write /none/copy: No such file or directory")
        #expect(failure.status == .localFile)
    }

    @Test("A list of keys shows what has to be typed on any terminal", arguments: [40, 80, 200])
    func keys(width: Int) {
        let key = KeyLine(
            AccessKey(
                keyID: "f6e6bc14a0b1c2d3",
                owner: Party(
                    kind: .integration,
                    id: PartyID(),
                    name: "The web shop of the company"
                ),
                createdAt: Timestamp(millisecondsSinceEpoch: 1_741_097_000_456)
            )
        )
        let lines = KeyListCommand.table(of: [key]).lines(width: width).map(\.plainText)
        #expect(lines[0].contains("KEY ID") && lines[1].contains("f6e6bc14a0b1c2d3"))
        #expect(lines[0].contains("OWNER ID") == (width >= 80))
        #expect(lines[1].contains(key.id) == (width >= 80))
    }
}
