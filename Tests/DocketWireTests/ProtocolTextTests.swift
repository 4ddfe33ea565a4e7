import Foundation
import Testing

@testable import DocketWire

@Suite("The specification states what the code keeps")
struct ProtocolTextTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Protocol")

    /// What stands in the first column of the table of limits, and the code's bounds.
    private static let rows: [(row: String, bounds: [Int])] = {
        let limits = Limits()
        return [
            ("frame payload, before HELLO and by default", [limits.maximumFrame]),
            (
                "frame payload, a receiver's choice",
                [Limits.frameRange.lowerBound, Limits.frameRange.upperBound]
            ),
            ("Head", [Limits.maximumHead]),
            ("message, by default", [limits.maximumMessage]),
            (
                "message, a receiver's choice",
                [Limits.messageRange.lowerBound, Limits.messageRange.upperBound]
            ),
            ("unfinished messages of a connection", [limits.unfinishedMessages]),
            ("window of a stream, by default", [limits.streamCredit]),
            (
                "window of a stream, a receiver's choice",
                [Limits.creditRange.lowerBound, Limits.creditRange.upperBound]
            ),
            ("cost of a frame with message bytes", [Limits.minimumFrameCost]),
            ("credit in sum", [Limits.maximumCredit]),
            ("calls without a principal", [limits.streamsBeforeSignIn]),
            ("calls with a principal", [limits.streams]),
            ("trace context of a Head", [Limits.traceLength]),
            ("metadata, trailers", [Limits.maximumMetadata]),
            (
                "key, value of metadata",
                [Limits.maximumMetadataKey, Limits.maximumMetadataValue]
            ),
            ("keys and values together", [Limits.maximumMetadataBytes]),
            ("`software`, `token` of HELLO", [Limits.maximumSoftware, Limits.maximumToken]),
            ("glitches", [limits.glitches]),
        ]
    }()

    /// The numbers in a text, which may group their digits with commas.
    private func numbers(in text: Substring) -> [Int] {
        text.matches(of: /[0-9]+(,[0-9]{3})*/).compactMap {
            Int($0.output.0.filter { $0 != "," })
        }
    }

    @Test("The table of limits has the numbers of the code", arguments: rows)
    func bounds(row: String, bounds: [Int]) throws {
        let text = try String(
            contentsOf: Self.folder.appending(path: "PROTOCOL.md"),
            encoding: .utf8
        )
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("| \(row) |") })
        let value = line.split(separator: "|")[1]
        #expect(Array(numbers(in: value).prefix(bounds.count)) == bounds)
    }

    @Test("The definition of a Head has the length of a trace context")
    func definition() throws {
        let text = try String(
            contentsOf: Self.folder.appending(path: "docket/v1/wire.proto"),
            encoding: .utf8
        )
        #expect(text.contains("W3C trace context in its binary form: \(Limits.traceLength) bytes"))
    }
}
