public import DocketClient
public import DocketCommandLine
public import DocketTerminal

/// Turns what happens in a conversation into lines, for one of its sides.
///
/// A pure value: it knows which day it has printed and who "you" are, and nothing of terminals.
public struct Transcript: Sendable {
    /// Who reads.
    public enum Side: Hashable, Sendable {
        /// The customer: sees what concerns the customer.
        case contact
        /// The employee: sees notes and every change.
        case agent

        /// What kind of party is on the other side.
        var peer: Party.Kind {
            switch self {
            case .contact: .agent
            case .agent: .contact
            }
        }
    }

    /// How lines look.
    public enum Look: Hashable, Sendable {
        /// For a terminal: marks, weights and colours.
        case rich
        /// For pipes and screen readers: words alone.
        case plain
    }

    let side: Side
    let look: Look
    private let calendar: LocalCalendar
    /// Who reads, once that is known.
    public var reader: PartyID?
    private var day: LocalCalendar.Day?
    /// The files that were shown, each at its number less one.
    private var files: [Message.Attachment] = []

    /// A transcript without a line.
    public init(for side: Side, look: Look, calendar: LocalCalendar = .current) {
        self.side = side
        self.look = look
        self.calendar = calendar
    }

    /// The lines of an event; none for what the reader need not see.
    public mutating func lines(for event: Event) -> [Paragraph] {
        switch event.fact {
        case .messagePosted(let message): lines(for: message, of: event)
        case .notePosted(let note):
            dayLine(before: event.at) + [noted(note.text, by: event.actor, at: event.at)]
        default:
            Notice(event, for: side).map { notice in
                dayLine(before: event.at) + [line(notice.text, at: event.at)]
            } ?? []
        }
    }

    /// The lines of a message: what was said, then its files; a message that is but files is said
    /// by them.
    private mutating func lines(for message: Message, of event: Event) -> [Paragraph] {
        var files = message.attachments.map { FileLine.text(of: $0, number: number(of: $0)) }
        let text =
            message.text.isEmpty && !files.isEmpty
            ? files.removeFirst() : TerminalText(untrusted: message.text)
        return said(text, by: event.actor, at: event.at, mark: .stored)
            + files.map { Paragraph($0, lead: Self.indent, indent: Self.indent) }
    }

    /// The number of a file, which stays however often it is shown.
    private mutating func number(of file: Message.Attachment) -> Int {
        if let index = files.firstIndex(where: { $0.id == file.id }) { return index + 1 }
        files.append(file)
        return files.count
    }

    /// The file of a number that was shown.
    func file(number: Int) -> Message.Attachment? {
        (1...).contains(number) && number <= files.count ? files[number - 1] : nil
    }

    /// What the lines of a message are set in by.
    private static let indent: TerminalText = "        "

    /// How far a message of the reader's has come.
    public enum Mark: Hashable, Sendable {
        /// On its way.
        case sending
        /// The server has it for good.
        case stored
        /// The other side has read it.
        case read
        /// The server will not take it.
        case refused

        /// The mark as a sign.
        public var sign: TerminalText {
            switch self {
            case .sending: "…"
            case .stored: "✓"
            case .read: "✓✓"
            case .refused: "!"
            }
        }
    }

    /// The lines of something said.
    ///
    /// - Parameters:
    ///   - text: What was said.
    ///   - author: Who said it; nil for the reader.
    ///   - moment: When.
    ///   - mark: How far it has come, shown where the reader is the author.
    /// - Returns: The lines, the day's first where it has changed.
    public mutating func said(
        _ text: String,
        by author: Party?,
        at moment: Timestamp,
        mark: Mark
    ) -> [Paragraph] {
        said(TerminalText(untrusted: text), by: author, at: moment, mark: mark)
    }

    private mutating func said(
        _ text: TerminalText,
        by author: Party?,
        at moment: Timestamp,
        mark: Mark
    ) -> [Paragraph] {
        let isOwn = author.map { $0.id == reader && reader != nil } ?? true
        let name = isOwn ? "you" : Speech.name(of: author)
        return dayLine(before: moment) + [
            paragraph(text, lead: lead(name, at: moment, isOwn: isOwn, mark: mark))
        ]
    }

    private func lead(
        _ name: TerminalText,
        at moment: Timestamp,
        isOwn: Bool,
        mark: Mark
    ) -> TerminalText {
        let time: TerminalText = "\(calendar.time(of: moment)) \(Speech.sign(isOwn: isOwn)) "
        switch look {
        case .plain:
            return "\(time)\(name): "
        case .rich:
            let shown = isOwn ? name.bold : name.bold.coloured(.cyan)
            let sign: TerminalText = isOwn ? " \(mark.sign.dim)" : ""
            return time.dim + shown + sign + "  "
        }
    }

    private func noted(_ text: String, by author: Party?, at moment: Timestamp) -> Paragraph {
        let words: TerminalText = "note by \(Speech.name(of: author)): "
        let time: TerminalText = "\(calendar.time(of: moment)) \(Speech.desk) "
        return paragraph(
            TerminalText(untrusted: text),
            lead: time.dim + words.coloured(.yellow)
        )
    }

    private func paragraph(_ text: TerminalText, lead: TerminalText) -> Paragraph {
        Paragraph(text, lead: lead, indent: Self.indent)
    }

    /// A line of the desk's or of the program's own.
    public func line(_ text: TerminalText, at moment: Timestamp) -> Paragraph {
        let time: TerminalText = "\(calendar.time(of: moment)) \(Speech.desk) "
        return Paragraph(
            look == .rich ? text.dim : text,
            lead: look == .rich ? time.dim : time,
            indent: Self.indent
        )
    }

    /// A line across that divides what stands above from what stands below.
    func rule(_ text: TerminalText) -> Paragraph {
        Paragraph(look == .rich ? ("── " + text + " ──").dim : "-- " + text + " --")
    }

    private mutating func dayLine(before moment: Timestamp) -> [Paragraph] {
        let day = calendar.day(of: moment)
        guard day != self.day else { return [] }
        self.day = day
        return [rule("\(calendar.name(of: day))")]
    }
}
