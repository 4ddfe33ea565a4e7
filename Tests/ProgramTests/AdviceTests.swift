import ArgumentParser
import DocketClient
import DocketCommandLine
import Foundation
import Testing

@testable import DocketConsole
@testable import docket
@testable import docket_chat

@Suite("What is advised can be typed as it stands")
struct AdviceTests {
    /// What stands for something of the reader's, and what the reader might write there.
    private static let values = [
        "NUMBER": "12", "OTHER": "13", "LOGIN": "cy", "FILE": "policy.yaml", "TEXT": "Blank",
        "KEY": "high", "ID": "0195f3a0-0000-7000-8000-000000000000",
    ]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The command lines in an advice: each up to the end of its sentence.
    private func lines(in advice: String) -> [[String]] {
        advice.matches(of: /docket(?:-chat)? [a-z][^.;\n]*/).map { match in
            match.0.split(separator: " ").map { Self.values[String($0)] ?? String($0) }
        }
    }

    /// Parses a line as the command does that it names, with the options of a sign-in.
    private func expectTaken(_ line: [String]) {
        var command: any ParsableCommand.Type =
            line.first == "docket-chat" ? ChatCommand.self : DocketCommand.self
        var words = line.dropFirst()
        while let next = command.configuration.subcommands.first(where: {
            $0._commandName == words.first
        }) {
            command = next
            words = words.dropFirst()
        }
        // A command that needs no server takes none.
        if (try? command.parse(words + ["--credentials", "FILE"])) != nil { return }
        do {
            _ = try command.parse(Array(words))
        } catch {
            #expect(
                command.exitCode(for: error) == .success,
                "\(line): \(command.message(for: error))"
            )
        }
    }

    @Test("Whatever is missing, and whatever was typed, the line to type next is a command line")
    func missingFields() {
        let names = ["title", "topic", "type", "priority", "serial", "reason", "wake_at"]
        var advised: Set<[String]> = []
        let commands: [MissingFields.Command] = [
            .status("waiting", hasReason: false), .status("waiting", hasReason: true),
            .postpone(until: "3d", status: nil, hasReason: false),
            .postpone(until: "2026-12-01T09:00", status: "snoozed", hasReason: true),
            .finish(status: nil), .finish(status: "closed"), .other,
        ]
        let pairs = names.indices.flatMap { index in
            names[index...].map { [names[index], $0] }
        }
        for missing in pairs + [names] {
            for command in commands {
                let advice = MissingFields(missing).advice(after: command, about: 12)
                advised.formUnion(lines(in: advice))
                let unnamed = missing.filter { name in
                    switch name {
                    case "serial": !advice.contains("--field serial=VALUE")
                    case "reason": command != .other && !advice.contains("--reason TEXT")
                    case "wake_at": command != .other && !advice.contains("--until ")
                    default: !advice.contains("--\(name) ")
                    }
                }
                #expect(unnamed.isEmpty, "\(command): \(advice)")
            }
        }
        for line in advised { expectTaken(line) }
    }

    @Test("What is missing where a request is opened is added to the command")
    func missingAtCreation() throws {
        let missing = MissingFields(["title", "serial"])
        let options = try #require(
            missing.advice(after: .create).split(separator: ": ").last
        ).split(separator: " ").map { Self.values[String($0)] ?? String($0) }
        let create = ["docket", "request", "create", "--contact", "cy", "--channel", "api"]
        expectTaken(create + ["--text", "Hi"] + options)
        expectTaken(["docket-chat", "open", "Hi"] + options)
        let refusal = Refusal(reason: "missing_fields", message: "", particulars: "title")
        #expect(refusal.adviceForCustomer == "Add to the command: --title TEXT")
        expectTaken(["docket-chat", "send", "Hi", "--title", "Blank"])
    }

    @Test("Each command says what was typed")
    func typed() throws {
        let lines: [(line: String, typed: MissingFields.Command)] = [
            ("request status 12 13 waiting", .status("waiting", hasReason: false)),
            ("request status 12 waiting --reason x", .status("waiting", hasReason: true)),
            ("finish 12", .finish(status: nil)), ("finish 12 --status a", .finish(status: "a")),
            (
                "request postpone 12 --until 2h --status a",
                .postpone(until: "2h", status: "a", hasReason: false)
            ),
            ("request set 12 --title x", .other), ("take 12", .other), ("request view 12", .other),
        ]
        for (line, typed) in lines {
            let words = line.split(separator: " ").map(String.init) + ["--credentials", "FILE"]
            let command = try DocketCommand.parseAsRoot(words)
            let known = (command as? any RequestsChange)?.typed
            #expect((known ?? (command as? any RequestChange)?.typed) == typed, "\(line)")
        }
        let until = ["--until", "2026-12-01 09:00", "--credentials", "FILE"]
        let postpone = try DocketCommand.parseAsRoot(["request", "postpone", "12"] + until)
        #expect(
            (postpone as? RequestPostponeCommand)?.typed
                == .postpone(until: "2026-12-01T09:00", status: nil, hasReason: false)
        )
    }

    @Test("Every line of the table of reasons is a command line")
    func reasons() {
        var count = 0
        for advice in CommandFailure.adviceByReason.values {
            for line in lines(in: advice) {
                expectTaken(line)
                count += 1
            }
        }
        #expect(count >= 12)
    }

    @Test("A customer is told of no command but the customer's own")
    func customers() {
        for reason in CommandFailure.adviceByReason.keys.sorted() + ["key_reused"] {
            let refusal = Refusal(reason: reason, message: "", particulars: "title")
            let error = DocketClientError(.refused, "", refusal: refusal)
            let advice = CommandFailure(error, advice: refusal.adviceForCustomer).advice
            for line in lines(in: advice) {
                #expect(line.first == "docket-chat", "\(advice)")
                expectTaken(line)
            }
        }
    }

    @Test("Every line that the code of the tools says is a command line")
    func sources() throws {
        var count = 0
        for folder in ["Sources/docket", "Sources/DocketConsole", "Examples/chat"] {
            let files = FileManager.default.enumerator(
                at: Self.root.appending(path: folder),
                includingPropertiesForKeys: nil
            )
            for case let file as URL in try #require(files) where file.pathExtension == "swift" {
                // Its lines are put together of pieces, and a test of their own parses them.
                if file.lastPathComponent == "MissingFields.swift" { continue }
                let code = try String(contentsOf: file, encoding: .utf8)
                for match in code.matches(of: /(?:: |")(docket(?:-chat)? [a-z][^".\n]*?)["\n]/) {
                    // What is put in is an id, a login, a number or a path.
                    let line = match.1.replacing("\\(id)", with: "ID")
                        .replacing(/\\\([a-z.]*\)/, with: "12")
                    expectTaken(try #require(lines(in: String(line)).first))
                    count += 1
                }
            }
        }
        #expect(count >= 12, "\(count)")
    }
}
