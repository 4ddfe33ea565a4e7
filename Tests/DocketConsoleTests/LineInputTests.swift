import Foundation
import Testing

@testable import DocketConsole

@Suite("A reader who has left is not read for", .timeLimit(.minutes(5)))
struct LineInputTests {
    @Test("A cancelled reader takes no further line, though some are there")
    func cancelled() async throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("a\nb\nc\n".utf8))
        let input = StandardInput(descriptor: pipe.fileHandleForReading.fileDescriptor)
        #expect(try await input.line() == "a")
        let reading = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await input.line()
        }
        #expect(try await reading.value == nil)
        try pipe.fileHandleForWriting.close()
    }
}
