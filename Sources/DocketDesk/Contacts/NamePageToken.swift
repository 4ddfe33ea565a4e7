internal import DocketStore
internal import Foundation

/// What a page of a list by name says about where the next one begins.
///
/// Nothing depends on whether a client has made one up: it names a place, and rights are checked
/// on every page.
struct NamePageToken: Hashable {
    let list: PagedList
    let epoch: Epoch
    let place: ContactPlace

    /// The bytes before the name.
    private static let fixedBytes = 17
    /// The longest name in a token, in bytes: a name of 128 bytes in lower case has at most three
    /// times as many.
    private static let nameBytes = 384

    /// Describes where the next page begins.
    init(_ list: PagedList, epoch: Epoch, place: ContactPlace) {
        self.list = list
        self.epoch = epoch
        self.place = place
    }

    /// The place behind which a page begins, by a token of the list that this desk gave since it
    /// was last restored; the start for the first page.
    static func place(
        _ data: Data?,
        of list: PagedList,
        epoch: Epoch
    ) throws(QueryError) -> ContactPlace {
        guard let data, !data.isEmpty else { return .start }
        guard (fixedBytes...fixedBytes + nameBytes).contains(data.count),
            data.first == list.rawValue, Epoch(bytes: data.dropFirst().prefix(8)) == epoch,
            let ordinal = Epoch(bytes: data.dropFirst(9).prefix(8))?.value,
            let name = String(validating: data.dropFirst(fixedBytes), as: UTF8.self)
        else { throw .invalidPage }
        return ContactPlace(name: name, ordinal: ordinal)
    }

    /// The token's bytes.
    var data: Data {
        Data([list.rawValue]) + epoch.bytes + Epoch(place.ordinal).bytes + Data(place.name.utf8)
    }
}
