public import DocketClient
public import DocketCommandLine
public import DocketTerminal

/// A request with everything that is known of it, for a person.
public struct RequestCard: Sendable {
    /// What is known of the contact who asks, beyond what the request tells.
    public struct Asker: Sendable {
        /// The name of the company for which the contact speaks; nil for none.
        public var company: String?
        /// Other requests of the contact, in the order in which to show them.
        public var requests: [SupportRequest]
        /// Whether the company takes nothing from the contact.
        public var isBlocked: Bool

        /// Describes who asks.
        public init(
            company: String? = nil,
            isBlocked: Bool = false,
            requests: [SupportRequest] = []
        ) {
            self.company = company
            self.isBlocked = isBlocked
            self.requests = requests
        }
    }

    /// The cells of the labels.
    private static let labelWidth = 14

    let calendar: LocalCalendar

    /// A card with times in a calendar.
    public init(calendar: LocalCalendar = .current) {
        self.calendar = calendar
    }

    /// The lines of a card.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - neighbours: The requests before and after it, if they are known.
    ///   - asker: What is known of the contact besides.
    /// - Returns: The number and the title, then a line for everything that it has.
    public func paragraphs(
        of request: SupportRequest,
        between neighbours: RequestNeighbours? = nil,
        by asker: Asker = Asker()
    ) -> [Paragraph] {
        let title: TerminalText = "\(request.title.isEmpty ? request.summary : request.title)"
        var lines = [Paragraph(title.bold, lead: ("#\(request.number) " as TerminalText).bold)]
        lines += rows(of: request)
        if asker.isBlocked { lines.append(row("blocked", "writes and opens nothing more")) }
        if let company = asker.company { lines.append(row("company", "\(company)")) }
        lines += rows(of: request.details) + moments(of: request)
        if let neighbours { lines += rows(of: neighbours) }
        lines += asker.requests.map { row("also asked", brief($0)) }
        if let offer = request.details.splitOffer { lines.append(row(of: offer, request.number)) }
        return lines
    }

    private func rows(of request: SupportRequest) -> [Paragraph] {
        let own: TerminalText = request.details.isInternal ? ", internal" : ""
        let live: TerminalText = request.isLive ? ", live" : ""
        let status: TerminalText =
            request.statusName.isEmpty || request.statusName == request.status
            ? "\(request.status)" : "\(request.statusName) (\(request.status))"
        return [
            row("kind", "\(request.kind.rawValue)" + own),
            row("opened by", opening(of: request)),
            row("status", status + live),
            row("agent", "\(request.assignee?.name ?? "nobody")"),
            row("contact", contact(of: request)),
        ]
    }

    /// By which way it came, and who opened it where that is not who asks.
    private func opening(of request: SupportRequest) -> TerminalText {
        let way: TerminalText =
            switch request.origin {
            case .line: "\(request.channel)"
            case .portal: "form on \(request.channel)"
            case .bot: "bot on \(request.channel)"
            case .manual: "hand, on \(request.channel)"
            case .partner: "partner, on \(request.channel)"
            case .split: "split, on \(request.channel)"
            case .unknown: "\(request.channel)"
            }
        guard let opener = request.details.openedBy, opener.id != request.contact?.id else {
            return way
        }
        return way + " (\(opener.name))"
    }

    private func contact(of request: SupportRequest) -> TerminalText {
        guard let contact = request.contact else { return "nobody" }
        let id: TerminalText = contact.id.map { " (\("\($0)"))" } ?? ""
        return "\(contact.name)" + id
    }

    private func rows(of neighbours: RequestNeighbours) -> [Paragraph] {
        let sides: [(TerminalText, SupportRequest?)] = [
            ("previous", neighbours.previous), ("next", neighbours.next),
        ]
        return sides.compactMap { label, request in
            request.map { row(label, brief($0)) }
        }
    }

    private func brief(_ request: SupportRequest) -> TerminalText {
        "\(request.number) \(request.status), \(request.title)"
    }

    private func row(of offer: SplitOffer, _ number: UInt64) -> Paragraph {
        row(
            "split",
            "messages from \(offer.fromSequence) on can become a new request: "
                + "docket request split \(number)"
        )
    }

    func keyRow(_ label: TerminalText, _ key: String?, first: String?) -> Paragraph? {
        guard key != nil || first != nil else { return nil }
        let before: TerminalText = first.map { $0 == key ? "" : " (began as \($0))" } ?? ""
        return row(label, "\(key ?? "-")" + before)
    }

    func listRow(_ label: TerminalText, _ words: [String]) -> Paragraph? {
        words.isEmpty ? nil : row(label, "\(words.joined(separator: ", "))")
    }

    func row(_ label: TerminalText, _ value: TerminalText) -> Paragraph {
        let gap = String(repeating: " ", count: max(1, Self.labelWidth - label.width))
        let indent = TerminalText(untrusted: String(repeating: " ", count: Self.labelWidth + 2))
        return Paragraph(
            value,
            lead: "  " + label.dim + TerminalText(untrusted: gap),
            indent: indent
        )
    }
}
