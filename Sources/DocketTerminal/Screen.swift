/// What is on the screen: printed paragraphs that scroll, and a prompt below them.
///
/// A pure value. Each change returns the bytes that bring the terminal to it, to be written at once
/// and in order. Whatever is printed appears above the prompt; the draft and its cursor stay whole.
public struct Screen: Sendable {
    /// Paragraphs remembered to paint the screen again; more than the tallest screen in use shows.
    static let maximumRemembered = 200

    private var size: TerminalSize
    private let colours: Bool
    private var prompt: Prompt?
    private var frame: PromptFrame?
    private var remembered: [Paragraph] = []

    /// Creates a screen without a prompt, with the cursor in the first cell of some row.
    public init(size: TerminalSize, colours: Bool) {
        self.size = size
        self.colours = colours
    }

    /// Shows a prompt, and prints paragraphs above it in the same step.
    ///
    /// - Parameters:
    ///   - prompt: The prompt from now on.
    ///   - paragraphs: What to print above it.
    /// - Returns: The bytes to write; none if nothing changes.
    public mutating func show(_ prompt: Prompt, printing paragraphs: [Paragraph] = []) -> [UInt8] {
        self.prompt = prompt
        return update(printing: paragraphs)
    }

    /// Prints paragraphs above the prompt, if there is one.
    public mutating func print(_ paragraphs: [Paragraph]) -> [UInt8] {
        update(printing: paragraphs)
    }

    /// Fits the prompt to a new size of the terminal.
    ///
    /// What was printed is left as the terminal made it.
    public mutating func resize(to size: TerminalSize) -> [UInt8] {
        self.size = size
        // Also an equal frame is drawn again: the terminal may have broken its rows.
        let erased = transition(to: nil, printing: [])
        return erased + update(printing: [])
    }

    /// Clears the screen and paints the newest paragraphs and the prompt again.
    public mutating func repaint() -> [UInt8] {
        frame = nil
        let room = size.rows - (makeFrame()?.rows.count ?? 0)
        let rows = remembered.flatMap { $0.rows(columns: size.columns) }.suffix(room)
        return Array(ControlSequence.clearScreen.utf8)
            + transition(to: makeFrame(), printing: Array(rows))
    }

    /// Takes the prompt away and leaves the cursor where it began, for whoever writes next.
    ///
    /// `show` or `print` after this begin in the row of the cursor.
    public mutating func hidePrompt() -> [UInt8] {
        prompt = nil
        return update(printing: [])
    }

    private mutating func update(printing paragraphs: [Paragraph]) -> [UInt8] {
        remembered.append(contentsOf: paragraphs.suffix(Self.maximumRemembered))
        remembered.removeFirst(max(0, remembered.count - Self.maximumRemembered))
        let rows = paragraphs.flatMap { $0.rows(columns: size.columns) }
        return transition(to: makeFrame(), printing: rows)
    }

    private func makeFrame() -> PromptFrame? {
        prompt.map { PromptFrame($0, size: size) }
    }

    private mutating func transition(
        to new: PromptFrame?,
        printing rows: [TerminalText]
    ) -> [UInt8] {
        defer { frame = new }
        return PromptRenderer.bytes(
            from: frame,
            to: new,
            printing: rows,
            columns: size.columns,
            colours: colours
        )
    }
}
