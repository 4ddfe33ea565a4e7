internal import Foundation

/// The messages and methods of the protocol, as its files declare them.
///
/// It reads what these files use of the language, and traps on anything else.
package struct Contract: Sendable {
    /// A field of a message.
    package struct Field: Sendable {
        /// Its name.
        package let name: String
        /// The type; of a map, that of its values.
        package let type: String
        /// Whether there may be several.
        package let isRepeated: Bool
        /// Whether it is a map.
        package let isMap: Bool
        /// The `oneof` to which it belongs.
        package let choice: String?
    }

    /// A message.
    package struct Message: Sendable {
        /// Its name.
        package let name: String
        /// Its fields, in the order of the file.
        package internal(set) var fields: [Field] = []

        /// The alternatives of a `oneof`.
        package func alternatives(_ choice: String) -> [String] {
            fields.filter { $0.choice == choice }.map(\.name)
        }
    }

    /// A method.
    package struct Method: Sendable {
        /// The service and its name.
        package let name: String
        /// The message with which it is answered.
        package let reply: String
        /// Who may call it.
        package let callers: [String]
    }

    /// By name; one within another is called `Outer.Inner`.
    package private(set) var messages: [String: Message] = [:]
    /// The names of the values, in order, without the first, by the enum's name.
    package private(set) var enums: [String: [String]] = [:]
    /// All of them.
    package private(set) var methods: [Method] = []

    /// Reads the files above the tests.
    package init() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let folder = root.appending(path: "Protocol/docket/v1")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        for name in files where name.hasSuffix(".proto") {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            var words = ContractWords(text)
            while let word = words.next() {
                switch word {
                case "message": readMessage(&words, within: "")
                case "enum": readEnum(&words, within: "")
                case "service": readService(&words)
                case "extend": words.skipBlock()
                default: words.skip(to: ";")
                }
            }
        }
    }

    /// The type that a name means within a message: one of its own, of the message around it, or
    /// one of all.
    package func resolve(_ type: String, within message: String) -> String {
        var scope = message.split(separator: ".").map(String.init)
        while !scope.isEmpty {
            let own = (scope + [type]).joined(separator: ".")
            if messages[own] != nil || enums[own] != nil { return own }
            scope.removeLast()
        }
        return type
    }

    // MARK: Reading

    private mutating func readMessage(_ words: inout ContractWords, within outer: String) {
        let name = Self.join(outer, words.take())
        words.expect("{")
        messages[name] = Message(name: name)
        readFields(&words, of: name, choice: nil)
    }

    private mutating func readFields(
        _ words: inout ContractWords,
        of message: String,
        choice: String?
    ) {
        while true {
            let word = words.take()
            switch word {
            case "}": return
            case "message": readMessage(&words, within: message)
            case "enum": readEnum(&words, within: message)
            case "oneof":
                let name = words.take()
                words.expect("{")
                readFields(&words, of: message, choice: name)
            case "reserved": words.skip(to: ";")
            default: readField(word, &words, of: message, choice: choice)
            }
        }
    }

    private mutating func readField(
        _ first: String,
        _ words: inout ContractWords,
        of message: String,
        choice: String?
    ) {
        let hasLabel = first == "repeated" || first == "optional"
        var type = hasLabel ? words.take() : first
        let isMap = type == "map"
        if isMap {
            words.expect("<")
            _ = words.take()
            words.expect(",")
            type = words.take()
            words.expect(">")
        }
        let field = Field(
            name: words.take(),
            type: type,
            isRepeated: first == "repeated",
            isMap: isMap,
            choice: choice
        )
        messages[message]?.fields.append(field)
        words.skip(to: ";")
    }

    private mutating func readEnum(_ words: inout ContractWords, within outer: String) {
        let name = Self.join(outer, words.take())
        words.expect("{")
        var values: [String] = []
        while true {
            let word = words.take()
            if word == "}" { break }
            values.append(word)
            words.skip(to: ";")
        }
        enums[name] = Array(values.dropFirst())
    }

    private mutating func readService(_ words: inout ContractWords) {
        let service = words.take()
        words.expect("{")
        while words.take() == "rpc" {
            let name = words.take()
            words.skip(to: "returns")
            words.expect("(")
            var reply = words.take()
            if reply == "stream" { reply = words.take() }
            words.skip(to: "callers")
            words.skip(to: "[")
            var callers: [String] = []
            while true {
                let word = words.take()
                if word == "]" { break }
                if word != "," { callers.append(word) }
            }
            words.skip(to: "}")
            words.skip(to: "}")
            methods.append(Method(name: "\(service)/\(name)", reply: reply, callers: callers))
        }
    }

    private static func join(_ outer: String, _ inner: String) -> String {
        outer.isEmpty ? inner : outer + "." + inner
    }
}

/// The words and signs of a file, without its comments.
struct ContractWords {
    private var rest: ArraySlice<String>

    init(_ text: String) {
        var words: [String] = []
        for line in text.split(separator: "\n") {
            var word = ""
            for character in line.replacing(#/\/\/.*/#, with: "") {
                if character.isLetter || character.isNumber || "_.\"/".contains(character) {
                    word.append(character)
                    continue
                }
                if !word.isEmpty { words.append(word) }
                word = ""
                if !character.isWhitespace { words.append(String(character)) }
            }
            if !word.isEmpty { words.append(word) }
        }
        rest = words[...]
    }

    mutating func next() -> String? { rest.popFirst() }

    /// The next word, which has to be there.
    mutating func take() -> String {
        guard let word = rest.popFirst() else { preconditionFailure("the file ends too early") }
        return word
    }

    mutating func expect(_ word: String) {
        let found = take()
        precondition(found == word, "\(word) was expected, and not \(found)")
    }

    mutating func skip(to word: String) {
        while take() != word {}
    }

    /// Skips everything through the block that follows.
    mutating func skipBlock() {
        skip(to: "{")
        skip(to: "}")
    }
}
