import ArgumentParser
import DocketConsole
import Foundation
import Testing

@testable import docket

@Suite("A command line says exactly what to do with a request")
struct RequestCommandTests {
    private let signIn = ["--credentials", "dev-credentials.json"]

    private func command<Command>(
        _ line: String,
        as type: Command.Type
    ) throws -> Command {
        let words = line.split(separator: " ").map(String.init)
        return try #require(try DocketCommand.parseAsRoot(words + signIn) as? Command)
    }

    @Test("There is one way to write each command")
    func oneWay() throws {
        #expect(try command("show #12", as: ShowCommand.self).target.number.value == 12)
        #expect(try command("note 1 a", as: NoteCommand.self).said.text == "a")
        let top = Set(DocketCommand.configuration.subcommands.map { $0._commandName })
        let below = Set(RequestCommand.configuration.subcommands.map { $0._commandName })
        #expect(top.isDisjoint(with: below))
        for line in ["request show 1", "request take 1", "request status 1 waiting --until 2h"] {
            #expect(throws: (any Error).self) { try command(line, as: ShowCommand.self) }
        }
    }

    @Test("Several requests are named at once, and the status comes last")
    func several() throws {
        #expect(try command("take 5 #6 7", as: TakeCommand.self).numbers.map(\.value) == [5, 6, 7])
        let finish = try command(
            "finish 5 6 --status closed --field a=1 --topic x",
            as: FinishCommand.self
        )
        #expect(finish.numbers.map(\.value) == [5, 6] && finish.status == "closed")
        #expect(finish.details.field.map(\.key) == ["a"] && finish.details.topic == "x")
        let assign = try command("assign 5 6 --nobody", as: AssignCommand.self)
        #expect(assign.nobody && assign.numbers.count == 2)
        let set = try command("request set 5 6 --tag a", as: RequestSetCommand.self)
        #expect(set.numbers.count == 2)
        let status = try command("request status 5 6 waiting", as: RequestStatusCommand.self)
        #expect(status.numbers.map(\.value) == [5, 6] && status.status == "waiting")
    }

    @Test("The queue is filtered and sorted")
    func queue() throws {
        let queue = try command(
            "queue --all --waiting --live --topic a --topic b --priority high --tag x"
                + " --sort waiting",
            as: QueueCommand.self
        )
        #expect(queue.waiting && queue.live && queue.topic == ["a", "b"])
        #expect(queue.priority == ["high"] && queue.tag == ["x"] && queue.sort == .waiting)
    }

    @Test("A change may expect the version that was seen")
    func versions() throws {
        let lines = ["request set 1 --title a", "request status 1 closed", "finish 1"]
        for line in lines {
            let parsed = try DocketCommand.parseAsRoot(
                "\(line) --version 7".split(separator: " ").map(String.init) + signIn
            )
            let seen =
                (parsed as? RequestSetCommand)?.seen ?? (parsed as? RequestStatusCommand)?.seen
                ?? (parsed as? FinishCommand)?.seen
            #expect(seen?.number == 7, "\(line)")
        }
        #expect(try command("finish 1", as: FinishCommand.self).seen.number == nil)
    }

    @Test("What may be given several times may be")
    func repeated() throws {
        let set = try command(
            "request set 3 --tag a --tag b --untag c --field x=1 --field y= --watch cy",
            as: RequestSetCommand.self
        )
        #expect(set.tag == ["a", "b"])
        #expect(set.untag == ["c"])
        #expect(set.details.field.map(\.key) == ["x", "y"])
        #expect(set.details.field.map(\.value) == ["1", ""])
        let id = "0195f3a0-0000-7000-8000-000000000000"
        let split = try command(
            "request split 3 --message \(id) --message \(id)",
            as: RequestSplitCommand.self
        )
        #expect(split.message.count == 2)
    }

    @Test("The other request of a merge may be left out, that of a link not")
    func others() throws {
        #expect(try command("request merge 3", as: RequestMergeCommand.self).other == nil)
        #expect(try command("request merge 3 2", as: RequestMergeCommand.self).other?.value == 2)
        let link = try command("request link 3 parent 2", as: RequestLinkCommand.self)
        #expect(link.kind == .parent && link.other.value == 2)
        #expect(throws: (any Error).self) {
            try command("request link 3 parent", as: RequestLinkCommand.self)
        }
    }

    @Test(
        "A command line that says nothing or too much is refused before anything is sent",
        arguments: [
            "request set 3", "request set 3 --priority=", "request postpone 3",
            "request postpone 3 --until soon", "request link 3 split_from 2",
            "request split 3 --message 7", "show 3 --limit 0", "show", "take", "take a",
            "finish 1 2 --version 3", "request status waiting", "request status 1 2",
            "request status 1 a waiting", "queue --sort waiting --newest", "queue --sort size",
            "reply 1 x --file a --id 0195f3a0-0000-7000-8000-000000000000",
            "queue --mine --all", "watch --since 7",
            "request create --channel phone --text a", "request status 3",
            "request messages 3 --limit 201", "policy show 2 --preset default",
            "policy history --limit 0", "policy diff",
        ]
    )
    func refused(line: String) {
        let words = line.split(separator: " ").map(String.init)
        let isPreset = line.contains("policy show")
        #expect(throws: (any Error).self) {
            _ = try DocketCommand.parseAsRoot(isPreset ? words : words + signIn)
        }
    }

    @Test("What needs no server asks for none")
    func offline() throws {
        for line in ["policy check policy.yaml", "policy show --preset default", "policy presets"] {
            let words = line.split(separator: " ").map(String.init)
            _ = try DocketCommand.parseAsRoot(words)
        }
    }
}
