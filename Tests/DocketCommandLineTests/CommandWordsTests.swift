import ArgumentParser
import DocketTerminal
import Foundation
import Testing

@testable import DocketCommandLine

private struct Root: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tool",
        subcommands: [Group.self, Leaf.self]
    )
}

private struct Group: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        subcommands: [Leaf.self, Other.self]
    )
}

private struct Leaf: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list")

    @Argument var words: [String] = []
}

private struct Other: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lock")
}

@Suite("The words of a command line are looked at before its options")
struct CommandWordsTests {
    private func fault(_ arguments: String...) -> CommandFailure? {
        CommandWords.fault(in: arguments, of: Root.self, raw: arguments.map { Array($0.utf8) })
    }

    @Test("A wrong command is named, with those that there are where it stands")
    func unknown() {
        let first = fault("queu", "--credentials", "FILE")
        #expect(first?.message == "there is no command 'tool queu'")
        #expect(first?.advice == "The commands of tool are: agent, list")
        let second = fault("agent", "lokc", "bob", "--credentials", "FILE")
        #expect(second?.message == "there is no command 'tool agent lokc'")
        #expect(second?.advice == "The commands of tool agent are: list, lock")
        #expect(second?.status == .usage)
    }

    @Test("Right commands, their arguments, options and help are left to the parser")
    func known() {
        #expect(fault() == nil)
        #expect(fault("agent") == nil)
        #expect(fault("agent", "--help") == nil)
        #expect(fault("--help") == nil)
        #expect(fault("help", "agent") == nil)
        #expect(fault("list", "anything") == nil)
        #expect(fault("agent", "list", "lokc") == nil)
    }

    @Test("An argument that is not UTF-8 is refused by its place, whatever it is for")
    func encoding() {
        let failure = CommandWords.fault(
            in: ["list", "p\u{FFFD}"],
            of: Root.self,
            raw: [Array("list".utf8), [0x70, 0xE4]]
        )
        #expect(failure?.message == "argument 2 is not UTF-8 text")
    }

    @Test("Help that cannot be written is a failure of the output")
    func fullDisk() async throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        struct Asked: Error {}
        let status = await CommandRun(
            of: "tool",
            output: OutputWriter(descriptor: full),
            errors: OutputWriter(descriptor: -1)
        ).run {
            throw Asked()
        } explain: { _ in
            .init("help", isHelp: true)
        }
        #expect(status == .localFile)
    }
}
