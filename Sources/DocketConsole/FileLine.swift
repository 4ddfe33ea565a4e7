internal import DocketClient
internal import DocketTerminal

/// How a file of a message is shown: its number, which `/save` takes, its name and what it is.
enum FileLine {
    /// The line of a file.
    static func text(of file: Message.Attachment, number: Int) -> TerminalText {
        "[\(number)] \(file.name) (\(ByteCount(file.size).words), \(file.mediaType))"
    }
}
