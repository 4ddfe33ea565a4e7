internal import FoundationEssentials

/// A page of a list.
///
/// It may have fewer items than were asked for, or none, although there are more: only a page
/// without a next one is the last.
public struct Page<Item: Hashable & Sendable>: Hashable, Sendable {
    /// The items, in the order of the list.
    public let items: [Item]
    /// What gives the next page; nil on the last.
    public let next: PageToken?
}

/// The place of the next page of a list.
///
/// It belongs to one list: give it back with the same question.
public struct PageToken: Hashable, Sendable {
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes a place as the protocol tells it; nil behind the last page.
    init?(_ data: Data) {
        guard !data.isEmpty else { return nil }
        bytes = Array(data)
    }
}

extension Page {
    /// Reads the items of a page as the protocol tells them.
    ///
    /// - Parameters:
    ///   - messages: What the server sent.
    ///   - next: Its word for the next page; empty on the last.
    ///   - item: What a message means.
    /// - Throws: What `item` throws.
    init<Message>(
        _ messages: [Message],
        next: Data,
        _ item: (Message) throws(DocketClientError) -> Item
    ) throws(DocketClientError) {
        var items: [Item] = []
        for message in messages { items.append(try item(message)) }
        self.init(items: items, next: PageToken(next))
    }
}
