internal import Foundation

/// Where the demo shows what happens, a line at a time and at once, also into a pipe.
enum Output {
    /// Shows a line.
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
