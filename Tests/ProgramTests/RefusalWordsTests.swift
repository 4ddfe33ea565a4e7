import ArgumentParser
import DocketCommandLine
import DocketTerminal
import Foundation
import Testing

@testable import DocketClient
@testable import DocketConsole
@testable import docket
@testable import docketd

@Suite("A refusal is told in the words that were typed")
struct RefusalWordsTests {
    private func request(_ number: UInt64, mergedInto survivor: UInt64? = nil) -> SupportRequest {
        let now = Timestamp(millisecondsSinceEpoch: 1_741_097_000_456)
        var request = SupportRequest(
            id: RequestID(),
            number: number,
            conversationID: ConversationID(),
            channel: "chat",
            contact: Party(kind: .contact, id: PartyID(), name: "Ana"),
            status: "new",
            category: .new,
            assignee: nil,
            version: 1,
            openedAt: now,
            changedAt: now,
            sequence: 1,
            summary: "Hello"
        )
        request.details.mergedInto = survivor.map { OtherRequest(id: RequestID(), number: $0) }
        return request
    }

    private func words(
        _ reason: String,
        _ particulars: String = "",
        _ message: String = "",
        after typed: RefusalWords.Typed,
        about request: SupportRequest? = nil
    ) -> RefusalWords? {
        let refusal = Refusal(reason: reason, message: message, particulars: particulars)
        return RefusalWords(refusal, after: typed, about: request)
    }

    @Test("Fields of the protocol become options and arguments")
    func fields() {
        let cases: [(particulars: String, typed: RefusalWords.Typed, message: String)] = [
            ("wake_at", .postpone, "--until must be in the future, at most ten years ahead"),
            ("other_id", .link(.parent, other: 6), "A request cannot be linked to itself"),
            ("kind", .link(.parent, other: 5), "6 is already the child of 5"),
            (
                "topic", .set(topic: "printers", type: nil, priority: nil),
                "This policy has no topics"
            ),
            ("query", .search("p*"), "A beginning needs two letters or more, as in pa*"),
            (
                "fields.emails[1]", .contact(emails: ["a@b.c", "not"], phones: []),
                "'not' is not an e-mail address"
            ),
            (
                "fields.phones[0]", .contact(emails: [], phones: ["abc"]),
                "'abc' is not a phone number"
            ),
        ]
        for (particulars, typed, message) in cases {
            let told = words("invalid_value", particulars, after: typed, about: request(6))
            #expect(told?.message == message)
        }
        let contradiction = words(
            "invalid_value",
            "kind",
            after: .link(.parent, other: 5),
            about: request(6)
        )
        let line = "Remove that link first: docket request unlink 6 child 5"
        #expect(contradiction?.advice == line)
    }

    @Test("A key that the policy does not have is told with those that it has")
    func keys() {
        let told = words(
            "invalid_value",
            "priority",
            "invalid_value: priority must be one of: low, high",
            after: .set(topic: nil, type: nil, priority: "blue")
        )
        #expect(told?.message == "This policy has no priority 'blue'")
        #expect(told?.advice == "It has: low, high")
    }

    @Test("What is as asked already is told as it is")
    func unchanged() {
        let cases: [(RefusalWords.Typed, String)] = [
            (.unlink(.parent, other: 3), "5 is not the parent of 3"),
            (.lock("bob"), "bob is already locked"), (.unlock("bob"), "bob is not locked"),
            (.restore, "5 is not deleted"),
        ]
        for (typed, message) in cases {
            #expect(words("no_change", after: typed, about: request(5))?.message == message)
        }
    }

    @Test("Why two requests cannot be merged is told, and the other's number")
    func merging() {
        let strangers = words("not_mergeable", after: .merge(other: request(4)), about: request(3))
        #expect(strangers?.message == "3 and 4 belong to different customers")
        #expect(strangers?.advice == "Link them instead: docket request link 3 related 4")
        let merged = words(
            "not_mergeable",
            after: .merge(other: nil),
            about: request(2, mergedInto: 1)
        )
        #expect(merged?.message == "2 is already merged into 1")
        let itself = words("not_mergeable", after: .merge(other: request(3)), about: request(3))
        #expect(itself?.message == "A request cannot be merged with itself")
    }

