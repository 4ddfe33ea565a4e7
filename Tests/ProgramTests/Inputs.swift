import DocketConsole
import Foundation

/// Gives bytes as standard input, for as long as something is read.
func withInput<Result>(
    _ text: String,
    _ read: (StandardInput) async throws -> Result
) async throws -> Result {
    let pipe = Pipe()
    let writing = pipe.fileHandleForWriting
    // A pipe does not take a long text before somebody reads.
    let feeding = Task.detached {
        try writing.write(contentsOf: Data(text.utf8))
        try writing.close()
    }
    let input = StandardInput(descriptor: pipe.fileHandleForReading.fileDescriptor)
    let result = try await read(input)
    try await feeding.value
    try pipe.fileHandleForReading.close()
    return result
}
