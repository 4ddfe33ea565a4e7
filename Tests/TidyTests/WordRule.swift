/// Words that do not belong into the project, each with what to do instead.
enum WordRule {
    /// A word, where it counts, and what to do instead.
    private struct Ban {
        var word: String
        var ignoresCase = false
        var advice: String
    }

    /// Banned in every text: whoever reads it could not tell what is finished.
    private static let everywhere = [
        Ban(word: "TODO", advice: "do it, or open an issue and remove the mark"),
        Ban(word: "FIXME", advice: "fix it, or open an issue and remove the mark"),
        Ban(word: "XXX", advice: "say what is the matter in a sentence"),
        Ban(word: "for now", ignoresCase: true, advice: "say what holds, and under what condition"),
        Ban(
            word: "not yet implemented",
            ignoresCase: true,
            advice: "leave it out until it is there"
        ),
        Ban(
            word: "placeholder",
            ignoresCase: true,
            advice: "name the real thing, or leave it out until it is there"
        ),
    ]

    /// Banned in every text: word for word from another language, where English says it otherwise.
    private static let stilted = [
        Ban(word: "that is none", ignoresCase: true, advice: "write 'unknown', or 'not a ...'"),
        Ban(word: "of before", ignoresCase: true, advice: "write 'older', 'earlier' or 'existing'"),
        Ban(word: "is so already", ignoresCase: true, advice: "write 'nothing to change'"),
        Ban(word: "no such thing", ignoresCase: true, advice: "write 'not found'"),
        Ban(word: "listens no more", ignoresCase: true, advice: "write 'stops accepting'"),
        Ban(word: "first opened first", ignoresCase: true, advice: "write 'oldest first'"),
        Ban(word: "watches no more", ignoresCase: true, advice: "write 'no longer watches'"),
        Ban(word: "has it no more", ignoresCase: true, advice: "write 'no longer has it'"),
    ]

    /// Banned in Swift code, where they end the process on what may come from outside.
    private static let inSwift = [
        Ban(word: "try!", advice: "handle the error, or use `try #require` in a test"),
        Ban(word: "as!", advice: "use `as?` and say what happens otherwise"),
        Ban(word: "fatalError(", advice: "make the state impossible, or throw a typed error"),
        Ban(word: "import XCTest", advice: "write the test with Swift Testing"),
    ]

    /// The words of identifiers that are abbreviations, or that another word of the glossary
    /// stands for, each with what to write.
    private static let abbreviations = [
        "addr": "address", "arg": "argument", "args": "arguments", "arr": "array or its content",
        "attr": "attribute", "btn": "button", "buf": "buffer", "cb": "completion",
        "cert": "certificate", "cfg": "configuration", "cmd": "command", "cnt": "count",
        "config": "configuration", "conn": "connection", "creds": "credentials",
        "ctx": "context", "db": "database", "dict": "the content", "elem": "element",
        "err": "error", "evt": "event", "fn": "function", "helper": "what it does",
        "helpers": "what they do", "idx": "index", "impl": "what tells it apart",
        "len": "length or count", "mgr": "what it does", "msg": "message",
        "num": "number or count", "obj": "what it is", "param": "parameter",
        "params": "parameters", "pkt": "frame", "prefs": "preferences", "ptr": "pointer",
        "pwd": "password", "ref": "reference", "req": "call", "res": "reply or result",
        "resp": "reply", "response": "reply", "ret": "result", "srv": "server", "str": "text",
        "temp": "temporary", "tmp": "temporary", "usr": "user", "util": "what it does",
        "utils": "what they do", "val": "value", "vals": "values",
    ]

    /// Labels that others have named and nobody here can rename: those of Swift's package manager.
    private static let labelsOfOthers: Set<String> = ["pkgConfig"]

    /// Reports banned words.
    ///
    /// The tests of the rule are spared, since they have to say them.
    static func bannedWords(in file: TextFile) -> [Finding] {
        guard !file.lies(in: "Tests/TidyTests"), !file.isForeign, !file.isGenerated else {
            return []
        }
        let texts = occurrences(of: everywhere + stilted, in: file.lines, file)
        return file.kind == .swift ? texts + occurrences(of: inSwift, in: file.code, file) : texts
    }

    /// Reports identifiers of Swift that are made of abbreviations, and file names that are.
    ///
    /// Names with an underscore are those of C.
    static func abbreviations(in file: TextFile) -> [Finding] {
        guard file.kind == .swift, !file.isGenerated else { return [] }
        var findings = words(of: file.stem).compactMap { word in
            abbreviations[word].map {
                file.finding(at: 0, "rename the file: for '\(word)' write \($0)")
            }
        }
        for (index, line) in file.code.enumerated() {
            for name in names(in: line) where !labelsOfOthers.contains(name) {
                for word in words(of: name) {
                    guard let better = abbreviations[word] else { continue }
                    findings.append(
                        file.finding(at: index, "rename \(name): for '\(word)' write \(better)")
                    )
                }
            }
        }
        return findings
    }

    private static func occurrences(
        of bans: [Ban],
        in lines: [String],
        _ file: TextFile
    ) -> [Finding] {
        bans.flatMap { ban in
            lines.enumerated().compactMap { index, line in
                let text = ban.ignoresCase ? line.lowercased() : line
                guard text.containsWord(ban.word) else { return nil }
                return file.finding(at: index, "remove '\(ban.word)': \(ban.advice)")
            }
        }
    }

    /// The names in a line of code; those of C, with an underscore, and numbers are left out.
    private static func names(in line: String) -> [String] {
        line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.filter {
            $0.first?.isLetter == true && !$0.contains("_")
        }.map(String.init)
    }

    /// The words of a name in camel case, in lower case.
    static func words(of name: String) -> [String] {
        var words = [""]
        var previous: Character = " "
        for character in name {
            if character.isUppercase, previous.isLowercase || !previous.isLetter {
                words.append("")
            } else if character.isLowercase, previous.isUppercase, words[words.count - 1].count > 1
            {
                // The last capital of several begins the next word: HTTPServer, TLSError.
                words.append(String(words[words.count - 1].removeLast()))
            } else if !character.isLetter {
                words.append("")
            }
            if character.isLetter { words[words.count - 1] += character.lowercased() }
            previous = character
        }
        return words.filter { !$0.isEmpty }
    }
}

extension String {
    /// Whether the text holds a word that is not a part of a longer one.
    func containsWord(_ word: String) -> Bool {
        var rest = self[...]
        while let range = rest.firstRange(of: word) {
            let before = self[..<range.lowerBound].last
            let after = self[range.upperBound...].first
            let isOpen = before.map { !$0.isWordCharacter } ?? true
            let isShut = after.map { !$0.isWordCharacter } ?? true
            if isOpen || word.first?.isWordCharacter == false,
                isShut || word.last?.isWordCharacter == false
            {
                return true
            }
            rest = rest[range.upperBound...]
        }
        return false
    }
}

extension Character {
    /// Whether the character can be a part of a word of code.
    fileprivate var isWordCharacter: Bool { isLetter || isNumber || self == "_" }
}
