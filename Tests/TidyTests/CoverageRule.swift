import Foundation

/// The page of what is covered is complete: every feature of the five desks has a row, and every
/// row names tests that exist or a subject that the page lists.
enum CoverageRule {
    /// The page.
    static let page = "Documentation/Coverage.md"
    /// How many features each desk has, by the letter that their ids begin with.
    static let features = [("C", 38), ("S", 27), ("O", 21), ("E", 22), ("D", 12)]

    /// Reports features without a row, rows of nothing, and rows that prove nothing.
    static func unproven(in repository: Repository) -> [Finding] {
        guard let page = repository.file(page) else { return [] }
        let known = Set(features.flatMap { letter, count in (1...count).map { "\(letter)\($0)" } })
        let tests = titles(in: repository)
        let subjects = Set(page.lines.compactMap(subject))
        var missing = known
        var findings: [Finding] = []
        for (index, line) in page.lines.enumerated() {
            guard let row = Row(line) else { continue }
            if missing.remove(row.feature) == nil {
                findings.append(page.finding(at: index, "\(row.feature) is no feature, or twice"))
            }
            findings += row.faults(tests: tests, subjects: subjects).map {
                page.finding(at: index, $0)
            }
        }
        return findings + missing.sorted().map { page.finding(at: 0, "add a row for \($0)") }
    }

    /// The subject of a line of the list of what waits.
    private static func subject(_ line: String) -> String? {
        guard line.hasPrefix("- "), let end = line.firstIndex(of: ":") else { return nil }
        return String(line[line.index(line.startIndex, offsetBy: 2)..<end])
    }

    /// What the tests of the repository state.
    private static func titles(in repository: Repository) -> Set<String> {
        let tests = repository.files.filter { $0.kind == .swift && $0.lies(in: "Tests") }
        return tests.reduce(into: []) { titles, file in
            for call in ["@Test(", "@Suite("] {
                for part in file.text.components(separatedBy: call).dropFirst() {
                    let start = part.drop { $0.isWhitespace }
                    guard start.first == "\"" else { continue }
                    titles.insert(String(start.dropFirst().prefix { $0 != "\"" }))
                }
            }
        }
    }
}

/// A row of the table: a feature, what it is, and what proves it.
private struct Row {
    let feature: String
    let proofs: [String]

    init?(_ line: String) {
        let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            .map { String($0).trimmed }
        guard cells.count == 5, let first = cells[1].first, first.isUppercase,
            Int(cells[1].dropFirst()) != nil
        else { return nil }
        feature = cells[1]
        proofs = Self.proofs(in: cells[3])
    }

    /// What stands in quotes, and what is left between them: a name may have any mark.
    private static func proofs(in cell: String) -> [String] {
        let parts = cell.components(separatedBy: "\"")
        return parts.enumerated().flatMap { place, part in
            place.isMultiple(of: 2)
                ? part.components(separatedBy: ";").map(\.trimmed).filter { !$0.isEmpty }
                : ["\"\(part)\""]
        }
    }

    func faults(tests: Set<String>, subjects: Set<String>) -> [String] {
        guard !proofs.isEmpty else { return ["\(feature) names no test and no subject"] }
        return proofs.compactMap { proof in
            if proof.hasPrefix("later: ") {
                let subject = String(proof.dropFirst("later: ".count))
                return subjects.contains(subject) ? nil : "the page lists no subject \(subject)"
            }
            let name = proof.hasPrefix("\"") ? String(proof.dropFirst().dropLast()) : ""
            return tests.contains(name) ? nil : "no test says: \(proof)"
        }
    }
}
