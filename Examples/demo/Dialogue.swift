internal import Foundation

/// A real customer-service dialogue, as it stands in `Examples/dialogues`.
struct Dialogue: Decodable {
    /// Who says a line.
    enum Speaker: String, Decodable {
        /// The customer, in public.
        case customer
        /// The agent, in public.
        case agent
        /// What the agent did: an internal note here.
        case action
    }

    /// One line.
    struct Line: Decodable {
        let speaker: Speaker
        let text: String

        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            speaker = try parts.decode(Speaker.self)
            text = try parts.decode(String.self)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case number = "convo_id"
        case lines = "original"
    }

    /// The dialogue's number in its collection.
    let number: Int
    /// What was said and done, in order.
    let lines: [Line]

    /// Reads the dialogues of a file.
    static func read(_ path: String) throws -> [Dialogue] {
        try JSONDecoder().decode([Dialogue].self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// The lines in the order in which a desk sees them: a chat begins with its customer, so what
    /// the agent said before comes right after the customer's first line.
    var chatOrder: [Line] {
        guard let first = lines.firstIndex(where: { $0.speaker == .customer }) else { return lines }
        return [lines[first]] + lines[..<first] + lines[(first + 1)...]
    }
}
