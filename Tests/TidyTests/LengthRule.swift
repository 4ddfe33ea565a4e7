/// How long lines and functions may be.
enum LengthRule {
    /// The longest line, in columns: two of them stand side by side on a common screen.
    static let maximumColumns = 100
    /// The longest function, in lines: what fits on one screen.
    static let maximumLines = 70

    /// The folder with the test kit's model of the contract, and the most lines that it may have:
    /// what a reader takes in at one sitting, and trusts.
    static let (modelFolder, modelLines) = ("ClientSDK/Testing/Model/", 800)

    /// Functions that are longer, with their length today.
    ///
    /// The list may only get shorter.
    static let longFunctions: [String: Int] = [:]

    /// Reports lines of programs that are too long.
    ///
    /// A line with an address may be: it cannot be broken.
    static func longLines(in file: TextFile) -> [Finding] {
        guard file.isHandWrittenCode else { return [] }
        return file.lines.enumerated().compactMap { index, line in
            guard line.utf8.count > maximumColumns, line.count > maximumColumns,
                !line.contains("https://")
            else { return nil }
            return file.finding(
                at: index,
                "break the line: it has \(line.count) of \(maximumColumns) columns"
            )
        }
    }

    /// Reports functions that are too long, and entries of the list that are out of date.
    static func longFunctions(
        in file: TextFile,
        ratchet: [String: Int] = longFunctions
    ) -> [Finding] {
        guard file.isHandWrittenCode else { return [] }
        return FunctionFinder.functions(in: file).compactMap { function in
            let listed = ratchet["\(file.path) \(function.name)"]
            if function.length > listed ?? maximumLines {
                return file.finding(
                    at: function.firstLine,
                    "split \(function.name): it has \(function.length) of "
                        + "\(listed ?? maximumLines) lines"
                )
            }
            guard let listed, function.length < listed else { return nil }
            return file.finding(
                at: function.firstLine,
                "lower the entry of \(function.name) in LengthRule.longFunctions to "
                    + "\(function.length), or remove it at \(maximumLines)"
            )
        }
    }

    /// Reports a model that has grown too long to be trusted at sight, or is not where it was.
    static func longModel(in repository: Repository) -> [Finding] {
        let files = repository.files.filter { $0.path.hasPrefix(modelFolder) }
        let count = files.reduce(0) { $0 + $1.lines.count }
        guard !(1...modelLines).contains(count) else { return [] }
        return [
            Finding(
                path: modelFolder,
                line: 1,
                advice: "the model has \(count) lines, of 1 to \(modelLines) that it may have"
            )
        ]
    }

    /// Reports entries of the list whose function is gone.
    static func staleEntries(
        in repository: Repository,
        ratchet: [String: Int] = longFunctions
    ) -> [Finding] {
        let present = Set(
            repository.files.filter(\.isHandWrittenCode).flatMap { file in
                FunctionFinder.functions(in: file).map { "\(file.path) \($0.name)" }
            }
        )
        return ratchet.keys.filter { !present.contains($0) }.sorted().map {
            Finding(
                path: "Tests/TidyTests/LengthRule.swift",
                line: 1,
                advice: "remove '\($0)' from longFunctions: there is no such function"
            )
        }
    }
}
