import ArgumentParser
import Foundation
import Testing

@testable import docketd

@Suite("The operator's page is in step with the server")
struct OperatingTests {
    private static func page() throws -> String {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Documentation/Operating.md")
        return try String(contentsOf: page, encoding: .utf8)
    }

    /// The cells of the tables' rows that begin with a name in code, by that name.
    private static func rows() throws -> [String: [String]] {
        let rows = try page().split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.dropFirst().split(separator: "|", omittingEmptySubsequences: false).map { cell in
                cell.filter { $0 != "`" }.trimmingCharacters(in: .whitespaces)
            }
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0) })
    }

    /// The rows of the table of settings: those whose second cell is a variable.
    private static func settings() throws -> [String: [String]] {
        try rows().filter { $1.count > 6 && $1[1].hasPrefix("DOCKET_") }
    }

    @Test("Every setting is in the table, and nothing else is")
    func settings() throws {
        let rows = try Self.settings()
        #expect(Set(rows.keys) == Set(ServerConfiguration.settings.map(\.name)))
    }

    @Test(
        "A setting's row has its variable, its default and its values",
        arguments: ServerConfiguration.settings.map(\.name)
    )
    func row(_ name: String) throws {
        let row = try #require(try Self.settings()[name])
        let setting = try #require(ServerConfiguration.settings.first { $0.name == name })
        #expect(row[1] == setting.environmentName)
        #expect(row[3] == setting.value(in: ServerConfiguration()) ?? "")
        #expect(setting.allowed == nil || row[4] == setting.allowed)
        #expect(!row[4].isEmpty && !row[6].isEmpty)
        #expect(setting.isNumber == !row[5].isEmpty || name == "minimum_tls")
    }

    @Test("Every flag of a setting is in its row, and every other flag on the page")
    func flags() throws {
        let help = ServeCommand.helpMessage(columns: 200)
        let flags = help.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first.map(String.init)
        }.filter { $0.hasPrefix("--") && $0 != "--version" }
        let rows = try Self.settings().values.filter { !$0[2].isEmpty }
        for row in rows {
            #expect(row[2] == "--" + row[0].replacingOccurrences(of: "_", with: "-"))
            #expect(flags.contains(row[2]), "\(row[2]) is no flag")
        }
        let page = try Self.page()
        for flag in flags where !rows.contains(where: { $0[2] == flag }) {
            #expect(page.contains("`\(flag)`"), "\(flag) is not on the page")
        }
    }
}

extension Setting {
    fileprivate var isNumber: Bool {
        switch place {
        case .text, .optionalText, .choice: false
        case .number, .optionalNumber: true
        }
    }
}
