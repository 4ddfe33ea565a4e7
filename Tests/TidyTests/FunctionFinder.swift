/// One function of a file.
struct FunctionExtent: Equatable, Sendable {
    /// Its name.
    var name: String
    /// The line of its declaration, from 0.
    var firstLine: Int
    /// The line on which it ends, from 0.
    var lastLine: Int

    /// How many lines it takes.
    var length: Int { lastLine - firstLine + 1 }
}

/// Finds the functions of a file and where they end.
enum FunctionFinder {
    /// The functions of a file, in the order in which they begin.
    static func functions(in file: TextFile) -> [FunctionExtent] {
        switch file.kind {
        case .swift: swiftFunctions(file.code)
        case .c: cFunctions(file.code)
        case .python: pythonFunctions(file.lines)
        case .shell, .markdown, .other: []
        }
    }

    // MARK: Swift

    private static func swiftFunctions(_ code: [String]) -> [FunctionExtent] {
        code.indices.compactMap { index in
            guard let name = swiftDeclaration(code[index]),
                let last = endOfBody(code, from: index)
            else { return nil }
            return FunctionExtent(name: name, firstLine: index, lastLine: last)
        }
    }

    /// The name of the function that a line declares, if it declares one.
    private static func swiftDeclaration(_ line: String) -> String? {
        guard declarationWords.contains(where: line.contains) else { return nil }
        var words = line.split(separator: " ")[...]
        while let word = words.first, word.hasPrefix("@") || modifiers.contains(String(word)) {
            words = words.dropFirst()
        }
        guard let first = words.first else { return nil }
        if first == "func" {
            return words.dropFirst().first.map { String($0.prefix { $0 != "(" && $0 != "<" }) }
        }
        let name = String(first.prefix(while: \.isLetter))
        let isDeclaration = ["init", "subscript"].contains(name) && first.count > name.count
        return isDeclaration || first == "deinit" ? name : nil
    }

    /// The line on which the body ends that begins on or after a line; `nil` for a requirement of a
    /// protocol, which has none.
    private static func endOfBody(_ code: [String], from first: Int) -> Int? {
        var parentheses = 0
        var braces = 0
        for index in first..<code.count {
            for byte in code[index].utf8 {
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{") where parentheses == 0 || braces > 0: braces += 1
                case UInt8(ascii: "}") where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                default: break
                }
            }
            if braces == 0, parentheses == 0, !goesOn(code, after: index) { return nil }
        }
        return nil
    }

    /// Whether a declaration whose body has not begun goes on in the line after this one.
    private static func goesOn(_ code: [String], after index: Int) -> Bool {
        guard index + 1 < code.count else { return false }
        let next = code[index + 1].trimmed
        let line = code[index].trimmed
        return continuations.contains(where: next.hasPrefix) || line.hasSuffix("->")
            || line.hasSuffix(",") || line.hasSuffix("where") || line.hasSuffix("&")
            || line.hasSuffix(":")
    }

    // MARK: C

    /// A function of C begins in the first column and ends with a brace there.
    private static func cFunctions(_ code: [String]) -> [FunctionExtent] {
        var found: [FunctionExtent] = []
        var begun: Int?
        for (index, line) in code.enumerated() {
            if begun == nil, let first = line.first, first.isLetter, line.contains("(") {
                begun = index
            }
            guard let first = begun else { continue }
            if line.hasPrefix("}") {
                found.append(
                    FunctionExtent(name: cName(code[first]), firstLine: first, lastLine: index)
                )
                begun = nil
            } else if line.hasSuffix(";"),
                !code[first...index].contains(where: { $0.contains("{") })
            {
                begun = nil
            }
        }
        return found
    }

    private static func cName(_ line: String) -> String {
        let head = line.prefix { $0 != "(" }
        return String(head.split { $0 == " " || $0 == "*" }.last ?? "")
    }

    // MARK: Python

    /// A function of Python ends with the last line that is indented further than its beginning.
    private static func pythonFunctions(_ lines: [String]) -> [FunctionExtent] {
        lines.indices.compactMap { index in
            let line = lines[index].trimmed
            guard line.hasPrefix("def ") || line.hasPrefix("async def ") else { return nil }
            let name = line.prefix { $0 != "(" }.split(separator: " ").last ?? ""
            let indent = lines[index].indent
            var last = index
            for next in lines.indices.dropFirst(index + 1) where !lines[next].trimmed.isEmpty {
                guard lines[next].indent > indent || lines[next].trimmed.hasPrefix(")") else {
                    break
                }
                last = next
            }
            return FunctionExtent(name: String(name), firstLine: index, lastLine: last)
        }
    }

    private static let declarationWords = ["func ", "init", "deinit", "subscript"]
    private static let continuations = [
        "{", "->", "where ", "async", "throws", "rethrows", "&", ",",
    ]
    private static let modifiers: Set<String> = [
        "public", "package", "internal", "private", "fileprivate", "open", "static", "class",
        "final", "override", "mutating", "nonmutating", "consuming", "borrowing", "convenience",
        "required", "nonisolated", "isolated", "prefix", "postfix", "infix", "unsafe", "async",
    ]
}

extension String {
    /// The text without blanks around it.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// How many blanks the text begins with.
    var indent: Int { prefix { $0 == " " }.count }
}