    @Test("A way that there is not is told with the status in which the request is")
    func transition() {
        let told = words("invalid_transition", "open,closed", after: .other, about: request(5))
        #expect(told?.message == "Request 5 cannot go there from new" && told?.advice == nil)
    }

    @Test("A wrong password is told as one, and what the credentials file has to do with it")
    func password() throws {
        let refusal = Refusal(reason: "credentials_invalid", message: "", particulars: "")
        let error = DocketClientError(.needsLogin, "credentials_invalid", refusal: refusal)
        let login = Credential.login("ana", password: "x")
        let saved = try DeskOptions.parse(["--credentials", "dev.json"]).failure(error, with: login)
        #expect(saved.message == "Wrong login or password.")
        #expect(saved.advice.contains("the one in dev.json is no longer valid"))
        let typed = ["--server", "desk.example:7443", "--login", "ana", "--password-file", "pw"]
        let named = try DeskOptions.parse(typed).failure(error, with: login)
        #expect(named.message == saved.message && named.advice.isEmpty)
        #expect(named.status == .notSignedIn)
    }

    @Test("A policy that is refused is told to be, with what still uses what it lacks")
    func policy() {
        let refusal = Refusal(reason: "in_use", message: "", particulars: "statuses[new],topics[a]")
        let error = DocketClientError(.refused, "in_use", refusal: refusal)
        let failure = PolicyApplyCommand.failure(error, advice: nil)
        #expect(failure.message == "Not applied: requests still use statuses[new], topics[a]")
        #expect(failure.status == .refused)
    }

    @Test("A file that is no backup, no credentials file and no certificate is told as that")
    func files() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try Data("# Docket".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(!RestoreCommand.isStore(path))
        let fault = "x is no credentials file: The data was not valid JSON."
        let words = LocalFile.credentialsFault(fault, path: "x")
        #expect(words == "x is not a credentials file")
        let failure = try #require(throws: CommandFailure.self) {
            _ = try LocalFile.certificates(of: path)
        }
        #expect(failure.message == "\(path) has no certificates (PEM)")
    }

    @Test("What the shell has torn apart or left out is told with what to type")
    func commandLines() async throws {
        let cases = [
            ("reply 1 It is on its way --credentials FILE", "Put the text in quotes: \"It is on"),
            ("note 1 It is --credentials FILE", "Put the text in quotes"),
            ("assign 1 bob --credentials FILE", "Did you mean --to bob?"),
            ("assign 6 --nobody --to agent --credentials FILE", "not both"),
        ]
        for (line, words) in cases {
            let ending = try await Ending(of: "docket", DocketCommand.self, line)
            #expect(ending.status == .usage && ending.errors.contains(words), "\(ending.errors)")
        }
    }

    @Test("A command of the prompt is told to be one where lines are read")
    func attach() {
        let failure = CommandFailure(unknownInLines: "/file")
        #expect(failure.message == "/file works only at the prompt")
        #expect(CommandFailure(unknownInLines: "/nots").message == "there is no command /nots")
    }

    @Test("A link and a merge say what has happened")
    func success() throws {
        let options = ["--credentials", "FILE"]
        let merge = try RequestMergeCommand.parse(["2"] + options)
        #expect(merge.success(request(2), request(1))?.plainText == "request 2 was merged into 1")
        let older = try RequestMergeCommand.parse(["1", "2"] + options)
        #expect(older.success(request(1), request(1))?.plainText == "request 2 was merged into 1")
        let link = try RequestLinkCommand.parse(["5", "parent", "6"] + options)
        let linked = link.success(request(5), request(5))?.plainText
        #expect(linked == "request 5 is now the parent of 6")
    }
}
