import ArgumentParser
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

    @Test("The short names do what the long ones do")
    func aliases() throws {
        for prefix in ["", "request "] {
            let show = try command("\(prefix)show #12", as: ShowCommand.self)
            #expect(show.target.number.value == 12)
            #expect(try command("\(prefix)take 1", as: TakeCommand.self).target.number.value == 1)
            let finish = try command("\(prefix)finish 1 --status closed", as: FinishCommand.self)
            #expect(finish.status == "closed")
            #expect(try command("\(prefix)note 1 a", as: NoteCommand.self).text == "a")
            let assign = try command("\(prefix)assign 1 --nobody", as: AssignCommand.self)
            #expect(assign.nobody)
        }
    }

    @Test("A change may expect the version that was seen")
    func versions() throws {
        let lines = ["request set 1 --title a", "request status 1 closed", "request finish 1"]
        for line in lines {
            let parsed = try DocketCommand.parseAsRoot(
                "\(line) --version 7".split(separator: " ").map(String.init) + signIn
            )
            let seen =
                (parsed as? RequestSetCommand)?.seen ?? (parsed as? RequestStatusCommand)?.seen
                ?? (parsed as? FinishCommand)?.seen
            #expect(seen?.number == 7, "\(line)")
        }
        #expect(try command("request finish 1", as: FinishCommand.self).seen.number == nil)
    }

    @Test("What may be given several times may be")
    func repeated() throws {
        let set = try command(
            "request set 3 --tag a --tag b --untag c --field x=1 --field y= --watch cy",
            as: RequestSetCommand.self
        )
        #expect(set.tag == ["a", "b"])
        #expect(set.untag == ["c"])
        #expect(set.field.map(\.key) == ["x", "y"])
        #expect(set.field.map(\.value) == ["1", ""])
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
            "request split 3 --message 7", "request show 3 --limit 0", "request show",
            "request create --channel phone --text a", "request status 3",
            "request messages 3 --limit 201", "policy show", "policy show 2 --preset default",
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
