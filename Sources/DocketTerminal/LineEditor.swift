/// The prompt that a person types into: a pure machine from keys to a draft and actions.
///
/// The keys are those of readline. Enter submits, Alt-Enter and C-j begin a new line. A paste is
/// one piece and never submits; a long one is asked about first. C-c empties the draft (C-y brings
/// it back) and, on an empty one, asks before it quits.
public struct LineEditor: Equatable, Sendable {
    /// Lines of a paste that go in without a question; more is likely a mistake.
    public static let maximumUnconfirmedPasteLines = 20

    /// Bytes of UTF-8 that a draft may have, far above any message that a server takes.
    public static let maximumDraftBytes = 65_536

    /// What the editor tells or asks in the place of the status line.
    public enum Notice: Hashable, Sendable {
        /// Enter takes a paste of so many lines in, Escape drops it.
        case confirmPaste(lines: Int)
        /// C-c once more quits.
        case confirmQuit
        /// What was typed or pasted did not fit and was left out.
        case draftIsFull
    }

    private enum Mode: Equatable, Sendable {
        case editing
        case warnedOfFullDraft
        case confirmingQuit
        case confirmingPaste(String)
    }

    /// What the last key did, where the next one continues it.
    private enum Streak: Equatable, Sendable {
        case nothing
        case killing
        case yanking(length: Int)
    }

    /// What is being written.
    public private(set) var draft: Draft

    /// The commands that Tab completes.
    public var commands: [EditorCommand]

    private var history = InputHistory()
    private var kills = KillRing()
    private var mode = Mode.editing
    private var streak = Streak.nothing

    /// Creates an editor.
    ///
    /// - Parameters:
    ///   - draft: What the person had written before; longer than the limit, it is left out.
    ///   - commands: The commands that Tab completes.
    public init(draft: String = "", commands: [EditorCommand] = []) {
        self.draft = draft.utf8.count <= Self.maximumDraftBytes ? Draft(draft) : Draft()
        self.commands = commands
    }

    /// Takes back a draft that was submitted and not used, to be mended.
    public mutating func restore(_ text: String) {
        draft = Draft(text)
    }

    /// What to tell or ask the person now.
    public var notice: Notice? {
        switch mode {
        case .editing: nil
        case .warnedOfFullDraft: .draftIsFull
        case .confirmingQuit: .confirmQuit
        case .confirmingPaste(let text): .confirmPaste(lines: Draft(text).lineCount)
        }
    }

    /// Takes a key and returns what the program has to do.
    public mutating func handle(_ key: Key) -> EditorAction {
        switch mode {
        case .confirmingPaste(let text):
            return answerPaste(text, with: key)
        case .confirmingQuit where key == .control("c"):
            mode = .editing
            return .quit
        case .confirmingQuit, .warnedOfFullDraft:
            mode = .editing
            let action = edit(key)
            return action == .nothing ? .redraw : action
        case .editing:
            return edit(key)
        }
    }

    private mutating func answerPaste(_ text: String, with key: Key) -> EditorAction {
        switch key {
        case .enter, .scalar("y"), .scalar("Y"):
            mode = .editing
            return insert(text)
        case .escape, .control("c"), .scalar("n"), .scalar("N"):
            mode = .editing
            return .redraw
        case .control("l"):
            return .repaint
        default:
            return .nothing
        }
    }

    private mutating func edit(_ key: Key) -> EditorAction {
        let previous = streak
        streak = .nothing
        switch key {
        case .scalar(let scalar): return insert(String(Character(scalar)))
        case .paste(let text): return receivePaste(text)
        case .enter: return submit()
        case .tab: return complete()
        case .control(let letter): return control(letter, after: previous)
        case .meta(let character): return meta(character, after: previous)
        case .backspace: return delete(draft.cursor - 1..<draft.cursor)
        case .delete: return delete(draft.cursor..<draft.cursor + 1)
        case .up: return goUp()
        case .down: return goDown()
        case .left: return move(to: draft.cursor - 1)
        case .right: return move(to: draft.cursor + 1)
        case .wordLeft: return move(to: draft.wordStart)
        case .wordRight: return move(to: draft.wordEnd)
        case .home: return move(to: draft.lineStart)
        case .end: return move(to: draft.lineEnd)
        case .backTab, .escape, .pageUp, .pageDown: return .unhandled(key)
        }
    }

    private mutating func control(_ letter: Character, after previous: Streak) -> EditorAction {
        switch letter {
        case "a": return move(to: draft.lineStart)
        case "e": return move(to: draft.lineEnd)
        case "b": return move(to: draft.cursor - 1)
        case "f": return move(to: draft.cursor + 1)
        case "c": return clearOrAsk()
        case "d": return deleteOrEnd()
        case "j": return insert("\n")
        case "k": return kill(draft.cursor..<endOfKill, after: previous)
        case "l": return .repaint
        case "u": return kill(draft.lineStart..<draft.cursor, after: previous)
        case "w": return kill(draft.chunkStart..<draft.cursor, after: previous)
        case "y": return yank()
        case "z": return .suspend
        default: return .unhandled(.control(letter))
        }
    }

