import Foundation

/// What the tests look at in a line of a relay.
struct RelayLine: Decodable {
    struct Verdict: Decodable, Equatable {
        let id: String
        let outcome: String
    }

    struct Contact: Decodable {
        let id: String
        let name: String
    }

    struct Author: Decodable {
        let kind: String
    }

    struct Request: Decodable {
        let number: UInt64
    }

    struct Attachment: Decodable {
        let id: String
        let name: String
    }

    struct Delivery: Decodable {
        let id: String
        let attempt: Int
        let externalId: String?
        let request: Request
        let contact: Contact
        let author: Author?
        let text: String
        let attachments: [Attachment]?
        let answers: String?
    }

    struct Parked: Decodable {
        let message: String
        let direction: String
        let contact: Contact?
        let reason: String
    }

    struct Condition: Decodable {
        let isLevel: Bool
        let outgoing: Int
        let parked: Int
        let lagSeconds: Int
    }

    struct Left: Decodable, Equatable {
        let incoming: Int
        let outgoing: Int
        let parked: Int
    }

    let v: Int
    let type: String
    let id: String?
    let line: Int?
    let reason: String?
    let state: String?
    let count: Int?
    let path: String?
    let externalId: String?
    let verdict: Verdict?
    let delivery: Delivery?
    let parked: Parked?
    let condition: Condition?
    let left: Left?

    /// The whole lines of an output, of which the last may be cut off.
    static func all(in output: String) -> [RelayLine] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return output.split(separator: "\n").compactMap {
            try? decoder.decode(RelayLine.self, from: Data($0.utf8))
        }
    }
}
