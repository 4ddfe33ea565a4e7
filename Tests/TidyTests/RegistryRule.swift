/// Every registered reason is given by some code: a word that nobody gives tells the readers of the
/// registry of a case that cannot happen.
enum RegistryRule {
    /// Reports registered reasons with which no code of the product makes an error.
    static func neverGiven(in repository: Repository) -> [Finding] {
        guard let registry = repository.file("Protocol/errors.yaml") else { return [] }
        let given = repository.files
            .filter { $0.kind == .swift && $0.lies(in: "Sources") && !$0.isGenerated }
            .reduce(into: Set()) { $0.formUnion(reasons(givenBy: $1)) }
        return registry.lines.enumerated().compactMap { index, line in
            guard line.trimmed.hasPrefix(mark) else { return nil }
            let word = line.trimmed.dropFirst(mark.count)
            if given.contains(name(of: word)) { return nil }
            return registry.finding(
                at: index,
                "give \(word) where its meaning says, or remove it and run "
                    + "Scripts/generate_reasons.py: no code gives it"
            )
        }
    }

    /// What a reason begins with in the registry.
    private static let mark = "- reason: "

    /// The names in the first arguments of what makes errors, and those that a property of the type
    /// `Reason` gives case by case: one that code only compares with is not given by that.
    private static func reasons(givenBy file: TextFile) -> Set<String> {
        let code = file.code.joined(separator: " ")
        let names = ["RPCError(", "self.init(", ".field("].flatMap { call in
            code.split(separator: call, omittingEmptySubsequences: false).dropFirst().flatMap {
                $0.prefix { $0 != "," && $0 != ")" }.split { !($0.isLetter || $0.isNumber) }
            }
        }
        return Set(names.map(String.init)).union(reasons(chosenIn: code))
    }

    /// What the cases of `var ...: Reason { switch ... }` give.
    private static func reasons(chosenIn code: String) -> [String] {
        code.split(separator: ": Reason {", omittingEmptySubsequences: false).dropFirst()
            .flatMap { $0.prefix { $0 != "}" }.split(separator: "case ") }
            .compactMap { $0.split(separator: ":").last?.split { !$0.isLetter }.first }
            .map(String.init)
    }

    /// The name that the generator makes of a word: `key_reused` becomes `keyReused`.
    private static func name(of word: Substring) -> String {
        let parts = word.split(separator: "_")
        return parts.prefix(1).joined() + parts.dropFirst().map(\.capitalized).joined()
    }
}

extension Substring {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
