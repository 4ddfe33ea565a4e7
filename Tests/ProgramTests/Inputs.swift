import DocketConsole
import Foundation

/// Gives bytes as standard input, for as long as something is read.
func withInput<Result>(
    _ text: String,
    _ read: (StandardInput) async throws -> Result
) async throws -> Result {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try pipe.fileHandleForWriting.close()
    let input = StandardInput(descriptor: pipe.fileHandleForReading.fileDescriptor)
    let result = try await read(input)
    try pipe.fileHandleForReading.close()
    return result
}
