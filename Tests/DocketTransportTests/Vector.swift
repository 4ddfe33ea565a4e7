import DocketWire
import Foundation
import NIOCore
import Testing

/// One exchange of the golden vectors.
struct Vector: CustomTestStringConvertible {
    let name: String
    let client: ByteBuffer
    let server: ByteBuffer

    var testDescription: String { name }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Protocol/vectors")

    /// All vectors whose names begin so.
    static func named(_ prefix: String, except exceptions: String...) -> [Vector] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return files.filter { $0.hasSuffix(".client.hex") }
            .map { String($0.dropLast(".client.hex".count)) }
            .filter { name in
                name.hasPrefix(prefix) && !exceptions.contains { name.hasPrefix($0) }
            }
            .sorted()
            .map {
                Vector(name: $0, client: bytes(of: $0, "client"), server: bytes(of: $0, "server"))
            }
    }

    private static func bytes(of name: String, _ side: String) -> ByteBuffer {
        let file = folder.appending(path: "\(name).\(side).hex")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return ByteBuffer() }
        let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined()
            .compactMap(\.hexDigitValue)
        return ByteBuffer(
            bytes: stride(from: 0, to: digits.count, by: 2).map {
                UInt8(digits[$0] << 4 | digits[$0 + 1])
            }
        )
    }

    /// The frames of one side.
    static func frames(of bytes: ByteBuffer) -> [Frame] {
        var decoder = FrameDecoder(maximumPayload: Limits().maximumFrame, isGreeted: true)
        decoder.append(bytes)
        var frames: [Frame] = []
        while let frame = try? decoder.next() { frames.append(frame) }
        return frames
    }
}
