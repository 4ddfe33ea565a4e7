import ArgumentParser
import DocketCommandLine
import DocketRPC
import DocketTerminal
import Foundation
import Testing

@testable import docket
@testable import docket_chat
@testable import docket_fill
@testable import docket_load
@testable import docket_ticket_push
@testable import docketd

/// What a program has said and how it has ended.
struct Ending {
    let status: DocketCommandLine.ExitStatus
    let output: String
    let errors: String

    /// Runs a program, as far as its command line goes.
    init(
        of program: String,
        _ root: any AsyncParsableCommand.Type,
        _ line: String
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = ["output", "errors"].map { folder.appending(path: $0).path() }
        let descriptors = paths.map { open($0, O_WRONLY | O_CREAT, 0o600) }
        defer { for descriptor in descriptors { close(descriptor) } }
        let words = line.split(separator: " ").map(String.init)
        status = await CommandRun(
            of: program,
            output: OutputWriter(descriptor: descriptors[0]),
            errors: OutputWriter(descriptor: descriptors[1])
        ).run(root, words)
        output = try String(contentsOfFile: paths[0], encoding: .utf8)
        errors = try String(contentsOfFile: paths[1], encoding: .utf8)
    }
}

@Suite("Every program explains itself and ends by the same rules")
struct EndingTests {
    private static let programs: [(name: String, root: any AsyncParsableCommand.Type)] = [
        ("docket", DocketCommand.self), ("docket-chat", ChatCommand.self),
        ("docketd", Docketd.self), ("docket-load", LoadCommand.self),
        ("docket-fill", FillCommand.self), ("docket-ticket-push", TicketPushCommand.self),
    ]

    private func end(_ program: String, _ line: String) async throws -> Ending {
        let found = Self.programs.first { $0.name == program }
        return try await Ending(of: program, try #require(found).root, line)
    }

    @Test("Help is shown and is a success, however it is asked for")
    func help() async throws {
        for program in Self.programs {
            for line in ["--help", "-h"] {
                let ending = try await end(program.name, line)
                #expect(ending.status == .done && ending.errors.isEmpty)
                #expect(ending.output.contains("OVERVIEW: "), "\(program.name) \(line)")
            }
        }
        for (program, lines) in [
            "docket-load": ["help", "help echo", "echo --help", "echo -h"],
            "docket": ["help", "help queue", "agent --help", "help agent lock"],
        ] {
            for line in lines {
                let ending = try await end(program, line)
                #expect(ending.status == .done && ending.output.contains("USAGE: "), "\(line)")
            }
        }
    }

    @Test("A mistake in a command line is usage in every program")
    func usage() async throws {
        for program in Self.programs {
            let ending = try await end(program.name, "--frob")
            #expect(ending.status == .usage && !ending.errors.isEmpty, "\(program.name)")
        }
        for line in ["echo --depth 0 --credentials FILE", "echo", "idle --credentials FILE"] {
            #expect(try await end("docket-load", line).status == .usage)
        }
        #expect(try await end("docket-fill", "--store x --requests 0").status == .usage)
    }

    @Test("Help about a command that there is not is a mistake")
    func helpAboutNothing() async throws {
        let ending = try await end("docket", "help frob")
        #expect(ending.status == .usage && ending.output.isEmpty)
        #expect(ending.errors.hasPrefix("docket: there is no command 'docket frob'\n"))
    }

    @Test("A mistyped option is told before any rule about those that are missing")
    func mistyped() async throws {
        let lines = [
            ("docket", "show 1 --credential FILE", "--credentials"),
            ("docket", "assign 1 --tp bob", "--to"),
            ("docket", "agent create bob --nam Bob", "--name"),
            ("docket-chat", "send Hi --servr desk.example:7443", "--server"),
            ("docket-chat", "--credential FILE", "--credentials"),
            ("docket-load", "idle --credential FILE", "--credentials"),
        ]
        for (program, line, meant) in lines {
            let ending = try await end(program, line)
            #expect(ending.status == .usage)
            let words = "\(program): unknown option '--"
            #expect(ending.errors.hasPrefix(words), "\(line): \(ending.errors)")
            #expect(ending.errors.contains("Did you mean '\(meant)'?\nSee what there is: "))
        }
        let known = try await end("docket", "show 1 -- --credential")
        #expect(!known.errors.contains("unknown option"))
        let rule = try await end("docket", "show 1 --profile nobodys-profile")
        #expect(rule.errors.contains("docket login"))
    }

    @Test("What stops a load is told with its own status")
    func loads() async throws {
        let missing = try await end("docket-load", "echo --credentials /none.json")
        #expect(missing.status == .localFile && missing.errors.contains("/none.json"))
        let statuses: [(Reason, DocketCommandLine.ExitStatus)] = [
            (.connectionLost, .unreachable), (.credentialsInvalid, .notSignedIn),
            (.notFound, .refused),
        ]
        for (reason, status) in statuses {
            #expect(CommandFailure(RPCError(reason, "no")).status == status, "\(reason)")
        }
    }
}
