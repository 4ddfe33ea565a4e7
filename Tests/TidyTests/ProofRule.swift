import Foundation

/// A page that says what proves each of a list of things is complete: each has one row, and every
/// row names tests that exist, files that exist, or a subject that the page lists as still to come.
struct ProofRule: Sendable {
    /// What the five desks do.
    static let coverage = ProofRule(
        page: "Documentation/Coverage.md",
        counts: [("C", 38), ("S", 27), ("O", 21), ("E", 22), ("D", 12)]
    )
    /// What was found from outside.
    static let findings = ProofRule(
        page: "Documentation/Findings.md",
        counts: [("T", 12), ("V", 7), ("K", 8), ("P", 12), ("D", 7), ("R", 21), ("H", 18)]
    )

    /// The page.
    let page: String
    /// How many things there are of each kind, by the letter that their ids begin with.
    let counts: [(letter: String, count: Int)]

    /// Reports things without a row, rows of nothing, and rows that prove nothing.
    func unproven(in repository: Repository) -> [Finding] {
        guard let page = repository.file(page) else { return [] }
        let known = Set(counts.flatMap { letter, count in (1...count).map { "\(letter)\($0)" } })
        let proofs = Proofs(
            tests: Self.titles(in: repository),
            files: repository.paths,
            subjects: Set(page.lines.compactMap(Self.subject))
        )
        var missing = known
        var findings: [Finding] = []
        for (index, line) in page.lines.enumerated() {
            guard let row = Row(line) else { continue }
            if missing.remove(row.id) == nil {
                findings.append(page.finding(at: index, "\(row.id) is not on the list, or twice"))
            }
            findings += row.faults(proofs).map { page.finding(at: index, $0) }
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

/// What a row may name as a proof.
private struct Proofs {
    let tests: Set<String>
    let files: Set<String>
    let subjects: Set<String>

    /// What is wrong with a proof as the page writes it; nil when it proves something.
    func fault(of proof: String) -> String? {
        if proof.hasPrefix("later: ") {
            let subject = String(proof.dropFirst("later: ".count))
            return subjects.contains(subject) ? nil : "the page lists no subject \(subject)"
        }
        let name = String(proof.dropFirst().dropLast())
        let exists =
            switch proof.first {
            case "\"": tests.contains(name)
            case "`": files.contains(name)
            default: false
            }
        return exists ? nil : "no test says, and no file is: \(proof)"
    }
}

/// A row of the table: the id of a thing, what it is, and what proves it.
private struct Row {
    let id: String
    let proofs: [String]

    init?(_ line: String) {
        let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            .map { String($0).trimmed }
        guard cells.count == 5, let first = cells[1].first, first.isUppercase,
            Int(cells[1].dropFirst()) != nil
        else { return nil }
        id = cells[1]
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

    func faults(_ known: Proofs) -> [String] {
        proofs.isEmpty
            ? ["\(id) names no test, no file and no subject"] : proofs.compactMap(known.fault)
    }
}
