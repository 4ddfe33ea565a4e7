internal import DocketTerminal

/// Where the demo shows what happens, a line at a time and at once, also into a pipe.
enum Output {
    /// Shows a line.
    static func line(_ text: String) {
        // A demo that nobody watches any more plays on: the server it has started must be ended.
        try? OutputWriter.standard.write(text + "\n")
    }
}
