/// What every text file owes its readers.
enum TextRule {
    /// Paths that exist on somebody's machine only.
    private static let machineFolders = ["tmp", "work", "root", "home", "Users", "opt", "private"]

    /// Reports blanks at the ends of lines, tabs in Swift, and a wrong end of the file.
    static func blanks(in file: TextFile) -> [Finding] {
        guard !file.isForeign, !file.text.isEmpty else { return [] }
        var findings: [Finding] = []
        for (index, line) in file.lines.enumerated() {
            if line.utf8.last == UInt8(ascii: " ") || line.utf8.last == UInt8(ascii: "\t")
                || line.utf8.last == UInt8(ascii: "\r")
            {
                findings.append(file.finding(at: index, "remove the blanks at the end of the line"))
            }
            if file.kind == .swift, line.utf8.contains(UInt8(ascii: "\t")) {
                findings.append(file.finding(at: index, "indent with spaces"))
            }
        }
        return findings + end(of: file)
    }

    private static func end(of file: TextFile) -> [Finding] {
        let last = file.lines.count - 1
        if file.lines[last] != "" {
            return [file.finding(at: last, "end the file with a line break")]
        }
        guard last > 0, file.lines[last - 1] == "" else { return [] }
        return [file.finding(at: last - 1, "remove the empty lines at the end of the file")]
    }

    /// Reports paths that exist on somebody's machine only.
    static func machinePaths(in file: TextFile) -> [Finding] {
        guard !file.lies(in: "Tests/TidyTests"), !file.isForeign else { return [] }
        return file.lines.enumerated().compactMap { index, line in
            let path = machineFolders.first { line.containsAbsolutePath(in: $0) }
            return path.map {
                file.finding(
                    at: index,
                    "replace the path below /\($0)/: use a path relative to the repository, "
                        + "the system's temporary folder or an option"
                )
            }
        }
    }
}

extension String {
    /// Whether the text holds an absolute path that begins with a folder.
    fileprivate func containsAbsolutePath(in folder: String) -> Bool {
        guard let range = firstRange(of: "/\(folder)/") else { return false }
        guard let before = self[..<range.lowerBound].last else { return true }
        return !(before.isLetter || before.isNumber || "/._-})*$".contains(before))
    }
}