    private mutating func meta(_ character: Character, after previous: Streak) -> EditorAction {
        switch character {
        case "b": return move(to: draft.wordStart)
        case "f": return move(to: draft.wordEnd)
        case "d": return kill(draft.cursor..<draft.wordEnd, after: previous)
        case "y": return yankOlder(after: previous)
        case "\r": return insert("\n")
        case "\u{7F}": return kill(draft.wordStart..<draft.cursor, after: previous)
        default: return .unhandled(.meta(character))
        }
    }
}

extension LineEditor {
    private mutating func move(to place: Int) -> EditorAction {
        let before = draft.cursor
        draft.move(to: place)
        return draft.cursor == before ? .nothing : .redraw
    }

    private mutating func goUp() -> EditorAction {
        if let place = draft.placeAbove {
            return move(to: place)
        }
        return recall(history.older(than: draft.text))
    }

    private mutating func goDown() -> EditorAction {
        if let place = draft.placeBelow {
            return move(to: place)
        }
        return recall(history.newer())
    }

    private mutating func recall(_ entry: String?) -> EditorAction {
        guard let entry else { return .nothing }
        draft = Draft(entry)
        return .redraw
    }
}

extension LineEditor {
    private mutating func insert(_ text: String) -> EditorAction {
        guard draft.text.utf8.count + text.utf8.count <= Self.maximumDraftBytes else {
            mode = .warnedOfFullDraft
            return .redraw
        }
        draft.insert(text)
        return .redraw
    }

    /// Takes a paste without the line end behind its last line, which was copied along with it.
    private mutating func receivePaste(_ text: String) -> EditorAction {
        let text = text.last?.isNewline == true ? String(text.dropLast()) : text
        guard Draft(text).lineCount > Self.maximumUnconfirmedPasteLines else {
            return insert(text)
        }
        mode = .confirmingPaste(text)
        return .redraw
    }

    private mutating func submit() -> EditorAction {
        let text = draft.text
        guard text.contains(where: { !$0.isWhitespace }) else { return .nothing }
        history.add(text)
        draft = Draft()
        return .submit(text)
    }

    private mutating func complete() -> EditorAction {
        let beginning = String(draft.graphemes[..<draft.cursor])
        switch CommandCompletion(of: beginning, with: commands) {
        case .nothing: return .unhandled(.tab)
        case .insertion(let text): return insert(text)
        case .candidates(let candidates): return .offer(candidates)
        }
    }

    private mutating func delete(_ range: Range<Int>) -> EditorAction {
        guard range.lowerBound >= 0, range.upperBound <= draft.graphemes.count else {
            return .nothing
        }
        _ = draft.remove(range)
        return .redraw
    }

    private mutating func deleteOrEnd() -> EditorAction {
        draft.isEmpty ? .endOfInput : delete(draft.cursor..<draft.cursor + 1)
    }

    private mutating func clearOrAsk() -> EditorAction {
        if draft.isEmpty {
            mode = .confirmingQuit
        } else {
            kills.add(draft.text)
            draft = Draft()
        }
        return .redraw
    }
}

extension LineEditor {
    /// Where C-k stops: the end of the line, or behind it if the cursor is there already.
    private var endOfKill: Int {
        let end = draft.lineEnd
        return end == draft.cursor ? min(end + 1, draft.graphemes.count) : end
    }

    /// Cuts a range out; what is cut by several keys in a row is one piece.
    private mutating func kill(_ range: Range<Int>, after previous: Streak) -> EditorAction {
        guard !range.isEmpty else {
            streak = previous
            return .nothing
        }
        streak = .killing
        let isBackwards = range.upperBound == draft.cursor
        let piece = draft.remove(range)
        if previous == .killing {
            kills.extend(with: piece, atFront: isBackwards)
        } else {
            kills.add(piece)
        }
        return .redraw
    }

    private mutating func yank() -> EditorAction {
        guard let piece = kills.current else { return .nothing }
        let start = draft.cursor
        let action = insert(piece)
        streak = .yanking(length: draft.cursor - start)
        return action
    }

    /// Replaces what was just put back by the piece before it (M-y).
    private mutating func yankOlder(after previous: Streak) -> EditorAction {
        guard case .yanking(let length) = previous else { return .nothing }
        _ = draft.remove(max(0, draft.cursor - length)..<draft.cursor)
        kills.rotate()
        return yank()
    }
}
