package import DocketDomain
internal import Yams

/// A policy as a YAML document.
package enum PolicyDocument {
    /// Reads a document and validates it as a whole.
    ///
    /// A document in which a value has the wrong shape is refused with all such places; one whose
    /// values have the right shapes with everything that does not fit together.
    ///
    /// - Parameter bytes: The document; at most 256 KiB of UTF-8.
    /// - Returns: The policy.
    /// - Throws: A `PolicyError` with everything that is wrong.
    package static func parse(bytes: some Collection<UInt8>) throws(PolicyError) -> Policy {
        guard bytes.count <= PolicyLimits.documentBytes else {
            throw problem("a policy has at most \(PolicyLimits.documentBytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw problem("a policy is text in UTF-8")
        }
        return try parse(text)
    }

    /// Reads a document and validates it as a whole, as `parse(bytes:)` does.
    ///
    /// - Throws: A `PolicyError` with everything that is wrong.
    package static func parse(_ text: String) throws(PolicyError) -> Policy {
        try Policy(content(of: text))
    }

    /// Takes what a document says, whether or not it fits together.
    static func content(of text: String) throws(PolicyError) -> PolicyContent {
        let root = try root(of: text)
        var reader = ShapeReader()
        guard let document = reader.record(root, .document, "") else {
            throw PolicyError(problems: reader.problems)
        }
        var decoder = PolicyDecoder()
        let content = decoder.content(document)
        guard decoder.problems.isEmpty else { throw PolicyError(problems: decoder.problems) }
        return content
    }

    /// The root of a document without anchors.
    ///
    /// An anchor lets a few bytes stand for a large tree, many times over, before anybody could
    /// look at it; so they are looked for in the text.
    private static func root(of text: String) throws(PolicyError) -> Node {
        guard text.utf8.count <= PolicyLimits.documentBytes else {
            throw problem("a policy has at most \(PolicyLimits.documentBytes) bytes")
        }
        if let line = AnchorScan.firstLine(withAnchorIn: text) {
            throw problem("a policy has no anchors and aliases: line \(line)")
        }
        let root: Node?
        do {
            root = try Parser(yaml: text, resolver: .basic).singleRoot()
        } catch {
            throw problem("this is not YAML: \(explanation(ofYAML: error))")
        }
        guard let root else { throw problem("the document is empty") }
        return root
    }

    private static func problem(_ rule: String) -> PolicyError {
        PolicyError(problems: [PolicyProblem(path: "document", rule: rule)])
    }

    /// What is wrong with a text that is not YAML, without the whole of it, which some errors hold.
    package static func explanation(ofYAML error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line), column \(mark.column): \(problem)"
        case .duplicatedKeysInMapping(let keys, let context):
            "line \(context.mark.line), column \(context.mark.column): given twice: "
                + keys.joined(separator: ", ")
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
            .representer(let problem):
            problem
        case .no, .memory, .dataCouldNotBeDecoded, nil: "it cannot be read"
        }
    }

    /// Writes a policy as a document that reads back as the same policy.
    package static func text(of policy: Policy) -> String {
        PolicyWriter.lines(PolicyRecord(policy.content), .document).joined(separator: "\n") + "\n"
    }
}
