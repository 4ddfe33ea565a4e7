import DocketCalls
import DocketDomain
import DocketRPC
import Foundation
import Testing

@testable import DocketServices

@Suite("What the specification says of requests is what the desk does")
struct RequestsTextTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Protocol")

    private func text(of name: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
    }

    /// The rows of a table of PROTOCOL.md between its marks, each as its cells.
    private func rows(of table: String) throws -> [[String]] {
        let text = try text(of: "PROTOCOL.md")
        let begin = try #require(text.range(of: "<!-- \(table) -->\n"))
        let rest = text[begin.upperBound...]
        let end = try #require(rest.range(of: "<!-- \(table): end -->"))
        let lines = rest[..<end.lowerBound].split(separator: "\n").filter { $0.hasPrefix("|") }
        return lines.dropFirst(2).map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// The words in code marks.
    private func words(in cell: String) -> [String] {
        let parts = cell.split(separator: "`", omittingEmptySubsequences: false)
        return parts.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map {
            String($0.element)
        }
    }

    @Test("The categories have the specification's numbers, and are open work where it says so")
    func categories() throws {
        let expected = StatusCategory.allCases.map { category in
            ["`\(category)`", "\(category.rawValue)", category.isActive ? "yes" : "no"]
        }
        #expect(try rows(of: "categories").map { Array($0.prefix(3)) } == expected)
    }

    @Test("The causes of transitions have the specification's numbers and usual actors")
    func triggers() throws {
        let rows = try rows(of: "triggers")
        #expect(rows.flatMap { words(in: $0[0]) } == Trigger.allCases.map(\.rawValue))
        for (row, trigger) in zip(rows, Trigger.allCases) {
            #expect(UInt8(row[1]) == cause(of: trigger).rawValue, "\(trigger)")
            #expect(words(in: row[3]) == trigger.usualActors.words, "\(trigger)")
        }
    }

    /// The cause that a change of status tells.
    private func cause(of trigger: Trigger) -> StatusCause {
        switch trigger {
        case .created: .created
        case .assigned, .released: .assigned
        case .viewed: .viewed
        case .answered: .answered
        case .contactReplied: .contactReplied
        case .set: .set
        case .finished: .finished
        case .merged: .merged
        case .inactiveAfterContact, .inactiveAfterAgent: .timer
        case .woken: .woken
        case .elapsed: .elapsed
        }
    }

    @Test("The permissions are the specification's, and so is who has them by default")
    func permissions() throws {
        let rows = try rows(of: "permissions")
        #expect(rows.flatMap { words(in: $0[0]) } == WorkAction.allCases.map(\.rawValue))
        for (row, action) in zip(rows, WorkAction.allCases) {
            #expect(words(in: row[2]) == action.usualActors.words, "\(action)")
            for method in words(in: row[1]) { #expect(isMethod(method), "\(method)") }
        }
    }

    @Test("Every command of agents on requests is specified, with reasons of the registry")
    func calls() throws {
        let rows = try rows(of: "calls")
        let named = Set(rows.flatMap { words(in: $0[0]) })
        let queries: Set = ["Get", "List", "Messages", "Chain"]
        let commands = RequestsMethods.all.map { String($0.name.split(separator: "/")[1]) }
            .filter { !queries.contains($0) }.map { "Requests/\($0)" }
        #expect(named == Set(commands + ["Conversations/Post"]))
        let known = Set(Reason.registered.map(\.rawValue))
        for row in rows {
            let reasons = words(in: row[2])
            #expect(!reasons.isEmpty && known.isSuperset(of: reasons), "\(row[0])")
        }
    }

    @Test(
        "The contract refers to nothing outside its folder",
        arguments: ["PROTOCOL.md", "METHODS.md", "vectors/INDEX.md"]
    )
    func references(name: String) throws {
        let text = try text(of: name)
        let folder = name.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        for match in text.matches(of: /\]\(([^)#]+)/) {
            let target = String(match.output.1)
            #expect(target.contains("://") || exists(folder + target), "\(target)")
        }
        for match in text.matches(of: /`([A-Za-z0-9_.]+\.(?:md|yaml|json|proto))`/) {
            let file = String(match.output.1)
            #expect(exists(file) || exists("docket/v1/\(file)"), "\(file)")
        }
    }

    private func exists(_ path: String) -> Bool {
        let file = Self.folder.appending(path: path).path
        return !path.contains("..") && FileManager.default.fileExists(atPath: file)
    }

    private func isMethod(_ name: String) -> Bool {
        MethodTable.all.contains { $0.name == "docket.v1.\(name)" }
    }
}
