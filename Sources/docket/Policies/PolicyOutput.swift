internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketDomain
internal import DocketPolicy
internal import DocketTerminal

/// How policies are shown: in words for people, as JSON for programs.
struct PolicyOutput: ParsableArguments {
    @Flag(help: "Print one JSON object per line.")
    var json = false

    /// Writes a line of JSON.
    func write(_ line: PolicyLine) throws {
        try OutputWriter.standard.write(JSONLine.text(of: line) + "\n")
    }

    /// Tells what is wrong, and how the command ends.
    func tell(_ findings: [PolicyFault], with path: String) throws -> ExitStatus {
        guard !json else {
            for finding in findings { try write(PolicyLine(finding)) }
            return findings.isEmpty ? .done : .refused
        }
        let output = OutputWriter.standard
        for finding in findings {
            try output.writeLine("\(finding.path): \(finding.rule)")
            guard !finding.allowed.isEmpty else { continue }
            try output.writeLine("  allowed: \(finding.allowed.joined(separator: ", "))")
        }
        let count = findings.count
        let problems: TerminalText = count == 1 ? "1 problem" : "\(count) problems"
        try output.writeLine(count == 0 ? "\(path) is a policy" : "\(path) has " + problems)
        return findings.isEmpty ? .done : .refused
    }

    /// Shows in what two policies differ.
    func show(_ differences: [PolicyDifference]) throws {
        guard !json else {
            for difference in differences { try write(PolicyLine(difference)) }
            return
        }
        let output = OutputWriter.standard
        for difference in differences { try output.writeLine(Self.text(of: difference)) }
        if differences.isEmpty { try output.writeLine("Nothing differs.") }
    }

    /// A difference as one line for a person.
    static func text(of difference: PolicyDifference) -> TerminalText {
        switch (difference.before, difference.after) {
        case (let before?, let after?): "\(difference.path): \(before) -> \(after)"
        case (let before?, nil): "\(difference.path): removed \(before)"
        case (nil, let after): "\(difference.path): added \(after ?? "")"
        }
    }

    /// Shows a document: as it is to a file or program, made safe at a terminal.
    func show(document text: String) throws {
        let output = OutputWriter.standard
        guard Terminal.isTerminal(1) else {
            return try output.write(text.hasSuffix("\n") ? text : text + "\n")
        }
        let lines = text.hasSuffix("\n") ? text.dropLast() : text[...]
        for line in lines.split(separator: "\n", omittingEmptySubsequences: false) {
            try output.writeLine(TerminalText(untrusted: line))
        }
    }
}

/// A policy document that is a file.
struct PolicyFile {
    /// The longest document that a server takes, in bytes.
    private static let longest = 262_144

    let text: String
    /// The policy; nil where something is wrong.
    let policy: Policy?
    /// What is wrong.
    let findings: [PolicyFault]

    /// Reads a file, whether or not it is a policy.
    init(_ path: String) throws(CommandFailure) {
        let text = try LocalFile.text(of: path, atMost: Self.longest)
        self.text = text
        do throws(PolicyError) {
            policy = try PolicyDocument.parse(text)
            findings = []
        } catch {
            policy = nil
            findings = error.problems.map {
                PolicyFault(path: $0.path, rule: $0.rule, allowed: $0.allowed)
            }
        }
    }

    /// The policy of a file, where it has to be one.
    static func policy(_ path: String) throws(CommandFailure) -> Policy {
        let file = try PolicyFile(path)
        guard let policy = file.policy else {
            let first = file.findings.first
            throw CommandFailure(
                "\(path) is not a policy: \(first?.path ?? ""): \(first?.rule ?? "")",
                advice: "See everything that is wrong: docket policy check \(path)",
                status: .refused
            )
        }
        return policy
    }
}
