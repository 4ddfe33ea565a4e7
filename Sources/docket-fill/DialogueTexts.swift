internal import Foundation

/// What is said: the lines of real dialogues, with the names and numbers of other customers.
struct DialogueTexts {
    /// Who says a line.
    enum Speaker: String, Decodable {
        /// The customer, in public.
        case customer
        /// The agent, in public.
        case agent
        /// What the agent did: a note.
        case action
    }

    /// A text with gaps for what differs from customer to customer.
    struct Line {
        let speaker: Speaker
        fileprivate let parts: [Part]

        /// The text as one customer's request has it.
        func text(for customer: Customer, order: String) -> String {
            parts.reduce(into: "") { text, part in
                switch part {
                case .text(let words): text += words
                case .firstName: text += customer.firstName
                case .lastName: text += customer.lastName
                case .username: text += customer.username
                case .order: text += order
                }
            }
        }
    }

    fileprivate enum Part {
        case text(String)
        case firstName
        case lastName
        case username
        case order
    }

    private struct Source: Decodable {
        struct Scenario: Decodable {
            struct Personal: Decodable {
                let customerName: String
                let username: String?
            }
            struct Order: Decodable {
                let orderId: String?
            }
            let personal: Personal
            let order: Order
        }
        let scenario: Scenario
        let original: [[String]]
    }

    /// The dialogues, each beginning with its customer.
    let dialogues: [[Line]]

    /// Reads a file of dialogues.
    ///
    /// Lines of a few words are joined with what the same speaker says next, until they have so
    /// many bytes.
    ///
    /// - Throws: A `Filling.Fault` where there is no such file, or nothing to say in it.
    init(path: String, bytes: Int) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Filling.Fault(
                description: "\(path) cannot be read; name a file of dialogues: --dialogues FILE"
            )
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let sources = try? decoder.decode([Source].self, from: data) else {
            throw Filling.Fault(description: "\(path) holds no dialogues")
        }
        dialogues = sources.map { Self.lines(of: $0, bytes: bytes) }.filter { !$0.isEmpty }
        guard !dialogues.isEmpty else {
            throw Filling.Fault(description: "nobody says anything in \(path)")
        }
    }

    private static func lines(of source: Source, bytes: Int) -> [Line] {
        let said = source.original.compactMap { pair -> (speaker: Speaker, text: String)? in
            guard pair.count == 2, let speaker = Speaker(rawValue: pair[0]) else { return nil }
            return (speaker, pair[1])
        }
        let first = said.firstIndex { $0.speaker == .customer } ?? said.startIndex
        return said.indices[first...].map { index in
            let speaker = said[index].speaker
            var text = said[index].text
            for next in said[index...].dropFirst() + said[..<index]
            where next.speaker == speaker && text.utf8.count < bytes {
                text += " " + next.text
            }
            return Line(speaker: speaker, parts: parts(of: text, in: source.scenario))
        }
    }

    /// Cuts a text where it names its own customer.
    private static func parts(of text: String, in scenario: Source.Scenario) -> [Part] {
        let names = scenario.personal.customerName.capitalized.split(separator: " ")
        var gaps: [(String, Part)] = []
        if let first = names.first { gaps.append((String(first), .firstName)) }
        if names.count > 1, let last = names.last { gaps.append((String(last), .lastName)) }
        if let username = scenario.personal.username { gaps.append((username, .username)) }
        if let order = scenario.order.orderId { gaps.append((order, .order)) }
        return gaps.reduce([.text(text)]) { parts, gap in
            parts.flatMap { part in
                guard case .text(let words) = part else { return [part] }
                return cut(words, at: gap.0, gap.1)
            }
        }
    }

    private static func cut(_ text: String, at word: String, _ gap: Part) -> [Part] {
        let pieces = text.components(separatedBy: word).map { Part.text($0) }
        return Array(pieces.map { [$0] }.joined(separator: [gap]))
    }
}
