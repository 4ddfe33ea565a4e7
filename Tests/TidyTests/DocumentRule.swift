/// Documents have one title, links that lead somewhere, and a change log of one shape.
enum DocumentRule {
    /// One heading of a document.
    struct Heading: Equatable, Sendable {
        /// 1 for the title.
        var level: Int
        /// What it says.
        var text: String
        /// Its line, from 0.
        var index: Int
    }

    /// Reports documents that have no title, or more than one.
    static func titles(in file: TextFile) -> [Finding] {
        guard file.kind == .markdown else { return [] }
        let titles = headings(of: file).filter { $0.level == 1 }
        guard let first = titles.first else {
            return [file.finding(at: 0, "begin the document with a title: '# ...'")]
        }
        if first.index != file.lines.firstIndex(where: { !$0.isEmpty }) {
            return [file.finding(at: first.index, "put the title at the top")]
        }
        return titles.dropFirst().map {
            file.finding(at: $0.index, "make this heading '## ...': a document has one title")
        }
    }

    /// Reports links to files that are not there, and to headings that are not in them.
    static func deadLinks(in file: TextFile, of repository: Repository) -> [Finding] {
        guard file.kind == .markdown else { return [] }
        return prose(of: file).flatMap { index, line in
            targets(in: line).compactMap { target in
                fault(of: target, from: file, in: repository).map { file.finding(at: index, $0) }
            }
        }
    }

    private static func fault(
        of target: String,
        from file: TextFile,
        in repository: Repository
    ) -> String? {
        if target.contains("://") || target.hasPrefix("mailto:") { return nil }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].isEmpty ? file.path : resolve(String(parts[0]), from: file.path)
        guard let path, repository.has(path) else {
            return "mend the link: there is no \(target)"
        }
        guard parts.count == 2, let linked = path == file.path ? file : repository.file(path),
            linked.kind == .markdown, !anchors(of: linked).contains(String(parts[1]))
        else { return nil }
        return "mend the link: \(path) has no heading #\(parts[1])"
    }

    /// Reports what is out of shape in a change log.
    static func changeLog(_ file: TextFile) -> [Finding] {
        let sections = headings(of: file).filter { $0.level > 1 }
        var findings: [Finding] = []
        if sections.first(where: { $0.level == 2 })?.text != "Unreleased" {
            findings.append(file.finding(at: 0, "let '## Unreleased' be the first section"))
        }
        for (place, release) in sections.enumerated() where release.level == 2 {
            let parts = sections[(place + 1)...].prefix { $0.level > 2 }.map(\.text)
            if parts != changeLogParts {
                findings.append(
                    file.finding(
                        at: release.index,
                        "give the release the parts \(changeLogParts.joined(separator: ", ")), "
                            + "in this order"
                    )
                )
            }
        }
        return findings
    }

    private static let changeLogParts = ["Safety And Performance", "Features", "Internals"]

    // MARK: Markdown

    /// The headings of a document; what stands in a block of code is none.
    static func headings(of file: TextFile) -> [Heading] {
        prose(of: file).compactMap { index, line in
            let level = line.prefix { $0 == "#" }.count
            guard (1...6).contains(level), line.dropFirst(level).first == " " else { return nil }
            return Heading(level: level, text: String(line.dropFirst(level)).trimmed, index: index)
        }
    }

    /// The lines outside blocks of code, with their places from 0.
    private static func prose(of file: TextFile) -> [(Int, String)] {
        var isCode = false
        return file.lines.enumerated().compactMap { index, line in
            if line.trimmed.hasPrefix("```") {
                isCode.toggle()
                return nil
            }
            return isCode ? nil : (index, line)
        }
    }

    /// The targets of a line's links: `[text](target)`, outside of code.
    private static func targets(in line: String) -> [String] {
        let text = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset.isMultiple(of: 2) ? String($0.element) : "" }.joined()
        return text.split(separator: "](", omittingEmptySubsequences: false).dropFirst().map {
            String($0.prefix { $0 != ")" && $0 != " " })
        }
    }

    /// What a link can name in a document: its headings in lower case, with hyphens for blanks
    /// and without other marks.
    private static func anchors(of file: TextFile) -> Set<String> {
        Set(
            headings(of: file).map { heading in
                String(
                    heading.text.lowercased().compactMap { character in
                        if character == " " { return "-" }
                        let isKept = character.isLetter || character.isNumber
                        return isKept || character == "-" || character == "_" ? character : nil
                    }
                )
            }
        )
    }

    /// The path that a link in a document leads to; `nil` outside of the repository.
    private static func resolve(_ link: String, from document: String) -> String? {
        var parts = document.split(separator: "/").dropLast().map(String.init)
        for part in link.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                guard parts.popLast() != nil else { return nil }
            default: parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }
}

extension Repository {
    /// Whether there is a file or a folder at a path.
    func has(_ path: String) -> Bool {
        paths.contains(path) || paths.contains { $0.hasPrefix(path + "/") }
    }
}
