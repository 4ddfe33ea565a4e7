/// What a key asks of the program around a `LineEditor`.
public enum EditorAction: Hashable, Sendable {
    /// Nothing changed.
    case nothing
    /// The draft, the cursor or the notice changed: show the prompt again.
    case redraw
    /// The screen may be spoiled: paint all of it again (C-l).
    case repaint
    /// The person sent this text; the prompt is empty again.
    case submit(String)
    /// Tab could mean each of these: show them above the prompt.
    case offer([String])
    /// The person asked twice to quit (C-c).
    case quit
    /// The person ended the input on an empty prompt (C-d).
    case endOfInput
    /// The person asked to stop the program for a while (C-z).
    case suspend
    /// The editor does nothing with this key: it belongs to the program.
    case unhandled(Key)
}
